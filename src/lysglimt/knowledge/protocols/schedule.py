"""When is the next session, and when is the patient seen after the last?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .calendar import days_after, months_after
from .conduct import hard_review_awaited
from .facts import RegisteredIn
from .grounds import ground
from .obstacles import hard_review, obstacles
from .protocol import WEEK, Kind, Review, When, days
from .state import Due, DueStatus, Ground, Matter, Phase
from .way import Way


@dataclass(frozen=True, slots=True)
class Span:
    """Both days included; ``latest`` None: no limit is set."""

    earliest: date
    latest: date | None


def soonest(way: Way) -> date | None:
    """The first day outside the minimum gap and with room in its seven days."""
    run = way.protocol.induction
    if way.last is None or run.minimum_gap is None:
        return None
    earliest = days_after(way.last, days(run.minimum_gap))
    if run.per_week and way.phase is Phase.INDUCTION:
        recent = [session.on for session in way.given[-run.per_week.value :]]
        if len(recent) == run.per_week.value:
            earliest = max(earliest, days_after(recent[0], WEEK))
    return earliest


def session_window(way: Way, on: date) -> Span | None:
    """When the next session belongs; None where none does, or the sources are silent."""
    match way.phase:
        case Phase.PLANNED:
            start = way.facts.planned_start
            return Span(start, start) if start else Span(on, None)
        case Phase.INDUCTION:
            return _run_window(way)
        case Phase.MAINTENANCE:
            return _maintenance_window(way)
        case _:
            return None


def _run_window(way: Way) -> Span | None:
    earliest, longest = soonest(way), way.protocol.induction.maximum_gap
    if earliest is None or way.target is None:
        return None
    if not way.run:
        return Span(max(earliest, way.restarted or earliest), None)
    if longest is None:
        return Span(earliest, None)
    return Span(earliest, max(earliest, days_after(way.run[-1].on, days(longest))))


def _maintenance_window(way: Way) -> Span | None:
    earliest, stage = soonest(way), way.stage
    if earliest is None or stage is None or way.last is None:
        return None
    planned = days_after(way.last, way.interval or 0)
    margin = days(stage.margin) if stage.margin else 0
    earliest = max(earliest, days_after(planned, -margin), days_after(way.last, stage.least))
    return Span(earliest, max(earliest, days_after(planned, margin)))


@dataclass(frozen=True, slots=True)
class Visit:
    """One follow-up: so many months after the last dose, until the next one opens."""

    month: int
    window: Span
    until: date | None


def visits(way: Way) -> tuple[Visit, ...]:
    plan = way.protocol.follow_up
    if plan is None or way.last is None:
        return ()
    last, within = way.last, days(plan.within)
    months = sorted(month.value for month in plan.months)
    planned = [months_after(last, month) for month in months]
    opens = [days_after(day, -within) for day in planned]
    return tuple(
        Visit(month, Span(opened, days_after(day, within)), until)
        for month, opened, day, until in zip(
            months, opens, planned, (*opens[1:], None), strict=True
        )
    )


def asked_after_last_dose(way: Way) -> list[date]:
    """The days after the last dose on which an instrument is asked."""
    return [
        days_after(way.last, days(plan.after))
        for plan in way.protocol.ratings
        if plan.when is When.AFTER_LAST_DOSE and plan.after and way.last
    ]


def due(
    matter: Matter,
    window: Span,
    why: Ground,
    *,
    on: date,
    blocked_by: tuple[Ground, ...] = (),
) -> Due:
    overdue = window.latest is not None and on > window.latest
    if blocked_by:
        status = DueStatus.BLOCKED
    elif overdue:
        status = DueStatus.OVERDUE
    else:
        status = DueStatus.DUE if on >= window.earliest else DueStatus.UPCOMING
    return Due(matter, window.earliest, window.latest, status, overdue, why, blocked_by)


def session_number(way: Way) -> int:
    """Of the next session, in its phase."""
    return 1 + len(way.maintenance if way.phase is Phase.MAINTENANCE else way.run)


def session_ground(way: Way) -> Ground:
    if way.phase is Phase.PLANNED:
        return ground("start")
    if way.phase is Phase.MAINTENANCE:
        return ground("session-in-maintenance", interval=way.interval or 0)
    return ground("session-in-run", number=session_number(way))


def session_due(way: Way, on: date) -> Iterator[Due]:
    window = session_window(way, on)
    if window and way.protocol.kind is not Kind.COMPARATOR:
        why, blocked = session_ground(way), obstacles(way, on)
        one = due(Matter.SESSION, window, why, on=on, blocked_by=blocked)
        yield replace(one, session=session_number(way))


def start_due(way: Way, on: date) -> Iterator[Due]:
    if way.phase is not Phase.PLANNED:
        return
    start = way.facts.planned_start
    window = Span(min(start, on) if start else on, start)
    if way.facts.consented is None:
        yield due(Matter.CONSENT, window, ground("no-consent"), on=on)
    research = way.protocol.kind is Kind.RESEARCH
    if research and way.facts.registration is not RegisteredIn.STUDY:
        yield due(Matter.REGISTRATION, window, ground("not-in-study"), on=on)
    elif way.facts.registration is None and way.protocol.kind is Kind.TREATMENT:
        yield due(Matter.REGISTRATION, window, ground("no-registration"), on=on)


def routine_review(way: Way, review: Review) -> date:
    """The day it opens: so many sessions or months since the last, whichever came first."""
    held, every = way.reviews[-1], review.every_sessions.value
    by_months = months_after(held.on, review.every_months.value)
    since = way.maintenance[held.maintenance :]
    return min(by_months, since[every - 1].on) if len(since) >= every else by_months


def review_ground(review: Review) -> Ground:
    return ground(
        "review", sessions=review.every_sessions.value, months=review.every_months.value
    )


def reviews_due(way: Way, on: date) -> Iterator[Due]:
    """The next routine review, and a hard one that is awaited."""
    review = way.protocol.maintenance.review if way.protocol.maintenance else None
    if way.phase is not Phase.MAINTENANCE or review is None:
        return
    opens = routine_review(way, review)
    window = session_window(way, on)
    closes = max(opens, window.latest) if window and window.latest else opens
    yield due(Matter.REVIEW, Span(opens, closes), review_ground(review), on=on)
    awaited = hard_review_awaited(way, on)
    if awaited:
        yield due(Matter.REVIEW, Span(awaited, awaited), hard_review(review), on=on)
