"""That a report was sent, or is not to be; and by when the unit wants each."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

from lysglimt.clinic.incidents.models import (
    DutyAnswer,
    DutyDeadline,
    DutyState,
    Incident,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.actions import stamped

from .entering import whom


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """``happened_at`` is when it was sent, or decided; ``words`` the reason, or a reference.

    ``corrects`` is the revision that was read, 0 where nobody had answered; ``reason`` why it
    is corrected.
    """

    state: DutyState
    words: str
    happened_at: datetime
    corrects: int = 0
    reason: str = ""


def answer_duty(
    *,
    incident: Incident,
    duty: str,
    answered: Answered,
    by: Professional,
    at: datetime,
) -> DutyAnswer:
    """The first answer, or the correction of the one that was read. Raises Contradicted.

    Nothing is sent by this: it tells what a person has done.
    """
    entry = uuid5(incident.entry, duty)
    said: dict[str, Any] = {"state": answered.state.value, "words": answered.words}
    told: dict[str, Any] = {"operation": "duty.answer", "patients": whom(incident)}
    read = DutyAnswer.objects.filter(entry=entry, revision=answered.corrects).first()
    if read is not None:
        said |= {"happened_at": answered.happened_at, "reason": answered.reason}
        return people.correct(read, by=by, at=at, **told, **said)
    entered = Entered(happened_at=answered.happened_at, entered_at=at, entry=entry)
    row = DutyAnswer(incident=incident, duty=duty, **said, **stamped(entered, by=by, at=at))
    return people.enter(row, **told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What the unit says of one duty. ``amount`` and ``measure`` are None and empty: no figure."""

    duty: str
    applies: bool
    why: str
    amount: int | None = None
    measure: str = ""


def state_deadline(
    *, stated: Stated, entered: Entered, by: Professional, at: datetime
) -> DutyDeadline:
    """The newest holds, for what is open now too; those before it stay on record."""
    row = DutyDeadline(unit_id=by.unit_id, **asdict(stated), **stamped(entered, by=by, at=at))
    return people.enter(row, operation="duty.deadline")
