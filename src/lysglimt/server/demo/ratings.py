"""Made-up ratings at the level of items, which add up to a plausible total."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Protocol

from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Mode, Rating, Timing
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.method import Method

from .case import Case, entered

CALM = {"cssrs_screener": {"i1": 0, "i2": 0, "i6": 0}}
SHARE_OF_MADRS = {"phq9": 0.55, "gad7": 0.36, "wsas": 0.7, "cgi_s": 0.1}
"""How high the others stand where the MADRS is one, roughly."""
BATTERY = ("cssrs_screener", "phq9", "gad7", "who5", "wsas", "eq5d5l", "cgi_s")
AT_START = (*BATTERY, "lysglimt_bladder", "audit_c", "dudit")


class Ill(Protocol):
    """How ill somebody is from day to day: as a story wants it, or by the model of symptoms."""

    @property
    def start(self) -> int:
        """The total before the first session."""

    def madrs(self, sessions: float, chance: Random, /, *, on: date) -> int: ...


@dataclass(frozen=True, slots=True)
class Illness:
    """How ill at the start, and to which share of it the illness falls, how fast: for a story."""

    start: int
    floor: float
    pace: float

    def madrs(self, sessions: float, chance: Random, /, **_: date) -> int:
        """An exponential decline with noise, 0-60; sessions count, days do not."""
        left = self.floor + (1 - self.floor) * math.exp(-self.pace * sessions)
        return max(0, min(60, round(self.start * left + chance.gauss(0, 1.2))))


def rated(
    case: Case, name: str, answers: Mapping[str, int | None], *, timing: Timing
) -> treatment.Rated:
    of_patient = instrument(name).rater.is_patient
    since = name == "cssrs_screener" and timing is not Timing.BASELINE
    return treatment.Rated(
        instrument=name,
        answers=answers,
        timing=timing,
        mode=Mode.SELF if of_patient else Mode.INTERVIEW,
        rater="patient" if of_patient else "clinician",
        recall="since_last_contact" if since else "",
        sex=case.said.sex,
        receiver=case.doctor,
    )


def rate(
    case: Case,
    name: str,
    answers: Mapping[str, int | None],
    *,
    day: date,
    timing: Timing,
    clock: str = "08:45",
) -> Rating:
    at = case.at(day, clock)
    return treatment.record_rating(
        patient=case.patient,
        rated=rated(case, name, answers, timing=timing),
        entered=entered(at),
        by=case.nurse,
        at=at,
    )


def madrs(case: Case, total: int, *, day: date, timing: Timing, clock: str = "08:45") -> Rating:
    answers = summing("madrs", total, case.chance)
    return rate(case, "madrs", answers, day=day, timing=timing, clock=clock)


def others(
    case: Case, level: int, *, day: date, timing: Timing, which: tuple[str, ...] = BATTERY
) -> None:
    """The other scales on a day on which the MADRS is ``level``."""
    for name in which:
        rate(case, name, answers_at(name, level, case.chance), day=day, timing=timing)


def answers_at(name: str, level: int, chance: Random) -> Mapping[str, int | None]:
    scale = instrument(name)
    if name in CALM:
        return dict(CALM[name])
    if name == "who5":
        return summing(name, max(0, min(100, 4 * round((60 - level) * 0.36))), chance)
    if scale.scoring.method in {Method.SUM, Method.ORDINAL}:
        return summing(name, round(level * SHARE_OF_MADRS.get(name, 0.0)), chance)
    if name == "eq5d5l":
        worst = 1 + round(level / 15)
        return {
            **{each.id: min(5, chance.randint(1, worst)) for each in scale.items},
            "vas": max(0, 95 - level - chance.randint(0, 15)),
        }
    return {each.id: each.lowest + chance.randint(0, 1) for each in scale.items}


def summing(name: str, total: int, chance: Random) -> Mapping[str, int | None]:
    """Answers that make the total; those on suicide are raised last."""
    scale = instrument(name)
    answers = {each.id: each.lowest for each in scale.items}
    left = total // scale.scoring.multiplier - sum(answers.values())
    calm = [each for each in scale.items if not each.safety]
    for group in (calm, [each for each in scale.items if each.safety]):
        open_items = list(group)
        while left > 0 and open_items:
            each = chance.choice(open_items)
            answers[each.id] += 1
            left -= 1
            if answers[each.id] == each.highest or each.values:
                open_items.remove(each)
    return dict(answers)
