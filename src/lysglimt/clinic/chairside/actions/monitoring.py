"""The monitor at a chair: bound, its readings kept, taken over by whoever answers for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.circumstances import Actor
from lysglimt.clinic.chairside.fresh import fresh
from lysglimt.clinic.chairside.gateways import is_sender_itself, seen_behind
from lysglimt.clinic.chairside.models import (
    MonitorDevice,
    MonitorReading,
    Session,
    SetAside,
    VitalSet,
)
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.knowledge.errors import ClinicalError

from .charting import Measured, record_vitals

MONITOR = Actor(username="monitor")
TAKEN = UUID("0193a7c5-6f5e-7d31-9a53-1d2f3c0b7a41")
"""Under which a reading becomes an entry: whoever taps twice charts once."""
MOVED, RELEASED = "monitor.moved", "monitor.released"


class ChairHasMonitor(ClinicalError):
    """One monitor to a chair: else it is open whose value is the newest."""

    code = "monitor.chair-taken"


class GatewayShared(ClinicalError):
    """Several devices are behind this sender: bound by its name, each of them would be at the chair."""

    code = "monitor.gateway-shared"


class ReadingStale(ClinicalError):
    """Nothing of the reading is as new as a set that is taken over must be."""

    code = "monitor.stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A device as it names itself, what it is called here, and the chair it stands at."""

    sender: str
    device: str
    name: str
    chair: Chair


@transaction.atomic
def bind_monitor(*, bound: Bound, by: Professional, at: datetime) -> MonitorDevice:
    """A device that was bound before is moved. Raises ChairHasMonitor and GatewayShared."""
    refuse_gateway(bound, at=at)
    # Two who bind at once take turns.
    chair = Chair.objects.select_for_update().get(pk=bound.chair.pk)
    here = MonitorDevice.objects.in_force().filter(chair=chair)
    others = here.exclude(sender=bound.sender, device=bound.device).first()
    if others:
        raise ChairHasMonitor("The chair has a monitor.", field="chair", value=str(others))
    same = MonitorDevice.objects.filter(
        unit=chair.unit_id, sender=bound.sender, device=bound.device
    )
    known = same.order_by("-revision").first()
    if known:
        changed: dict[str, Any] = {
            "chair": chair,
            "name": bound.name,
            "withdrawn": False,
            "happened_at": at,
        }
        return people.correct(
            known, by=by, at=at, operation="monitor.bind", reason=MOVED, **changed
        )
    row = MonitorDevice(
        unit_id=chair.unit_id,
        sender=bound.sender,
        device=bound.device,
        name=bound.name,
        chair=chair,
        by=by,
        happened_at=at,
        entered_at=at,
        received_at=at,
    )
    return people.enter(row, operation="monitor.bind")


def refuse_gateway(bound: Bound, *, at: datetime) -> None:
    """Neither a gateway with devices behind it, nor a device behind a gateway that is bound."""
    unit = bound.chair.unit
    if is_sender_itself(bound.sender, bound.device):
        if seen_behind(unit, {bound.sender}, at=at):
            raise GatewayShared("A gateway.", field="device", value=bound.device)
        return
    gateway = MonitorDevice.objects.in_force().filter(
        unit=unit, sender=bound.sender, device=bound.sender
    )
    if bound.sender and gateway.exists():
        raise GatewayShared("A gateway is bound.", field="device", value=bound.sender)


def release_monitor(*, device: MonitorDevice, by: Professional, at: datetime) -> MonitorDevice:
    """It stands at no chair any more: what it sends is set aside."""
    return people.withdraw(device, by=by, at=at, operation="monitor.release", reason=RELEASED)


@transaction.atomic(savepoint=False)
def keep_readings(
    *,
    readings: Sequence[MonitorReading],
    set_aside: Sequence[SetAside],
    first: Sequence[MonitorReading],
    at: datetime,
) -> None:
    """All or none. The trail has a line where a series begins, not one for each point of it.

    ``first`` are those of the readings with which a device begins in a session.
    """
    MonitorReading.objects.bulk_create(readings)
    SetAside.objects.bulk_create(set_aside)
    for reading in first:
        patients = [reading.session.course.patient_id]
        deed = audit.Deed(patients=patients, after=reading)
        audit.record(by=MONITOR, at=at, operation="monitor.series", deed=deed)


@transaction.atomic
def take_over(
    *, session: Session, reading: MonitorReading, by: Professional, at: datetime
) -> VitalSet:
    """A set that ``by`` answers for, of what in the reading is still fresh, as it was measured.

    By the same rules as a typed one. Its time is that of the oldest value in it. Raises
    ReadingStale, and what recording it raises.
    """
    taken = fresh(reading, at=at)
    if not taken.values:
        raise ReadingStale("Nothing is newer than two minutes.")
    phase = sheet_of(session, now=at).phase(taken.measured_at)
    return record_vitals(
        session=session,
        measured=Measured(phase=phase, from_monitor_id=reading.pk, **taken.values),
        entered=Entered(
            entry=uuid5(TAKEN, str(reading.pk)), happened_at=taken.measured_at, entered_at=at
        ),
        by=by,
        at=at,
    )
