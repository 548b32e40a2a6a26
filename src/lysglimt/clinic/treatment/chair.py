"""What the chair tells beside a task that asks for a doctor now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.safety.suicidality import Promptness

from .models import DANGER_SIGN, PUMP_AGAINST, STARTED_AGAINST, SafetyTask

OF_THE_BODY_OR_THE_PUMP = {DANGER_SIGN, PUMP_AGAINST, STARTED_AGAINST}


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


class Question(StrEnum):
    """What a doctor who is asked for now answers in so many words."""

    TREAT_TODAY = "treat_today"
    BODY = "body"
    INTENT = "intent"


def question(safety_task: SafetyTask, chair: AtTheChair | None) -> Question | None:
    """When the drug is given, whether to begin is no question any more; None of what has the day."""
    if safety_task.promptness != Promptness.DOCTOR_NOW:
        return None
    if chair is None or not chair.under_way:
        return Question.TREAT_TODAY
    of_the_body = safety_task.rule in OF_THE_BODY_OR_THE_PUMP
    return Question.BODY if of_the_body else Question.INTENT
