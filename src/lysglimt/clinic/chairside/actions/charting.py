"""Observations, the pump and what happens: sent twice, stored once; corrected, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction

from lysglimt.clinic.chairside.chart import delivery_of, observed
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    ChairEventKind,
    PumpEvent,
    SedationScale,
    Session,
    SessionOrder,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.chairside.models.vitals import MEASURES
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.errors import ClinicalError

from .finishing import follow_the_pump
from .gate import refuse_closed_gate, signed_order
from .turns import after_gate, locked

AFact = TypeVar("AFact", bound=Fact)


class NothingMeasured(ClinicalError):
    """A set without a reading, and without a reason why there is none."""

    code = "vitals.nothing-measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One set: None is not measured, and ``not_measured`` says why, by column.

    mmHg, beats and breaths a minute, per cent, °C; MOAA/S 0-5 or RASS -5 to +4; the rest 0-10.
    """

    phase: SessionPhase
    systolic: int | None = None
    diastolic: int | None = None
    pulse: int | None = None
    spo2: int | None = None
    respiration: int | None = None
    sedation_scale: SedationScale | None = None
    sedation: int | None = None
    dissociation: int | None = None
    distress: int | None = None
    nausea: int | None = None
    temperature: Decimal | None = None
    on_oxygen: bool = False
    signs: Sequence[str] = ()
    signs_over: Sequence[str] = ()
    not_measured: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


@transaction.atomic
def record_vitals(
    *, session: Session, measured: Measured, entered: Entered, by: Professional, at: datetime
) -> VitalSet:
    """In turn with the start check. Raises Implausible, NothingMeasured, and Contradicted.

    Contradicted is the same id with other content.
    """
    came = after_gate(locked(session.pk), at=at)
    said = asdict(measured) | {
        "phase": measured.phase.value,
        "sedation_scale": measured.sedation_scale.value if measured.sedation_scale else "",
        "signs": sorted(measured.signs),
        "signs_over": sorted(measured.signs_over),
        "not_measured": dict(measured.not_measured),
    }
    row = VitalSet(session=session, **said, **stamped(entered, by=by, at=came))
    refuse_implausible(row)
    return people.enter(row, operation="vitals.record", patients=[session.course.patient_id])


def refuse_implausible(row: VitalSet) -> None:
    observed(row)
    read = any(getattr(row, column) is not None for column in MEASURES)
    if not (read or row.signs or row.signs_over or row.not_measured):
        raise NothingMeasured("The set has no reading, and no reason why.", field="systolic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pumped:
    """One act: start, rate and resume state the rate in ml/h, a pause its reason.

    ``doctor`` decided it, where it is outside the rules.
    """

    act: PumpAct
    rate_ml_h: Decimal | None = None
    pause_reason: PauseReason | None = None
    comment: str = ""
    doctor: Professional | None = None


@transaction.atomic
def record_pump(
    *, session: Session, pumped: Pumped, entered: Entered, by: Professional, at: datetime
) -> PumpEvent:
    """A start needs the signed order and an open gate; what happened after is recorded as it was.

    Raises NotSigned, GateClosed, BeforeGate, MeasuredSince, AgainstSince, OutOfSequence.
    """
    here = locked(session.pk)
    row = PumpEvent(
        session=here,
        act=pumped.act.value,
        rate_ml_h=pumped.rate_ml_h,
        pause_reason=pumped.pause_reason.value if pumped.pause_reason else "",
        comment=pumped.comment,
        doctor=pumped.doctor,
        **stamped(entered, by=by, at=at),
    )
    if pumped.act is PumpAct.START and not _known(row):
        # A consent taken back, or a start in another session of the patient, is before or after.
        Patient.objects.select_for_update().get(pk=here.course.patient_id)
        refuse_closed_gate(here, signed_order(here), start=row.happened_at, now=at, by=by)
    patients = [here.course.patient_id]
    stored = people.enter(row, operation=f"pump.{row.act}", patients=patients)
    refuse_impossible(here)
    follow_the_pump(session=here, by=by, at=at, reason=f"pump.{row.act}")
    return stored


def _known(row: PumpEvent) -> bool:
    return PumpEvent.objects.filter(entry=row.entry).exists()


def refuse_impossible(session: Session) -> None:
    """Acts that cannot follow each other. Raises OutOfSequence."""
    order = SessionOrder.objects.in_force().filter(session=session).first()
    if order is not None and PumpEvent.objects.in_force().filter(session=session).exists():
        delivery_of(session, order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A tile was tapped. ``amount`` of a drug given, in words."""

    kind: ChairEventKind
    atc: str = ""
    amount: str = ""
    comment: str = ""


class NoAmount(ClinicalError):
    """A drug was given: which, and how much?"""

    code = "event.no-amount"


def record_event(
    *, session: Session, happened: Happened, entered: Entered, by: Professional, at: datetime
) -> ChairEvent:
    """Raises NoAmount for a drug without what was given."""
    if happened.kind is ChairEventKind.DRUG_GIVEN and not happened.amount.strip():
        raise NoAmount("amount: what was given?", field="amount", value="", allowed="4 mg iv")
    row = ChairEvent(
        session=session,
        kind=happened.kind.value,
        atc=happened.atc,
        amount=happened.amount,
        comment=happened.comment,
        **stamped(entered, by=by, at=at),
    )
    patients = [session.course.patient_id]
    return people.enter(row, operation=f"event.{row.kind}", patients=patients)


@transaction.atomic
def correct(
    *, fact: AFact, by: Professional, at: datetime, reason: str, **changed: Any
) -> AFact:
    """The next revision of what was charted. Of an act of the pump, the dose given follows.

    An order is changed by ``change_order``. Raises what recording it raises.
    """
    session = locked(session_of(fact))
    if isinstance(fact, VitalSet):
        refuse_implausible(fact.revised(**changed))
        at = after_gate(session, at=at)
    stored = people.correct(
        fact,
        by=by,
        at=at,
        operation=f"{fact._meta.model_name}.correct",
        patients=[session.course.patient_id],
        reason=reason,
        **changed,
    )
    if isinstance(stored, PumpEvent):
        refuse_impossible(session)
        follow_the_pump(session=session, by=by, at=at, reason=reason)
    return stored


def session_of(fact: Fact) -> Any:
    """The id of the session that was charted in; a preparation is of an order."""
    order = getattr(fact, "order", None)
    return order.session_id if order else getattr(fact, "session_id", None)


def strike(*, fact: AFact, by: Professional, at: datetime, reason: str) -> AFact:
    """Tapped by mistake: it stays, struck through, and counts no more."""
    return correct(fact=fact, by=by, at=at, reason=reason, withdrawn=True)
