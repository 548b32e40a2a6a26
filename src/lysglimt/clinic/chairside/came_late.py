"""Was a set charted after the start was? Then it changes no baseline, whenever it was measured."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from lysglimt.clinic.people.facts import AFact
from lysglimt.knowledge.dosing.delivery import PumpAct

from .models import PumpEvent, VitalSet
from .written import in_force

CAME_LATE = "came_late"


def came_late(row: VitalSet, *, sets: Iterable[VitalSet], pump: Sequence[PumpEvent]) -> bool:
    """By when its first revision came: a reading that was there is corrected where it stands.

    ``sets`` and ``pump`` are all that is charted of the session, every revision.
    """
    beside = vars(row).get(CAME_LATE)
    if beside is not None:
        return bool(beside)
    start = next((one for one in in_force(pump) if one.act == PumpAct.START), None)
    first = first_of(sets, row)
    if start is None or first is None:
        return False
    told = first_of(pump, start) or start
    return first.received_at > told.received_at


def first_of(rows: Iterable[AFact], row: AFact) -> AFact | None:
    return next((one for one in rows if one.entry == row.entry and one.revision == 1), None)


def came_late_beside() -> Any:
    """The same of a set that is read with many sessions, in the same question."""
    stands = PumpEvent.objects.in_force().filter(entry=OuterRef("entry"))
    started = PumpEvent.objects.filter(
        Exists(stands), session=OuterRef("session"), act=PumpAct.START, revision=1
    )
    first = VitalSet.objects.filter(entry=OuterRef("entry"), revision=1)
    return Exists(first.filter(received_at__gt=Subquery(started.values("received_at")[:1])))
