"""Under which decision is the treatment given, on what conditions, and until when?"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class PolicyCondition:
    """One condition of the decision, for the unit to verify and edit."""

    id: str
    text: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class Policy:
    """A decision with its conditions. ``method_id`` is None until somebody has verified it.

    The day is our inference within the month that was read, so that it has a basis of its own.
    """

    id: str
    name: Text
    decided_on: date
    decided_basis: Basis
    month_basis: Basis
    method_id: str | None
    verify_at: str
    review_by: date
    review_basis: Basis
    condition: tuple[PolicyCondition, ...]

    def review_is_due(self, on: date) -> bool:
        """The last day is still in time."""
        return on > self.review_by


@cache
def policy() -> Policy:
    """The Norwegian decision as shipped."""
    return read(Policy, files("lysglimt.knowledge.eligibility") / "policy.toml")
