"""What is asked of the virtual clinic, and its units."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

import numpy as np

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.course.symptoms import LABEL, Preset
from lysglimt.science.course.targets import published

from .chance import MOST_SEED, UNITS, stream
from .figures import ORIGIN, clinic_figures, reckoned

MOST_PEOPLE, MOST_UNITS, MOST_YEARS = 3_000_000, 500, 20
DAYS_A_YEAR = 365.25
UNTIL = date(2025, 12, 31)
EACH_PRIVATE = 3
"""Every third unit is a private clinic."""


class UnitKind(StrEnum):
    HOSPITAL = "hospital"
    PRIVATE = "private"


PROTOCOLS = {UnitKind.HOSPITAL: "iv-ketamine-no", UnitKind.PRIVATE: "private-clinic"}


class Practice(StrEnum):
    """``six`` gives everybody the whole induction and rates everybody, as in the targets from Moss."""

    USUAL = "usual"
    SIX = "six"


@dataclass(frozen=True, slots=True)
class VirtualUnit:
    """Differs from its neighbours in size, in waiting time and in how much is left unrated."""

    number: int
    kind: UnitKind
    protocol: str
    size: float
    slower: float
    missing: float


@dataclass(frozen=True)
class Asked:
    """People are numbered from 1; the last day is included."""

    people: int
    units: int
    years: int
    seed: int
    preset: Preset
    until: date = UNTIL
    practice: Practice = Practice.USUAL

    def __post_init__(self) -> None:
        for name, most in (
            ("people", MOST_PEOPLE),
            ("units", MOST_UNITS),
            ("years", MOST_YEARS),
        ):
            if not 1 <= getattr(self, name) <= most:
                raise Implausible.of(name, getattr(self, name), f"1 to {most}")
        if not 0 <= self.seed < MOST_SEED:
            raise Implausible.of("seed", self.seed, f"0 to {MOST_SEED - 1}")

    @property
    def start(self) -> date:
        return self.until - timedelta(days=round(self.years * DAYS_A_YEAR) - 1)

    @cached_property
    def course(self) -> dict[str, float]:
        """The figures of the preset, and the mean MADRS at the start in Moss."""
        baseline = published().designs["moss"].baseline.reckoned
        return {**self.preset.reckoned, "baseline": baseline}

    @cached_property
    def all_units(self) -> tuple[VirtualUnit, ...]:
        return tuple(self._unit(number) for number in range(1, self.units + 1))

    @cached_property
    def shares(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Up to which share each unit reaches when everybody is dealt out by size."""
        sizes = np.cumsum([unit.size for unit in self.all_units])
        dealt: np.ndarray[tuple[int], np.dtype[np.float64]] = sizes / sizes[-1]
        return dealt

    def _unit(self, number: int) -> VirtualUnit:
        chance = stream(self.seed, UNITS + number)
        spread = reckoned()["rating_missed_spread"]
        private = number % EACH_PRIVATE == 0 and self.practice is Practice.USUAL
        kind = UnitKind.PRIVATE if private else UnitKind.HOSPITAL
        return VirtualUnit(
            number=number,
            kind=kind,
            protocol=PROTOCOLS[kind],
            size=float(np.exp(0.5 * chance.standard_normal())) * (0.4 if private else 1.0),
            slower=float(np.exp(0.3 * chance.standard_normal())),
            missing=float(np.exp(spread * chance.standard_normal())),
        )


def conditions(asked: Asked) -> dict[str, object]:
    """What was asked for, with the label that every result bears."""
    chosen = asked.preset
    return {
        "origin": ORIGIN,
        "label": LABEL,
        "version": clinic_figures().version,
        "preset": chosen.id,
        "preset_version": chosen.version,
        "patients": asked.people,
        "units": asked.units,
        "years": asked.years,
        "seed": asked.seed,
        "from": asked.start,
        "until": asked.until,
    }
