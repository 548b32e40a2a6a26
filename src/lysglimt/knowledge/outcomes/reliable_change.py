"""Is a change larger than the instrument's own noise?"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from lysglimt.knowledge.errors import Implausible

from .response import Total

CRITICAL = Decimal("1.96")
"""Two-sided, 5 %. [Jacobson and Truax 1991, unverified-memory]"""


class ReliableChange(StrEnum):
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Precision:
    """The standard deviation and the reliability (0-1) of an instrument in a population.

    There is no default: both come from the source that the unit has chosen.
    """

    sd: Decimal
    reliability: Decimal

    def __post_init__(self) -> None:
        if self.sd <= 0:
            raise Implausible.of("sd", self.sd, "above 0")
        if not 0 <= self.reliability < 1:
            raise Implausible.of("reliability", self.reliability, "0 to below 1")

    @property
    def variance_of_difference(self) -> Fraction:
        """2 SEM²; kept squared, so that the verdict needs no root and stays exact."""
        return 2 * Fraction(self.sd) ** 2 * (1 - Fraction(self.reliability))

    @property
    def index(self) -> Decimal:
        """The smallest change that is reliable, in points, for people to read."""
        return CRITICAL * (2 * (1 - self.reliability)).sqrt() * self.sd


def reliable_change(baseline: Total, current: Total, precision: Precision) -> ReliableChange:
    """Jacobson-Truax, on a scale where less is better. [OUT-RC]"""
    change = Fraction(current) - Fraction(baseline)
    if change**2 <= Fraction(CRITICAL) ** 2 * precision.variance_of_difference:
        return ReliableChange.UNCHANGED
    return ReliableChange.IMPROVED if change < 0 else ReliableChange.WORSE
