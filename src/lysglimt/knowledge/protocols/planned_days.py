"""On which days may the sessions of a run be booked?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .calendar import days_after
from .facts import CourseFacts, SessionGiven
from .grounds import ground
from .journey import journey
from .protocol import WEEK, Protocol, days
from .schedule import Span, session_window
from .state import Ground, Phase
from .steps import wait_gap

SATURDAY = 5


def earliest_after(protocol: Protocol, taken: Sequence[date]) -> date | None:
    """The first day after these sessions that keeps the minimum gap and the seven days.

    ``taken`` in the order of the calendar. None where nothing stands in the way, or the
    sources are silent.
    """
    run = protocol.induction
    if not taken or run.minimum_gap is None:
        return None
    earliest = days_after(taken[-1], days(run.minimum_gap))
    if run.per_week and len(taken) >= run.per_week.value:
        earliest = max(earliest, days_after(taken[-run.per_week.value], WEEK))
    return earliest


def too_close(protocol: Protocol, booked: Sequence[date]) -> Mapping[date, Ground]:
    """Each day that comes too soon after those before it, and why."""
    ordered = sorted(booked)
    found = {}
    for number, day in enumerate(ordered):
        earliest = earliest_after(protocol, ordered[:number])
        if earliest is not None and day < earliest:
            found[day] = wait_gap(protocol.induction, earliest)
    return found


def proposed_days(
    protocol: Protocol, *, first: date, taken: Sequence[date], count: int
) -> tuple[date, ...]:
    """The nearest weekdays from ``first`` on which so many sessions may follow those taken."""
    booked = sorted(taken)
    proposed: list[date] = []
    for _ in range(count):
        earliest = earliest_after(protocol, [*booked, *proposed])
        day = max(first, earliest) if earliest else first
        if proposed and earliest is None:
            day = max(day, days_after(proposed[-1], 1))
        day = _weekday(day)
        proposed.append(day)
    return tuple(proposed)


def maintenance_window(
    protocol: Protocol, facts: CourseFacts, *, booked: Sequence[date], on: date
) -> Span | None:
    """When the next session of maintenance belongs, after those given and those ``booked``.

    ``on`` is the day asked for. None outside maintenance, or where the sources are silent.
    """
    asked = max((on, *booked))
    expected = tuple(SessionGiven(on=day) for day in booked)
    way = journey(protocol, replace(facts, sessions=(*facts.sessions, *expected)), asked)
    return session_window(way, asked) if way.phase is Phase.MAINTENANCE else None


def within(span: Span, day: date) -> bool:
    return span.earliest <= day and (span.latest is None or day <= span.latest)


def first_weekday(span: Span, *, today: date) -> date:
    """The first day of the window that has not been; of a weekend the Monday, if it still fits."""
    first = max(span.earliest, today)
    later = _weekday(first)
    return later if within(span, later) or not within(span, first) else first


def off_plan(
    protocol: Protocol, facts: CourseFacts, *, on: date, answered: str = ""
) -> tuple[Finding, ...]:
    """Is a day outside the window of maintenance? Too early asks for a doctor, late is told.

    ``answered`` are the words of the doctor who decided on the day, where one has.
    """
    before = replace(facts, sessions=tuple(one for one in facts.sessions if one.on < on))
    span = maintenance_window(protocol, before, booked=(), on=on)
    if span is None or within(span, on):
        return ()
    early = on < span.earliest
    why = ground(
        "off-plan-early" if early else "off-plan-late",
        earliest=span.earliest,
        latest=span.latest or span.earliest,
    )
    reason = why.reason
    if answered:
        reason = Text(f"{reason.nb} Besluttet: {answered}", f"{reason.en} Decided: {answered}")
    standing = Standing.NEEDS_SPECIALIST if early and not answered else Standing.CAUTION
    return (Finding("gate:planned_day", standing, reason, why.basis),)


def _weekday(day: date) -> date:
    return days_after(day, 7 - day.weekday()) if day.weekday() >= SATURDAY else day
