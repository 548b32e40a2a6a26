"""A session by nose: ordered, signed, laid out and let through, and hands that give devices."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import DevicesOrdered, LaidOut, Used
from lysglimt.clinic.chairside.models import DeviceOrder, DeviceUse, Session
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK, DeviceAct
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.conftest import NOON

from .conftest import at_minute, entered, gated

EXPIRES = date(2027, 8, 31)


def course_of(
    patient: Patient, *, by: Professional, protocol: str = "esketamine-adult"
) -> Course:
    found = latest(protocol)
    treatment.approve_protocol(unit=by.unit, protocol=found, by=by, at=NOON)
    return treatment.plan_course(patient=patient, protocol=found, by=by, at=NOON)


def ordered(
    session: Session, devices: int = 2, *, by: Professional, why: str = ""
) -> DeviceOrder:
    return actions.order_devices(
        session=session,
        ordered=DevicesOrdered(devices=devices, why=why),
        entered=entered(),
        by=by,
        at=NOON,
    )


def check(
    order: DeviceOrder,
    *,
    by: Professional,
    other: Professional,
    count: int | None = None,
    minute: int = 0,
) -> None:
    actions.check_devices(
        order=order,
        laid_out=LaidOut(devices=count or order.devices, lines=sorted(DEVICE_CHECK)),
        checked_by=other,
        entered=entered(minute),
        by=by,
        at=at_minute(minute),
    )


def let_through(session: Session, *, by: Professional) -> None:
    actions.record_gate(session=session, gated=gated(), entered=entered(), by=by, at=NOON)


def use(minute: int, act: DeviceAct = DeviceAct.GIVEN, **more: Any) -> Used:
    if act is not DeviceAct.GIVEN:
        return Used(act=act, because=more.get("because", "Falt i gulvet før bruk"))
    said: dict[str, Any] = {
        "act": act,
        "lot": "LOT-1",
        "expires_on": EXPIRES,
        "begun_at": at_minute(minute) - timedelta(minutes=more.pop("took", 0)),
        "both_nostrils": True,
    }
    return Used(**(said | more))


def give(
    session: Session,
    minute: int,
    *,
    by: Professional,
    used: Used | None = None,
    entry: UUID | None = None,
    at: datetime | None = None,
) -> DeviceUse:
    return actions.record_device(
        session=session,
        used=used or use(minute),
        entered=entered(minute, entry or uuid4()),
        by=by,
        at=at or at_minute(minute),
    )


def given_before(course: Course, mg: int, *, by: Professional, days: int = 4) -> None:
    start = NOON - timedelta(days=days)
    treatment.record_session(
        course=course,
        given=treatment.Given(
            started_at=start,
            stopped_at=start + timedelta(minutes=5),
            prescribed_mg=Decimal(mg),
            delivered_mg=Decimal(mg),
        ),
        entered=entered(-days * 24 * 60),
        by=by,
        at=start,
    )
