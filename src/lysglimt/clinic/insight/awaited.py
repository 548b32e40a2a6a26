"""Courses in which something is due or should have been done by now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.treatment.models import CourseStanding
from lysglimt.knowledge.protocols.state import Phase


@dataclass(frozen=True, slots=True)
class Awaited:
    """A course in which something is due or late, and by when."""

    card: PatientCard
    standing: CourseStanding
    day: date

    @property
    def evaluation(self) -> bool:
        """An evaluation waits from the day it may be made, late or not."""
        return self.standing.phase == Phase.EVALUATION

    @property
    def rating(self) -> bool:
        """A rating may be made today, or is late."""
        due, since = self.standing.rating_due, self.standing.rating_from
        return any(one is not None and one <= self.day for one in (due, since))

    @property
    def rating_late_since(self) -> date | None:
        return self.late(self.standing.rating_due)

    @property
    def next_late_since(self) -> date | None:
        return self.late(self.standing.next_due)

    def late(self, by: date | None) -> date | None:
        return by if by is not None and by < self.day else None

    @property
    def pressing(self) -> tuple[date, date, str]:
        """What is late longest comes first, then what must be done soonest."""
        since = [one for one in (self.rating_late_since, self.next_late_since) if one]
        soon = self.standing.rating_due if self.rating else self.standing.next_due
        return min(since, default=date.max), soon or date.max, str(self.standing.pk)


def late(day: date) -> Q:
    """What a course must have to be told of: something late, a rating due, or the evaluation."""
    past = Q(next_due__lt=day) | Q(rating_due__lt=day)
    return past | Q(rating_from__lte=day) | Q(phase=Phase.EVALUATION)


def awaited(rows: Iterable[CourseStanding], day: date) -> tuple[Awaited, ...]:
    """The most pressing first. ``rows`` are of open courses."""
    found = (Awaited(row.patient.card(), row, day) for row in rows)
    told = (one for one in found if one.evaluation or one.rating or one.next_late_since)
    return tuple(sorted(told, key=lambda one: one.pressing))
