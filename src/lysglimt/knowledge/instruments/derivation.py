"""What a set of answers says besides its total: syndromes, subscales, levels, cuts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from .answers import Reading
from .instrument import Instrument
from .method import Derivation, Derived

DerivedValue = int | Decimal | bool | str | tuple[str, ...] | None
"""None is unknown: the answers, or what was told beside them, do not decide."""

Stated = TypeVar("Stated")


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """Answers and what was told beside them. ``sex`` is "f", "m" or None for unknown."""

    instrument: Instrument
    answers: Reading
    total: int | Decimal | None
    sex: str | None = None
    baseline: Reading | None = None

    def known(self, items: Iterable[str]) -> list[int] | None:
        """Their answers, or None when one is missing; what was rightly not asked adds none."""
        wanted = list(items)
        if any(item in self.answers.missing for item in wanted):
            return None
        return [self.answers.values[item] for item in wanted if item in self.answers.values]

    def sum(self, items: Iterable[str]) -> int | None:
        values = self.known(items)
        return None if values is None else sum(values)

    def reach(self, item: str, least: int) -> bool:
        return self.answers.values.get(item, least - 1) >= least


def derivations(of: AnsweredForm) -> Mapping[str, DerivedValue]:
    """Every derived answer by its id, in the order of the catalogue."""
    derived: dict[str, DerivedValue] = {}
    for one in of.instrument.scoring.derived:
        derived |= DERIVE[one.kind](one, of)
    return derived


def _sum_of(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    return {one.id: of.sum(one.items)}


def _sum_reaches(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    total = of.sum(one.items)
    return {one.id: None if total is None else total >= stated(one.threshold)}


def _symptom_count(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    """Enough symptoms reach, and at least one of the core symptoms does."""
    if of.known(one.reaches) is None:
        return {one.id: None}
    present = [item for item, least in one.reaches.items() if of.reach(item, least)]
    enough = stated(one.lowest) <= len(present) <= stated(one.highest)
    return {one.id: enough and any(item in present for item in one.core)}


def _highest_yes(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    """Counted from 1 in the order of the items; 0 when all were answered no.

    A higher question left open leaves the level open: unanswered is never a no.
    """
    levels = list(enumerate(one.items, start=1))
    found = max((n for n, item in levels if of.reach(item, 1)), default=0)
    if any(item in of.answers.missing for n, item in levels if n > found):
        return {one.id: None, f"{one.id}_at_least": found}
    return {one.id: found}


def _cut_by_sex(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    cut = {"m": one.men, "f": one.women}.get(of.sex or "")
    if of.total is None:
        return {one.id: None}
    if cut is None:
        return {one.id: None, f"{one.id}_needs": "sex"}
    return {one.id: of.total >= cut}


def _all_points_from(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    if of.total is None:
        return {one.id: None}
    return {one.id: of.total > 0 and of.sum(one.items) == of.total}


def _each_reaches_share(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    parts = [part for part in of.instrument.scoring.derived if part.id in one.parts]
    sums = [(of.sum(part.items), _highest(of, part.items)) for part in parts]
    if any(total is None for total, _ in sums):
        return {one.id: None}
    share = stated(one.percent)
    return {one.id: all(stated(total) * 100 >= share * highest for total, highest in sums)}


def _any_reaches(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    """True as soon as one item reaches; false only when every item was answered."""
    rise = _rise(one, of)
    derived: dict[str, DerivedValue] = {f"{one.id}_rise": rise} if one.rise else {}
    if rise or any(of.reach(item, least) for item, least in one.reaches.items()):
        return {one.id: True} | derived
    return {one.id: None if of.known(one.reaches) is None else False} | derived


def _rise(one: Derived, of: AnsweredForm) -> bool | None:
    """None without a baseline, or with the item unanswered then or now."""
    if one.rise is None or of.baseline is None:
        return None
    before = of.baseline.values.get(one.rise.item)
    now = of.answers.values.get(one.rise.item)
    return None if before is None or now is None else now - before >= one.rise.by


def _digits(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    values = of.known(one.items)
    return {one.id: None if values is None else "".join(str(value) for value in values)}


def _maximum(one: Derived, of: AnsweredForm) -> dict[str, DerivedValue]:
    """The highest total possible with the items that apply."""
    every = [item.id for item in of.instrument.items]
    apply = [item for item in every if item not in of.answers.not_applicable]
    return {one.id: _highest(of, apply) * of.instrument.scoring.multiplier}


def _highest(of: AnsweredForm, items: Iterable[str]) -> int:
    return sum(of.instrument.item(item).highest for item in items)


def stated(value: Stated | None) -> Stated:
    """What the load check has made sure of."""
    if value is None:
        raise TypeError("the catalogue leaves out what the check demands")
    return value


DERIVE: Mapping[Derivation, Callable[[Derived, AnsweredForm], dict[str, DerivedValue]]] = {
    Derivation.SUM_OF: _sum_of,
    Derivation.SUM_REACHES: _sum_reaches,
    Derivation.SYMPTOM_COUNT: _symptom_count,
    Derivation.HIGHEST_YES: _highest_yes,
    Derivation.CUT_BY_SEX: _cut_by_sex,
    Derivation.ALL_POINTS_FROM: _all_points_from,
    Derivation.EACH_REACHES_SHARE: _each_reaches_share,
    Derivation.ANY_REACHES: _any_reaches,
    Derivation.DIGITS: _digits,
    Derivation.MAXIMUM: _maximum,
}
"""One pure function for each kind of derivation."""
