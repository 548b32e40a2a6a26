"""Which instruments are due for a patient, the most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lysglimt.clinic.treatment.history import state_on
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.instruments.instrument import Instrument, instrument
from lysglimt.knowledge.protocols.state import Due, DueStatus

from .forms import scored_here


@dataclass(frozen=True, slots=True)
class RatingDue:
    scale: Instrument
    due: Due

    @property
    def overdue(self) -> bool:
        return self.due.overdue

    @property
    def open(self) -> bool:
        """Its window has opened."""
        return self.due.status is not DueStatus.UPCOMING


def ratings_due(course: Course, on: date) -> Sequence[RatingDue]:
    """Each instrument once, by its first window."""
    first: dict[str, RatingDue] = {}
    for one in state_on(course, on).advice.due:
        if one.instrument and one.instrument not in first:
            first[one.instrument] = RatingDue(instrument(one.instrument), one)
    return tuple(first.values())


def others(due: Sequence[RatingDue]) -> Sequence[Instrument]:
    """The instruments that are not due, by name."""
    named = {one.scale.id for one in due}
    rest = (scale for scale in scored_here() if scale.id not in named)
    return sorted(rest, key=lambda scale: scale.short.casefold())
