"""Messages of the monitors of a unit, stored together and each answered by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import Max, Q

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.gateways import seen_behind
from lysglimt.clinic.chairside.models import (
    DischargeRecord,
    MonitorDevice,
    MonitorReading,
    Session,
    SetAside,
)
from lysglimt.clinic.chairside.models.monitor import MONITORED, READ_AT
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.scheduling.calendar import OSLO, on_day

from .answers import acknowledgement
from .message import Message, parse
from .refusals import Answer, Fault, Reason, Refused
from .report import Observed, Report, aged, report_of

EVERY = timedelta(seconds=10)
"""The series of a measure has one point in so long, and no more."""
SAME_AGAIN = timedelta(minutes=1)
"""The same is set aside once in so long, however often it is sent."""
NUMBERS = count(1)
VALUES = (*MONITORED, *dict.fromkeys(READ_AT.values()))
AWAY = Fault("207", "", "not stored, send it again")


@dataclass(slots=True)
class Incoming:
    """One message, as far as it could be read, and what its sender will be told."""

    content: bytes
    message: Message | None = None
    report: Report | None = None
    answer: Answer = Answer.ACCEPT
    faults: list[Fault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()

    def refuse(self, fault: Fault, answer: Answer = Answer.ERROR) -> None:
        self.answer, self.faults = answer, [*self.faults, fault]


@dataclass(frozen=True, slots=True)
class Bound:
    """A device of the unit: its key, the entry that it is a revision of, its chair."""

    pk: int
    entry: UUID
    chair: UUID


@dataclass(slots=True)
class Series:
    """What the monitor of one session has sent ``last``, and digests of messages that brought it."""

    device: Bound
    session: UUID
    last: dict[str, Any] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Here:
    """The devices of the unit as they name themselves, and by the key of each its session.

    ``shared`` are senders behind which more than one device is: their own name is nobody's.
    """

    devices: Mapping[tuple[str, str], Bound]
    series: Mapping[int, Series]
    shared: frozenset[tuple[str, str]]

    def series_for(self, report: Report) -> Series:
        """Raises Refused: no chair has the device, or the chair no session."""
        device = self.devices.get(key(report))
        if key(report) in self.shared:
            device, words = (
                None,
                "others are behind this sender, and the message names no device",
            )
            reason = Reason.UNKNOWN_DEVICE
        elif device is None:
            reason, words = Reason.UNKNOWN_DEVICE, "no chair has this device"
        else:
            reason, words = Reason.NO_SESSION, "not one session, and one alone, is at the chair"
        if device is None or device.pk not in self.series:
            raise Refused("204", "", words, reason=reason)
        return self.series[device.pk]


@dataclass(slots=True)
class Kept:
    """What a batch of messages comes to."""

    readings: list[MonitorReading] = field(default_factory=list)
    first: list[MonitorReading] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)


def receive(contents: Sequence[bytes], *, unit: Unit, at: datetime) -> list[bytes]:
    """An answer to each, when what they say is committed; nothing is raised, whatever came in.

    Should the database refuse them together, each is tried by itself.
    """
    try:
        return stored(contents, unit=unit, at=at)
    except (IntegrityError, DataError):
        # Somebody else has stored one of them meanwhile, or one is such that none should suffer for.
        alone = partial(one_alone, unit=unit, at=at)
        return [alone(content) for content in contents]
    except DatabaseError:
        if not connection.in_atomic_block:
            connection.close()  # it may be of no use any more: the next batch opens another
        return [not_now(content, at=at) for content in contents]


def one_alone(content: bytes, *, unit: Unit, at: datetime) -> bytes:
    try:
        return stored([content], unit=unit, at=at)[0]
    except DatabaseError:
        return not_now(content, at=at)


def not_now(content: bytes, *, at: datetime) -> bytes:
    """The database is away or full. Its sender keeps the message and sends it again."""
    one = incoming(content)
    return answered(replace(one, answer=Answer.REJECT, faults=[AWAY]), at=at)


def stored(contents: Sequence[bytes], *, unit: Unit, at: datetime) -> list[bytes]:
    """Raises what the database raises, and then nothing of it is stored."""
    batch = [incoming(content) for content in contents]
    with transaction.atomic():
        kept = kept_of(batch, unit=unit, at=at)
        if kept.readings or kept.set_aside:
            actions.keep_readings(
                readings=kept.readings, set_aside=kept.set_aside, first=kept.first, at=at
            )
    return [answered(one, at=at) for one in batch]


def incoming(content: bytes) -> Incoming:
    one = Incoming(content)
    try:
        one.message = parse(content)
        one.report = report_of(one.message, zone=OSLO)
    except Refused as refusal:
        one.refuse(refusal.fault, refusal.answer)
    return one


def answered(one: Incoming, *, at: datetime) -> bytes:
    number = f"{at:%Y%m%d%H%M%S}{next(NUMBERS) % 1_000_000:06}"
    return acknowledgement(one.message, one.answer, one.faults, at=at, number=number)


def kept_of(batch: Sequence[Incoming], *, unit: Unit, at: datetime) -> Kept:
    kept = Kept()
    devices = known_devices(unit)
    reports = [one.report for one in batch if one.report]
    named = {key(report) for report in reports}
    sessions = running_sessions({devices[key] for key in named & devices.keys()}, at=at)
    series = series_of(sessions, {report.control_id for report in reports})
    alone = {sender for sender, device in named & devices.keys() if sender == device}
    shared = frozenset((sender, sender) for sender in seen_behind(unit, alone, at=at))
    here = Here(devices, series, shared)
    for one in batch:
        take(one, here, kept, at=at)
    kept.set_aside = set_aside(batch, unit=unit, at=at)
    return kept


def take(one: Incoming, here: Here, kept: Kept, *, at: datetime) -> None:
    """A reading of it, or why there is none."""
    report = one.report
    if report is None:
        return
    try:
        ours = here.series_for(report)
    except Refused as refusal:
        one.refuse(refusal.fault)
        return
    if before := ours.known.get(report.control_id):
        if before != one.digest:
            words = "the id of another message"
            one.refuse(Fault("205", "MSH^1^10", words, Reason.CONTRADICTED))
        return
    one.faults += report.unread
    if report.unread and not report.observed:
        one.answer = Answer.ERROR
    if reading := reading_of(one, report, ours, at=at):
        if not ours.last:
            kept.first.append(reading)
        kept.readings.append(reading)
        ours.last, ours.known[report.control_id] = values_of(reading), one.digest


def reading_of(
    one: Incoming, report: Report, ours: Series, *, at: datetime
) -> MonitorReading | None:
    """None where it brings no point to the series of any measure."""
    columns = dict(ours.last)
    points = {
        measure: seen
        for measure, seen in aged(report, received_at=at).items()
        if is_point(seen, columns.get(READ_AT[measure]))
    }
    if not points:
        return None
    for measure, seen in points.items():
        columns[measure], columns[READ_AT[measure]] = seen.value, seen.at
    return MonitorReading(
        device_id=ours.device.pk,
        session_id=ours.session,
        control_id=report.control_id,
        content_digest=one.digest,
        received_at=at,
        **columns,
    )


def is_point(seen: Observed, last: datetime | None) -> bool:
    """Far enough behind the last one; or that one, corrected."""
    if last is None or seen.at is None:
        return last is None
    if seen.corrected:
        return seen.at >= last - EVERY
    return seen.at >= last + EVERY


def values_of(reading: MonitorReading) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in VALUES}


def key(report: Report) -> tuple[str, str]:
    """The sender and the nearest name alone: whoever binds a gateway has not bound what is behind it."""
    return report.sender, report.device


def known_devices(unit: Unit) -> dict[tuple[str, str], Bound]:
    rows = MonitorDevice.objects.in_unit(unit.pk).in_force()
    told = rows.values_list("sender", "device", "pk", "entry", "chair")
    return {
        (sender, device): Bound(pk, entry, chair) for sender, device, pk, entry, chair in told
    }


def running_sessions(devices: set[Bound], *, at: datetime) -> dict[Bound, UUID]:
    """Of each device the only session of today at its chair that nobody has left."""
    if not devices:
        return {}
    left = DischargeRecord.objects.in_force().filter(left_at__isnull=False)
    chairs = {device.chair for device in devices}
    today = Session.objects.filter(chair__in=chairs, planned_on=on_day(at))
    still = today.exclude(pk__in=left.values("session")).values_list("chair", "pk")
    at_chair: dict[UUID | None, list[UUID]] = {}
    for chair, session in still:
        at_chair.setdefault(chair, []).append(session)
    found = {device: at_chair.get(device.chair, []) for device in devices}
    return {device: sessions[0] for device, sessions in found.items() if len(sessions) == 1}


def series_of(sessions: Mapping[Bound, UUID], control_ids: set[str]) -> dict[int, Series]:
    """By the key of a device: with its newest row, and those that these messages brought before."""
    if not sessions:
        return {}
    found = {device.entry: Series(device, session) for device, session in sessions.items()}
    at_chair = {one.session: one for one in found.values()}
    theirs = MonitorReading.objects.filter(session__in=at_chair).order_by()
    newest = theirs.values("session").annotate(last=Max("pk")).values("last")
    rows = theirs.filter(Q(pk__in=newest) | Q(control_id__in=control_ids)).order_by("pk")
    told = ("session", "device__entry", "control_id", "content_digest")
    for session, device, control_id, digest, *values in rows.values_list(*told, *VALUES):
        at_chair[session].last = dict(zip(VALUES, values, strict=True))
        if device in found and found[device].session == session:
            found[device].known[control_id] = digest
    return {one.device.pk: one for one in found.values()}


def set_aside(batch: Sequence[Incoming], *, unit: Unit, at: datetime) -> list[SetAside]:
    """One row for what is the same, each minute: a device that nobody bound sends every second."""
    rows: dict[tuple[str, ...], SetAside] = {}
    for one in batch:
        sender = one.report.sender if one.report else ""
        device = one.report.device if one.report else ""
        for fault in one.faults:
            said = f"{fault.where} {fault.words}".strip()
            rows.setdefault(
                (fault.reason, sender, device, said),
                SetAside(
                    unit=unit,
                    reason=fault.reason.value,
                    sender=sender,
                    device=device,
                    fault=said[:200],
                    received_at=at,
                ),
            )
    if not rows:
        return []
    lately = SetAside.objects.filter(unit=unit, received_at__gt=at - SAME_AGAIN)
    told = set(lately.values_list("reason", "sender", "device", "fault"))
    return [
        row
        for row in rows.values()
        if (row.reason, row.sender, row.device, row.fault) not in told
    ]
