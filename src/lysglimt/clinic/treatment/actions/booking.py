"""The sessions of a course are booked into a chair: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.actions import Booking
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, Chair
from lysglimt.clinic.treatment.models import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedRun:
    """When each session starts, how long the chair is needed, and which chair."""

    starts: Sequence[datetime]
    lasts: timedelta
    chair: Chair | None


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
            ),
            by=by,
            at=at,
            entered=Entered(entry=each, happened_at=at, entered_at=at),
        )
        for each, start in zip(entries, run.starts, strict=True)
    ]
