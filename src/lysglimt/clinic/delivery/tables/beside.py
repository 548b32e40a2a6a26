"""What goes on beside the treatment and after it: therapy, follow-up, function and work.

Nobody enters yet what the patient thought of it, nor what it has cost: those tables are empty.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from lysglimt.clinic.delivery.scope import Row, Scope
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, AppointmentState
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import Rating
from lysglimt.clinic.treatment.record import CourseRecord
from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.protocols.state import Phase

from .rows import whole

FUNCTION = {"wsas": "wsas", "eq5d5l": "eq5d_index"}
"""Instruments of which the total is a variable of the table."""
AFTERWARDS = frozenset({Phase.FOLLOW_UP.value, Phase.CLOSED.value})


def kept(scope: Scope, kind: AppointmentKind) -> Mapping[UUID | None, list[date]]:
    """The days on which somebody came to such an appointment, by course."""
    found: dict[UUID | None, list[date]] = defaultdict(list)
    rows = Appointment.objects.in_force().filter(
        course__in=scope.courses, kind=kind, state=AppointmentState.KEPT
    )
    for course, at in rows.values_list("course", "starts_at"):
        found[course].append(on_day(at))
    return found


def therapy(scope: Scope) -> Iterator[Row]:
    for course, days in kept(scope, AppointmentKind.THERAPY).items():
        for on in sorted(set(days)):
            yield {"course": scope.course(course), "held_on": on}


def follow_up(scope: Scope) -> Iterator[Row]:
    """Each month that the protocol names, once the course is over and the visit done or its days gone.

    Done is a kept appointment within the protocol's days either way, the nearest.
    """
    came = kept(scope, AppointmentKind.FOLLOW_UP)
    for record in scope.records:
        asked, standing = protocol_of(record.course).follow_up, record.course.standing
        if asked is None or standing.last_session is None or standing.phase not in AFTERWARDS:
            continue
        for month in asked.months:
            due = months_after(standing.last_session, month.value)
            done = nearest(came.get(record.course.pk, ()), due, asked.within.value)
            if done is None and due + asked.within.value >= scope.on:
                continue
            yield {
                "course": scope.course(record.course.pk),
                "month": month.value,
                "due_on": due,
                "done_on": done,
                "treated_again": treated_again(scope, record, until=due),
            }


def nearest(days: Sequence[date], due: date, within: timedelta) -> date | None:
    fits = [on for on in days if abs(on - due) <= within]
    return min(fits, key=lambda on: abs(on - due), default=None)


def treated_again(scope: Scope, record: CourseRecord, *, until: date) -> bool:
    """A later course here was begun by then."""
    return any(
        other.course.patient_id == record.course.patient_id
        and other.course.planned_at > record.course.planned_at
        and (first := other.course.standing.first_session) is not None
        and first <= until
        for other in scope.records
    )


def awaited(_: Scope) -> Iterator[Row]:
    """What no module enters yet, or what is linked from another register."""
    yield from ()


def function(scope: Scope) -> Iterator[Row]:
    """A day on which one of the instruments was filled in; the last of each that day."""
    found: dict[tuple[UUID | None, date], Row] = defaultdict(dict)
    rated = Rating.objects.in_force().filter(
        course__in=scope.courses, instrument__in=FUNCTION, total__isnull=False
    )
    for row in rated.order_by("happened_at", "pk"):
        said = found[row.course_id, on_day(row.happened_at)]
        name = FUNCTION[row.instrument]
        said[name] = whole(row.total) if name == "wsas" else row.total
    for (course, on), said in found.items():
        yield {"course": scope.course(course), "asked_on": on, **said}
