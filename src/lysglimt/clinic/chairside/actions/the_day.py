"""A time at the chair is of the day of the session, or later."""

from datetime import datetime

from django.utils.timezone import localtime

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.knowledge.errors import ClinicalError


class NotYet(ClinicalError):
    """A clock that has not shown this today would be of the day before, when there was no session."""

    code = "chair.not-yet"


def refuse_day_before(session: Session, happened_at: datetime, *, at: datetime) -> None:
    """A mistyped hour must not file a reading as yesterday's, where nobody sees it. Raises NotYet.

    Of a session that was begun yesterday a time of yesterday is sound; so is one of today where the
    patient came earlier than planned.
    """
    if on_day(happened_at) < min(session.planned_on, on_day(at)):
        raise NotYet(
            "Of the day before the session.",
            field="clock",
            value=f"{localtime(happened_at, OSLO):%H:%M}",
            allowed=f"{localtime(at, OSLO):%H:%M}",
        )
