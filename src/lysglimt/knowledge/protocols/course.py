"""Where does this course stand, what is due, and what may be decided?"""

from datetime import date

from lysglimt.knowledge.errors import Implausible

from .advice import next_decision
from .decided import moves
from .facts import CourseFacts, DecisionKind, DecisionMade
from .journey import journey
from .protocol import Protocol
from .ratings_due import ratings_due
from .schedule import reviews_due, session_due, start_due
from .state import RULE_VERSION, Advice, CourseState, Due, Outcome, Phase, Recorded
from .steps import steps
from .trend import effect, evaluation_rating, latest_effect, start_rating
from .way import Way


def course_state(protocol: Protocol, facts: CourseFacts, on: date) -> CourseState:
    """The course as of a day, in Europe/Oslo. Facts of later days are not counted.

    Raises Implausible for a day that no course can have.
    """
    _refuse_far("on", on)
    _refuse_far("planned_start", facts.planned_start)
    for session in facts.sessions:
        _refuse_far("sessions on", session.on)
    way = journey(protocol, facts, on)
    return CourseState(
        protocol=protocol.id,
        version=protocol.version,
        rule_version=RULE_VERSION,
        on=on,
        recorded=_recorded(way),
        advice=Advice(
            next=next_decision(way, on),
            due=_due(way, on),
            steps=steps(way, on),
            outcome=_outcome(way, on),
        ),
    )


EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Beyond these a day is a slip of the pen, and months cannot be counted on from it."""


def _refuse_far(field: str, day: date | None) -> None:
    if day is not None and not EARLIEST <= day <= LATEST:
        raise Implausible.of(field, day.isoformat(), f"{EARLIEST} to {LATEST}")


def steps_that_move(
    protocol: Protocol, facts: CourseFacts, on: date
) -> tuple[DecisionKind, ...]:
    """What may be decided on this day, recommended or not; another decision moves nothing."""
    way = journey(protocol, facts, on)
    asked = (DecisionMade(kind, on, reason="asked", by="asked") for kind in DecisionKind)
    return tuple(one.kind for one in asked if moves(way, one))


def _recorded(way: Way) -> Recorded:
    return Recorded(
        phase=way.phase,
        since=way.since,
        sessions=len(way.given),
        run=len(way.run),
        counted=way.counted,
        target=way.target,
        maintenance_sessions=len(way.maintenance),
        interval_days=way.interval if way.phase is Phase.MAINTENANCE else None,
        first_session=way.given[0].on if way.given else None,
        last_session=way.last,
        baseline=start_rating(way),
        deviations=way.departures,
    )


def _due(way: Way, on: date) -> tuple[Due, ...]:
    """In the order of their days; a rating comes before the session it is for."""
    sources = (
        start_due(way, on),
        ratings_due(way, on),
        session_due(way, on),
        reviews_due(way, on),
    )
    return tuple(sorted((one for source in sources for one in source), key=_day))


def _day(one: Due) -> date:
    return one.earliest


def _outcome(way: Way, on: date) -> Outcome | None:
    if way.phase is Phase.EVALUATION:
        return effect(way, evaluation_rating(way, until=on))
    return latest_effect(way, until=on)
