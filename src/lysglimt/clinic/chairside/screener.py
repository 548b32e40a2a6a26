"""Is the suicidality form of a session there? Scored on its day, before the dose, and whole."""

from datetime import date
from typing import Any

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import CourseStanding, Rating, Timing
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


def screens() -> Any:
    return Rating.objects.in_force().filter(instrument=SCREENER)


def counts(plan: RatingPlan, row: Rating, *, on: date, first: bool) -> bool:
    """Before the ``first`` session any look back does: there is no session to look back to."""
    scale = instrument(SCREENER)
    window = scale.recall.variant(plan.recall) if plan.recall else scale.recall.default
    return (
        on_day(row.happened_at) == on
        and row.timing != Timing.AFTER_DOSE
        and (first or row.recall == (window.duration or ""))
        and not reading(scale, row.answers).missing
    )


def lacks_screener(standing: CourseStanding, rows: Any, *, on: date) -> bool:
    """Planned before the session of a day, and not among these ``rows`` of the patient."""
    before = standing.last_session is None or standing.last_session < on
    number = standing.sessions + 1 if before else standing.sessions
    maintained = standing.phase == Phase.MAINTENANCE
    plan = screener(protocol_of(standing.course), number, maintained=maintained)
    first = standing.first_session is None
    return plan is not None and not any(
        counts(plan, row, on=on, first=first) for row in rows
    )
