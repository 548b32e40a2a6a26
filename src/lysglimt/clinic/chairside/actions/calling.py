"""Calling the doctor of a session to the chair."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from lysglimt.clinic.chairside.decided import told_of_act
from lysglimt.clinic.chairside.models import (
    ChairEvent,
    DeviceOrderSignature,
    DeviceUse,
    OrderSignature,
    PumpEvent,
    Session,
    StartGateRecord,
    VitalSet,
)
from lysglimt.clinic.chairside.rated_today import NEW_INTENT, heard
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.chairside.sprayed import by_nose
from lysglimt.clinic.design.bilingual import as_stored, in_both
from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.rota import receiver_now
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import (
    DANGER_SIGN,
    FOUND_AT_GATE,
    PUMP_AGAINST,
    STARTED_AGAINST,
    ReportedAssessment,
    SafetyTask,
)
from lysglimt.knowledge.monitoring.limits import is_danger
from lysglimt.knowledge.quantities import plain
from lysglimt.knowledge.verdict import Finding

from .turns import locked


def doctor_of(session: Session) -> Professional | None:
    """Named at the gate, else who signed an order last, since changed or not, or opened the gate.

    None when no doctor's name is on the session: who writes the record finds one.
    """
    gate = StartGateRecord.objects.in_force().filter(session=session).order_by("-pk").first()
    if gate and gate.doctor:
        return gate.doctor
    signatures = DeviceOrderSignature if by_nose(session) else OrderSignature
    hands = signatures.objects.filter(order__session=session).select_related("by")
    last = hands.order_by("-at").first()
    if last:
        return last.by
    return gate.override_by if gate else None


@transaction.atomic
def call_while_it_stands(*, session: Session, by: Professional, at: datetime) -> bool:
    """A danger sign stands and nobody was called, as it was told in journal mode: a doctor is now.

    False where nobody was to be called: asked twice, one is called once.
    """
    here = locked(session.pk)
    told = sheet_of(here, now=at).uncalled
    if told is None:
        return False
    call(here, DANGER_SIGN, since=told, by=by, at=at)
    return True


def call_for_danger(row: VitalSet, *, by: Professional, at: datetime) -> None:
    """A danger sign was told: a doctor sees the patient now. In journal mode none is judged."""
    session = row.session
    if row.withdrawn or not any(map(is_danger, row.signs)) or session.unit.journal_mode:
        return
    call(session, DANGER_SIGN, since=row.happened_at, by=by, at=at)


def call_for_start(row: PumpEvent | DeviceUse, *, by: Professional, at: datetime) -> None:
    """The pump runs, or has run, or a device is given, though nothing let it through: a doctor takes it from here."""
    call(row.session, STARTED_AGAINST, since=row.happened_at, by=by, at=at)


def call_for_intent(row: ChairEvent, *, by: Professional, at: datetime) -> None:
    """New suicidal intent or plan was said at the chair: a doctor sees the patient now."""
    call(row.session, NEW_INTENT, since=row.happened_at, by=by, at=at)


def call_for_finding(row: StartGateRecord, *, by: Professional, at: datetime) -> None:
    """Asked at the start check, something new was said of suicide. Once while a doctor is awaited."""
    if heard(row.session, at=at).awaited is None:
        call(row.session, FOUND_AT_GATE, since=row.happened_at, by=by, at=at)


def call(
    session: Session, rule: str, *, since: datetime, by: Professional, at: datetime
) -> None:
    """A doctor now, by this rule, ``since`` what calls was there."""
    treatment.ask_for_a_doctor(
        patient=session.course.patient,
        rule=rule,
        receiver=whom(session, by=by, at=at),
        by=by,
        at=at,
        # A time is typed in whole minutes: the doctor may have come in the same one.
        since=min(since, at).replace(second=0, microsecond=0),
    )


def whom(session: Session, *, by: Professional, at: datetime) -> treatment.Whom:
    """Whom the start check of that day named as available; else by the rota; and how it was found.

    Where the unit keeps no rota, the doctor whose name is on the session, else who writes.
    """
    gate = StartGateRecord.objects.in_force().filter(session=session).order_by("-pk").first()
    named = gate.doctor if gate and on_day(gate.happened_at) == on_day(at) else None
    if named and named.is_active:
        return treatment.Whom(person=named)
    found = receiver_now(by.unit_id, at=at, doctor=True)
    if found is not None:
        return treatment.Whom(person=found.person, routed=found.way.value)
    return treatment.Whom(person=doctor_of(session) or by)


def ask_who_was_named(
    row: PumpEvent, against: Sequence[Finding], *, by: Professional, at: datetime
) -> None:
    """Another names the doctor who decided it: that doctor confirms it, in one tap."""
    doctor = row.doctor
    if doctor is None or doctor.pk == by.pk:
        return
    done = min(row.happened_at, at)
    task = treatment.ask_for_a_doctor(
        patient=row.session.course.patient,
        rule=PUMP_AGAINST,
        receiver=doctor,
        by=by,
        at=at,
        since=done,
    )
    if doctor.unit_id != task.unit_id:
        # Of a doctor from elsewhere nothing is told: whoever it is writes what was decided.
        return
    words = in_both(lambda language: in_spite_of(row, against, language))
    treatment.report_assessment(
        safety_task=task,
        told=treatment.Told(doctor=doctor, plan=as_stored(words)),
        entered=Entered(entry=told_of_act(row), happened_at=done, entered_at=at),
        by=by,
        at=at,
    )


def in_spite_of(row: PumpEvent, against: Sequence[Finding], language: str) -> str:
    return gettext("The pump set to %(rate)s in spite of: %(why)s") % {
        "rate": f"{numeral(Decimal(plain(row.rate_ml_h or Decimal())))} {gettext('ml/h')}",
        "why": "; ".join(one.reason.in_language(language) for one in against),
    }


def end_with_the_act(struck: PumpEvent, *, by: Professional, at: datetime) -> None:
    """Of an act that is struck no doctor is asked: it was not done, and what was told of it neither.

    What a doctor has confirmed stands, and so does what somebody wrote of the doctor by hand.
    """
    patient = struck.session.course.patient
    told = ReportedAssessment.objects.in_force().filter(entry=told_of_act(struck)).first()
    waiting = SafetyTask.objects.open().filter(patient=patient, rule=PUMP_AGAINST)
    for task in waiting.filter(pk=told.task_id) if told else asked_alone(waiting, struck):
        if told:
            withdrawn = {"operation": "task.report", "reason": struck.reason}
            people.withdraw(told, by=by, at=at, patients=[patient.pk], **withdrawn)
        if not task.reports.in_force().exists():
            treatment.end_with_what_was_struck(
                safety_task=task, reason=struck.reason, by=by, at=at
            )


def asked_alone(
    waiting: QuerySet[SafetyTask, SafetyTask], struck: PumpEvent
) -> QuerySet[SafetyTask, SafetyTask]:
    """Opened by this act and by no other since: of a doctor from elsewhere nothing was told."""
    first = PumpEvent.objects.get(entry=struck.entry, revision=1)
    done = min(first.happened_at, first.received_at)
    others = PumpEvent.objects.in_force().filter(
        session__course__patient=struck.session.course.patient,
        doctor__isnull=False,
        happened_at__gte=done,
    )
    return waiting.none() if others.exists() else waiting.filter(opened_at=done)


def end_with_the_sign(corrected: VitalSet, *, by: Professional, at: datetime) -> None:
    """A doctor has struck a danger sign: with that the task is answered that it alone had opened.

    Not where another was told since, or stands, or where a doctor is said to have come.
    """
    if by.role not in DOCTORS or sheet_of(corrected.session, now=at).standing_signs:
        return
    patient = corrected.session.course.patient
    for task in SafetyTask.objects.open().filter(patient=patient, rule=DANGER_SIGN):
        told = VitalSet.objects.in_force().filter(
            session__course__patient=patient, received_at__gte=task.opened_at
        )
        signs = (sign for row in told for sign in row.signs)
        if not (any(map(is_danger, signs)) or task.reports.in_force().exists()):
            treatment.end_with_what_was_struck(
                safety_task=task, reason=corrected.reason, by=by, at=at
            )
