"""A course from plan to close: approved protocol, weight basis, sessions given, decisions."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.models import Referral, ReferralState
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import (
    Course,
    CourseDecision,
    CoursePause,
    CourseStanding,
    ProtocolApproval,
    Registration,
    SessionGiven,
    StopTrigger,
    WeightBasis,
)
from lysglimt.knowledge.dosing.weights import WeightBasis as Basis
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround, TriggerKind
from lysglimt.knowledge.protocols.protocol import Kind, Protocol
from lysglimt.knowledge.text import Text

from .entering import correct, enter_of_course, stamped
from .standing import refresh_standing


class NotApproved(ClinicalError):
    """The unit's responsible doctor has not approved this version of the protocol."""

    code = "course.protocol-not-approved"


class CourseOpen(ClinicalError):
    """The patient has an open course; another begins when it is closed."""

    code = "course.open"


@transaction.atomic
def approve_protocol(
    *, unit: Unit, protocol: Protocol, by: Professional, at: datetime, comment: str = ""
) -> ProtocolApproval:
    """``by`` is the unit's responsible doctor. Approved already, nothing happens."""
    refuse_all_but_doctors(by)
    # Approved twice at once, it would outlive its withdrawal.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    known = ProtocolApproval.objects.of(
        unit_id=unit.pk, protocol=protocol.id, version=protocol.version
    ).first()
    if known is not None:
        return known
    approval = ProtocolApproval(
        unit=unit,
        protocol=protocol.id,
        protocol_version=protocol.version,
        comment=comment,
        **stamped(Entered(happened_at=at, entered_at=at), by=by, at=at),
    )
    return people.enter(approval, operation="protocol.approve")


def withdraw_approval(
    *, approval: ProtocolApproval, by: Professional, at: datetime, reason: str
) -> ProtocolApproval:
    """No new course begins on this version; open courses keep it."""
    return people.withdraw(
        approval, by=by, at=at, operation="protocol.withdraw_approval", reason=reason
    )


@transaction.atomic
def plan_course(
    *,
    patient: Patient,
    protocol: Protocol,
    by: Professional,
    at: datetime,
    planned_start: date | None = None,
    deviation: str = "",
) -> Course:
    """``deviation`` is why a doctor plans it all the same: another age, not accepted.

    Raises NotApproved, NotInStudy, OutsideAge, and CourseOpen when a course is open.
    """
    refuse_unapproved(unit=by.unit, protocol=protocol)
    refuse_outside_study(patient=patient, protocol=protocol)
    age = patient.card().age(planned_start or on_day(at))
    outside = None if by.unit.journal_mode else protocol.outside(age)
    if outside and not (deviation.strip() and by.role in DOCTORS):
        raise OutsideAge(age, outside.reason)
    Patient.objects.select_for_update().get(pk=patient.pk)
    if CourseStanding.objects.filter(patient=patient, open=True).exists():
        raise CourseOpen("The patient has an open course.")
    course = Course(
        patient=patient,
        unit=by.unit,
        protocol=protocol.id,
        protocol_version=protocol.version,
        planned_at=at,
        planned_start=planned_start,
        deviation=deviation.strip(),
        deviation_by=by if deviation.strip() else None,
    )
    course.save(force_insert=True)
    refresh_standing(course=course)
    deed = audit.Deed(patients=[patient.pk], after=course)
    audit.record(by=by, at=at, operation="course.plan", deed=deed)
    return course


class NotAccepted(ClinicalError):
    """The newest referral is not accepted, or there is none, and no doctor has said why."""

    code = "course.not-accepted"


@transaction.atomic
def plan_treatment(
    *,
    patient: Patient,
    protocol: Protocol,
    by: Professional,
    at: datetime,
    planned_start: date | None = None,
    deviation: str = "",
) -> Course:
    """A course that begins here, for a patient who is accepted or by a doctor's reason.

    What is imported was accepted elsewhere: `plan_course`. Raises NotAccepted and what that
    raises.
    """
    course = plan_course(
        patient=patient,
        protocol=protocol,
        by=by,
        at=at,
        planned_start=planned_start,
        deviation=deviation,
    )
    if not accepted(patient) and not (deviation.strip() and by.role in DOCTORS):
        raise NotAccepted("No referral of this patient is accepted.", field="referral")
    return course


def accepted(patient: Patient) -> bool:
    """By the decision on the newest referral, signed by as many as it takes."""
    rows: Any = Referral.objects.with_state().filter(patient=patient)
    newest = rows.order_by("-received_on").first()
    return newest is not None and newest.state == ReferralState.ACCEPTED


def refuse_unapproved(*, unit: Unit, protocol: Protocol) -> None:
    approved = ProtocolApproval.objects.of(
        unit_id=unit.pk, protocol=protocol.id, version=protocol.version
    )
    if not approved.exists():
        raise NotApproved(
            f"{protocol.id} {protocol.version} is not approved for {unit}",
            field="protocol",
            value=f"{protocol.id} {protocol.version}",
            unit=str(unit),
        )


class NotInStudy(ClinicalError):
    """What is given in a registered study alone is not begun outside one."""

    code = "course.not-in-study"


class OutsideAge(ClinicalError):
    """The protocol is for another age, and no doctor has said why it is chosen."""

    code = "course.outside-age"

    def __init__(self, age: int, reason: Text) -> None:
        super().__init__(reason.en, field="age", value=age, reason=reason)
        self.reason = reason


def refuse_outside_study(*, patient: Patient, protocol: Protocol) -> None:
    if protocol.kind is not Kind.RESEARCH:
        return
    newest = Registration.objects.newest_first().filter(patient=patient).first()
    if newest is None or newest.choice not in {Choice.STUDY, Choice.REGISTER_AND_STUDY}:
        raise NotInStudy(
            f"{protocol.id} is given in a registered study alone",
            field="protocol",
            value=protocol.id,
        )


class BasisChosen(ClinicalError):
    """The weight basis of a course is chosen once; another is a correction with its reason."""

    code = "course.basis-chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisGrounds:
    """What the choice rests on: the doctor's words, and the body when it was measured."""

    said: str = ""
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    sex: str = ""

    def columns(self) -> dict[str, object]:
        body = {"weight_kg": self.weight_kg, "height_cm": self.height_cm, "sex": self.sex}
        return {"grounds": self.said, **body}


NO_GROUNDS = BasisGrounds()


@transaction.atomic
def sign_weight_basis(
    *,
    course: Course,
    basis: Basis,
    by: Professional,
    at: datetime,
    grounds: BasisGrounds = NO_GROUNDS,
    entered: Entered | None = None,
) -> WeightBasis:
    """Raises BasisChosen when it was signed already: correct that one instead."""
    refuse_all_but_doctors(by)
    said = entered or Entered(happened_at=at, entered_at=at)
    locked = Course.objects.select_for_update().get(pk=course.pk)
    if WeightBasis.objects.filter(course=locked).exclude(entry=said.entry).exists():
        raise BasisChosen(
            "The weight basis of this course is signed.", field="basis", value=basis.value
        )
    chosen = WeightBasis(
        course=locked, basis=basis.value, **grounds.columns(), **stamped(said, by=by, at=at)
    )
    return enter_of_course(chosen, course=locked, operation="course.sign_weight_basis")


def correct_weight_basis(
    *,
    signed: WeightBasis,
    basis: Basis,
    grounds: BasisGrounds,
    by: Professional,
    at: datetime,
    reason: str,
) -> WeightBasis:
    """Signed anew by a doctor. Orders that went by the one before are signed no more."""
    refuse_all_but_doctors(by)
    said = {"basis": basis.value, **grounds.columns()}
    return correct(fact=signed, by=by, at=at, reason=reason, **said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given: mg as prescribed and as delivered; ``ended_early`` is why, or ""."""

    started_at: datetime
    stopped_at: datetime
    prescribed_mg: Decimal | None
    delivered_mg: Decimal | None
    ended_early: str = ""


def record_session(
    *, course: Course, given: Given, entered: Entered, by: Professional, at: datetime
) -> SessionGiven:
    """``entered.entry`` is the id of the session at the chair: it counts once."""
    session = SessionGiven(course=course, **asdict(given), **stamped(entered, by=by, at=at))
    return enter_of_course(session, course=course, operation="session.record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """``rule`` and ``recommended`` are what was shown; ``deviation`` why it is another.

    ``goals`` are the patient's own, and how far they are reached.
    """

    kind: DecisionKind
    rule: str = ""
    recommended: str = ""
    deviation: str = ""
    goals: str = ""
    ground: StopGround | None = None


class NoReason(ClinicalError):
    """Decided otherwise than recommended, without saying why."""

    code = "course.deviation-without-reason"


class NothingRecommended(NoReason):
    """No step is recommended, and nobody has said why one is taken all the same."""

    code = "course.unrecommended-without-reason"


AT_ANY_TIME = frozenset({DecisionKind.STOP, DecisionKind.CLOSE})
"""To stop or close needs no rating; every other step rests on one, or on a reason."""


def refuse_without_reason(course: Course, decided: Decided) -> None:
    if decided.deviation.strip() or decided.recommended == decided.kind:
        return
    if decided.recommended:
        raise NoReason(
            f"deviation: {decided.kind} is not the recommended {decided.recommended}",
            field="deviation",
            value="",
            allowed="why it is decided otherwise",
        )
    if decided.kind not in AT_ANY_TIME and not course.unit.journal_mode:
        raise NothingRecommended(
            f"deviation: {decided.kind}, and no step is recommended",
            field="deviation",
            value="",
            allowed="why it is decided all the same",
        )


def decide(
    *,
    course: Course,
    decided: Decided,
    by: Professional,
    at: datetime,
    entered: Entered | None = None,
) -> CourseDecision:
    """A doctor signs what happens next.

    Raises NoReason for a deviation without its reason, also where no step is recommended; in
    journal mode none ever is.
    """
    refuse_all_but_doctors(by)
    refuse_without_reason(course, decided)
    decision = CourseDecision(
        course=course,
        kind=decided.kind.value,
        rule=decided.rule,
        recommended=decided.recommended,
        deviation=decided.deviation,
        goals=decided.goals,
        ground=decided.ground.value if decided.ground else "",
        **stamped(entered or Entered(happened_at=at, entered_at=at), by=by, at=at),
    )
    return enter_of_course(decision, course=course, operation="course.decide")


def close_course(
    *, course: Course, by: Professional, at: datetime, reason: str = ""
) -> CourseDecision:
    closed = Decided(kind=DecisionKind.CLOSE, deviation=reason)
    return decide(course=course, decided=closed, by=by, at=at)


def record_trigger(
    *,
    course: Course,
    kind: TriggerKind,
    entered: Entered,
    by: Professional,
    at: datetime,
    note: str = "",
) -> StopTrigger:
    """An event that calls for a stop (EV-5)."""
    trigger = StopTrigger(
        course=course, kind=kind.value, note=note, **stamped(entered, by=by, at=at)
    )
    return enter_of_course(trigger, course=course, operation="course.record_trigger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """From one day to and including another; None: until further notice."""

    first_day: date
    last_day: date | None
    why: str


def pause_course(*, course: Course, away: Away, by: Professional, at: datetime) -> CoursePause:
    entered = Entered(happened_at=at, entered_at=at)
    pause = CoursePause(course=course, **asdict(away), **stamped(entered, by=by, at=at))
    return enter_of_course(pause, course=course, operation="course.pause")
