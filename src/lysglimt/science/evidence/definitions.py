"""What a trial called response or remission: the same word is used for different things."""

import re
from dataclasses import dataclass
from enum import StrEnum

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
