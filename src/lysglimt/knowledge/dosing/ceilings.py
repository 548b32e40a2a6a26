"""Above what does a dose stop, unless a named doctor says otherwise and why?"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError, Implausible, Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import (
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    MillilitresPerHour,
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
    caution: CautionFigures
    anaesthetic: AnaestheticDose
    solutions: tuple[StandardSolution, ...]
    stocks: tuple[Stock, ...]

    def __post_init__(self) -> None:
        strengths = [solution.concentration for solution in self.solutions]
        if not strengths or strengths != sorted(strengths):
            raise Inconsistent("the standard solutions stand from weakest to strongest")


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


class AnaestheticSized(ClinicalError):
    """A dose for anaesthesia, typed where an antidepressant dose belongs. No override lifts it."""

    code = "dosing.anaesthetic-sized"


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
class Passed:
    """One ceiling that a plan passes."""

    ceiling: Ceiling
    value: str
    allowed: str
    basis: Basis


def passed_ceilings(
    dose_by_weight: MilligramsPerKilogram, dose: Milligrams, over: timedelta
) -> Iterator[Passed]:
    """Every ceiling this plan is beyond. Exactly at a ceiling is within it. [IV-07, IV-08]"""
    limits = infusion_rules().ceilings
    by_weight, most = limits.dose_by_weight, limits.dose
    if dose_by_weight > by_weight.value:
        yield Passed(
            Ceiling.DOSE_BY_WEIGHT,
            f"{dose_by_weight.value} mg/kg",
            f"above 0, up to {by_weight.value.value} mg/kg",
            by_weight.basis,
        )
    if dose > most.value:
        yield Passed(
            Ceiling.DOSE, f"{plain(dose.value)} mg", f"up to {most.value.value} mg", most.basis
        )
    if not limits.shortest.value <= over <= limits.longest.value:
        yield Passed(
            Ceiling.DURATION,
            f"{minutes(over)} min",
            f"{minutes(limits.shortest.value)}-{minutes(limits.longest.value)} min",
            limits.shortest.basis,
        )


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


def lifted(
    passed: Collection[Passed], overrides: Collection[CeilingOverride]
) -> tuple[Finding, ...]:
    """One finding for each ceiling passed with an override. Raises AboveCeiling without one."""
    named = {override.ceiling: override for override in overrides}
    for one in passed:
        if one.ceiling not in named:
            raise AboveCeiling(
                f"{one.ceiling}: {one.value} needs a doctor's override with name and reason, "
                f"allowed is {one.allowed}",
                field=one.ceiling.value,
                value=one.value,
                allowed=one.allowed,
            )
    return tuple(_lifted(one, named[one.ceiling]) for one in passed)


def _lifted(passed: Passed, override: CeilingOverride) -> Finding:
    return Finding(
        f"ceiling:{passed.ceiling}",
        Standing.NEEDS_SPECIALIST,
        Text(
            f"{passed.value} er over grensen; fraveket av {override.by}: {override.reason}",
            f"{passed.value} is beyond the limit; lifted by {override.by}: {override.reason}",
        ),
        passed.basis,
    )
