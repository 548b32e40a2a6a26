"""Was a set charted after the start was? Then it changes no baseline, whenever it was measured."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from lysglimt.clinic.people.facts import AFact, Fact
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.devices import DeviceAct

from .models import DeviceUse, PumpEvent, VitalSet
from .written import in_force

CAME_LATE = "came_late"


def came_late(row: VitalSet, *, sets: Iterable[VitalSet], told: datetime | None) -> bool:
    """By when its first revision came: a reading that was there is corrected where it stands.

    ``sets`` are all that are charted of the session, every revision; ``told`` is when the start
    was charted first.
    """
    beside = vars(row).get(CAME_LATE)
    if beside is not None:
        return bool(beside)
    first = first_of(sets, row)
    return told is not None and first is not None and first.received_at > told


def start_told(pump: Sequence[PumpEvent], devices: Sequence[DeviceUse]) -> datetime | None:
    """When it was charted first that the pump was started, or that the first device was given."""
    start: Fact | None = next(
        (one for one in in_force(pump) if one.act == PumpAct.START), None
    ) or first_device(devices)
    if start is None:
        return None
    return (first_of([*pump, *devices], start) or start).received_at


def first_device(devices: Iterable[DeviceUse]) -> DeviceUse | None:
    given = [row for row in in_force(devices) if row.act == DeviceAct.GIVEN]
    return min(given, key=lambda row: row.happened_at, default=None)


def first_of(rows: Iterable[AFact], row: Fact) -> AFact | None:
    return next((one for one in rows if one.entry == row.entry and one.revision == 1), None)


def came_late_beside() -> Any:
    """The same of a set that is read with many sessions, in the same question."""
    stands = PumpEvent.objects.in_force().filter(entry=OuterRef("entry"))
    started = PumpEvent.objects.filter(
        Exists(stands), session=OuterRef("session"), act=PumpAct.START, revision=1
    )
    used = DeviceUse.objects.filter(
        Exists(DeviceUse.objects.in_force().filter(entry=OuterRef("entry"))),
        session=OuterRef("session"),
        act=DeviceAct.GIVEN,
        revision=1,
    )
    told = Coalesce(
        Subquery(started.values("received_at")[:1]),
        Subquery(used.order_by("happened_at").values("received_at")[:1]),
    )
    first = VitalSet.objects.filter(entry=OuterRef("entry"), revision=1)
    return Exists(first.filter(received_at__gt=told))
