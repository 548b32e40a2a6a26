"""How many of those who were treated does the register have? Against a list from outside."""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from lysglimt.register.proportions import Proportion

from .indicator import indicator_file
from .measured import Level


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of individuals, courses or units: in both, only here, only in the list from outside. [qect]

    Who is only here was treated too: the whole is all who are in either.
    """

    both: int
    only_here: int
    only_outside: int

    @property
    def proportion(self) -> Proportion:
        here = self.both + self.only_here
        return Proportion(here, here + self.only_outside)

    @property
    def of_the_list(self) -> Proportion:
        """The same of those alone whom the list from outside knows."""
        return Proportion(self.both, self.both + self.only_outside)

    @property
    def faint(self) -> bool:
        """So low that what the unit has says little of the unit."""
        share = self.proportion.share
        return share is None or share * 100 < Fraction(indicator_file().coverage.faint.value)

    @property
    def level(self) -> Level | None:
        rule, share = indicator_file().coverage, self.proportion.share
        if share is None:
            return None
        if share * 100 >= Fraction(rule.green.value):
            return Level.HIGH
        return Level.MODERATE if share * 100 >= Fraction(rule.yellow.value) else Level.LOW


def coverage(here: Collection[str], outside: Collection[str]) -> Coverage:
    """Of keys that both have for the same thing; each counted once."""
    ours, theirs = set(here), set(outside)
    return Coverage(len(ours & theirs), len(ours - theirs), len(theirs - ours))
