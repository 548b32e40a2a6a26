"""How many of how many, and how sure one can be of it."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from lysglimt.knowledge.errors import Implausible

NORMAL_QUANTILE = Decimal("1.959963984540054")
"""Of the standard normal distribution at 0.975: the interval has 95 per cent."""

FEW = 10
"""Under this many a proportion says little; it is said beside it. Own value."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``, both between 0 and 1."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Proportion:
    """``count`` of ``of``. Of nobody there is neither a share nor an interval."""

    count: int
    of: int

    def __post_init__(self) -> None:
        if self.of < 0:
            raise Implausible.of("of", self.of, "0 or more")
        if not 0 <= self.count <= self.of:
            raise Implausible.of("count", self.count, f"0-{self.of}")

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.count, self.of) if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's score interval, 95 per cent, without continuity correction."""
        if not self.of:
            return None
        with localcontext() as context:
            context.prec = 40
            return wilson(Decimal(self.count), Decimal(self.of))

    @property
    def few(self) -> bool:
        return self.of < FEW


def wilson(count: Decimal, of: Decimal) -> Interval:
    square = NORMAL_QUANTILE**2
    middle = count + square / 2
    reach = NORMAL_QUANTILE * (count * (of - count) / of + square / 4).sqrt()
    whole = of + square
    # At 0 and at all the bound is exactly 0 or 1; rounding must not pass it.
    low = Decimal(0) if not count else (middle - reach) / whole
    high = Decimal(1) if count == of else (middle + reach) / whole
    return Interval(low, high)
