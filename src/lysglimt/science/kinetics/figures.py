"""A number of a kinetic model: with unit, mark and source, like every figure of the clinic."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.citation import Citation


class Unit(StrEnum):
    """Every unit that a model may state. Reckoned in litres, hours and milligrams."""

    LITRES = "l"
    LITRES_PER_KILOGRAM = "l/kg"
    LITRES_PER_HOUR = "l/h"
    LITRES_PER_MINUTE = "l/min"
    PER_HOUR = "/h"
    PER_MINUTE = "/min"
    HOURS = "h"
    DAYS = "d"
    MINUTES = "min"
    RATIO = "ratio"
    PERCENT = "%"
    KILOGRAMS = "kg"
    YEARS = "years"
    LITRES_PER_HOUR_AND_YEAR = "l/h/year"
    MILLIGRAMS = "mg"
    CV_PERCENT = "CV %"
    LOG_VARIANCE = "variance of log"
    LOGIT_SD = "SD of logit"
    LOG_SD = "SD of log"
    NANOGRAMS_PER_MILLILITRE = "ng/ml"
    MICROMOLAR = "umol/l"
    GRAMS_PER_MOLE = "g/mol"
    POINTS = "points"
    MMHG_PER_NANOGRAM = "mmHg per ng/ml"
    BEATS_PER_NANOGRAM = "/min per ng/ml"
    PEOPLE = "people"
    DEVICES = "devices"
    SESSIONS = "sessions"
    MMHG = "mmHg"
    CENTIMETRES = "cm"
    BEATS = "beats/min"
    BODY_MASS = "kg/m2"


HOURLY = {
    Unit.LITRES_PER_MINUTE: Decimal(60),
    Unit.PER_MINUTE: Decimal(60),
    Unit.MINUTES: 1 / Decimal(60),
    Unit.PERCENT: 1 / Decimal(100),
}
"""What a stated number is multiplied with, to be reckoned in litres, hours and shares of one."""


@dataclass(frozen=True, slots=True)
class Number:
    """As the source states it; ``reckoned`` as the formulae need it."""

    value: Decimal
    unit: Unit
    mark: Mark
    source: Citation

    def __post_init__(self) -> None:
        """Refuses a mark that its source cannot bear."""
        Basis(self.mark, self.source)

    @property
    def basis(self) -> Basis:
        return Basis(self.mark, self.source)

    @property
    def reckoned(self) -> float:
        return float(self.value * HOURLY.get(self.unit, Decimal(1)))

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"
