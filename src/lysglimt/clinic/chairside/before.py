"""What the gate is asked with: answers at the chair, readings, and what is on record."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from lysglimt.clinic.exposure.beside import course_over, over_months_of
from lysglimt.clinic.medicines.beside import at_the_start
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment, off_plan_words
from lysglimt.clinic.treatment.accepted import Acceptance, acceptance
from lysglimt.clinic.treatment.examined import examined
from lysglimt.clinic.treatment.history import consented, course_facts, protocol_of
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.told import Answered, no_in, no_on
from lysglimt.knowledge.dosing.weights import Weighing, weight_findings
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules
from lysglimt.knowledge.monitoring.start_gate import (
    GateFacts,
    Pregnancy,
    start_gate,
)
from lysglimt.knowledge.protocols.effect import baseline
from lysglimt.knowledge.protocols.facts import CourseFacts
from lysglimt.knowledge.protocols.planned_days import off_plan
from lysglimt.knowledge.protocols.protocol import RatingPlan
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.quantities import Kilograms
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Verdict

from .checked import double_checked
from .forms.gate import GateForm
from .infusing import infused_in
from .models import Session
from .screener import counts, screener, screens_of
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
    awaited, no = doctors_answer(session.course.patient_id, on=on_day(at))
    return GateFacts(
        route=sheet.route,
        at=at,
        on=on_day(at),
        age=session.course.patient.card().age(on_day(at)),
        before=sheet.before,
        answers={
            **form.answers(),
            **on_record(sheet, facts, accepted),
            "no_doctor_now": not awaited,
            "may_be_treated": no is None,
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
        lacking={"workup": lacking, "may_be_treated": told_by(no)},
        since_decision=accepted.since,
        **found_beside(session, accepted, on=on_day(at)),
        off_plan=off_plan(
            protocol_of(session.course),
            facts,
            on=session.planned_on,
            answered=decided_on(session),
        ),
        not_planned=frozenset() if screener_planned(session, facts) else NOT_PLANNED,
    )


def found_beside(session: Session, accepted: Acceptance, *, on: date) -> dict[str, Any]:
    """Of the other medicines, and of what is seen over months."""
    over = course_over(session.course.standing)
    held = (*over, *over_months_of(session.course.patient).findings)
    return {"medicines": of_medicines(session, accepted, on=on), "over_months": held}


def told_by(no: Answered | None) -> tuple[Text, ...]:
    return (no.by_whom,) if no else ()


def of_medicines(session: Session, accepted: Acceptance, *, on: date) -> tuple[Finding, ...]:
    """What the rules find of them, and which needed dose nobody has discussed."""
    return *accepted.medicines, *at_the_start(session.course.patient, on=on)


def decided_on(session: Session) -> str:
    """The words of the doctor who booked a day outside the planned window."""
    rows = Appointment.objects.in_force().expected().of_course(session.course.pk)
    of_day = (one for one in rows if on_day(one.starts_at) == session.planned_on)
    return next(filter(None, map(off_plan_words, of_day)), "")


NOT_PLANNED = frozenset({"suicidality_rated"})


def screener_planned(session: Session, facts: CourseFacts) -> RatingPlan | None:
    """The C-SSRS of this session, where the protocol has one."""
    given = sum(given.on < session.planned_on for given in facts.sessions)
    maintained = session.course.standing.phase == Phase.MAINTENANCE
    return screener(protocol_of(session.course), 1 + given, maintained=maintained)


def screened(session: Session, facts: CourseFacts) -> bool | None:
    """None when it is not scored: it is asked."""
    plan = screener_planned(session, facts)
    if plan is None:
        return None
    screens, first = screens_of(session.course.patient_id), not facts.sessions
    return any(counts(plan, one, on=session.planned_on, first=first) for one in screens) or None


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
        "one_infusion": infused_in(sheet.session, on=on_day(sheet.now)) is None,
        "baseline": rated is not None,
        "consent": consented(sheet.session.course) is not None,
        "registered": facts.registration is not None,
        "order_signed": sheet.signed,
        "two_person_check": double_checked(sheet),
        "suicidality_rated": screened(sheet.session, facts),
    }


def doctors_answer(patient_id: UUID, *, on: date) -> tuple[bool, Answered | None]:
    """Is a doctor awaited, and which no of that day stands? One question."""
    waiting = SafetyTask.objects.filter(
        patient=OuterRef("pk"),
        promptness=Promptness.DOCTOR_NOW.value,
        acknowledgement__isnull=True,
    )
    row = Patient.objects.annotate(
        doctor_awaited=Exists(waiting), doctor_no=no_on(on, patient="pk")
    ).get(pk=patient_id)
    return bool(vars(row)["doctor_awaited"]), no_in(row)


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
