"""What the chair tells beside a task that asks for a doctor now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lysglimt.clinic.people.models import Professional

from .models import DANGER_SIGN, SafetyTask


@dataclass(frozen=True, slots=True)
class Reading:
    """One set as it was charted: the clock, each value with its name, and the danger signs told."""

    at: str
    values: tuple[tuple[str, str], ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtTheChair:
    """The patient's session. ``readings`` are those round the danger sign, the newest first."""

    session: UUID
    under_way: bool
    readings: tuple[Reading, ...] = ()


ASKED: list[Callable[..., AtTheChair | None]] = []
"""The app of the chair puts its answer here: this one does not know it."""


def at_the_chair(
    safety_task: SafetyTask, *, by: Professional, at: datetime
) -> AtTheChair | None:
    """None where the patient sits at no chair, or where that part is closed to ``by``."""
    found = (ask(safety_task, by=by, at=at) for ask in ASKED)
    return next(filter(None, found), None)


def asks_what_is_decided(safety_task: SafetyTask, chair: AtTheChair | None) -> bool:
    """A danger sign when the drug is given: whether to begin is no question any more."""
    return safety_task.rule == DANGER_SIGN and chair is not None and chair.under_way
