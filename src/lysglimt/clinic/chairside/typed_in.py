"""A session of an earlier day that is typed in from its paper: nobody sits in the chair."""

from datetime import datetime

from lysglimt.clinic.scheduling.calendar import on_day

from .hands import on_paper
from .models import Session


def being_typed_in(session: Session, *, now: datetime) -> bool:
    """Of another day, and it is said that it was on paper: nothing of it is due now."""
    return session.planned_on < on_day(now) and bool(on_paper(session))
