"""Nasal devices: ordered and signed, laid out before two, given one by one; each counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.chairside.device_card import card_of, card_written
from lysglimt.clinic.chairside.device_rules import against_use, devices_in, used_after
from lysglimt.clinic.chairside.models import (
    DeviceCheck,
    DeviceOrder,
    DeviceOrderSignature,
    DeviceUse,
    Session,
)
from lysglimt.clinic.chairside.sprayed import refuse_other_route
from lysglimt.clinic.chairside.wordings import NOT_LET_THROUGH
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.dosing.devices import (
    DEVICE_CHECK,
    DeviceAct,
    against_order,
    refuse_mixed_up,
)
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.verdict import Finding

from .calling import call_for_start
from .finishing import follow_the_session
from .gate import NotSigned, refuse_closed_gate
from .lost import refuse_red_lost
from .ordering import OrderChanged, OrderWritten, Unchecked, refuse_one_person
from .the_day import refuse_day_before
from .turns import after_gate, locked


class DoseNotAllowed(ClinicalError):
    """Another number of devices than the label allows today, and no reason."""

    code = "order.devices-not-allowed"


class DevicesBegun(ClinicalError):
    """A device is given: the order stands, and what is not given is said to be not given."""

    code = "order.devices-begun"


class WrongCount(ClinicalError):
    """Another number was laid out than is ordered."""

    code = "devices.wrong-count"


class AgainstTheRules(ClinicalError):
    """Something speaks against this device, and nobody has written what happened."""

    code = "devices.against"


class CountedMeanwhile(ClinicalError):
    """Another has recorded a device since the page was read: which of them is this?"""

    code = "devices.counted-meanwhile"


class NothingSaid(ClinicalError):
    """A device that was lost, or devices that were ended, without a reason."""

    code = "devices.nothing-said"


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesOrdered:
    """How many; ``why`` where the label allows another number today. There is no default."""

    devices: int
    why: str = ""


@transaction.atomic
def order_devices(
    *,
    session: Session,
    ordered: DevicesOrdered,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> DeviceOrder:
    """The card, kept as it was read; unsigned. Raises OrderWritten, DoseNotAllowed."""
    refuse_other_route(session, nasal=True)
    here = locked(session.pk)
    others = DeviceOrder.objects.filter(session=here).exclude(entry=entered.entry)
    if others.exists():
        raise OrderWritten("There is an order for this session.", field="order")
    row = DeviceOrder(
        session=here, **columns(here, ordered, at=at), **stamped(entered, by=by, at=at)
    )
    return people.enter(row, operation="devices.order", patients=[here.course.patient_id])


@transaction.atomic
def change_device_order(
    *, order: DeviceOrder, ordered: DevicesOrdered, by: Professional, at: datetime, reason: str
) -> DeviceOrder:
    """The next revision, with no signature. Raises DevicesBegun once a device is given."""
    here = locked(order.session_id)
    if devices_in(here).count:
        raise DevicesBegun("A device is given.", field="devices", value=order.devices)
    return people.correct(
        order,
        by=by,
        at=after_gate(here, at=at),
        operation="devices.change",
        patients=[here.course.patient_id],
        reason=reason,
        **columns(here, ordered, at=at),
    )


def columns(session: Session, ordered: DevicesOrdered, *, at: datetime) -> dict[str, Any]:
    """The number and the card; in journal mode no number is judged. Raises DoseNotAllowed."""
    said = card_of(session, at=at)
    against = () if session.unit.journal_mode else against_order(said.card, ordered.devices)
    if against and not ordered.why.strip():
        raise DoseNotAllowed(
            f"Not allowed today: {ordered.devices}",
            field="why",
            value=ordered.devices,
            allowed=", ".join(map(str, said.card.allowed)) or "-",
        )
    return {
        "devices": ordered.devices,
        "age": said.age,
        "indication": said.indication.value,
        "previous_mg": said.card.previous.value if said.card.previous else None,
        "card": card_written(said.card, against),
        "why": ordered.why.strip() if against else "",
        "rule_version": RULE_VERSION,
    }


@transaction.atomic
def sign_device_order(
    *, order: DeviceOrder, by: Professional, at: datetime
) -> DeviceOrderSignature:
    """The doctor signs this revision. Raises NotADoctor, OrderChanged."""
    refuse_all_but_doctors(by)
    here = locked(order.session_id)
    refuse_changed(order)
    known = DeviceOrderSignature.objects.filter(order=order).first()
    if known is not None:
        return known
    signature = DeviceOrderSignature(order=order, by=by, at=at)
    signature.save(force_insert=True)
    deed = audit.Deed(patients=[here.course.patient_id], after=signature)
    audit.record(by=by, at=at, operation="devices.sign", deed=deed)
    return signature


def refuse_changed(order: DeviceOrder) -> None:
    if not DeviceOrder.objects.in_force().filter(pk=order.pk).exists():
        raise OrderChanged("The order was changed after it was read.", field="order")


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidOut:
    """How many devices lie on the tray, counted, and the lines as both checked them."""

    devices: int
    lines: Sequence[str]


@transaction.atomic
def check_devices(
    *,
    order: DeviceOrder,
    laid_out: LaidOut,
    checked_by: Professional,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> DeviceCheck:
    """Two persons. Raises SamePerson, OrderChanged, WrongCount and Unchecked."""
    refuse_one_person(checked_by, by)
    here = locked(order.session_id)
    refuse_changed(order)
    to_lay_out = devices_in(here).to_lay_out
    if laid_out.devices != to_lay_out:
        raise WrongCount(
            "Another number is laid out than is to be given.",
            field="laid_out",
            value=laid_out.devices,
            allowed=to_lay_out,
        )
    missing = sorted(DEVICE_CHECK.keys() - set(laid_out.lines))
    if missing:
        raise Unchecked(
            f"Not checked: {', '.join(missing)}", field="lines", value=missing, allowed="all"
        )
    row = DeviceCheck(
        order=order,
        checked_by=checked_by,
        laid_out=laid_out.devices,
        lines=sorted(laid_out.lines),
        **stamped(entered, by=by, at=at),
    )
    return people.enter(row, operation="devices.check", patients=[here.course.patient_id])


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A device given, with its package and times; or one lost, or the end of them, and why.

    An empty package is not known. ``because`` says what happened, where something spoke against it.
    ``number`` is which device the page said it was, where it was read from a page.
    """

    act: DeviceAct
    lot: str = ""
    expires_on: date | None = None
    begun_at: datetime | None = None
    both_nostrils: bool | None = None
    because: str = ""
    number: int | None = None


def refuse_counted_meanwhile(session: Session, used: Used) -> None:
    """An older page must not make one device two. Raises CountedMeanwhile."""
    count = devices_in(session).count
    if used.act is DeviceAct.GIVEN and used.number not in (None, count + 1):
        raise CountedMeanwhile("Counted meanwhile.", field="number", value=count)


@transaction.atomic
def record_device(
    *, session: Session, used: Used, entered: Entered, by: Professional, at: datetime
) -> DeviceUse:
    """The first needs the signed order and an open gate; what happened is recorded as it was.

    Raises AgainstTheRules, CountedMeanwhile, NothingSaid, DevicesOutOfOrder, and of a first device what keeps a
    start from happening, unless it is said what happened.
    """
    refuse_other_route(session, nasal=True)
    here = locked(session.pk)
    refuse_day_before(here, used.begun_at or entered.happened_at, at=at)
    row = DeviceUse(
        session=here,
        act=used.act.value,
        lot=used.lot.strip(),
        expires_on=used.expires_on,
        begun_at=used.begun_at,
        both_nostrils=used.both_nostrils,
        because=used.because.strip(),
        **stamped(entered, by=by, at=at),
    )
    known = DeviceUse.objects.filter(entry=row.entry, revision=1).first()
    if known is not None:
        # Sent again it is held against what stood then, and says nothing anew.
        row.against = known.against
        return people.enter(row, operation=f"device.{row.act}", patients=patients_of(here))
    refuse_counted_meanwhile(here, used)
    started = devices_in(here).count > 0
    row.against = spoken_against(row, started=started, at=at)
    refuse_mixed_up(used_after(here, row))
    stored = people.enter(row, operation=f"device.{row.act}", patients=patients_of(here))
    follow_the_session(session=here, by=by, at=at, reason=f"device.{row.act}")
    if NOT_LET_THROUGH in row.against.split():
        call_for_start(stored, by=by, at=at)
    return stored


def patients_of(session: Session) -> list[Any]:
    return [session.course.patient_id]


def spoken_against(row: DeviceUse, *, started: bool, at: datetime) -> str:
    """Which rules, by their ids. Raises where nothing is said of it."""
    if row.act != DeviceAct.GIVEN:
        if not row.because:
            raise NothingSaid("Why?", field="because", value="")
        return ""
    rules = [] if started else closed_before(row, now=at)
    against = against_use(row, at=at)
    if against and not row.because:
        raise AgainstTheRules(
            f"Against: {', '.join(one.criterion for one in against)}",
            field="because",
            value=[one.reason for one in against],
        )
    return " ".join([*rules, *dict.fromkeys(one.criterion for one in against)])


def closed_before(row: DeviceUse, *, now: datetime) -> list[str]:
    """Nothing of a first device that the gate lets through; else it is said what happened."""
    # A consent taken back, or a start in another session of the patient, is before or after.
    Patient.objects.select_for_update().get(pk=row.session.course.patient_id)
    begun = row.begun_at or row.happened_at
    try:
        order = signed_devices(row.session)
        refuse_closed_gate(row.session, order, start=begun, now=now, by=row.by)
    except ClinicalError:
        if not row.because or begun > now:
            raise
        return [NOT_LET_THROUGH]
    return []


def signed_devices(session: Session) -> DeviceOrder:
    order = DeviceOrder.objects.signed().filter(session=session).first()
    if order is None:
        raise NotSigned("The order for this session is not signed.", field="order")
    return order


def foreseen_against(
    session: Session, used: Used, *, given: datetime, at: datetime
) -> list[Finding]:
    """What would speak against it, told while it waits for what happened.

    Raises CountedMeanwhile.
    """
    refuse_counted_meanwhile(session, used)
    row = DeviceUse(
        session=session,
        act=used.act.value,
        happened_at=given,
        begun_at=used.begun_at,
        expires_on=used.expires_on,
        both_nostrils=used.both_nostrils,
    )
    return list(against_use(row, at=at)) if used.act is DeviceAct.GIVEN else []


@transaction.atomic
def strike_device(*, used: DeviceUse, by: Professional, at: datetime, reason: str) -> DeviceUse:
    """Recorded by mistake: it stays, struck through, and counts no more.

    Raises RedLost where red readings would be of the time before the start.
    """
    here = locked(used.session_id)
    refuse_red_lost(here, used.revised(withdrawn=True), by=by, at=at)
    stored = people.withdraw(
        used, by=by, at=at, operation="device.strike", patients=patients_of(here), reason=reason
    )
    refuse_mixed_up(devices_in(here))
    follow_the_session(session=here, by=by, at=at, reason=reason)
    return stored
