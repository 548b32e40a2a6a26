"""A start in spite of what was recorded after the check is refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions.gate import BeforeGate
from lysglimt.clinic.chairside.models import (
    PumpEvent,
    Session,
    SessionOrder,
    SessionPhase,
    StartGateRecord,
    VitalSet,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Consent, Course, SafetyTask
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.weights import WeightBasis
from lysglimt.knowledge.eligibility.candidate import Diagnosis, DiagnosisStatus
from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import let_in, typed
from tests.clinic.chairside.conftest import at_minute, entered, gated, ordered
from tests.clinic.conftest import ANOTHER_NUMBER, KARI, NOON, Staff
from tests.clinic.referral.conftest import LETTER, finding, judged

from .at_the_page import RED, Clock, send, shown, what_the_gate_found, words


def closed_at_the_start(
    client: Client, session: Session, *, but: Session | None = None
) -> tuple[str, str]:
    """What the page says, which has no button, and how the start is refused."""
    page = shown(client, session)
    assert "Start infusjonen" not in page
    refused = client.post(reverse("pump.record", args=[session.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert not PumpEvent.objects.exclude(session=but).exists()
    return page, words(refused)  # type: ignore[arg-type]  # Django's test client


@pytest.mark.parametrize("judged", [True, False], ids=["supported", "in journal mode"])
def test_intent_answered_after_the_gate_closes_the_start_until_a_doctor_has_answered(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, *, judged: bool
) -> None:
    if not judged:
        people.state_purpose(unit=prepared.unit, on=False, by=psychiatrist, at=timezone.now())
    assert "Start infusjonen" in shown(as_nurse, prepared)
    let_in.screen(
        prepared.course.patient, by=psychiatrist, at=timezone.now(), i2=1, i3=1, i4=1, i5=0
    )
    words_of_it = "En oppgave ber om lege nå, og ingen har tatt den"
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert f"Stenger start {words_of_it}" in page
    assert f"Journalen sier nå: {words_of_it}" in refused
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.open().get(),
        action_taken="Talked",
        by=psychiatrist,
        at=timezone.now(),
    )
    assert "Start infusjonen" in shown(as_nurse, prepared)


def test_a_doctor_who_answers_that_nothing_is_given_today_keeps_the_start_closed(
    prepared: Session, as_nurse: Client, staff: Staff
) -> None:
    doctor = staff(prepared.unit, Role.ANAESTHETIST, "anton")
    patient, now = prepared.course.patient, timezone.now()
    let_in.screen(patient, by=doctor, at=now, i2=1, i3=1, i4=1, i5=0)
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.open().get(),
        action_taken="Talked, to the ward",
        treat_today=False,
        by=doctor,
        at=timezone.now(),
    )
    words_of_it = "En lege har svart i dag at pasienten ikke skal behandles i dag"
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert f"Stenger start {words_of_it}: {doctor} kl." in page
    assert f"Journalen sier nå: {words_of_it}: {doctor} kl." in refused
    assert f"{doctor}: nei, ikke behandling i dag" in page
    assert "Talked, to the ward" in page
    gate = what_the_gate_found(as_nurse, prepared, suicidality_asked="no")
    assert gate["gate:may_be_treated"] == Standing.EXCLUDED
    assert gate["gate:no_doctor_now"] == Standing.MET


def test_what_a_doctor_answered_last_that_day_holds(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    patient = prepared.course.patient
    for plan, says in (("Not today", False), ("Seen again, well", True)):
        treatment.ask_for_a_doctor(
            patient=patient,
            rule="DC-7",
            receiver=psychiatrist,
            by=psychiatrist,
            at=timezone.now(),
        )
        treatment.acknowledge_task(
            safety_task=SafetyTask.objects.open().get(),
            action_taken=plan,
            treat_today=says,
            by=psychiatrist,
            at=timezone.now(),
        )
        assert ("Start infusjonen" in shown(as_nurse, prepared)) is says


def test_an_answer_counts_from_when_the_doctor_was_there_and_not_from_its_confirmation(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    """One doctor came first and said yes; she confirms it after another has said no."""
    patient, now = prepared.course.patient, timezone.now()
    first, second = (
        treatment.ask_for_a_doctor(
            patient=patient, rule=rule, receiver=psychiatrist, by=nurse, at=now - minutes
        )
        for rule, minutes in (("DC-7", timedelta(minutes=90)), ("other", timedelta(minutes=60)))
    )
    seen = now - timedelta(minutes=85)
    report = treatment.report_assessment(
        safety_task=first,
        told=treatment.Told(doctor=psychiatrist, plan="Well", treat_today=True),
        entered=Entered(happened_at=seen, entered_at=now),
        by=nurse,
        at=now,
    )
    treatment.acknowledge_task(
        safety_task=second,
        action_taken="Not today",
        treat_today=False,
        by=psychiatrist,
        at=now - timedelta(minutes=30),
    )
    treatment.confirm_assessment(report=report, by=psychiatrist, at=now)
    assert "Start infusjonen" not in shown(as_nurse, prepared)
    gate = what_the_gate_found(as_nurse, prepared, doctor="nobody")
    assert gate["gate:may_be_treated"] == Standing.EXCLUDED


def test_what_was_answered_yesterday_is_not_of_today(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    treatment.ask_for_a_doctor(
        patient=prepared.course.patient,
        rule="DC-7",
        receiver=psychiatrist,
        by=psychiatrist,
        at=yesterday,
    )
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.open().get(),
        action_taken="Not today",
        treat_today=False,
        by=psychiatrist,
        at=yesterday,
    )
    assert "Start infusjonen" in shown(as_nurse, prepared)


def test_an_illness_that_excludes_found_after_the_gate_closes_the_start(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    diagnosis = Diagnosis("I67.1", DiagnosisStatus.CURRENT)
    referral.record_diagnosis(
        patient=prepared.course.patient,
        diagnosed=referral.Diagnosed(diagnosis=diagnosis),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert "Regel EX-05" in page
    assert "I67.1" in refused


def test_a_medicine_found_after_the_gate_closes_the_start(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    referral.record_medicine(
        patient=prepared.course.patient,
        taken=referral.Taken(medicine=Medicine("N06AF04", Decimal(20))),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    page, _ = closed_at_the_start(as_nurse, prepared)
    assert "Stenger start" in page


def test_a_consent_taken_back_after_the_gate_closes_the_start(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    now = timezone.now()
    treatment.withdraw_consent(
        consent=Consent.objects.given().get(),
        entered=Entered(happened_at=now, entered_at=now),
        by=psychiatrist,
        at=now,
    )
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert "Stenger start Gyldig samtykke mangler" in page
    assert "Gyldig samtykke mangler" in refused


def test_readings_of_another_hour_close_the_start_until_it_is_measured_again(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(59)
    assert "Stenger start" not in shown(as_nurse, prepared)
    clock.move(2)
    page, refused = closed_at_the_start(as_nurse, prepared)
    assert "Siste blodtrykk er over 60 minutter gammelt" in page
    assert "Siste blodtrykk er over 60 minutter gammelt" in refused
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    assert PumpEvent.objects.exists()


def test_an_order_changed_after_the_gate_asks_for_the_gate_anew(
    prepared: Session, as_nurse: Client, as_doctor: Client
) -> None:
    changed = typed.order(step="other", mg_per_kg="0,4", minutes="40", reason="Was dizzy")
    send(as_doctor, "order.write", prepared.pk, changed)
    order = SessionOrder.objects.in_force().get()
    send(as_doctor, "order.sign", order.pk, {})
    page = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert page.status_code == 422
    assert not PumpEvent.objects.exists()


@pytest.mark.parametrize("minutes", [1, 15])
@pytest.mark.parametrize("name", ["pump.record", "vitals.record"])
def test_a_time_some_minutes_ahead_is_no_time_of_yesterday(
    prepared: Session, as_nurse: Client, clock: Clock, name: str, minutes: int
) -> None:
    ahead = timezone.localtime(clock.at + timedelta(minutes=minutes))
    said = {"pump.record": typed.pump("start"), "vitals.record": typed.vitals()}[name]
    charted = PumpEvent.objects.count() + VitalSet.objects.count()
    page = as_nurse.post(reverse(name, args=[prepared.pk]), {**said, "clock": f"{ahead:%H:%M}"})
    assert page.status_code == 422
    assert f"{ahead:%H:%M} er ennå ikke" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert PumpEvent.objects.count() + VitalSet.objects.count() == charted


def test_a_meal_still_to_come_is_no_fast_of_a_day(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    ahead = timezone.localtime(clock.at + timedelta(minutes=10))
    said = typed.gate(last_solids=f"{ahead:%H:%M}", last_fluids=f"{ahead:%H:%M}")
    page = as_nurse.post(reverse("session.gate", args=[prepared.pk]), said)
    assert page.status_code == 422
    assert words(page).count(f"{ahead:%H:%M} er ennå ikke") >= 2  # type: ignore[arg-type]  # as above


def test_a_start_is_never_earlier_than_the_start_check_that_let_it_through(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    checked = timezone.localtime(StartGateRecord.objects.get().received_at)
    clock.move(8)
    assert checked.second, "a minute earlier on the clock is another minute"
    said = typed.pump("start", clock=f"{checked - timedelta(minutes=1):%H:%M}")
    page = as_nurse.post(reverse("pump.record", args=[prepared.pk]), said)
    assert page.status_code == 422
    assert f"slapp den gjennom: {checked:%H:%M}" in words(page)  # type: ignore[arg-type]  # as above
    assert not PumpEvent.objects.exists()
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start", ago="5"))
    [start] = PumpEvent.objects.all()
    assert start.happened_at > checked, "charted late, as it happened"


def test_a_start_in_the_minute_of_its_start_check_is_recorded(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    """A clock is typed to the minute; the check is known to the second."""
    checked = timezone.localtime(StartGateRecord.objects.get().received_at)
    assert checked.second, "some seconds of its minute had passed"
    clock.move(8)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start", clock=f"{checked:%H:%M}"))
    [start] = PumpEvent.objects.all()
    assert timezone.localtime(start.happened_at) == checked.replace(second=0, microsecond=0)
    assert not start.comment, "nothing kept it from being started"


def test_a_start_is_never_earlier_than_the_signature_of_its_order(
    session: Session, order: SessionOrder, nurse: Professional, psychiatrist: Professional
) -> None:
    actions.record_gate(
        session=session, gated=gated(), entered=entered(), by=psychiatrist, at=NOON
    )
    actions.sign_order(order=order, by=psychiatrist, at=at_minute(6))
    start = actions.Pumped(act=PumpAct.START, rate_ml_h=Decimal(60))
    with pytest.raises(BeforeGate):
        actions.record_pump(
            session=session, pumped=start, entered=entered(5), by=nurse, at=at_minute(8)
        )
    actions.record_pump(
        session=session, pumped=start, entered=entered(6), by=nurse, at=at_minute(8)
    )


def test_a_pressure_taken_after_the_start_does_not_make_the_one_before_it_fresh(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(70)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    clock.move(2)
    start = typed.pump("start", ago="5")
    page = as_nurse.post(reverse("pump.record", args=[prepared.pk]), start)
    assert page.status_code == 422
    assert "Siste blodtrykk er over 60 minutter gammelt" in words(page)  # type: ignore[arg-type]  # as above
    assert not PumpEvent.objects.exists()


@pytest.mark.parametrize("chapter", [Chapter.HISTORY, Chapter.RATINGS])
def test_what_the_patient_has_closed_is_not_told_by_what_closes_the_start(
    prepared: Session,
    colleague: Professional,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
    chapter: Chapter,
) -> None:
    patient, doctor = prepared.course.patient, Client()
    found_an_aneurysm(prepared, by=psychiatrist)
    people.block(
        patient=patient, staff=None, chapter=chapter, by=psychiatrist, at=timezone.now()
    )
    client = Client()
    client.force_login(colleague)
    with django_assert_max_num_queries(10):
        shown(client, prepared)
    page, refused = closed_at_the_start(client, prepared)
    kept_back = "noe i en sperret del av journalen"
    assert f"Stenger start {kept_back} Regel EX-05" in page
    assert f"EX-05: {kept_back}" in refused
    assert not told_of_the_aneurysm(page + refused)
    doctor.force_login(psychiatrist)
    send(doctor, "session.gate", prepared.pk, typed.gate())
    found = shown(client, prepared)
    assert f"{kept_back} Regel EX-05" in found
    assert not told_of_the_aneurysm(found)


def test_who_answers_for_the_start_is_not_told_what_the_patient_has_closed(
    prepared: Session, moss: Unit, staff: Staff, psychiatrist: Professional
) -> None:
    found_an_aneurysm(prepared, by=psychiatrist)
    doctor, other = Client(), Client()
    doctor.force_login(psychiatrist)
    send(doctor, "session.gate", prepared.pk, typed.gate())
    gate = StartGateRecord.objects.in_force().order_by("-pk")[0]
    other.force_login(staff(moss, Role.PSYCHIATRIST, "second"))
    override = reverse("session.override", args=[gate.pk])
    assert told_of_the_aneurysm(words(other.get(override)))  # type: ignore[arg-type]  # as above
    people.block(
        patient=prepared.course.patient,
        staff=None,
        chapter=Chapter.HISTORY,
        by=psychiatrist,
        at=timezone.now(),
    )
    page = words(other.get(override))  # type: ignore[arg-type]  # as above
    assert "noe i en sperret del av journalen Regel EX-05" in page
    assert not told_of_the_aneurysm(page)


def test_the_start_asks_the_referral_that_the_start_check_asked(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    second = referral.receive_referral(
        patient=prepared.course.patient, letter=LETTER, by=psychiatrist, at=timezone.now()
    )
    pregnant = {"sex": "f", "bodily": {"pregnant": True}}
    met = judged(finding("IN-1", Standing.MET))
    referral.assess(
        referral=second,
        judged=replace(met, candidate=pregnant),
        by=psychiatrist,
        at=timezone.now(),
    )
    page = shown(as_nurse, prepared)
    assert "Stenger start" not in page, "the referral is not decided on"
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def found_an_aneurysm(session: Session, *, by: Professional) -> None:
    referral.record_diagnosis(
        patient=session.course.patient,
        diagnosed=referral.Diagnosed(diagnosis=Diagnosis("I67.1", DiagnosisStatus.CURRENT)),
        entered=entered(),
        by=by,
        at=timezone.now(),
    )


def told_of_the_aneurysm(page: str) -> bool:
    return "I67.1" in page or "neurysm" in page


@pytest.mark.parametrize(
    "red",
    [
        pytest.param(typed.vitals("165/104"), id="red for a start"),
        pytest.param(typed.vitals(distress="9"), id="red in an infusion"),
        pytest.param({**typed.vitals(), "signs": ["chest_pain"]}, id="a danger sign"),
    ],
)
def test_no_start_is_dated_before_a_red_reading_that_has_come_since(
    prepared: Session, as_nurse: Client, clock: Clock, red: typed.Typed
) -> None:
    """Typed from a page that was opened before: five minutes ago nothing was red."""
    clock.move(8)
    send(as_nurse, "vitals.record", prepared.pk, red | {"entry": typed.entry()})
    clock.move(2)
    start = typed.pump("start", ago="5")
    page = as_nurse.post(reverse("pump.record", args=[prepared.pk]), start)
    assert page.status_code == 422
    told = words(page)  # type: ignore[arg-type]  # as above
    assert (
        "rød måling eller et faresymptom er ført etter klokkeslettet for denne starten" in told
    )
    assert not PumpEvent.objects.exists()


def test_in_journal_mode_no_reading_is_judged_at_a_start_charted_late(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    people.state_purpose(unit=prepared.unit, on=False, by=psychiatrist, at=timezone.now())
    clock.move(8)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("165/104"))
    clock.move(2)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start", ago="5"))
    assert PumpEvent.objects.exists()


def test_a_start_charted_after_a_calm_reading_of_the_infusion_is_recorded_as_it_was(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(8)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("146/92"))
    clock.move(2)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start", ago="5"))
    assert PumpEvent.objects.exists()


def test_a_nurse_whose_other_patient_is_infused_is_not_said_to_be_with_this_one_alone(
    prepared: Session, as_nurse: Client, colleague: Professional, other_chair: Session
) -> None:
    """By the record: she charted the other infusion last, until another nurse charts there."""
    address = reverse("session.gate", args=[prepared.pk])
    for answer in ("none", "recovering"):
        page = as_nurse.post(address, typed.gate(others=answer))
        assert page.status_code == 422
        assert "en pasient du førte sist" in words(page)  # type: ignore[arg-type]  # as above
    found = what_the_gate_found(as_nurse, prepared, others="more")
    assert found["gate:staffing"] == Standing.NEEDS_SPECIALIST
    taken_over = Client()
    taken_over.force_login(colleague)
    send(taken_over, "vitals.record", other_chair.pk, typed.vitals())
    assert what_the_gate_found(as_nurse, prepared)["gate:staffing"] == Standing.MET
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


@pytest.mark.parametrize(
    "outside",
    [
        pytest.param(typed.vitals("202/104", **RED), id="red"),
        pytest.param({"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}, id="danger"),
    ],
)
def test_a_nurse_whose_other_patient_recovers_and_is_not_green_has_more_to_watch(
    prepared: Session, as_nurse: Client, other_chair: Session, *, outside: typed.Typed
) -> None:
    """Pathway 4.5: a second patient only while the first is in green recovery."""
    send(as_nurse, "vitals.record", other_chair.pk, typed.vitals())
    send(as_nurse, "pump.record", other_chair.pk, typed.pump("stop"))
    send(as_nurse, "session.gate", prepared.pk, typed.gate(others="recovering"))
    send(as_nurse, "vitals.record", other_chair.pk, outside)
    address = reverse("session.gate", args=[prepared.pk])
    for answer in ("none", "recovering"):
        page = as_nurse.post(address, typed.gate(others=answer))
        assert page.status_code == 422
        assert "ikke er i grønt område" in words(page)  # type: ignore[arg-type]  # as above
    found = what_the_gate_found(as_nurse, prepared, others="more")
    assert found["gate:staffing"] == Standing.NEEDS_SPECIALIST


def test_a_green_reading_or_another_nurse_makes_the_other_patient_one_to_recover(
    prepared: Session, as_nurse: Client, colleague: Professional, other_chair: Session
) -> None:
    send(as_nurse, "pump.record", other_chair.pk, typed.pump("stop"))
    for measured in (typed.vitals("202/104", **RED), typed.vitals()):
        send(as_nurse, "vitals.record", other_chair.pk, measured)
    send(as_nurse, "session.gate", prepared.pk, typed.gate(others="recovering"))
    taken_over = Client()
    taken_over.force_login(colleague)
    send(taken_over, "vitals.record", other_chair.pk, typed.vitals("202/104", **RED))
    send(as_nurse, "session.gate", prepared.pk, typed.gate(others="recovering"))


def test_in_journal_mode_no_answer_about_other_patients_is_held_against_the_record(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, other_chair: Session
) -> None:
    people.state_purpose(unit=prepared.unit, on=False, by=psychiatrist, at=timezone.now())
    assert other_chair.pump_events.exists()
    send(as_nurse, "session.gate", prepared.pk, typed.gate(others="none"))


def test_another_infusion_begun_since_the_check_closes_the_start(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    other_ready: Session,
    django_assert_max_num_queries: Any,
) -> None:
    start_at_the_other(other_ready, by=nurse)
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, prepared)
    assert "Stenger start Sykepleieren har andre pasienter" in page
    _, refused = closed_at_the_start(as_nurse, prepared, but=other_ready)
    assert "Sykepleieren har andre pasienter som må følges samtidig" in refused
    send(as_nurse, "session.gate", prepared.pk, typed.gate(others="more"))
    newest = StartGateRecord.objects.in_force().filter(session=prepared).order_by("-pk")[0]
    send(as_doctor, "session.override", newest.pk, {"reason": "A second nurse sits there"})
    assert "Start infusjonen" in shown(as_nurse, prepared)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_the_one_who_starts_is_with_this_patient_alone_whoever_did_the_check(
    prepared: Session,
    as_nurse: Client,
    colleague: Professional,
    other_ready: Session,
    django_assert_max_num_queries: Any,
) -> None:
    start_at_the_other(other_ready, by=colleague)
    as_colleague = Client()
    as_colleague.force_login(colleague)
    with django_assert_max_num_queries(10):
        page = shown(as_colleague, prepared)
    assert "Stenger start Sykepleieren har andre pasienter" in page
    _, refused = closed_at_the_start(as_colleague, prepared, but=other_ready)
    assert "Sykepleieren har andre pasienter som må følges samtidig" in refused
    assert "Start infusjonen" in shown(as_nurse, prepared)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_a_free_nurse_starts_where_the_one_who_did_the_check_has_begun_another(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    colleague: Professional,
    other_ready: Session,
) -> None:
    start_at_the_other(other_ready, by=nurse)
    closed_at_the_start(as_nurse, prepared, but=other_ready)
    closed_at_the_start(as_doctor, prepared, but=other_ready)
    as_colleague = Client()
    as_colleague.force_login(colleague)
    assert "Start infusjonen" in shown(as_colleague, prepared)
    send(as_colleague, "pump.record", prepared.pk, typed.pump("start"))


def test_a_start_charted_late_is_held_against_what_went_on_when_it_was(
    prepared: Session, as_nurse: Client, nurse: Professional, other_ready: Session, clock: Clock
) -> None:
    clock.move(8)
    start_at_the_other(other_ready, by=nurse)
    clock.move(2)
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start", ago="5"))
    assert PumpEvent.objects.filter(session=prepared).exists()


def test_an_infusion_of_the_same_patient_that_nobody_stopped_closes_the_start(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    assert what_the_gate_found(as_nurse, prepared)["gate:one_infusion"] == Standing.MET
    yesterday = readied(
        prepared.course, days=-1, by=nurse, doctor=psychiatrist, at=timezone.now()
    )
    start_at_the_other(yesterday, by=nurse)
    page, refused = closed_at_the_start(as_nurse, prepared, but=yesterday)
    told = "Pasienten har en annen økt der pumpen er startet eller en sprayenhet er gitt, og ingen har ført at det er slutt"
    assert f"Stenger start {told}" in page
    assert told in refused
    found = what_the_gate_found(as_nurse, prepared, others="more")
    assert found["gate:one_infusion"] == Standing.EXCLUDED


@pytest.mark.parametrize("name", ["session", "session.gate"])
def test_the_way_to_the_infusion_that_nobody_stopped_stands_where_it_closes_the_start(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
    name: str,
) -> None:
    yesterday = readied(
        prepared.course, days=-1, by=nurse, doctor=psychiatrist, at=timezone.now()
    )
    address = reverse("session", args=[yesterday.pk])
    assert address not in as_nurse.get(reverse(name, args=[prepared.pk])).content.decode()
    start_at_the_other(yesterday, by=nurse)
    with django_assert_max_num_queries(10):
        page = as_nurse.get(reverse(name, args=[prepared.pk]))
    assert f'href="{address}">Åpne økten som ingen har avsluttet</a>' in page.content.decode()
    send(as_nurse, "pump.record", yesterday.pk, typed.pump("stop"))
    assert address not in as_nurse.get(reverse(name, args=[prepared.pk])).content.decode()


@pytest.mark.parametrize(
    ("days", "closes"),
    [pytest.param(2, True, id="two days ago"), pytest.param(3, False, id="three days ago")],
)
def test_a_stop_that_was_forgotten_days_ago_keeps_nobody_from_the_dose(
    prepared: Session,
    as_nurse: Client,
    nurse: Professional,
    psychiatrist: Professional,
    days: int,
    *,
    closes: bool,
) -> None:
    before = readied(
        prepared.course, days=-days, by=nurse, doctor=psychiatrist, at=timezone.now()
    )
    start_at_the_other(before, by=nurse)
    stands = Standing.EXCLUDED if closes else Standing.MET
    found = what_the_gate_found(as_nurse, prepared, others="more")
    assert found["gate:one_infusion"] == stands
    assert ("der pumpen er startet" in shown(as_nurse, prepared)) is closes


def readied(
    course: Course, *, days: int, by: Professional, doctor: Professional, at: datetime
) -> Session:
    """Another session, ordered, signed and through its start check."""
    day = timezone.localdate() + timedelta(days=days)
    session = actions.open_session(course=course, planned_on=day, by=by, at=at)
    now = Entered(happened_at=at, entered_at=at)
    order = actions.order(session=session, ordered=ordered(), entered=now, by=doctor, at=at)
    actions.sign_order(order=order, by=doctor, at=at)
    actions.record_vitals(
        session=session,
        measured=actions.Measured(phase=SessionPhase.BEFORE, systolic=120, diastolic=70),
        entered=Entered(happened_at=at, entered_at=at),
        by=by,
        at=at,
    )
    at = timezone.now()
    checked = Entered(happened_at=at, entered_at=at)
    actions.record_gate(session=session, gated=gated(), entered=checked, by=by, at=at)
    return session


def start_at_the_other(session: Session, *, by: Professional) -> None:
    at = timezone.now()
    actions.record_pump(
        session=session,
        pumped=actions.Pumped(act=PumpAct.START, rate_ml_h=Decimal(60)),
        entered=Entered(happened_at=at, entered_at=at),
        by=by,
        at=at,
    )


@pytest.fixture
def other_ready(
    prepared: Session, course: Course, nurse: Professional, psychiatrist: Professional
) -> Session:
    """Another patient of the unit, today."""
    at, patient = timezone.now(), people.register_patient(said=OLA, by=nurse, at=NOON)
    let_in.agree(patient, by=psychiatrist)
    let_in.accept(patient, by=psychiatrist)
    protocol = latest("iv-ketamine-no")
    theirs = treatment.plan_course(patient=patient, protocol=protocol, by=psychiatrist, at=at)
    treatment.sign_weight_basis(course=theirs, basis=WeightBasis.ACTUAL, by=psychiatrist, at=at)
    return readied(theirs, days=0, by=nurse, doctor=psychiatrist, at=at)


@pytest.fixture
def other_chair(other_ready: Session, nurse: Professional) -> Session:
    start_at_the_other(other_ready, by=nurse)
    return other_ready


OLA = replace(KARI, given_name="Ola", family_name="Bakken", identity_number=ANOTHER_NUMBER)
