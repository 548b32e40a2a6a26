"""Calling the doctor of a session to the chair."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import uuid5

from django.utils.translation import get_language, gettext

from lysglimt.clinic.chairside.models import (
    OrderSignature,
    PumpEvent,
    Session,
    StartGateRecord,
    VitalSet,
)
from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import (
    DANGER_SIGN,
    FOUND_AT_GATE,
    PUMP_AGAINST,
    STARTED_AGAINST,
    SafetyTask,
)
from lysglimt.knowledge.monitoring.limits import is_danger
from lysglimt.knowledge.quantities import plain
from lysglimt.knowledge.verdict import Finding


def doctor_of(session: Session) -> Professional | None:
    """Named at the gate, else who signed an order last, since changed or not, or opened the gate.

    None when no doctor's name is on the session: who writes the record finds one.
    """
    gate = StartGateRecord.objects.in_force().filter(session=session).order_by("-pk").first()
    if gate and gate.doctor:
        return gate.doctor
    hands = OrderSignature.objects.filter(order__session=session).select_related("by")
    last = hands.order_by("-at").first()
    if last:
        return last.by
    return gate.override_by if gate else None


def call_for_danger(row: VitalSet, *, by: Professional, at: datetime) -> None:
    """A danger sign was told: a doctor sees the patient now. In journal mode none is judged."""
    session = row.session
    if row.withdrawn or not any(map(is_danger, row.signs)) or session.unit.journal_mode:
        return
    call(session, DANGER_SIGN, since=row.happened_at, by=by, at=at)


def call_for_start(row: PumpEvent, *, by: Professional, at: datetime) -> None:
    """The pump runs, or has run, though nothing let it through: a doctor takes it from here."""
    call(row.session, STARTED_AGAINST, since=row.happened_at, by=by, at=at)


def call_for_finding(row: StartGateRecord, *, by: Professional, at: datetime) -> None:
    """Asked at the start check, something new was said of suicide. Once while a doctor is awaited."""
    patient = row.session.course.patient_id
    if not SafetyTask.objects.for_a_doctor_now().filter(patient=patient).exists():
        call(row.session, FOUND_AT_GATE, since=row.happened_at, by=by, at=at)


def call(
    session: Session, rule: str, *, since: datetime, by: Professional, at: datetime
) -> None:
    treatment.ask_for_a_doctor(
        patient=session.course.patient,
        rule=rule,
        receiver=doctor_of(session) or by,
        by=by,
        at=at,
        # A time is typed in whole minutes: the doctor may have come in the same one.
        since=min(since, at).replace(second=0, microsecond=0),
    )


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
    language = get_language() or "nb"
    words = gettext("The pump set to %(rate)s in spite of: %(why)s") % {
        "rate": f"{numeral(Decimal(plain(row.rate_ml_h or Decimal())))} {gettext('ml/h')}",
        "why": "; ".join(one.reason.in_language(language) for one in against),
    }
    treatment.report_assessment(
        safety_task=task,
        told=treatment.Told(doctor=doctor, plan=words),
        entered=Entered(entry=uuid5(row.entry, "told"), happened_at=done, entered_at=at),
        by=by,
        at=at,
    )
