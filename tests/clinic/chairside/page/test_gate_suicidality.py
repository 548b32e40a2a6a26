"""What the start check knows of suicide, and of what is new since last time."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.before import screened, screener_planned
from lysglimt.clinic.chairside.contradicted import against_going_home, contradicted
from lysglimt.clinic.chairside.models import DischargeRecord, Session, StartGateRecord
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.history import course_facts
from lysglimt.clinic.treatment.models import FOUND_AT_GATE, Rating, SafetyTask
from lysglimt.knowledge.eligibility.candidate import Diagnosis, DiagnosisStatus
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.protocols.facts import SessionGiven as Given
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import let_in, typed
from tests.clinic.chairside.conftest import entered
from tests.clinic.conftest import NOON

from .at_the_page import Clock, leaving, send, shown, what_the_gate_found, words

INTENT = {"i2": 1, "i3": 0, "i4": 1, "i5": 0}


def test_the_suicidality_form_is_scored_for_the_session(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    assert what_the_gate_found(as_nurse, prepared)["gate:suicidality_rated"] == Standing.MET
    [scored] = Rating.objects.filter(instrument="cssrs_screener")
    treatment.strike(fact=scored, by=psychiatrist, at=timezone.now(), reason="Other patient")
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:suicidality_rated"] == Standing.UNKNOWN
    page = shown(as_nurse, prepared)
    assert "Hva svarer pasienten på C-SSRS siden siste kontakt, i dag?" in page
    assert "Start infusjonen" not in page
    form = reverse("rating.record", args=[prepared.course.patient_id, "cssrs_screener"])
    for name in ("session", "session.gate"):
        there = as_nurse.get(reverse(name, args=[prepared.pk])).content.decode()
        assert f'href="{form}"' in there, name
        assert "C-SSRS siden siste kontakt" in there, name


@pytest.mark.parametrize(
    "scored",
    [
        pytest.param({"i1": None}, id="an item was not asked"),
        pytest.param({"at": NOON - timedelta(days=1)}, id="it was yesterday"),
    ],
)
def test_a_suicidality_form_of_another_day_or_not_whole_does_not_count(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, scored: dict[str, Any]
) -> None:
    [whole] = Rating.objects.filter(instrument="cssrs_screener")
    treatment.strike(fact=whole, by=psychiatrist, at=timezone.now(), reason="Other patient")
    let_in.screen(prepared.course.patient, by=psychiatrist, **scored)
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:suicidality_rated"] == Standing.UNKNOWN


def test_ever_is_not_since_the_last_contact(
    session: Session, psychiatrist: Professional
) -> None:
    """Neither has a length. An attempt long ago is no news, however often it is told."""
    facts = course_facts(session.course)
    earlier = Given(on=session.planned_on - timedelta(days=3))
    facts = replace(facts, sessions=(earlier,))
    assert screened(session, facts)
    [since] = Rating.objects.filter(instrument="cssrs_screener")
    treatment.strike(fact=since, by=psychiatrist, at=timezone.now(), reason="Other patient")
    said = {"suicidality_asked": True}
    patient, attempt = session.course.patient, {"recall": "lifetime", "i6": 1, "i6b": 0}
    let_in.screen(patient, by=psychiatrist, at=NOON - timedelta(days=7), **attempt)
    let_in.screen(patient, by=psychiatrist, **attempt)
    assert not screened(session, facts)
    assert contradicted(session, said, by=psychiatrist, at=timezone.now()) == {}
    let_in.screen(patient, by=psychiatrist, i6=1, i6b=0)
    assert contradicted(session, said, by=psychiatrist, at=timezone.now()) == {}
    let_in.screen(patient, by=psychiatrist, i6=1, i6b=1)
    assert contradicted(session, said, by=psychiatrist, at=timezone.now())


def test_an_attempt_long_ago_told_before_a_session_calls_no_doctor_now_and_is_not_new(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    let_in.screen(prepared.course.patient, by=psychiatrist, i6=1, i6b=0)
    assert SafetyTask.objects.get().promptness == "same-day"
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:suicidality_asked"] == Standing.MET
    assert found["gate:no_doctor_now"] == Standing.MET


def test_what_a_doctor_has_answered_of_todays_rating_is_not_called_again(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    patient = prepared.course.patient
    let_in.screen(patient, by=psychiatrist, at=clock(), **INTENT)
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.get(),
        action_taken="Seen, agreed on a plan",
        treat_today=True,
        by=psychiatrist,
        at=clock(),
    )
    what_the_gate_found(as_nurse, prepared, suicidality_asked="answered")
    assert not SafetyTask.objects.open()
    page = shown(as_nurse, prepared)
    assert f"er besvart av {psychiatrist} kl." in page
    assert "Lege nå, siden" not in page
    let_in.screen(patient, by=psychiatrist, at=clock(), **INTENT | {"i5": 1})
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.open().get(),
        action_taken="Seen again",
        treat_today=True,
        by=psychiatrist,
        at=clock(),
    )
    struck = Rating.objects.in_force().filter(instrument="cssrs_screener").latest("pk")
    treatment.strike(fact=struck, by=psychiatrist, at=clock(), reason="Other patient")
    let_in.screen(patient, by=psychiatrist, at=clock(), i1=1)
    what_the_gate_found(as_nurse, prepared, suicidality_asked="no")
    assert SafetyTask.objects.for_a_doctor_now().get().rule == FOUND_AT_GATE


def test_a_protocol_without_the_form_does_not_plan_it(session: Session) -> None:
    facts = course_facts(session.course)
    assert screener_planned(session, facts) is not None
    session.course.protocol = "r-ketamine"
    assert screener_planned(session, facts) is None
    assert screened(session, facts) is None


def refused_gate(client: Client, session: Session, **answers: str) -> str:
    """What the page says of a gate that contradicts the record; nothing is stored."""
    before = StartGateRecord.objects.count()
    page = client.post(reverse("session.gate", args=[session.pk]), typed.gate(**answers))
    assert page.status_code == 422
    assert StartGateRecord.objects.count() == before
    assert re.search(r'name="escort"[^>]*value="yes"[^>]*checked', page.content.decode())
    return words(page)  # type: ignore[arg-type]  # Django's test client


def test_nothing_new_about_suicide_is_not_said_of_intent_scored_today(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    intent = {"i2": 1, "i3": 0, "i4": 1, "i5": 0}
    let_in.screen(prepared.course.patient, by=psychiatrist, **intent)
    said = refused_gate(as_nurse, prepared)
    assert "4, Noe intensjon, uten plan: ja (13:00)" in said
    found = what_the_gate_found(as_nurse, prepared, suicidality_asked="no")
    assert found["gate:suicidality_asked"] == Standing.NEEDS_SPECIALIST
    # The task that the answer opened is not taken either.
    assert found["gate:no_doctor_now"] == Standing.EXCLUDED


def test_intent_of_the_session_counts_when_the_check_is_written_past_midnight(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    let_in.screen(prepared.course.patient, by=psychiatrist, **INTENT)
    clock.move(13 * 60)
    as_nurse.force_login(nurse)
    assert timezone.localdate() > prepared.planned_on
    said = refused_gate(as_nurse, prepared)
    assert "Ført på dagen for økten" in said
    assert "4, Noe intensjon, uten plan: ja (13:00)" in said


def test_intent_scored_past_midnight_is_told_with_its_day(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    clock.move(13 * 60)
    as_nurse.force_login(nurse)
    let_in.screen(prepared.course.patient, by=psychiatrist, at=clock(), **INTENT)
    assert re.search(r"ja \(03.03.2026 02:\d\d\)", refused_gate(as_nurse, prepared))


def test_what_is_scored_after_the_patient_went_home_is_of_another_day(
    stopped: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    patient, said = stopped.course.patient, {"no_new_intent": True}
    send(as_nurse, "session.finish", stopped.pk, typed.finished(psychiatrist.pk))
    clock.move(70)
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    record = DischargeRecord.objects.get()
    send(
        as_nurse,
        "session.leave",
        record.pk,
        leaving(deviation="She wants to go home", doctor="nobody"),
    )
    clock.move(24 * 60)
    let_in.screen(patient, by=psychiatrist, at=clock(), **INTENT)
    sheet = sheet_of(stopped, now=clock())
    assert against_going_home(sheet, said, by=psychiatrist, at=clock()) == {}
    let_in.screen(patient, by=psychiatrist, at=NOON, **INTENT | {"i5": 1})
    assert against_going_home(sheet, said, by=psychiatrist, at=clock())


def test_what_the_patient_has_closed_is_not_told_at_the_gate(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    patient = prepared.course.patient
    people.block(
        patient=patient,
        staff=nurse,
        chapter=Chapter.RATINGS,
        by=psychiatrist,
        at=timezone.now(),
    )
    let_in.screen(patient, by=psychiatrist, i2=1, i3=0, i4=1, i5=0)
    told = refused_gate(as_nurse, prepared)
    assert "Ført på dagen for økten: noe i en sperret del av journalen" in told
    assert "intensjon" not in told


def test_the_same_thoughts_as_before_are_nothing_new(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    patient = prepared.course.patient
    let_in.screen(patient, by=psychiatrist, i1=1, at=NOON - timedelta(days=7))
    let_in.screen(patient, by=psychiatrist, i1=1)
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:suicidality_asked"] == Standing.MET


def test_a_medicine_begun_today_is_something_new(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    patient, today = prepared.course.patient, timezone.localdate()
    for name, started, stopped in (
        ("Sertralin", today, None),
        ("Litium", None, today),
        ("Venlafaksin", today - timedelta(days=30), None),
    ):
        taken = referral.Taken(
            medicine=Medicine(atc="N06AB06", name=name), started_on=started, stopped_on=stopped
        )
        referral.record_medicine(
            patient=patient, taken=taken, entered=entered(), by=psychiatrist, at=timezone.now()
        )
    said = refused_gate(as_nurse, prepared)
    assert "Sertralin fra 02.03.2026" in said
    assert "Litium til 02.03.2026" in said
    assert "Venlafaksin" not in said
    found = what_the_gate_found(as_nurse, prepared, nothing_new="no")
    assert found["gate:nothing_new"] == Standing.NEEDS_SPECIALIST


def test_a_diagnosis_made_since_the_last_session_is_something_new(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    day = timezone.localdate()
    diagnosis = Diagnosis("I10", DiagnosisStatus.CURRENT, on=day)
    referral.record_diagnosis(
        patient=prepared.course.patient,
        diagnosed=referral.Diagnosed(diagnosis=diagnosis),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    assert "I10 02.03.2026" in refused_gate(as_nurse, prepared)


def test_an_open_task_for_a_doctor_now_closes_the_gate_until_it_is_taken(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    assert what_the_gate_found(as_nurse, prepared)["gate:no_doctor_now"] == Standing.MET
    task = treatment.ask_for_a_doctor(
        patient=prepared.course.patient,
        rule="discharge:DC-7",
        receiver=psychiatrist,
        by=nurse,
        at=timezone.now(),
    )
    assert what_the_gate_found(as_nurse, prepared)["gate:no_doctor_now"] == Standing.EXCLUDED
    page = shown(as_nurse, prepared)
    assert "En oppgave ber om lege nå, og ingen har tatt den" in page
    assert "Start infusjonen" not in page
    there = as_nurse.get(reverse("session.gate", args=[prepared.pk])).content.decode()
    assert "En oppgave ber om lege nå, og ingen har tatt den" in there
    assert reverse("task.acknowledge", args=[task.pk]) in there
    report = treatment.report_assessment(
        safety_task=task,
        told=treatment.Told(doctor=psychiatrist, plan="No dose today"),
        entered=Entered(happened_at=timezone.now(), entered_at=timezone.now()),
        by=nurse,
        at=timezone.now(),
    )
    assert what_the_gate_found(as_nurse, prepared)["gate:no_doctor_now"] == Standing.EXCLUDED
    told = f"ifølge {nurse}, ikke bekreftet"
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, prepared)
    assert told in page
    gate = as_nurse.get(reverse("session.gate", args=[prepared.pk])).content.decode()
    assert told in gate
    treatment.confirm_assessment(report=report, by=psychiatrist, at=timezone.now())
    assert what_the_gate_found(as_nurse, prepared)["gate:no_doctor_now"] == Standing.MET


def test_something_new_said_at_the_start_check_calls_a_doctor_once(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    for _ in range(2):
        what_the_gate_found(as_nurse, prepared, suicidality_asked="no")
    [task] = SafetyTask.objects.for_a_doctor_now()
    assert (task.rule, task.receiver) == (FOUND_AT_GATE, psychiatrist)
    page = shown(as_nurse, prepared)
    assert "Lege nå, siden kl." in page
    assert "Start infusjonen" not in page


def test_what_was_not_asked_yet_calls_nobody(prepared: Session, as_nurse: Client) -> None:
    found = what_the_gate_found(as_nurse, prepared, suicidality_asked="")
    assert found["gate:suicidality_asked"] == Standing.UNKNOWN
    assert not SafetyTask.objects.exists()
