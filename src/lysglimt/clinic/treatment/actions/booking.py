"""The sessions of a course are booked into a chair: all of them, or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.actions import Booking
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Chair,
)
from lysglimt.clinic.treatment.models import Course, SessionGiven
from lysglimt.knowledge.errors import ClinicalError


class AlreadyGiven(ClinicalError):
    """The session of its day was given after the page was read: its booking is what happened."""

    code = "appointment.session-given"


class BookedAnew(ClinicalError):
    """Somebody has moved it or called it off after the page was read."""

    code = "appointment.booked-anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedRun:
    """When each session starts, how long the chair is needed, and which chair.

    ``off_plan`` says by its start why a session is outside the planned window, and who decided.
    """

    starts: Sequence[datetime]
    lasts: timedelta
    chair: Chair | None
    off_plan: Mapping[datetime, str] = field(default_factory=dict)


def entries_of(entry: UUID, count: int) -> list[UUID]:
    """The id of each booking of a run that was sent under one id."""
    return [uuid5(entry, str(number)) for number in range(count)]


@transaction.atomic
def book_run(
    *, course: Course, run: BookedRun, entry: UUID, by: Professional, at: datetime
) -> list[Appointment]:
    """Sent twice, it is booked once. Raises ChairTaken, and then nothing is booked."""
    Course.objects.select_for_update().get(pk=course.pk)
    entries = entries_of(entry, len(run.starts))
    known = list(Appointment.objects.in_force().filter(entry__in=entries))
    if known:
        return known
    return [
        scheduling.book(
            patient=course.patient,
            booking=Booking(
                kind=AppointmentKind.SESSION,
                starts_at=start,
                ends_at=start + run.lasts,
                chair=run.chair,
                course=course.pk,
                off_plan=run.off_plan.get(start, ""),
            ),
            by=by,
            at=at,
            entered=Entered(entry=each, happened_at=at, entered_at=at),
        )
        for each, start in zip(entries, run.starts, strict=True)
    ]


@transaction.atomic
def move_session(
    *,
    course: Course,
    appointment: Appointment,
    booking: Booking,
    by: Professional,
    at: datetime,
    reason: str,
) -> Appointment:
    """Another time or chair. Raises AlreadyGiven, BookedAnew, ChairTaken, WrongTimes."""
    Course.objects.select_for_update().get(pk=course.pk)
    refuse_given(course, appointment)
    try:
        return scheduling.move(
            appointment=appointment, booking=booking, by=by, at=at, reason=reason
        )
    except Contradicted as other:
        raise BookedAnew("Booked anew after it was read.", field="reason") from other


@transaction.atomic
def call_off_session(
    *,
    course: Course,
    appointment: Appointment,
    stayed_away: bool,
    by: Professional,
    at: datetime,
    reason: str,
) -> Appointment:
    """Called off, or the patient stayed away. Raises AlreadyGiven, BookedAnew."""
    Course.objects.select_for_update().get(pk=course.pk)
    refuse_given(course, appointment)
    state = AppointmentState.NO_SHOW if stayed_away else AppointmentState.CANCELLED
    try:
        return scheduling.mark(
            appointment=appointment, state=state, by=by, at=at, reason=reason
        )
    except Contradicted as other:
        raise BookedAnew("Booked anew after it was read.", field="reason") from other


def refuse_given(course: Course, appointment: Appointment) -> None:
    """Raises AlreadyGiven where the course has a session of the day that was booked."""
    day = on_day(appointment.starts_at)
    for one in SessionGiven.objects.in_force().filter(course=course):
        if on_day(one.started_at) == day:
            begun = one.started_at.astimezone(OSLO)
            raise AlreadyGiven(
                "Given meanwhile.", field="reason", value=[day, f"{begun:%H:%M}"]
            )
