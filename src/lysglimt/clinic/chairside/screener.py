"""Is the suicidality form of a session there? Scored on its day, before the dose, and whole."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject, TruncDate

from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import CourseStanding, Rating, Timing
from lysglimt.clinic.treatment.windows import asked_about
from lysglimt.knowledge.instruments.answers import reading
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.protocols.protocol import Protocol, RatingPlan
from lysglimt.knowledge.protocols.ratings_due import belongs_before
from lysglimt.knowledge.protocols.state import Phase

SCREENER = "cssrs_screener"


def screener(protocol: Protocol, number: int, *, maintained: bool) -> RatingPlan | None:
    """As the protocol plans it before the session with this number."""
    planned = (
        plan
        for plan in protocol.ratings
        if plan.instrument == SCREENER and belongs_before(plan, number, maintained=maintained)
    )
    return next(planned, None)


@dataclass(frozen=True, slots=True)
class Screen:
    """One form that was filled in, and on which day."""

    on: date
    timing: str
    recall: str
    window: str
    answers: Mapping[str, Any]
    instrument: str = SCREENER

    @classmethod
    def of(cls, row: Rating) -> "Screen":
        day = on_day(row.happened_at)
        return cls(day, row.timing, row.recall, row.window, row.answers)


def screens_of(patient: UUID) -> list[Screen]:
    rows = Rating.objects.in_force().filter(patient=patient, instrument=SCREENER)
    return [Screen.of(row) for row in rows]


def listed_screens(*, since: datetime) -> Subquery:
    """Those of the patient of the row that is asked about, in one value."""
    rows = Rating.objects.in_force().filter(
        patient=OuterRef("patient"), instrument=SCREENER, happened_at__gte=since
    )
    same: Any = {name: name for name in ("timing", "recall", "window", "answers")}
    listed: Any = Listed(JSONObject(**same, on=TruncDate("happened_at", tzinfo=OSLO)))
    return Subquery(rows.order_by().values("patient").annotate(all=listed).values("all"))


def screens_in(said: Iterable[Mapping[str, Any]] | None) -> list[Screen]:
    """What was listed. SQLite lists a table as text."""
    return [
        Screen(
            date.fromisoformat(one["on"]),
            one["timing"],
            one["recall"],
            one["window"],
            json.loads(one["answers"]) if isinstance(one["answers"], str) else one["answers"],
        )
        for one in said or ()
    ]


def counts(plan: RatingPlan, screen: Screen, *, on: date, first: bool) -> bool:
    """Before the ``first`` session any look back does: there is no session to look back to."""
    scale = instrument(SCREENER)
    window = scale.recall.variant(plan.recall) if plan.recall else scale.recall.default
    return (
        screen.on == on
        and screen.timing != Timing.AFTER_DOSE
        and (first or asked_about(screen) == window)
        and not reading(scale, screen.answers).missing
    )


def lacks_screener(standing: CourseStanding, screens: Iterable[Screen], *, on: date) -> bool:
    """Planned before the session of a day, and not among these of the patient."""
    before = standing.last_session is None or standing.last_session < on
    number = standing.sessions + 1 if before else standing.sessions
    maintained = standing.phase == Phase.MAINTENANCE
    plan = screener(protocol_of(standing.course), number, maintained=maintained)
    first = standing.first_session is None
    return plan is not None and not any(
        counts(plan, one, on=on, first=first) for one in screens
    )
