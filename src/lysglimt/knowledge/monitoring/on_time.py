"""Were the planned observations of a session taken on time? Asked when the patient has left."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from lysglimt.knowledge.errors import Implausible

from .observation import PlannedObservation, grace

RULE_VERSION = "2026.2"
"""Of the definition: a changed one is counted apart."""

INSTANT = timedelta(microseconds=1)


class Taken(StrEnum):
    """How a planned observation was taken."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ObservationsTaken:
    """Of one session. Extra observations count for nothing and against nobody."""

    on_time: int
    late: int
    missing: int

    def __post_init__(self) -> None:
        for name in ("on_time", "late", "missing"):
            if (count := getattr(self, name)) < 0:
                raise Implausible.of(name, count, "0 or more")

    @property
    def planned(self) -> int:
        return self.on_time + self.late + self.missing


def observations_taken(
    planned: Sequence[PlannedObservation], done: Collection[datetime], *, left: datetime
) -> ObservationsTaken:
    """``planned`` is in time order until the patient ``left``, ``done`` when each was measured."""
    found = list(each_taken(planned, [at for at in done if at <= left], left=left))
    return ObservationsTaken(*(found.count(kind) for kind in Taken))


def each_taken(
    planned: Sequence[PlannedObservation], done: Collection[datetime], *, left: datetime
) -> Iterator[Taken]:
    """Those that were still due, and not overdue, when the patient left are not counted.

    An observation counts for one planned time alone. On time is from halfway after the planned time
    before, where the page at the chair counts it for this one, until the grace has run out. Late is
    one that counts for no other, before the next was planned.
    """
    own = counting(planned, done)
    spare = sorted({*done} - {*own})
    for one, at in zip(planned, own, strict=True):
        closes = one.at + grace(one.interval)
        if at is not None:
            yield Taken.ON_TIME
        elif closes < left:
            following = next((two.at for two in planned if two.at > closes), left)
            late = next((at for at in spare if closes < at < following), None)
            if late is not None:
                spare.remove(late)
            yield Taken.MISSING if late is None else Taken.LATE


def counting(
    planned: Sequence[PlannedObservation], done: Collection[datetime]
) -> list[datetime | None]:
    """For each planned time the observation that is on time for it, each counted once.

    The nearest of those that are on time for no other; else the first that is left.
    """
    waiting = sorted(set(done))
    own: list[datetime | None] = []
    opens = [*opening(planned)]
    for number, one in enumerate(planned):
        closes = one.at + grace(one.interval)
        found = [at for at in waiting if opens[number] < at <= closes]
        alone = [at for at in found if at <= (*opens, closes)[number + 1]]
        chosen = closest(alone, one.at) or next(iter(found), None)
        if chosen is not None:
            waiting.remove(chosen)
        own.append(chosen)
    return own


def closest(times: Collection[datetime], to: datetime) -> datetime | None:
    return min(times, key=lambda at: abs(at - to), default=None)


def opening(planned: Sequence[PlannedObservation]) -> Iterator[datetime]:
    """After when an observation counts for each planned time: the first from the start on."""
    if planned:
        yield planned[0].at - planned[0].interval - INSTANT
    for before, one in pairwise(planned):
        yield before.at + (one.at - before.at) / 2
