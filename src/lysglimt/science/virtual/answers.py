"""Answers that make a total, item by item, and the other scales on the same day."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lysglimt.knowledge.instruments.instrument import Instrument, instrument
from lysglimt.knowledge.instruments.method import Method
from lysglimt.science.course.symptoms import HIGHEST_SCORE
from lysglimt.science.kinetics.network import Array

from .chance import happens
from .figures import OtherScale, clinic_figures, reckoned

HELD_BACK = 3.0
"""An item on suicidality rises later than the others, so that few who are mildly ill score on it."""
LEVELS = 12.0
"""Points of the MADRS for a level of the EQ-5D."""
LEVEL_SPREAD = 0.7
FILLED_IN = frozenset(
    {"madrs", "phq9", "gad7", "who5", "wsas", "cgi_s", "eq5d5l", "cssrs_screener"}
)
"""What the virtual clinic asks; the rest of a protocol's plan is left out."""
Whole = NDArray[np.int64]
Answers = tuple[int | None, ...]


class Filled(NamedTuple):
    """One filled-in instrument. Without a total where it makes none, or an item is missing."""

    answers: Answers
    total: float | None


@cache
def scales() -> Mapping[str, OtherScale]:
    return {one.instrument: one for one in clinic_figures().scales}


class Steps(NamedTuple):
    """Every point that can be added above the lowest answers: to which item, and how late."""

    lowest: Whole
    item: Whole
    late: Array


@cache
def steps(name: str) -> Steps:
    items = instrument(name).items
    room = [item.highest - item.lowest for item in items]
    late = np.array([HELD_BACK if item.safety else 1.0 for item in items])
    item = np.repeat(np.arange(len(items), dtype=np.int64), room)
    return Steps(np.array([one.lowest for one in items], dtype=np.int64), item, late[item])


def summing(name: str, total: int, chance: Generator) -> tuple[int, ...]:
    """Answers within their ranges that add up to the total."""
    lowest, item, late = steps(name)
    more = total // instrument(name).scoring.multiplier - int(lowest.sum())
    order = np.argsort(chance.random(len(item)) * late, kind="stable")[:more]
    raised = lowest + np.bincount(item[order], minlength=len(lowest))
    return tuple(int(one) for one in raised)


def filled(name: str, level: float, chance: Generator) -> Filled:
    """Another of those filled in, where the MADRS is at a level."""
    scale = instrument(name)
    if name in scales():
        total = other_total(scales()[name], level, chance)
        return lacking(scale, Filled(summing(name, total, chance), total), chance)
    if scale.scoring.method is Method.BRANCHING:
        return Filled(screened(level, chance), None)
    worst = 1 + level / LEVELS
    answers = tuple(
        min(item.highest, max(item.lowest, round(chance.normal(worst, LEVEL_SPREAD))))
        for item in scale.items
    )
    return Filled(answers, float(scale.valued(answers)))


def other_total(stated: OtherScale, level: float, chance: Generator) -> int:
    """On the steps that the total can take, within its range."""
    scoring = instrument(stated.instrument).scoring
    by = scoring.multiplier
    middle = stated.at_none.reckoned + stated.each_point.reckoned * level
    raw = round((middle + stated.spread.reckoned * chance.standard_normal()) / by) * by
    lowest, highest = int(scoring.lowest or 0), int(scoring.highest or 0)
    return min(highest, max(lowest, raw))


def lacking(scale: Instrument, whole: Filled, chance: Generator) -> Filled:
    """Now and then an answer is left out of a form that the patient fills in; then there is no total."""
    if not scale.rater.is_patient or not happens(
        chance, reckoned()["item_missed"] * len(scale.items)
    ):
        return whole
    out = int(chance.integers(len(scale.items)))
    return Filled(tuple(None if n == out else a for n, a in enumerate(whole.answers)), None)


def screened(level: float, chance: Generator) -> Answers:
    """The C-SSRS screener since the last contact: wish, thoughts, method, intent, plan, behaviour."""
    f = reckoned()
    wish = happens(chance, f["wish_at_zero"] + f["wish_each_point"] * min(level, HIGHEST_SCORE))
    thoughts = wish and happens(chance, f["thoughts_of_wish"])
    behaved = happens(chance, f["new_behaviour"])
    deeper: Answers = (None, None, None)
    if thoughts:
        deeper = (int(happens(chance, f["plan_of_thoughts"])), 0, 0)
    return (int(wish), int(thoughts), *deeper, int(behaved), int(behaved) if behaved else None)
