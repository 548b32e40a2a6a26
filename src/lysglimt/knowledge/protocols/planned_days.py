"""On which days may the sessions of a run be booked?"""

from collections.abc import Mapping, Sequence
from datetime import date

from .calendar import days_after
from .protocol import WEEK, Protocol, days
from .state import Ground
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


def _weekday(day: date) -> date:
    return days_after(day, 7 - day.weekday()) if day.weekday() >= SATURDAY else day
