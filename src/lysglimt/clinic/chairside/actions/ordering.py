"""The order for one session: written, signed, voided by any change, prepared by two."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.chairside.checked import told_afterwards
from lysglimt.clinic.chairside.models import (
    OrderSignature,
    PreparationCheck,
    Session,
    SessionOrder,
)
from lysglimt.clinic.chairside.models.order import NOT_OFFERED
from lysglimt.clinic.chairside.so_far import not_offered
from lysglimt.clinic.chairside.sprayed import refuse_other_route
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import Course, WeightBasis
from lysglimt.knowledge.dosing.ceilings import CeilingOverride, lasting, refuse_bolus
from lysglimt.knowledge.dosing.escalation import NotOffered
from lysglimt.knowledge.dosing.infusion import (
    NO_CEILINGS,
    InfusionOrder,
    infusion_plan,
)
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK
from lysglimt.knowledge.dosing.weights import Sex, weights
from lysglimt.knowledge.dosing.weights import WeightBasis as Basis
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.quantities import (
    Centimetres,
    Kilograms,
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
    Millilitres,
    MillilitresPerHour,
)
from lysglimt.knowledge.verdict import Finding

from .dose_card import card
from .turns import after_gate, locked
from .weighing import (
    last_weighing,
    reason_asked_for,
    refuse_unexplained_weight,
    weighing_written,
)


class OtherBasis(ClinicalError):
    """The order goes by another weight than the one signed for the course, or none is signed."""

    code = "order.other-weight-basis"


class OrderChanged(ClinicalError):
    """The order was changed after it was read; what is signed is what was read."""

    code = "order.changed"


@transaction.atomic
def open_session(
    *,
    course: Course,
    planned_on: date,
    by: Professional,
    at: datetime,
    chair: Chair | None = None,
) -> Session:
    """One a course and day: asked for again, it is the same."""
    locked = Course.objects.select_for_update().get(pk=course.pk)
    known = Session.objects.filter(course=locked, planned_on=planned_on).first()
    if known is not None:
        return known
    session = Session(course=locked, unit_id=locked.unit_id, planned_on=planned_on, chair=chair)
    session.save(force_insert=True)
    deed = audit.Deed(patients=[locked.patient_id], after=session)
    audit.record(by=by, at=at, operation="session.open", deed=deed)
    return session


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The dose as the doctor wrote it, where the unit keeps a journal and nothing is reckoned."""

    dose: Milligrams
    volume: Millilitres
    rate: MillilitresPerHour


@dataclass(frozen=True, slots=True)
class StepDecided:
    """A doctor answers by name for a dose that the rules do not offer now."""

    doctor: Professional
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """All inputs of the dose, and the overrides of ceilings. There is no default dose."""

    weight: Kilograms
    weighed_on: date
    height: Centimetres
    sex: Sex
    dose_by_weight: MilligramsPerKilogram
    minutes: int
    concentration: MilligramsPerMillilitre
    overrides: Sequence[CeilingOverride] = ()
    decided: StepDecided | None = None
    stated: Stated | None = None
    weight_change: str = ""
    """Why the weight is far from the last one, by who weighed anew."""


class OrderWritten(ClinicalError):
    """Another has written the order for this session; it is changed, not written twice."""

    code = "order.written"


@transaction.atomic
def order(
    *, session: Session, ordered: Ordered, entered: Entered, by: Professional, at: datetime
) -> SessionOrder:
    """The dose card, computed and kept; unsigned. By the weight basis signed for the course.

    Raises OtherBasis when none is signed or height and sex are not those signed with it,
    WeightChanged without its reason, OrderWritten, NotOffered for a dose above the protocol's
    own that nobody answers for, and what `infusion_plan` raises.
    """
    refuse_other_route(session, nasal=False)
    Session.objects.select_for_update().get(pk=session.pk)
    others = SessionOrder.objects.filter(session=session).exclude(entry=entered.entry)
    if others.exists():
        raise OrderWritten("There is an order for this session.", field="order")
    row = SessionOrder(
        session=session, **columns(session, ordered, at=at), **stamped(entered, by=by, at=at)
    )
    return people.enter(row, operation="order.write", patients=[session.course.patient_id])


@transaction.atomic
def change_order(
    *, order: SessionOrder, ordered: Ordered, by: Professional, at: datetime, reason: str
) -> SessionOrder:
    """The next revision, with no signature: every change voids the one there was."""
    # A start at this moment goes by the order before it, or is refused.
    came = after_gate(locked(order.session_id), at=at)
    return people.correct(
        order,
        by=by,
        at=came,
        operation="order.change",
        patients=[order.session.course.patient_id],
        reason=reason,
        **columns(order.session, ordered, at=at),
    )


def columns(session: Session, ordered: Ordered, *, at: datetime) -> dict[str, Any]:
    """The inputs and what follows from them, by column."""
    signed = basis_in_force(session.course)
    refuse_other_body(signed, height=ordered.height.value, sex=ordered.sex)
    last = last_weighing(session, signed)
    refuse_unexplained_weight(last, ordered.weight, why=ordered.weight_change)
    stated = ordered.stated
    dose = written(ordered, stated) if stated else reckoned(session, ordered, at=at)
    return {
        "weight_kg": ordered.weight.value,
        "weighed_on": ordered.weighed_on,
        "height_cm": ordered.height.value,
        "sex": ordered.sex.value,
        "basis": signed.basis,
        "mg_per_kg": ordered.dose_by_weight.value,
        "minutes": ordered.minutes,
        "concentration_mg_ml": ordered.concentration.value,
        "overrides": overrides_written(ordered, dose["plan"]),
        "rule_version": RULE_VERSION,
        **dose,
        "plan": dose["plan"] | {"weighing": weighing_written(last)},
        "weight_reason": reason_asked_for(last, ordered.weight, why=ordered.weight_change),
    }


def reckoned(session: Session, ordered: Ordered, *, at: datetime) -> dict[str, Any]:
    """Raises NotOffered, and what `infusion_plan` raises."""
    dose = protocol_of(session.course).dose
    own = dose.ceilings(ordered.dose_by_weight) if dose else NO_CEILINGS
    plan = infusion_plan(infusion_order(session, ordered), *ordered.overrides, own=own)
    against = not_offered(session, ordered.dose_by_weight, at=at)
    if against:
        refuse_unanswered(ordered, against)
    return {
        "dose_mg": plan.dose.value,
        # Four decimals of a millilitre: what the column holds, far below what a pump can set.
        "volume_ml": plan.volume.value.quantize(Decimal("0.0001")),
        "rate_ml_h": plan.rate.value,
        "plan": card(plan) | {"against": [finding_as_written(one) for one in against]},
    }


def refuse_unanswered(ordered: Ordered, against: Collection[Finding]) -> None:
    """Raises NotOffered without a name and a reason, NotADoctor for the name of another."""
    decided = ordered.decided
    if decided is None or not decided.reason.strip():
        raise NotOffered(ordered.dose_by_weight, against)
    refuse_all_but_doctors(decided.doctor, field="named_doctor")


def overrides_written(ordered: Ordered, plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who answers for a dose that was not offered, and for each ceiling that was lifted."""
    passed = {finding["criterion"] for finding in plan["findings"]}
    lifted = [
        asdict(one)
        for one in ordered.overrides
        if ordered.stated or f"ceiling:{one.ceiling}" in passed
    ]
    if ordered.decided is None or not plan.get("against"):
        return lifted
    doctor, reason = ordered.decided.doctor, ordered.decided.reason.strip()
    step = {"ceiling": NOT_OFFERED, "by": str(doctor), "by_id": doctor.pk, "reason": reason}
    return [step, *lifted]


def written(ordered: Ordered, stated: Stated) -> dict[str, Any]:
    """As the doctor wrote it; a card on which nothing is reckoned. Raises TooFast.

    That is no advice but what an order can be: by the time that is written, and by the rate.
    """
    refuse_bolus(timedelta(minutes=ordered.minutes))
    refuse_bolus(lasting(stated.volume, at=stated.rate), field="rate_ml_h")
    return {
        "dose_mg": stated.dose.value,
        "volume_ml": stated.volume.value,
        "rate_ml_h": stated.rate.value,
        "plan": {"doses": {}, "weights": {}, "reckoning": [], "findings": []},
    }


def infusion_order(session: Session, ordered: Ordered) -> InfusionOrder:
    return InfusionOrder(
        dose_by_weight=ordered.dose_by_weight,
        over=timedelta(minutes=ordered.minutes),
        concentration=ordered.concentration,
        weights=weights(ordered.weight, ordered.height, ordered.sex),
        basis=signed_basis(session.course),
    )


def signed_basis(course: Course) -> Basis:
    return Basis(basis_in_force(course).basis)


def basis_in_force(course: Course) -> WeightBasis:
    signed = WeightBasis.objects.in_force().filter(course=course).first()
    if signed is None:
        raise OtherBasis("No weight basis is signed for this course.", field="basis", value="")
    return signed


def refuse_other_body(signed: WeightBasis, *, height: Decimal, sex: str) -> None:
    """Height and sex were measured and signed with the basis; another is a correction of it."""
    if signed.height_cm is None:
        return
    for field, said, known in (
        ("height_cm", height, signed.height_cm),
        ("sex", sex, signed.sex),
    ):
        if said != known:
            raise OtherBasis(
                f"{field} is {said}, signed with the basis: {known}",
                field=field,
                value=said,
                allowed=known,
            )


@transaction.atomic
def sign_order(*, order: SessionOrder, by: Professional, at: datetime) -> OrderSignature:
    """The doctor signs this revision. Raises NotADoctor, OrderChanged, OtherBasis."""
    refuse_all_but_doctors(by)
    session = Session.objects.select_for_update().get(pk=order.session_id)
    if not SessionOrder.objects.in_force().filter(pk=order.pk).exists():
        raise OrderChanged("The order was changed after it was read.", field="order")
    refuse_other_basis(order)
    known = OrderSignature.objects.filter(order=order).first()
    if known is not None:
        return known
    signature = OrderSignature(order=order, by=by, at=at)
    signature.save(force_insert=True)
    deed = audit.Deed(patients=[session.course.patient_id], after=signature)
    audit.record(by=by, at=at, operation="order.sign", deed=deed)
    return signature


def refuse_other_basis(order: SessionOrder) -> None:
    """The basis of the course may have been corrected after the order was written."""
    row = basis_in_force(order.session.course)
    signed = Basis(row.basis)
    refuse_other_body(row, height=order.height_cm, sex=order.sex)
    if order.basis != signed:
        raise OtherBasis(
            f"The order goes by {order.basis}, the course by {signed}",
            field="basis",
            value=order.basis,
            allowed=signed.value,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was made up; ``lines`` are those of the two-person check, as both checked them."""

    product: str
    drawn_mg: Decimal
    lines: Sequence[str]
    batch: str = ""
    drawn_reason: str = ""


@transaction.atomic
def check_preparation(
    *,
    order: SessionOrder,
    prepared: Prepared,
    checked_by: Professional,
    by: Professional,
    at: datetime,
    entered: Entered | None = None,
) -> PreparationCheck:
    """Two persons. Raises SamePerson, OrderChanged, and Unchecked with the lines not checked.

    Once the pump has run it tells what was checked then, be it nothing.
    """
    refuse_one_person(checked_by, by)
    Session.objects.select_for_update().get(pk=order.session_id)
    if not SessionOrder.objects.in_force().filter(pk=order.pk).exists():
        raise OrderChanged("The order was changed after it was read.", field="order")
    missing = sorted(TWO_PERSON_CHECK.keys() - set(prepared.lines))
    if missing and not told_afterwards(order):
        raise Unchecked(
            f"Not checked: {', '.join(missing)}", field="lines", value=missing, allowed="all"
        )
    row = PreparationCheck(
        order=order,
        checked_by=checked_by,
        product=prepared.product,
        batch=prepared.batch,
        drawn_mg=prepared.drawn_mg,
        drawn_reason=prepared.drawn_reason,
        lines=sorted(prepared.lines),
        **stamped(entered or Entered(happened_at=at, entered_at=at), by=by, at=at),
    )
    patients = [order.session.course.patient_id]
    return people.enter(row, operation="order.check_preparation", patients=patients)


class SamePerson(ClinicalError):
    """Two persons of the house check, not one twice."""

    code = "preparation.same-person"


class Unchecked(ClinicalError):
    """A line of the two-person check is not checked."""

    code = "preparation.unchecked"


def refuse_one_person(first: Professional, second: Professional) -> None:
    if first.pk == second.pk or first.entity_id != second.entity_id:
        raise SamePerson("Two persons check.", field="checked_by", value=str(first))
