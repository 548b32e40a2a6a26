"""Does a unit differ from all by more than chance? A funnel, and never a ranking. [spiegelhalter-funnel]

The steps are those of [verburg]: what is compared with what is stated, units with few are said to be
few, over-dispersion is tested, then limits are drawn. Case mix is another module's.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lysglimt.knowledge.errors import Implausible
from lysglimt.register.proportions import Proportion
from lysglimt.science.from_scipy import (
    binomial_up_to,
    chi_squared_beyond,
    normal_quantile,
)
from lysglimt.science.rates import OUTSIDE

from .rules import comparison_rules


class Place(StrEnum):
    """Where a unit lies. Outside is a question to the unit, and no verdict."""

    INSIDE = "inside"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares between 0 and 1."""

    low: float
    high: float

    def hold(self, share: float) -> bool:
        # What is reckoned in two ways may differ in the last place.
        return self.low - 1e-12 <= share <= self.high + 1e-12


@dataclass(frozen=True, slots=True)
class Around:
    warning: Limits
    alarm: Limits

    def place(self, share: float) -> Place:
        if self.warning.hold(share):
            return Place.INSIDE
        return Place.WARNING if self.alarm.hold(share) else Place.ALARM


@dataclass(frozen=True, slots=True)
class Dispersion:
    """``ratio`` is 1 when units differ by chance alone; ``between`` is their own spread beyond it.

    ``between`` is a variance on the scale of `angle`, 0 unless the ratio is more than chance.
    """

    ratio: float
    chance: float
    between: float

    @property
    def beyond_chance(self) -> bool:
        return self.between > 0


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """``around`` is what chance allows; ``widened`` also what units differ by, where they do."""

    unit: str
    found: Proportion
    around: Around
    widened: Around | None
    place: Place


@dataclass(frozen=True, slots=True)
class Funnel:
    """``target`` is the share that units are compared with; None where nobody is counted.

    ``dispersion`` is None with too few units to tell. Units are in the order they were given in.
    """

    target: Fraction | None
    points: tuple[FunnelPoint, ...]
    dispersion: Dispersion | None


def funnel(units: Mapping[str, Proportion], *, target: Fraction | None = None) -> Funnel:
    """Around a stated target, else around the share of all units together."""
    if target is not None and not 0 <= target <= 1:
        raise Implausible.of("target", target, "0-1")
    held = {name: one for name, one in units.items() if one.of}
    of = sum(one.of for one in held.values())
    if target is None and of:
        target = Fraction(sum(one.count for one in held.values()), of)
    if target is None:
        return Funnel(None, (), None)
    spread = dispersion(list(held.values()), target)
    between = spread.between if spread else 0.0
    return Funnel(
        target,
        tuple(_point(name, one, target, between=between) for name, one in held.items()),
        spread,
    )


def _point(name: str, one: Proportion, target: Fraction, *, between: float) -> FunnelPoint:
    around = chance_limits(one.of, float(target))
    widened = wide_limits(one.of, float(target), between=between) if between else None
    return FunnelPoint(
        name, one, around, widened, (widened or around).place(one.count / one.of)
    )


def chance_limits(of: int, target: float) -> Around:
    """Exact, of a binomial count: between the shares that so many people would have by chance."""
    rules = comparison_rules()
    warning, alarm = (
        Limits(*(count / of for count in exact(of, target, outside=1 - float(level) / 100)))
        for level in (rules.warning.value, rules.alarm.value)
    )
    return Around(warning, alarm)


def exact(of: int, target: float, *, outside: float) -> tuple[int, int]:
    """Counts; fewer, and more, each come by chance in no more than half of ``outside``."""
    half = outside / 2
    # So near to half that only the last place of a float differs is half.
    near = half * (1 + 1e-9)
    low = next(n for n in range(of + 1) if binomial_up_to(n, of, target) > near)
    high = next(n for n in range(of, -1, -1) if binomial_up_to(of - n, of, 1 - target) > near)
    return low, high


def wide_limits(of: int, target: float, *, between: float) -> Around:
    """With the units' own spread added, on the scale where the spread of a share is the same."""
    rules, middle = comparison_rules(), angle(target)
    reach = math.sqrt(1 / (4 * of) + between)
    return Around(
        *(
            Limits(share(middle - by), share(middle + by))
            for level in (rules.warning.value, rules.alarm.value)
            for by in (reach * normal_quantile(0.5 + float(level) / 200),)
        )
    )


def angle(part: float) -> float:
    return math.asin(math.sqrt(part))


def share(of_angle: float) -> float:
    return math.sin(min(max(of_angle, 0.0), math.pi / 2)) ** 2


def dispersion(units: Sequence[Proportion], target: Fraction) -> Dispersion | None:
    """The additive, random-effects way of [spiegelhalter-dispersion], on the arcsine scale.

    Distances from the target in standard errors are winsorised, so that one unit far away does not
    widen the funnel until it is inside. The formulas are remembered, the choice of way is read.
    """
    rules = comparison_rules()
    if len(units) < rules.least_units.value or target in {0, 1}:
        return None
    weights = [4.0 * one.of for one in units]
    far = [
        (angle(one.count / one.of) - angle(float(target))) * math.sqrt(weight)
        for one, weight in zip(units, weights, strict=True)
    ]
    squares = sum(one * one for one in winsorised(far, float(rules.winsorised.value) / 100))
    chance = chi_squared_beyond(squares, len(units))
    whole = sum(weights)
    excess = squares - (len(units) - 1)
    between = excess / (whole - sum(one * one for one in weights) / whole)
    return Dispersion(
        squares / len(units), chance, max(0.0, between) if chance < OUTSIDE else 0.0
    )


def winsorised(values: Sequence[float], part: float) -> list[float]:
    """The outermost, on each side, are moved to where the next of them is."""
    ordered = sorted(values)
    moved = int(len(values) * part)
    low, high = ordered[moved], ordered[len(ordered) - 1 - moved]
    return [min(max(one, low), high) for one in values]
