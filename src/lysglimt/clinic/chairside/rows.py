"""What is charted of one session: each kind of row, with what is told beside it, in one question."""

from functools import cache
from typing import Any

from lysglimt.clinic.people.asked import KEY, Question

from .checked import check_beside
from .heard import with_doctors_word
from .models import (
    ChairEvent,
    DeviceCheck,
    DeviceOrder,
    DeviceUse,
    DischargeRecord,
    PreparationCheck,
    PumpEvent,
    SessionOrder,
    VitalSet,
)
from .responsible import doctor_beside
from .typed_away import typist_beside


def sets(session: Any) -> Any:
    measured = VitalSet.objects.filter(session=session).annotate(**typist_beside())
    return with_doctors_word(measured.select_related("by"))


def sent(session: Any, *entries: Any) -> Any:
    return VitalSet.objects.filter(session=session, entry__in=entries)


def events(session: Any) -> Any:
    told = ChairEvent.objects.filter(session=session).annotate(**typist_beside())
    return told.select_related("by")


def orders(session: Any) -> Any:
    beside = {**check_beside(), **doctor_beside()}
    written = SessionOrder.objects.filter(session=session).annotate(**beside)
    return written.select_related("by", "signature__by")


def pump(session: Any) -> Any:
    return PumpEvent.objects.filter(session=session).select_related("by", "doctor")


def device_orders(session: Any) -> Any:
    written = DeviceOrder.objects.filter(session=session).annotate(**doctor_beside())
    return written.select_related("by", "signature__by")


def devices(session: Any) -> Any:
    return DeviceUse.objects.filter(session=session).select_related("by")


def device_checks(session: Any) -> Any:
    return DeviceCheck.objects.filter(order__session=session).select_related("by", "checked_by")


def preparations(session: Any) -> Any:
    made = PreparationCheck.objects.filter(order__session=session)
    return made.select_related("by", "checked_by")


def discharges(session: Any) -> Any:
    return DischargeRecord.objects.filter(session=session).with_signers()


SETS = Question[VitalSet](sets)
EVENTS = Question[ChairEvent](events)
ORDERS = Question[SessionOrder](orders)
PUMP = Question[PumpEvent](pump)
DEVICE_ORDERS = Question[DeviceOrder](device_orders)
DEVICES = Question[DeviceUse](devices)
DEVICE_CHECKS = Question[DeviceCheck](device_checks)
PREPARATIONS = Question[PreparationCheck](preparations)
DISCHARGES = Question[DischargeRecord](discharges)


@cache
def sent_under(count: int) -> Question[VitalSet]:
    """Of a session and so many entries, all revisions."""
    return Question(sent, of=KEY * (1 + count))
