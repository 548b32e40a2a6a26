"""What the ratings of the day of the session say that is new, and what doctors have answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q

from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.actions import safety_answers
from lysglimt.clinic.treatment.models import (
    FOUND_AT_GATE,
    Rating,
    SafetyTask,
    TaskAcknowledgement,
)
from lysglimt.clinic.treatment.windows import asked_about
from lysglimt.knowledge.safety.suicidality import Promptness, SafetyAnswer, news

from .models import DischargeRecord, Session

NEW_INTENT = "DC-7"
"""The rule of the task for new suicidal intent, at whatever minute of the session it was said."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is called for: a doctor's last word today of suicide, and the tasks nobody has answered.

    ``answered`` is None where one thing said today is not answered, or nothing was said.
    ``awaited`` is of suicide, and none is said to have come; ``doctor_now`` is of anything.
    """

    answered: TaskAcknowledgement | None
    awaited: SafetyTask | None
    doctor_now: SafetyTask | None


def heard(session: Session, *, at: datetime) -> Heard:
    """One question. Whatever is said anew of suicide, rated or at the chair, has its task."""
    begun = datetime.combine(day_of(session, at=at), time(), tzinfo=OSLO)
    found = SafetyTask.objects.filter(
        Q(opened_at__gte=begun) | Q(acknowledgement__isnull=True),
        patient=session.course.patient_id,
    )
    tasks = list(found.with_reports().by_urgency().select_related("acknowledgement__by"))
    waiting = [one for one in tasks if asks_for_a_doctor(one)]
    of_suicide = [one for one in tasks if is_of_suicide(one)]
    words = [doctors_word(one) for one in of_suicide if one.opened_at >= begun]
    said = [one for one in words if one is not None]
    return Heard(
        answered=max(said, key=lambda one: one.at, default=None)
        if len(said) == len(words)
        else None,
        awaited=next(
            (one for one in waiting if one in of_suicide and not vars(one)["told"]), None
        ),
        doctor_now=next(iter(waiting), None),
    )


def asks_for_a_doctor(task: SafetyTask) -> bool:
    """Now, and none has answered."""
    return task.promptness == Promptness.DOCTOR_NOW and not hasattr(task, "acknowledgement")


def is_of_suicide(task: SafetyTask) -> bool:
    """Who comes for a danger sign, or for the pump, is not asked of it."""
    return task.rating_id is not None or task.rule in {FOUND_AT_GATE, NEW_INTENT}


def doctors_word(task: SafetyTask) -> TaskAcknowledgement | None:
    answer: TaskAcknowledgement | None = getattr(task, "acknowledgement", None)
    return answer if answer and answer.by.role in DOCTORS else None


def rated_new(
    session: Session, *, at: datetime
) -> Iterator[tuple[Rating, tuple[SafetyAnswer, ...]]]:
    """Each rating since the day of the session began, with what is new in it, where anything is."""
    patient, day = session.course.patient, day_of(session, at=at)
    found = Rating.objects.until(until(session, at=at)).filter(patient=patient)
    ratings = list(found.order_by("happened_at", "pk"))
    before = [one for row in ratings if on_day(row.happened_at) < day for one in said_in(row)]
    for row in ratings:
        if on_day(row.happened_at) >= day and (new := news(said_in(row), before=before)):
            yield row, new


def day_of(session: Session, *, at: datetime) -> date:
    """The day it is planned on, whichever day the answers are written; or today, when that is earlier."""
    return min(session.planned_on, on_day(at))


def until(session: Session, *, at: datetime) -> datetime:
    """Past midnight the session goes on; what was recorded after the patient left is of another day."""
    left = DischargeRecord.objects.in_force().filter(session=session, left_at__isnull=False)
    times = left.order_by("-pk").values_list("left_at", flat=True)
    return next((one for one in times[:1] if one and one < at), at)


def said_in(row: Rating) -> tuple[SafetyAnswer, ...]:
    return safety_answers(row.instrument, row.answers, asked_about(row).id)
