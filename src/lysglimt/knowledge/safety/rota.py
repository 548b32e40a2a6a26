"""Who receives a task at this hour? By the unit's rota; where it has a hole, the hole is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class WatchKind(StrEnum):
    """What a unit calls the watch; its hours are typed by the unit."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One person receives on these weekdays (Monday is 0), from day ``first`` to day ``last``.

    A watch that ends at or before its beginning ends the next morning. Times are the clock's
    on the wall.
    """

    person: int
    first: date
    last: date
    weekdays: frozenset[int]
    begins: time
    ends: time

    def hours_of(self, day: date) -> tuple[datetime, datetime] | None:
        """Of the watch that begins on a day; None where none does."""
        if not self.first <= day <= self.last or day.weekday() not in self.weekdays:
            return None
        over = day if self.ends > self.begins else day + DAY
        return datetime.combine(day, self.begins), datetime.combine(over, self.ends)


@dataclass(frozen=True, slots=True, order=True)
class RotaGap:
    """Nobody receives from then until then."""

    begins: datetime
    ends: datetime


def on_watch(watches: Iterable[Watch], at: datetime) -> tuple[Watch, ...]:
    """Who receives at a wall-clock time: whose watch began last comes first."""
    found = [
        (hours[0], one)
        for one in watches
        for day in (at.date(), at.date() - DAY)
        if (hours := one.hours_of(day)) and hours[0] <= at < hours[1]
    ]
    found.sort(key=lambda pair: (pair[0], pair[1].person), reverse=True)
    return tuple(one for _, one in found)


def rota_gaps(
    watches: Iterable[Watch], *, since: datetime, until: datetime
) -> tuple[RotaGap, ...]:
    """Every hole between two wall-clock times, the first first."""
    found, reached = list[RotaGap](), since
    for begins, ends in sorted(_covered(tuple(watches), since, until)):
        if begins > reached:
            found.append(RotaGap(reached, begins))
        reached = max(reached, ends)
    if reached < until:
        found.append(RotaGap(reached, until))
    return tuple(found)


def _covered(
    watches: tuple[Watch, ...], since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    for number in range((until.date() - since.date()).days + 2):
        day = since.date() + (number - 1) * DAY
        for one in watches:
            hours = one.hours_of(day)
            if hours and hours[0] < until and hours[1] > since:
                yield hours
