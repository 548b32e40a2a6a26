"""A course from plan to close, and what the database never allows."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.actions import state_purpose
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import (
    Away,
    BasisChosen,
    CourseOpen,
    Decided,
    Given,
    NoReason,
    NotApproved,
    OutsideAge,
)
from lysglimt.clinic.treatment.history import consented, course_facts, state_on
from lysglimt.clinic.treatment.models import (
    Consent,
    Course,
    CourseDecision,
    CourseStanding,
    ProtocolApproval,
    SessionGiven,
    WeightBasis,
)
from lysglimt.knowledge.dosing.weights import WeightBasis as Basis
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround, TriggerKind
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.protocols.state import Phase
from tests.clinic.conftest import NOON

from .conftest import DAY, Give, Rate, entered

LATER = NOON + 20 * DAY
KARI_AGE = 46


def test_a_course_starts_only_on_an_approved_version(
    kari: Patient, protocol: Protocol, psychiatrist: Professional
) -> None:
    with pytest.raises(NotApproved) as refusal:
        actions.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)
    assert refusal.value.facts["field"] == "protocol"
    assert not Course.objects.exists()


def test_approving_twice_is_one_approval(
    moss: Unit, approved: Protocol, psychiatrist: Professional
) -> None:
    again = actions.approve_protocol(unit=moss, protocol=approved, by=psychiatrist, at=LATER)
    assert (ProtocolApproval.objects.get(), again.happened_at) == (again, NOON)


def test_a_withdrawn_approval_stops_new_courses_and_not_the_open_one(
    course: Course, approved: Protocol, psychiatrist: Professional
) -> None:
    approval = ProtocolApproval.objects.get()
    actions.withdraw_approval(
        approval=approval, by=psychiatrist, at=LATER, reason="New version"
    )
    actions.close_course(course=course, by=psychiatrist, at=LATER)
    with pytest.raises(NotApproved):
        actions.plan_course(
            patient=course.patient, protocol=approved, by=psychiatrist, at=LATER
        )
    assert state_on(course, LATER.date()).recorded.phase is Phase.CLOSED


def test_a_planned_course_has_a_standing_and_a_trail(
    course: Course, psychiatrist: Professional
) -> None:
    standing = course.standing
    assert (standing.phase, standing.open, standing.sessions) == ("planned", True, 0)
    event = Event.objects.get(operation="course.plan")
    assert (event.actor, event.patients) == (psychiatrist.username, [str(course.patient_id)])


def test_a_patient_has_one_open_course(
    course: Course, approved: Protocol, psychiatrist: Professional
) -> None:
    with pytest.raises(CourseOpen):
        actions.plan_course(
            patient=course.patient, protocol=approved, by=psychiatrist, at=LATER
        )
    actions.close_course(course=course, by=psychiatrist, at=LATER)
    second = actions.plan_course(
        patient=course.patient, protocol=approved, by=psychiatrist, at=LATER
    )
    assert [one.pk for one in Course.objects.of_patient(course.patient_id)] == [
        second.pk,
        course.pk,
    ]
    assert list(Course.objects.open()) == [second]


def test_the_database_refuses_a_second_open_course(course: Course) -> None:
    second = Course.objects.create(
        patient=course.patient,
        unit=course.unit,
        protocol=course.protocol,
        protocol_version=course.protocol_version,
        planned_at=LATER,
    )
    with pytest.raises(IntegrityError, match="patient"), transaction.atomic():
        actions.refresh_standing(course=second)


def test_sessions_are_counted_never_numbered_by_hand(course: Course, give: Give) -> None:
    late, early = give(4), give(2)
    numbered = SessionGiven.objects.filter(course=course).numbered()
    rows: list[Any] = list(numbered)
    assert [(row.entry, row.number) for row in rows] == [(early.entry, 1), (late.entry, 2)]
    course.standing.refresh_from_db()
    assert (course.standing.phase, course.standing.sessions) == ("induction", 2)


def test_a_session_sent_twice_counts_once(course: Course, nurse: Professional) -> None:
    given = Given(
        started_at=NOON,
        stopped_at=NOON + timedelta(minutes=40),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(40),
    )
    once = entered()
    for _ in range(2):
        actions.record_session(course=course, given=given, entered=once, by=nurse, at=NOON)
    assert CourseStanding.objects.get(course=course).sessions == 1
    other = Given(
        started_at=NOON,
        stopped_at=NOON + timedelta(minutes=40),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(20),
    )
    with pytest.raises(Contradicted):
        actions.record_session(course=course, given=other, entered=once, by=nurse, at=NOON)


def test_a_struck_session_counts_no_more(
    course: Course, give: Give, psychiatrist: Professional
) -> None:
    wrong = give(2)
    struck = actions.strike(fact=wrong, by=psychiatrist, at=LATER, reason="Other patient")
    assert (struck.revision, struck.by, struck.withdrawn) == (2, psychiatrist, True)
    assert CourseStanding.objects.get(course=course).sessions == 0
    assert SessionGiven.objects.history(wrong.entry).count() == 2


def test_of_two_who_correct_the_same_revision_one_has_it(
    course: Course, give: Give, nurse: Professional, psychiatrist: Professional
) -> None:
    session = give(2)
    actions.correct(
        fact=session, by=nurse, at=LATER, reason="Pump log", delivered_mg=Decimal(38)
    )
    with pytest.raises(Contradicted):
        actions.correct(
            fact=session, by=psychiatrist, at=LATER, reason="Memory", delivered_mg=Decimal(30)
        )
    assert SessionGiven.objects.in_force().get().delivered_mg == Decimal(38)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        pytest.param({"delivered_mg": Decimal(-1)}, "nothing_or_more", id="less than nothing"),
        pytest.param({"prescribed_mg": Decimal(0)}, "prescribed_dose", id="no dose"),
        pytest.param({"stopped_at": NOON}, "stops_after", id="stopped before it started"),
        pytest.param({"reason": ""}, "has_a_reason", id="no reason"),
    ],
)
def test_the_database_refuses_an_impossible_session(
    give: Give, changed: dict[str, object], constraint: str
) -> None:
    wrong = give(2).revised(**({"reason": "wrong"} | changed))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        wrong.save(force_insert=True)


def test_the_weight_basis_is_signed_once(course: Course, psychiatrist: Professional) -> None:
    signed = actions.sign_weight_basis(
        course=course, basis=Basis.ACTUAL, by=psychiatrist, at=NOON
    )
    with pytest.raises(BasisChosen):
        actions.sign_weight_basis(course=course, basis=Basis.IDEAL, by=psychiatrist, at=NOON)
    actions.correct(
        fact=signed, by=psychiatrist, at=LATER, reason="BMI 48", basis=Basis.ADJUSTED.value
    )
    assert WeightBasis.objects.in_force().get().basis == "adjusted"


def test_the_same_signature_sent_twice_is_one(
    course: Course, psychiatrist: Professional
) -> None:
    once = entered()
    for _ in range(2):
        actions.sign_weight_basis(
            course=course, basis=Basis.ACTUAL, by=psychiatrist, at=NOON, entered=once
        )
    assert WeightBasis.objects.count() == 1


def test_a_decision_against_the_rule_says_why(
    course: Course, psychiatrist: Professional
) -> None:
    against = Decided(kind=DecisionKind.CONTINUE, rule="EV-1", recommended="stop")
    with pytest.raises(NoReason):
        actions.decide(course=course, decided=against, by=psychiatrist, at=NOON)
    assert not CourseDecision.objects.exists()


def test_the_database_refuses_a_deviation_without_a_reason(
    course: Course, psychiatrist: Professional
) -> None:
    silent = CourseDecision(
        course=course,
        kind="continue",
        recommended="stop",
        by=psychiatrist,
        happened_at=NOON,
        entered_at=NOON,
        received_at=NOON,
    )
    with pytest.raises(IntegrityError, match="against_the_rule"), transaction.atomic():
        silent.save(force_insert=True)


def test_closing_closes(course: Course, psychiatrist: Professional) -> None:
    actions.close_course(course=course, by=psychiatrist, at=LATER, reason="Moved away")
    standing = CourseStanding.objects.get(course=course)
    assert (standing.open, standing.phase, standing.next_kind) == (False, "closed", "")


def test_all_that_happened_reaches_the_rules(
    course: Course, give: Give, rate: Rate, psychiatrist: Professional
) -> None:
    rate(1, 30)
    give(2)
    actions.record_trigger(
        course=course,
        kind=TriggerKind.PREGNANCY,
        entered=entered(LATER),
        by=psychiatrist,
        at=LATER,
        note="hCG",
    )
    away = Away(first_day=LATER.date(), last_day=None, why="Holiday")
    actions.pause_course(course=course, away=away, by=psychiatrist, at=LATER)
    stop = Decided(kind=DecisionKind.STOP, ground=StopGround.HARM)
    actions.decide(course=course, decided=stop, by=psychiatrist, at=LATER)
    facts = course_facts(course)
    assert [session.delivered for session in facts.sessions] == [Decimal(40)]
    assert [(rating.total, rating.instrument) for rating in facts.ratings] == [(30, "madrs")]
    assert [trigger.kind for trigger in facts.triggers] == [TriggerKind.PREGNANCY]
    assert [pause.reason for pause in facts.pauses] == ["Holiday"]
    assert [decision.ground for decision in facts.decisions] == [StopGround.HARM]
    assert facts.consented == NOON.date()


def test_the_facts_of_a_course_take_four_questions(
    course: Course, give: Give, django_assert_num_queries: Any
) -> None:
    for day in (2, 4, 7):
        give(day)
    with django_assert_num_queries(4):
        state_on(course, LATER.date())


def test_another_entity_sees_nothing(
    course: Course, give: Give, outsider: Professional
) -> None:
    give(2)
    for model in (Course, SessionGiven, CourseStanding, ProtocolApproval):
        assert not model.objects.for_professional(outsider).exists()
    assert Course.objects.in_unit(course.unit_id).exists()


def test_lists_ask_the_standing(course: Course, give: Give) -> None:
    give(2)
    asked = CourseStanding.objects
    [listed] = asked.in_phase(Phase.INDUCTION)
    assert (listed.course, listed.next_kind) == (course, "session")
    assert listed.next_from is not None
    assert list(asked.due(listed.next_from)) == [listed]
    assert not asked.due(listed.next_from - DAY)
    assert listed.next_due is not None
    assert list(asked.overdue(listed.next_due + DAY)) == [listed]
    assert not asked.awaiting_evaluation()


def test_an_entry_has_three_times(course: Course, nurse: Professional) -> None:
    late = Entered(happened_at=NOON, entered_at=NOON + DAY)
    given = Given(
        started_at=NOON,
        stopped_at=NOON + timedelta(minutes=40),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(40),
    )
    row = actions.record_session(
        course=course, given=given, entered=late, by=nurse, at=NOON + 2 * DAY
    )
    assert (row.happened_at, row.entered_at, row.received_at) == (
        NOON,
        NOON + DAY,
        NOON + 2 * DAY,
    )
    assert row.late


@pytest.mark.parametrize(
    ("hours", "late"),
    [
        pytest.param(3, False, id="recorded when the patient went home"),
        pytest.param(24, True, id="recorded the day after"),
    ],
)
def test_a_session_is_entered_late_when_it_is_entered_another_day(
    course: Course, nurse: Professional, hours: int, *, late: bool
) -> None:
    recorded = NOON + timedelta(hours=hours)
    given = Given(
        started_at=NOON,
        stopped_at=NOON + timedelta(minutes=40),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(40),
    )
    session = actions.record_session(
        course=course, given=given, entered=entered(NOON), by=nurse, at=recorded
    )
    assert session.late is late


def test_a_protocol_for_another_age_takes_a_named_doctors_reason(
    kari: Patient, moss: Unit, psychiatrist: Professional, nurse: Professional
) -> None:
    state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    older = latest("esketamine-65")
    actions.approve_protocol(unit=moss, protocol=older, by=psychiatrist, at=NOON)
    for by, reason in ((psychiatrist, " "), (nurse, "She is frail")):
        with pytest.raises(OutsideAge) as refusal:
            actions.plan_course(patient=kari, protocol=older, by=by, at=NOON, deviation=reason)
        assert refusal.value.facts["value"] == KARI_AGE
    course = actions.plan_course(
        patient=kari, protocol=older, by=psychiatrist, at=NOON, deviation="She is frail"
    )
    assert (course.deviation, course.deviation_by) == ("She is frail", psychiatrist)


def test_in_journal_mode_no_protocol_is_judged_by_age(
    kari: Patient, moss: Unit, psychiatrist: Professional
) -> None:
    older = latest("esketamine-65")
    actions.approve_protocol(unit=moss, protocol=older, by=psychiatrist, at=NOON)
    course = actions.plan_course(patient=kari, protocol=older, by=psychiatrist, at=NOON)
    assert (course.deviation, course.deviation_by) == ("", None)


def test_the_page_says_that_a_protocol_is_for_another_age_and_keeps_what_was_typed(
    kari: Patient, moss: Unit, psychiatrist: Professional, client: Client
) -> None:
    state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    older = latest("esketamine-65")
    actions.approve_protocol(unit=moss, protocol=older, by=psychiatrist, at=NOON)
    client.force_login(psychiatrist)
    address = reverse("course.plan", args=[kari.pk])
    chosen = {
        "protocol": f"{older.id}/{older.version}",
        "planned_start": "2026-03-09",
        "past_start": "on",
    }
    page = client.post(address, chosen)
    assert page.status_code == 422
    assert f"fra 65 år; pasienten er {KARI_AGE} år" in page.content.decode()
    assert 'value="2026-03-09"' in page.content.decode()
    assert client.post(address, chosen | {"deviation": "Frail"}).status_code == 302
    assert Course.objects.get().deviation == "Frail"


def test_a_consent_that_was_taken_back_held_for_the_sessions_before(
    course: Course, give: Give, psychiatrist: Professional
) -> None:
    give(0)
    before = course_facts(course)
    later = NOON + 3 * DAY
    consent = Consent.objects.get()
    actions.withdraw_consent(consent=consent, entered=entered(later), by=psychiatrist, at=later)
    withdrawn = course_facts(course)
    assert (withdrawn.consented, withdrawn.renewed) == (before.consented, ())
    assert consented(course) is None
    assert [one.kind for one in withdrawn.triggers] == [TriggerKind.CONSENT_WITHDRAWN]
    state = state_on(course, later.date())
    assert "no-consent" not in {one.code for one in state.recorded.deviations}
    assert state.advice.next is not None
    assert state.advice.next.proposed == (DecisionKind.STOP,)
