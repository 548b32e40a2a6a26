"""What a trial called response or remission: the same word is used for different things."""

import re
from dataclasses import dataclass
from enum import StrEnum

from lysglimt.knowledge.text import Text

from .traps import traps

REDUCTION = re.compile(r">=\s*(\d+)\s*% ([A-Z][\w-]*)(.*)")
CUTOFF = re.compile(r"([A-Z][\w-]*?)\s*<=\s*(\d+)(.*)")


class Rule(StrEnum):
    REDUCTION = "reduction"
    """So many per cent below the baseline: response."""
    CUTOFF = "cutoff"
    """At or below a total: remission."""


@dataclass(frozen=True, slots=True)
class Definition:
    """``amount`` per cent or points of ``scale``; ``construct`` what the scale is about."""

    rule: Rule
    scale: str
    amount: int
    construct: str | None
    more: str = ""

    @property
    def said(self) -> Text:
        """For a reader; what stands behind it in other words is pointed to in the source."""
        if self.rule is Rule.REDUCTION:
            nb, en = (
                f"minst {self.amount} % fall i {self.scale}",
                f"a fall of {self.amount} % or more in {self.scale}",
            )
        else:
            nb, en = (
                f"{self.scale} {self.amount} eller lavere",
                f"{self.scale} of {self.amount} or less",
            )
        if not self.more:
            return Text(nb, en)
        more = traps().qualifiers.get(
            self.more, Text("nærmere i kilden", "further in the source")
        )
        return Text(f"{nb}, {more.nb}", f"{en}, {more.en}")


def definition(text: str) -> Definition | None:
    """None for a definition that is not stated, or not in one of the two forms."""
    if found := REDUCTION.fullmatch(text):
        amount, scale, more = found.groups()
        return Definition(
            Rule.REDUCTION, scale, int(amount), traps().construct(scale), more.strip()
        )
    if found := CUTOFF.fullmatch(text):
        scale, amount, more = found.groups()
        return Definition(
            Rule.CUTOFF, scale, int(amount), traps().construct(scale), more.strip()
        )
    return None
