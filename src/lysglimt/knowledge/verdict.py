"""A judgement comes with its reasons, never as a bare yes or no."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from .figures import Basis
from .text import Text

Known = bool | None
"""Yes, no, or None: not known. Three-valued, and never a switch."""


class Standing(IntEnum):
    """Ordered: the worst finding decides. Unknown is an answer."""

    MET = 0
    NOTE = 1
    CAUTION = 2
    UNKNOWN = 3
    NEEDS_SPECIALIST = 4
    EXCLUDED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: its id (``EX-04``), how it stands, why, and where that is from.

    ``question`` is what to ask when the standing is unknown. ``action`` is what the rule
    suggests, in words for a clinician.
    """

    criterion: str
    standing: Standing
    reason: Text
    basis: Basis
    question: Text | None = None
    action: Text | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Verdict":
        return cls(tuple(findings))

    @property
    def standing(self) -> Standing:
        """The worst finding decides; a verdict that rests on nothing is unknown."""
        return max((f.standing for f in self.findings), default=Standing.UNKNOWN)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.standing is not Standing.MET)

    @property
    def questions(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.standing is Standing.UNKNOWN)
