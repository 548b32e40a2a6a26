"""Above what does a dose stop, unless a named doctor says otherwise and why?"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError, Implausible, Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import (
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    MillilitresPerHour,
    half_up,
    plain,
)
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing


@dataclass(frozen=True, slots=True)
class Rounding:
    dose: Figure[Milligrams]
    rate: Figure[MillilitresPerHour]
    verified_within: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class CeilingFigures:
    dose_by_weight: Figure[MilligramsPerKilogram]
    dose: Figure[Milligrams]
    shortest: Figure[timedelta]
    longest: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class CautionFigures:
    dose: Figure[Milligrams]
    dose_by_weight: Figure[MilligramsPerKilogram]


@dataclass(frozen=True, slots=True)
class FloorFigures:
    """What nobody passes."""

    over: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class AnaestheticDose:
    """From ``rapid_from`` when faster than the shortest infusion; from ``at_any_speed_from`` at any speed."""

    rapid_from: Figure[MilligramsPerKilogram]
    at_any_speed_from: Figure[MilligramsPerKilogram]


@dataclass(frozen=True, slots=True)
class StandardSolution:
    """So much drug, made up with NaCl 9 mg/ml to so much volume."""

    drug: Figure[Milligrams]
    volume: Figure[Millilitres]

    @property
    def concentration(self) -> MilligramsPerMillilitre:
        return MilligramsPerMillilitre(self.drug.value.value / self.volume.value.value)


@dataclass(frozen=True, slots=True)
class Stock:
    """The strength of an ampoule, and the products that have it."""

    strength: Figure[MilligramsPerMillilitre]
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InfusionRules:
    rounding: Rounding
    ceilings: CeilingFigures
    floor: FloorFigures
    caution: CautionFigures
    anaesthetic: AnaestheticDose
    solutions: tuple[StandardSolution, ...]
    stocks: tuple[Stock, ...]

    def __post_init__(self) -> None:
        strengths = [solution.concentration for solution in self.solutions]
        if not strengths or strengths != sorted(strengths):
            raise Inconsistent("the standard solutions stand from weakest to strongest")
        if self.floor.over.value > self.ceilings.shortest.value:
            raise Inconsistent("the floor of the time is not above the shortest infusion")


@cache
def infusion_rules() -> InfusionRules:
    return read(
        InfusionRules, files("lysglimt.knowledge.dosing") / "catalogue" / "infusion.toml"
    )


class Ceiling(StrEnum):
    """What a named doctor may lift, one at a time."""

    DOSE_BY_WEIGHT = "dose_mg_per_kg"
    DOSE = "dose_mg"
    DURATION = "minutes"


class AboveCeiling(ClinicalError):
    """The plan needs an override that names the doctor and the reason."""

    code = "dosing.above-ceiling"


class AboveProtocol(AboveCeiling):
    """The protocol of the course is stricter than the house, and the plan is beyond it."""

    code = "dosing.above-protocol"


class AnaestheticSized(ClinicalError):
    """A dose for anaesthesia, typed where an antidepressant dose belongs. No override lifts it."""

    code = "dosing.anaesthetic-sized"


class TooFast(ClinicalError):
    """An infusion so short that it is a bolus. No override lifts it."""

    code = "dosing.too-fast"


@dataclass(frozen=True, slots=True)
class CeilingOverride:
    """A doctor answers by name for passing one ceiling, with the reason."""

    ceiling: Ceiling
    by: str
    reason: str

    def __post_init__(self) -> None:
        for field in ("by", "reason"):
            if not getattr(self, field).strip():
                raise Implausible.of(f"override {field}", "''", "a name and a reason in words")


@dataclass(frozen=True, slots=True)
class OwnCeilings:
    """What a protocol allows of one ordered dose; it counts where it is stricter than ours.

    Above ``step`` the protocol has a named doctor decide.
    """

    highest: Figure[MilligramsPerKilogram] | None = None
    step: Figure[MilligramsPerKilogram] | None = None
    cap: Figure[Milligrams] | None = None
    shortest: Figure[timedelta] | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """One ceiling that a plan passes; ``own`` where it is the protocol's."""

    ceiling: Ceiling
    value: str
    allowed: str
    basis: Basis
    own: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """What is held against the ceilings. ``asked`` is the step, ``by_weight`` by what it weighs."""

    asked: MilligramsPerKilogram
    by_weight: MilligramsPerKilogram
    dose: Milligrams
    over: timedelta


def passed_ceilings(planned: Planned, own: OwnCeilings) -> Iterator[Passed]:
    """Every ceiling this plan is beyond. Exactly at a ceiling is within it. [IV-07, IV-08]"""
    limits = infusion_rules().ceilings
    yield from _passed_by_weight(planned, own)
    most = stricter(limits.dose, own.cap)
    if planned.dose > most.value:
        value, allowed = f"{plain(planned.dose.value)} mg", f"up to {most.value.value} mg"
        yield Passed(Ceiling.DOSE, value, allowed, most.basis, own=most is own.cap)
    shortest = stricter(limits.shortest, own.shortest, least=True)
    if not shortest.value <= planned.over <= limits.longest.value:
        least, longest = plain(minutes(shortest.value)), minutes(limits.longest.value)
        yield Passed(
            Ceiling.DURATION,
            f"{minutes(planned.over)} min",
            f"{least}-{longest} min",
            shortest.basis,
            own=shortest is own.shortest and planned.over < shortest.value,
        )


def _passed_by_weight(planned: Planned, own: OwnCeilings) -> Iterator[Passed]:
    most = stricter(infusion_rules().ceilings.dose_by_weight, own.highest)
    value, limit = planned.by_weight, most
    if value <= most.value and own.step:
        value, limit = planned.asked, own.step
    if value > limit.value:
        yield Passed(
            Ceiling.DOSE_BY_WEIGHT,
            f"{value.value} mg/kg",
            f"above 0, up to {limit.value.value} mg/kg",
            limit.basis,
            own=limit in {own.highest, own.step},
        )


Limit = TypeVar("Limit", MilligramsPerKilogram, Milligrams, timedelta)


def stricter(
    ours: Figure[Limit], theirs: Figure[Limit] | None, *, least: bool = False
) -> Figure[Limit]:
    """The lower of two ceilings, or the higher of two floors (``least``); ours when equal."""
    if theirs is None or theirs.value == ours.value:
        return ours
    return theirs if (theirs.value < ours.value) is not least else ours


def minutes(over: timedelta) -> Decimal:
    """Exactly, without the float that timedelta division makes."""
    return Decimal(over // timedelta(microseconds=1)) / 60_000_000


def refuse_anaesthetic(dose_by_weight: MilligramsPerKilogram, over: timedelta) -> None:
    """IV-14: 1-4.5 mg/kg as a bolus is anaesthesia. Raises AnaestheticSized."""
    rules = infusion_rules()
    rapid = over < rules.ceilings.shortest.value
    figure = rules.anaesthetic.rapid_from if rapid else rules.anaesthetic.at_any_speed_from
    if dose_by_weight >= figure.value:
        limit = f"below {figure.value.value} mg/kg over {minutes(over)} min"
        raise AnaestheticSized(
            f"mg_per_kg: {dose_by_weight.value} is a dose for anaesthesia, allowed is {limit}",
            field="mg_per_kg",
            value=dose_by_weight.value,
            allowed=limit,
        )


def lasting(volume: Millilitres, *, at: MillilitresPerHour) -> timedelta:
    """How long the pump takes, to the whole minute: a rounded rate is not a shorter order."""
    return timedelta(minutes=int(half_up(volume.value * 60 / at.value, Decimal(1))))


def refuse_bolus(over: timedelta, *, field: str = "minutes") -> None:
    """Whatever the dose and whoever asks. Exactly at the floor is allowed. Raises TooFast.

    ``field`` is what was typed that makes the time so short.
    """
    rules = infusion_rules()
    least, longest = rules.floor.over.value, rules.ceilings.longest.value
    if over < least:
        allowed = f"{plain(minutes(least))}-{plain(minutes(longest))} min"
        typed = f"{plain(half_up(minutes(over), Decimal('0.1')))} min"
        raise TooFast(
            f"{field}: {typed} is refused, allowed is {allowed}",
            field=field,
            value=typed,
            allowed=allowed,
        )


def lifted(
    passed: Collection[Passed], overrides: Collection[CeilingOverride]
) -> tuple[Finding, ...]:
    """One finding for each ceiling passed with an override. Raises AboveCeiling without one."""
    named = {override.ceiling for override in overrides}
    for one in passed:
        if one.ceiling not in named:
            refusal = AboveProtocol if one.own else AboveCeiling
            raise refusal(
                f"{one.ceiling}: {one.value} needs a doctor's override with name and reason, "
                f"allowed is {one.allowed}",
                field=one.ceiling.value,
                value=one.value,
                allowed=one.allowed,
            )
    return tuple(_lifted(one) for one in passed)


def _lifted(passed: Passed) -> Finding:
    """Without the doctor's own words: they stand in the override alone."""
    return Finding(
        f"ceiling:{passed.ceiling}",
        Standing.NEEDS_SPECIALIST,
        Text(
            f"{passed.value} er over grensen; en navngitt lege har fraveket den",
            f"{passed.value} is beyond the limit; a named doctor has lifted it",
        ),
        passed.basis,
    )
