"""What the rules say of a device, by what is charted of the session."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.devices import (
    DeviceAct,
    DeviceEvent,
    Devices,
    NasalDeviceGiven,
    against_device,
)
from lysglimt.knowledge.monitoring.limits import Light, Outside
from lysglimt.knowledge.verdict import Finding, Standing

from .models import DeviceCheck, DeviceOrder, DeviceUse, Session
from .sheet import sheet_of
from .sprayed import used

RED = "device:red"


def devices_in(session: Session) -> Devices:
    """As ordered, signed or not, and as given."""
    rows = DeviceUse.objects.in_force().filter(session=session)
    return of_rows(session, used(rows))


def used_after(session: Session, row: DeviceUse) -> Devices:
    """With one more, not stored yet."""
    rows = DeviceUse.objects.in_force().filter(session=session)
    return of_rows(session, used([*rows, row]))


def of_rows(session: Session, events: tuple[DeviceEvent, ...]) -> Devices:
    order = DeviceOrder.objects.in_force().filter(session=session).first()
    return Devices(order.devices if order else None, events)


def against_use(row: DeviceUse, *, at: datetime) -> tuple[Finding, ...]:
    """Before the first device the start check speaks of the readings; then the readings do."""
    sheet = sheet_of(row.session, now=at)
    return against_device(
        sheet.devices,
        NasalDeviceGiven(
            begun=row.begun_at or row.happened_at,
            given=row.happened_at,
            on=on_day(row.happened_at),
            expires=row.expires_on,
            both_nostrils=row.both_nostrils is not False,
            checked=is_checked(row.session, sheet.uses),
        ),
        held_by=tuple(holding(sheet.outside_now)) if sheet.started else (),
        judged=not row.session.unit.journal_mode,
    )


def is_checked(session: Session, uses: Iterable[DeviceUse]) -> bool:
    """After a device was lost, two persons have seen what lies there now."""
    lost = max(
        (row.received_at for row in uses if row.act == DeviceAct.LOST.value), default=None
    )
    if lost is None:
        return True
    checks = DeviceCheck.objects.in_force().filter(order__session=session)
    return checks.filter(received_at__gt=lost).exists()


def holding(outside: Iterable[Outside]) -> Iterator[Finding]:
    """A red reading holds the next device: stop or pause now, the doctor to the bedside. [4.3]"""
    for one in outside:
        if one.light is Light.RED:
            yield Finding(RED, Standing.EXCLUDED, one.reason, one.basis)
