"""Which courses the page of the day asks about: those expected, those due, and whom to ask."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from lysglimt.clinic.exposure.beside import with_over_months
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.suicidality.schedule import recent, with_asking
from lysglimt.clinic.treatment.models import CourseStanding

from .awaited import late


def standings(
    unit: UUID, courses: Collection[UUID], day: date, *, asking: bool
) -> list[CourseStanding]:
    """Of the courses of the day, and of those of the unit in which something is due.

    ``asking``, those too that tell whom is to be asked about suicide, and what is due over
    months, in the same question.
    """
    due = Q(course__unit=unit, open=True) & late(day)
    rows: Any = CourseStanding.objects.all()
    if asking:
        rows = with_over_months(with_asking(rows, day), "patient_id")
        due |= Q(course__unit=unit) & recent(day)
    found = rows.filter(Q(course__in=courses) | due)
    return list(found.select_related("course", "patient"))


def to_be_asked(
    rows: Iterable[CourseStanding], unit: UUID, *, but: Collection[UUID]
) -> Iterator[CourseStanding]:
    """Of standings read ``asking``: the newest course of each patient, here."""
    for row in rows:
        newest = not vars(row)["newer"] and row.course.unit_id == unit
        if newest and row.patient_id not in but:
            yield row


def bounds(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in Norway."""
    start = datetime(day.year, day.month, day.day, tzinfo=OSLO)
    following = day + timedelta(days=1)
    return start, datetime(following.year, following.month, following.day, tzinfo=OSLO)
