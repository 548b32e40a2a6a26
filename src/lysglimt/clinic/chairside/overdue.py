"""Which observations of a session were overdue: each is a line on the unit's board until seen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from lysglimt.knowledge.monitoring.limits import Light, danger, light
from lysglimt.knowledge.monitoring.observation import PlannedObservation, grace, next_due
from lysglimt.knowledge.monitoring.on_time import ObservationsTaken, observations_taken

from .observing import counts, observed_at, planned_until
from .sheet import Sheet


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing was measured until an observation was overdue.

    ``after`` is the entry of the set before it, None of the first: a gap is told once, however its
    times move with the infusion. ``taken`` is empty while it is, and when the patient left so.
    """

    after: UUID | None
    due_at: datetime
    overdue_at: datetime
    taken: datetime | None


Seen = tuple[UUID | None, datetime | None]
"""After which set, and when it had ended by then."""


def is_seen(gap: Gap, seen: Iterable[Seen]) -> bool:
    """As it was, or longer. One that reaches further than it did then is another: a set was struck."""
    return any(
        after == gap.after and (ended is None or (gap.taken is not None and gap.taken <= ended))
        for after, ended in seen
    )


def gaps(sheet: Sheet) -> Iterator[Gap]:
    """Replayed as the page told it, the first first."""
    if sheet.started is None:
        return
    end = left_at(sheet) or sheet.now
    so_far = SoFar(
        planned_until(sheet, sheet.started, at=end), amber=bool(danger(sheet.before))
    )
    since = [row for row in sheet.sets if sheet.given_at(row)]
    for row, (one, outside) in zip(since, sheet.outside, strict=True):
        # What is no observation, as a danger sign that was tapped, tightens the interval all the same.
        if counts(one) and row.happened_at <= end:
            yield from so_far.gap(until=row.happened_at, taken=row.happened_at)
            so_far = replace(so_far, done=(*so_far.done, row.happened_at), after=row.entry)
        so_far = replace(so_far, amber=light(outside) is not Light.GREEN)
    yield from so_far.gap(until=end)


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was measured by then, and whether the last of it asks for tighter observation."""

    planned: tuple[PlannedObservation, ...]
    amber: bool
    done: tuple[datetime, ...] = ()
    after: UUID | None = None

    def gap(self, *, until: datetime, taken: datetime | None = None) -> Iterator[Gap]:
        following = next_due(self.planned, self.done, until, amber=self.amber)
        if following is None:
            return
        overdue_at = following.at + grace(following.interval)
        if until > overdue_at:
            yield Gap(self.after, following.at, overdue_at, taken)


def left_at(sheet: Sheet) -> datetime | None:
    return sheet.discharge.left_at if sheet.discharge else None


def taken_in(sheet: Sheet) -> ObservationsTaken | None:
    """How the planned observations were taken; None where none was planned, or the patient is here.

    What was charted late counts by when it was measured. A pause is part of the infusion: its plan
    goes on, and reaches to the stop as it was.
    """
    left = left_at(sheet)
    if left is None or sheet.started is None or sheet.stopped is None:
        return None
    planned = planned_until(sheet, sheet.started, at=left, left=left)
    return observations_taken(planned, observed_at(sheet), left=left)
