"""What the gate is asked with: answers at the chair, readings, and what is on record."""

from datetime import datetime
from uuid import UUID

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.accepted import Acceptance, acceptance
from lysglimt.clinic.treatment.examined import examined
from lysglimt.clinic.treatment.history import consented, course_facts, protocol_of
from lysglimt.clinic.treatment.models import Rating, SafetyTask, Timing
from lysglimt.clinic.treatment.windows import asked_about
from lysglimt.knowledge.dosing.weights import Weighing, weight_findings
from lysglimt.knowledge.instruments.answers import reading
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.start_gate import (
    GateFacts,
    Pregnancy,
    start_gate,
)
from lysglimt.knowledge.protocols.effect import baseline
from lysglimt.knowledge.protocols.facts import CourseFacts
from lysglimt.knowledge.protocols.protocol import RatingPlan
from lysglimt.knowledge.protocols.ratings_due import belongs_before
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.quantities import Kilograms
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Verdict

from .forms.gate import GateForm
from .models import Session
from .sheet import Sheet, sheet_of

RECKONED = frozenset({"workup", "baseline", "suicidality_rated"})
"""Conditions that rest on times reckoned from the record."""


def gate_verdict(
    session: Session, form: GateForm, *, at: datetime, journal_mode: bool
) -> Verdict:
    """In journal mode the answers alone: no reading is judged, no time reckoned."""
    verdict = start_gate(gate_facts(session, form, at=at))
    if not journal_mode:
        return verdict
    answered = {
        f"gate:{condition.id}"
        for condition in gate_rules().conditions
        if condition.id not in RECKONED
    }
    return Verdict.of(one for one in verdict.findings if one.criterion in answered)


def gate_facts(session: Session, form: GateForm, *, at: datetime) -> GateFacts:
    """Of a form that is valid."""
    said, sheet = form.cleaned_data, sheet_of(session, now=at)
    facts = course_facts(session.course)
    accepted = acceptance(session.course.patient, on=on_day(at))
    lacking = () if facts.sessions else workup_lacking(session)
    return GateFacts(
        route=SessionRoute.IV,
        at=at,
        age=session.course.patient.card().age(on_day(at)),
        before=sheet.before,
        answers={
            **form.answers(),
            **on_record(sheet, facts, accepted),
            "workup": not lacking,
        },
        last_solids=form.fasted_since("last_solids", at=at),
        last_fluids=form.fasted_since("last_fluids", at=at),
        pregnancy=Pregnancy(said["pregnancy"]),
        tested_on=said["tested_on"],
        first_session=not facts.sessions,
        weight=weighing_findings(sheet),
        others_recovering=int(said["others"] == "recovering"),
        others_not_green=int(said["others"] == "more"),
        chronic_lung=said["chronic_lung"],
        lacking={"workup": lacking},
        since_decision=accepted.since,
        not_planned=frozenset() if screener_planned(session, facts) else NOT_PLANNED,
    )


SCREENER, NOT_PLANNED = "cssrs_screener", frozenset({"suicidality_rated"})


def screener_planned(session: Session, facts: CourseFacts) -> RatingPlan | None:
    """The C-SSRS of this session, where the protocol has one."""
    number = 1 + sum(given.on < session.planned_on for given in facts.sessions)
    maintained = session.course.standing.phase == Phase.MAINTENANCE
    planned = (
        plan
        for plan in protocol_of(session.course).ratings
        if plan.instrument == SCREENER and belongs_before(plan, number, maintained=maintained)
    )
    return next(planned, None)


def screened(session: Session, facts: CourseFacts) -> bool | None:
    """Scored on the day, before the dose, with every item; None when it is not: it is asked.

    Before the first session any look back does: there is no session to look back to.
    """
    plan, scale = screener_planned(session, facts), instrument(SCREENER)
    if plan is None:
        return None
    window = scale.recall.variant(plan.recall) if plan.recall else scale.recall.default
    rows = Rating.objects.in_force().filter(
        patient=session.course.patient_id, instrument=SCREENER
    )
    scored = any(
        on_day(row.happened_at) == session.planned_on
        and row.timing != Timing.AFTER_DOSE
        and (not facts.sessions or asked_about(row) == window)
        and not reading(scale, row.answers).missing
        for row in rows
    )
    return scored or None


def workup_lacking(session: Session) -> tuple[Text, ...]:
    """What of the work-up is missing or too old on the day of a first session."""
    listed = examined(session.course.patient, start=session.planned_on)
    return tuple(one.part.name for one in listed if one.lacking)


def on_record(sheet: Sheet, facts: CourseFacts, accepted: Acceptance) -> dict[str, bool | None]:
    """What nobody needs to be asked."""
    evaluation = protocol_of(sheet.session.course).evaluation
    rated = baseline(evaluation, facts.ratings, sheet.session.planned_on)
    return {
        "accepted": accepted.decided,
        "no_doctor_now": not doctor_awaited(sheet.session.course.patient_id),
        "baseline": rated is not None,
        "consent": consented(sheet.session.course) is not None,
        "registered": facts.registration is not None,
        "order_signed": sheet.signed,
        "two_person_check": sheet.preparation is not None,
        "suicidality_rated": screened(sheet.session, facts),
    }


def doctor_awaited(patient_id: UUID) -> bool:
    """An answer asks for a doctor at once, and nobody has taken it."""
    return SafetyTask.objects.for_a_doctor_now().filter(patient=patient_id).exists()


def weighing_findings(sheet: Sheet) -> tuple[Finding, ...]:
    """Is the weight on which the order rests fresh? Without an order that is asked elsewhere."""
    order = sheet.order
    if order is None:
        return ()
    weight = Kilograms(order.weight_kg)
    return weight_findings(
        Weighing(weight, order.weighed_on),
        ordered=weight,
        session_on=sheet.session.planned_on,
        maintenance=sheet.session.course.standing.phase == Phase.MAINTENANCE,
    )
