"""Quantities that must never be mixed up."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NUMBER = re.compile(r"[+-]?\d{1,9}([.,]\d{1,9})?", re.ASCII)
"""As a person types one: 82,5 or 82.5. ``Decimal`` would also take 8_0, 8e1, NaN and other digits."""


def typed_number(text: str) -> Decimal | None:
    """The number somebody typed, exactly; None when it is not one (``8O``, ``1e3``, an empty box)."""
    typed = text.strip()
    return Decimal(typed.replace(",", ".")) if NUMBER.fullmatch(typed) else None


def plain(number: Decimal) -> str:
    """As a person writes it: no exponent, no trailing zeros, at most four decimals."""
    short = number.quantize(Decimal("0.0001")) if number % Decimal("0.0001") else number
    return format(short.normalize(), "f")


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
