"""Courses to test with: sessions by their day after the first, ratings likewise."""

from datetime import date, timedelta
from decimal import Decimal

from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import (
    CourseFacts,
    DecisionKind,
    DecisionMade,
    RatingGiven,
    RegisteredIn,
    SessionGiven,
    Timing,
)
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.state import CourseState

DEFAULT = latest("iv-ketamine-no")
START = date(2026, 1, 5)
"""A Monday."""

SIX = (0, 3, 7, 10, 14, 17)
FORTY = Decimal(40)


def day(n: int) -> date:
    return START + timedelta(days=n)


def session(n: int, share: int = 100) -> SessionGiven:
    return SessionGiven(day(n), FORTY, FORTY * share / 100)


def rating(n: int, total: int, timing: Timing | None = None) -> RatingGiven:
    return RatingGiven("madrs", total, day(n), timing)


def decision(n: int, kind: str, reason: str = "noted") -> DecisionMade:
    return DecisionMade(DecisionKind(kind), day(n), reason, "psykiater A")


def facts(*stated: object, baseline: int | None = 34) -> CourseFacts:
    """Of sessions, ratings and decisions in any order, started as the rules say."""
    ratings = [one for one in stated if isinstance(one, RatingGiven)]
    if baseline is not None:
        ratings.insert(0, rating(-1, baseline))
    return CourseFacts(
        consented=day(-3),
        registration=RegisteredIn.REGISTER,
        sessions=tuple(one for one in stated if isinstance(one, SessionGiven)),
        ratings=tuple(ratings),
        decisions=tuple(one for one in stated if isinstance(one, DecisionMade)),
    )


def given(*days: int) -> tuple[SessionGiven, ...]:
    return tuple(session(n) for n in days)


def state(course: CourseFacts, on: int) -> CourseState:
    return course_state(DEFAULT, course, day(on))


def codes(course: CourseState) -> list[str]:
    return [one.code for one in course.recorded.deviations]


def proposed(course: CourseState) -> list[str]:
    return [one.value for one in course.advice.next.proposed] if course.advice.next else []


def rule(course: CourseState) -> str:
    assert course.advice.next is not None
    return course.advice.next.ground.rule


def step(course: CourseState, kind: str | None = None) -> bool:
    """Is the step open? Without a kind: the next session."""
    wanted = DecisionKind(kind) if kind else None
    return next(one.allowed for one in course.advice.steps if one.decision is wanted)
