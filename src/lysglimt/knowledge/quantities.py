"""Quantities that must never be mixed up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, step: Decimal) -> Decimal:
    """Rounded to the nearest multiple of ``step``, halves away from zero: 62.25 by 0.1 is 62.3."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


@dataclass(frozen=True, slots=True, order=True)
class Kilograms:
    value: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Centimetres:
    value: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Millilitres:
    value: Decimal


@dataclass(frozen=True, slots=True, order=True)
class MillilitresPerHour:
    value: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Milligrams:
    value: Decimal

    def rounded(self, step: Decimal) -> "Milligrams":
        """To what a syringe can deliver, halves up."""
        return Milligrams(half_up(self.value, step))


@dataclass(frozen=True, slots=True, order=True)
class MilligramsPerMillilitre:
    value: Decimal

    def volume(self, of: Milligrams) -> Millilitres:
        return Millilitres(of.value / self.value)


@dataclass(frozen=True, slots=True, order=True)
class MilligramsPerKilogram:
    value: Decimal

    def __mul__(self, weight: Kilograms) -> Milligrams:
        """The only way to a dose is through a weight."""
        return Milligrams(self.value * weight.value)
