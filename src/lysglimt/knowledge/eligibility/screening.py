"""Is this treatment for this person? The worst finding decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .candidate import Candidate


class NotOverridden(ClinicalError):
    """An override that does not do what it must: no reason, too few signatures."""

    code = "eligibility.override"


@dataclass(frozen=True, slots=True)
class Override:
    """A deviation from one criterion, with its reason and who signed it."""

    criterion: str
    reason: str
    signed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A finding that was overridden, with the override: what the register sees."""

    finding: Finding
    override: Override


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict as found, what was overridden, and how it stands after that."""

    verdict: Verdict
    deviations: tuple[Deviation, ...]
    standing: Standing


def screen(candidate: Candidate, *, on: date) -> Verdict:
    """Every criterion's findings on the day ``on``; unknowns are questions."""
    raise NotImplementedError


def decision(verdict: Verdict, overrides: Iterable[Override] = ()) -> Decision:
    """Raises NotOverridden when an override lacks what it needs."""
    raise NotImplementedError
