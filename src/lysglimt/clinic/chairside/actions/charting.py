"""Observations, the pump and what happens: sent twice, stored once; corrected, never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction

from lysglimt.clinic.chairside.chart import acts_of, observed
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    ChairEventKind,
    PumpEvent,
    SedationScale,
    Session,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.chairside.models.vitals import MEASURES
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.shown_facts import order_shown
from lysglimt.clinic.chairside.sprayed import refuse_other_route
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct, refuse_out_of_sequence
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.monitoring.limits import is_danger
from lysglimt.knowledge.quantities import MillilitresPerHour
from lysglimt.knowledge.verdict import Finding

from .calling import (
    ask_who_was_named,
    call_for_danger,
    call_for_intent,
    call_for_start,
    end_with_the_act,
    end_with_the_sign,
)
from .finishing import follow_the_session
from .gate import refuse_closed_gate, signed_order
from .lost import refuse_intent_lost, refuse_red_lost
from .share import follow_the_share, refresh_share
from .the_day import refuse_day_before
from .turns import after_gate, found_in, locked
from .typists import TypedBy, note_typist

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
    from_monitor_id: int | None = None


@transaction.atomic
def record_vitals(
    *,
    session: Session,
    measured: Measured,
    entered: Entered,
    by: Professional,
    at: datetime,
    typed: TypedBy | None = None,
) -> VitalSet:
    """In turn with the start check. Raises Implausible, NothingMeasured, NotYet, and Contradicted.

    Contradicted is the same id with other content. ``typed`` is of a tablet, which sends for others.
    """
    here = locked(session.pk)
    found = found_in(here)
    said = asdict(measured) | {
        "phase": measured.phase.value,
        "sedation_scale": measured.sedation_scale.value if measured.sedation_scale else "",
        "signs": sorted(measured.signs),
        "signs_over": sorted(measured.signs_over),
        "not_measured": dict(measured.not_measured),
    }
    row = VitalSet(session=session, **said, **stamped(entered, by=by, at=found.received(at)))
    refuse_implausible(row)
    refuse_day_before(session, row.happened_at, at=at)
    patients = [session.course.patient_id]
    stored = people.enter(row, operation="vitals.record", patients=patients)
    if stored is row:
        # Sent twice, it says nothing anew.
        note_typist(stored, typed)
        call_for_danger(stored, by=by, at=at)
        if found.left:
            refresh_share(session=here, at=at)
    return stored


def refuse_implausible(row: VitalSet) -> None:
    observed(row)
    read = any(getattr(row, column) is not None for column in MEASURES)
    if not (read or row.signs or row.signs_over or row.not_measured):
        raise NothingMeasured("The set has no reading, and no reason why.", field="systolic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pumped:
    """One act: start, rate and resume state the rate in ml/h, a pause its reason.

    ``doctor`` decided it, where it is outside the rules.
    ``happened_because`` says of a start that it has happened, though nothing let it through, and why.
    ``order_read`` is the order that a start was set by: its entry and revision.
    """

    act: PumpAct
    rate_ml_h: Decimal | None = None
    pause_reason: PauseReason | None = None
    doctor: Professional | None = None
    happened_because: str = ""
    order_read: str = ""


class AnotherOrder(ClinicalError):
    """The pump was set by an order that is no longer in force."""

    code = "session.another-order"


@transaction.atomic
def record_pump(
    *, session: Session, pumped: Pumped, entered: Entered, by: Professional, at: datetime
) -> PumpEvent:
    """A start needs the signed order and an open gate; what happened is recorded as it was.

    So is a start that nothing let through, with why; and a stop brings back the start that was
    struck, for a pump that is stopped has run.
    The doctor whom another names for an act against the rules confirms it.
    Raises NotSigned, AnotherOrder, GateClosed, BeforeGate, MeasuredSince, AgainstSince, OutOfSequence.
    """
    refuse_other_route(session, nasal=False)
    here = locked(session.pk)
    refuse_day_before(here, entered.happened_at, at=at)
    against = speaks_against(here, pumped, at=entered.happened_at)
    row = PumpEvent(
        session=here,
        act=pumped.act.value,
        rate_ml_h=pumped.rate_ml_h,
        pause_reason=pumped.pause_reason.value if pumped.pause_reason else "",
        against=rules_set_aside(entered, against),
        doctor=pumped.doctor,
        **stamped(entered, by=by, at=at),
    )
    if pumped.act is PumpAct.START and not _known(row):
        # A consent taken back, or a start in another session of the patient, is before or after.
        Patient.objects.select_for_update().get(pk=here.course.patient_id)
        row.comment = let_through(row, pumped, now=at)
    if pumped.act is PumpAct.STOP and not _known(row):
        put_back_start(here, by=by, at=at)
    patients = [here.course.patient_id]
    stored = people.enter(row, operation=f"pump.{row.act}", patients=patients)
    refuse_impossible(here)
    follow_the_session(session=here, by=by, at=at, reason=f"pump.{row.act}")
    if stored is row and pumped.act is PumpAct.START and row.comment:
        call_for_start(stored, by=by, at=at)
    if stored is row and against:
        ask_who_was_named(stored, against, by=by, at=at)
    return stored


def speaks_against(session: Session, pumped: Pumped, *, at: datetime) -> list[Finding]:
    """What speaks against setting the pump so at this time, by what is charted."""
    if pumped.rate_ml_h is None or pumped.act is PumpAct.START:
        return []
    rate, judged = MillilitresPerHour(pumped.rate_ml_h), not session.unit.journal_mode
    return list(sheet_of(session, now=at).speaks_against(pumped.act, rate, judged=judged))


def rules_set_aside(entered: Entered, against: Iterable[Finding]) -> str:
    """Which rules spoke against it when it was first sent: sent again, the act itself is charted."""
    known = PumpEvent.objects.filter(entry=entered.entry, revision=1).first()
    if known is not None:
        return str(known.against)
    return " ".join(dict.fromkeys(one.criterion for one in against))


def let_through(row: PumpEvent, pumped: Pumped, *, now: datetime) -> str:
    """Nothing of a start that the gate lets through; else why it happened all the same.

    Without a reason, and of what is still to come, it raises what keeps it from happening.
    """
    because = pumped.happened_because
    try:
        order = signed_order(row.session)
        if pumped.order_read not in {"", order_shown(order)}:
            raise AnotherOrder("The order was written anew.", field="order")
        refuse_closed_gate(row.session, order, start=row.happened_at, now=now, by=row.by)
    except ClinicalError:
        if not because.strip() or row.happened_at > now:
            raise
        return because
    return ""


PUT_BACK = "start.put-back"


def put_back_start(session: Session, *, by: Professional, at: datetime) -> None:
    """Struck as if the pump had never run. Nothing where an act is in force, or none was struck."""
    acts = PumpEvent.objects.filter(session=session)
    if acts.in_force().exists():
        return
    start = acts.filter(act=PumpAct.START.value, withdrawn=True).order_by("-pk").first()
    if start is not None:
        people.correct(
            start,
            by=by,
            at=at,
            operation="pumpevent.correct",
            patients=[session.course.patient_id],
            reason=PUT_BACK,
            withdrawn=False,
        )


def _known(row: PumpEvent) -> bool:
    return PumpEvent.objects.filter(entry=row.entry).exists()


def refuse_impossible(session: Session) -> None:
    """Acts that cannot follow each other. Raises OutOfSequence."""
    refuse_out_of_sequence(acts_of(session))


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


@transaction.atomic
def record_event(
    *,
    session: Session,
    happened: Happened,
    entered: Entered,
    by: Professional,
    at: datetime,
    typed: TypedBy | None = None,
) -> ChairEvent:
    """In turn with who hands over. New suicidal intent calls a doctor now. Raises NoAmount for a drug without what was given."""
    locked(session.pk)
    refuse_day_before(session, entered.happened_at, at=at)
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
    stored = people.enter(row, operation=f"event.{row.kind}", patients=patients)
    # Sent twice, it says nothing anew.
    if stored is row:
        note_typist(stored, typed)
    if stored is row and happened.kind is ChairEventKind.NEW_INTENT:
        call_for_intent(stored, by=by, at=at)
    return stored


@transaction.atomic
def correct(
    *,
    fact: AFact,
    by: Professional,
    at: datetime,
    reason: str,
    typed: TypedBy | None = None,
    **changed: Any,
) -> AFact:
    """The next revision of what was charted. Of an act of the pump, the dose given follows.

    An order is changed by ``change_order``. Raises what recording it raises, IntentLost and RedLost.
    """
    session = locked(session_of(fact))
    if isinstance(fact, VitalSet):
        at = after_gate(session, at=at)
    refuse_untrue(session, fact, changed, by=by, at=at)
    stored = people.correct(
        fact,
        by=by,
        at=at,
        operation=f"{fact._meta.model_name}.correct",
        patients=[session.course.patient_id],
        reason=reason,
        **changed,
    )
    if isinstance(stored, VitalSet | ChairEvent):
        note_typist(stored, typed)
    if isinstance(fact, VitalSet) and isinstance(stored, VitalSet):
        follow_the_signs(fact, stored, by=by, at=at)
        follow_the_share(session, at=at)
    if isinstance(stored, PumpEvent):
        refuse_impossible(session)
        follow_the_session(session=session, by=by, at=at, reason=reason)
        if stored.withdrawn:
            end_with_the_act(stored, by=by, at=at)
    return stored


def refuse_untrue(
    session: Session, fact: Fact, changed: Mapping[str, Any], *, by: Professional, at: datetime
) -> None:
    """What cannot be, and what others than doctors do not take back."""
    if "happened_at" in changed:
        refuse_day_before(session, changed["happened_at"], at=at)
    if isinstance(fact, ChairEvent):
        refuse_intent_lost(fact, by=by)
    if isinstance(fact, VitalSet):
        refuse_implausible(fact.revised(**changed))
    if isinstance(fact, VitalSet | PumpEvent):
        refuse_red_lost(session, fact.revised(**changed), by=by, at=at)


def follow_the_signs(
    before: VitalSet, after: VitalSet, *, by: Professional, at: datetime
) -> None:
    """A doctor is called to a danger sign that is new, and no more to one that is struck."""
    if new_signs(before, after):
        call_for_danger(after, by=by, at=at)
    if any(map(is_danger, before.signs if after.withdrawn else new_signs(after, before))):
        end_with_the_sign(after, by=by, at=at)


def new_signs(before: VitalSet, after: VitalSet) -> set[str]:
    return {*after.signs} - {*before.signs}


def session_of(fact: Fact) -> Any:
    """The id of the session that was charted in; a preparation is of an order."""
    order = getattr(fact, "order", None)
    return order.session_id if order else getattr(fact, "session_id", None)


class TakesTwo(ClinicalError):
    """A check of two that is struck frees the signing of the session: both strike it."""

    code = "check.takes-two"


def strike(*, fact: AFact, by: Professional, at: datetime, reason: str) -> AFact:
    """Tapped by mistake: it stays, struck through, and counts no more. Raises TakesTwo."""
    if isinstance(fact, ChairEvent) and fact.kind == ChairEventKind.CHECK_PENDING:
        raise TakesTwo("Two strike a check of two.", field="checked_by")
    return correct(fact=fact, by=by, at=at, reason=reason, withdrawn=True)
