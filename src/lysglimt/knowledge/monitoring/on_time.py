"""Were the planned observations of a session taken on time? Asked when the patient has left."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from lysglimt.knowledge.errors import Implausible

from .observation import PlannedObservation, grace

RULE_VERSION = "2026.1"
"""Of the definition: a changed one is counted apart."""


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

    On time is from halfway after the planned time before until the grace has run out: an
    observation counts for the time it is nearest to, as the page at the chair counts it. Late is
    before the next one was planned.
    """
    for one, opens in zip(planned, opening(planned), strict=True):
        closes = one.at + grace(one.interval)
        if any(opens <= at <= closes for at in done):
            yield Taken.ON_TIME
        elif closes < left:
            following = next((two.at for two in planned if two.at > closes), None)
            late = any(closes < at and (following is None or at < following) for at in done)
            yield Taken.LATE if late else Taken.MISSING


def opening(planned: Sequence[PlannedObservation]) -> Iterator[datetime]:
    """From when on an observation counts for each planned time: the first from the start."""
    if planned:
        yield planned[0].at - planned[0].interval
    for before, one in pairwise(planned):
        yield before.at + (one.at - before.at) / 2
