"""A clinical figure, how sure we are of it, and its source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from operator import index
from typing import Any, Generic, TypeVar

from .errors import Inconsistent
from .quantities import (
    Centimetres,
    Kilograms,
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    MillilitresPerHour,
)
from .sources.citation import Citation

Value = TypeVar("Value")


class Mark(StrEnum):
    """Where a figure comes from: read in its source, remembered, or our own proposal."""

    SEEN = "seen"
    MEMORY = "memory"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a statement rests. Only what was read may show a literature citation."""

    mark: Mark
    source: Citation

    def __post_init__(self) -> None:
        if (self.mark is Mark.SEEN) is self.source.stands_in:
            raise Inconsistent(f"mark '{self.mark}' cannot rest on '{self.source.key}'")

    @property
    def awaits_approval(self) -> bool:
        """Remembered and own figures are listed for the unit's doctor to approve."""
        return self.mark is not Mark.SEEN


@dataclass(frozen=True, slots=True)
class Figure(Generic[Value]):
    """A value with its unit and its basis. ``str`` of times is left to the screen."""

    value: Value
    unit: str
    basis: Basis

    @property
    def awaits_approval(self) -> bool:
        return self.basis.awaits_approval


UNITS: Mapping[str, Callable[[Any], object]] = {
    "mg/kg": lambda number: MilligramsPerKilogram(Decimal(number)),
    "mg": lambda number: Milligrams(Decimal(number)),
    "mg/ml": lambda number: MilligramsPerMillilitre(Decimal(number)),
    "ml": lambda number: Millilitres(Decimal(number)),
    "ml/h": lambda number: MillilitresPerHour(Decimal(number)),
    "kg": lambda number: Kilograms(Decimal(number)),
    "cm": lambda number: Centimetres(Decimal(number)),
    "kg/cm": Decimal,
    "min": lambda number: timedelta(minutes=index(number)),
    "h": lambda number: timedelta(hours=index(number)),
    "d": lambda number: timedelta(days=index(number)),
    "wk": lambda number: timedelta(weeks=index(number)),
    "months": index,
    "years": index,
    "sessions": index,
    "ratings": index,
    "readings": index,
    "times": index,
    "sprays": index,
    "devices": index,
    "trials": index,
    "persons": index,
    "working d": index,
    "points": Decimal,
    "%": Decimal,
    "ratio": Decimal,
    "mmHg": index,
    "/min": index,
    "l/min": Decimal,
    "ms": index,
    "m": Decimal,
    "kg/m2": Decimal,
    "x ULN": Decimal,
    "U/l": Decimal,
    "umol/l": Decimal,
    "mmol/l": Decimal,
    "mg/d": Decimal,
    "ug/d": Decimal,
    "mmol/d": Decimal,
}
"""Every unit a data file may state, and the value it makes. Times and counts are whole."""
