"""The infusion is over: what was given follows from what the pump did."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lysglimt.clinic.chairside.chart import delivery_of
from lysglimt.clinic.chairside.models import (
    DeviceOrder,
    DeviceUse,
    PumpEvent,
    Session,
    Waste,
)
from lysglimt.clinic.chairside.sprayed import by_nose, used
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.dosing.delivery import Delivery
from lysglimt.knowledge.dosing.devices import Devices, of_devices
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.quantities import Milligrams

from .gate import order_in_force
from .ordering import refuse_one_person
from .share import follow_the_share
from .turns import INSTANT

KEPT = Decimal("0.001")
"""Milligrams are kept to the microgram, far below what a pump can set."""


class NotFinished(ClinicalError):
    """The pump has not been stopped."""

    code = "session.not-finished"


class DevicesNotOver(ClinicalError):
    """No device is given, or more are ordered and nobody has said that no more are given."""

    code = "session.devices-not-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wasted:
    """What was drawn up and not given, and who saw it wasted."""

    amount: Milligrams
    witness: Professional
    happened_at: datetime | None = None
    """None when it is done as it is recorded."""
    returned: int | None = None
    """Of nasal devices, how many went back unopened."""


def record_waste(session: Session, wasted: Wasted, *, by: Professional, at: datetime) -> Waste:
    """Raises SamePerson."""
    refuse_one_person(wasted.witness, by)
    row = Waste(
        session=session,
        wasted_mg=wasted.amount.value.quantize(KEPT),
        witness=wasted.witness,
        returned=wasted.returned,
        **treatment.stamped(
            Entered(happened_at=wasted.happened_at or at, entered_at=at), by=by, at=at
        ),
    )
    return people.enter(row, operation="session.waste", patients=[session.course.patient_id])


@transaction.atomic
def finish_session(
    *,
    session: Session,
    by: Professional,
    at: datetime,
    ended_early: str = "",
    wasted: Wasted | None = None,
) -> SessionGiven:
    """Reckon the dose delivered from the pump and record the session in its course.

    ``ended_early`` says why, when it was; ``wasted`` what was left over, before a witness.
    Finished again, the same; what was drawn up may be told of later, and wasted then. Raises NotFinished, NotSigned, OutOfSequence, SamePerson.
    """
    locked = Session.objects.select_for_update().get(pk=session.pk)
    known = given(locked)
    if wasted is not None and not Waste.objects.in_force().filter(session=locked).exists():
        record_waste(locked, wasted, by=by, at=at)
    if known is not None:
        return known
    now_given = given_now(locked, ended_early)
    return treatment.record_session(
        course=locked.course,
        given=now_given,
        entered=Entered(entry=locked.pk, happened_at=now_given.started_at, entered_at=at),
        by=by,
        at=at,
    )


def given(session: Session) -> SessionGiven | None:
    """The session as its course has it; its entry is the id of the session."""
    return SessionGiven.objects.in_force().filter(entry=session.pk).first()


def given_now(session: Session, ended_early: str, *, finished: bool = False) -> treatment.Given:
    """By the pump, or by the devices, as they are charted now."""
    if by_nose(session):
        return by_devices(session, ended_early, finished=finished)
    return as_given(delivery(session), ended_early)


def by_devices(session: Session, ended_early: str, *, finished: bool) -> treatment.Given:
    """By the order in force, signed or not; once ``finished``, a device may be struck. Raises NotFinished."""
    rows = DeviceUse.objects.in_force().filter(session=session)
    order = DeviceOrder.objects.in_force().filter(session=session).first()
    found = Devices(order.devices if order else None, used(rows))
    if found.started is None:
        raise DevicesNotOver("No device has been given.", field="devices")
    if order is None:
        raise NotFinished("There is no order for this session.", field="order")
    over = found.over or (found.given[-1].at if finished else None)
    if over is None:
        raise DevicesNotOver("More devices are ordered.", field="devices")
    return treatment.Given(
        started_at=found.started,
        # A single device may be typed as begun and given in the same minute.
        stopped_at=max(over, found.started + INSTANT),
        prescribed_mg=of_devices(order.devices).value,
        delivered_mg=found.delivered.value,
        ended_early=ended_early,
    )


def delivery(session: Session) -> Delivery:
    """By the order in force, signed or not: what the pump did is recorded as it was."""
    order = order_in_force(session)
    if not PumpEvent.objects.in_force().filter(session=session).exists():
        raise NotFinished("The pump has not been started.", field="pump")
    found = delivery_of(session, order)
    if found.stopped is None:
        raise NotFinished("The pump has not been stopped.", field="pump")
    return found


def as_given(found: Delivery, ended_early: str) -> treatment.Given:
    stopped = found.stopped or found.events[-1].at
    return treatment.Given(
        started_at=found.started,
        stopped_at=stopped,
        prescribed_mg=found.plan.dose.value,
        delivered_mg=found.delivered(stopped).value.quantize(KEPT),
        ended_early=ended_early,
    )


def follow_the_session(
    *, session: Session, by: Professional, at: datetime, reason: str
) -> None:
    """A finished session whose pump or device is corrected is corrected with it.

    Of a session that is ``locked``.
    """
    follow_the_share(session, at=at)
    known = given(session)
    if known is None:
        return
    now = given_now(session, known.ended_early, finished=True)
    changed = {
        name: getattr(now, name)
        for name in ("started_at", "stopped_at", "delivered_mg")
        if getattr(now, name) != getattr(known, name)
    }
    if changed:
        changed |= {"happened_at": now.started_at}
        treatment.correct(fact=known, by=by, at=at, reason=reason, **changed)
