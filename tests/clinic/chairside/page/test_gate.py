"""The start check: what it finds, who answers for it, what closes it again."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import PumpEvent, Session, SessionOrder, StartGateRecord
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import EligibilityDecision
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Consent, Rating, WorkUpResult
from lysglimt.knowledge.eligibility.candidate import Diagnosis, DiagnosisStatus
from lysglimt.knowledge.verdict import Standing, Verdict
from tests.clinic.chairside import typed
from tests.clinic.chairside.conftest import entered, finding

from .at_the_page import Clock, send, shown, what_the_gate_found, words


def test_the_gate_says_what_is_not_clarified_and_the_start_waits(
    ordered: SessionOrder, session: Session, as_nurse: Client
) -> None:
    send(as_nurse, "session.gate", session.pk, typed.gate(escort=""))
    page = shown(as_nurse, session)
    assert "Hvem følger pasienten hjem?" in page
    assert "Start infusjonen" not in page
    refused = as_nurse.post(reverse("pump.record", args=[session.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert not PumpEvent.objects.exists()


@pytest.mark.parametrize(
    "found",
    [
        pytest.param({"nothing_new": "no"}, id="a specialist's decision"),
        pytest.param({"escort": "no"}, id="an exclusion: nurse and doctor, two names"),
    ],
)
def test_a_doctor_answers_by_name_for_what_the_gate_found(
    prepared: Session, as_nurse: Client, as_doctor: Client, found: dict[str, str]
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(**found))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    address = reverse("session.override", args=[newest.pk])
    assert as_nurse.post(address, {"reason": "I say so"}).status_code == 403
    send(as_doctor, "session.override", newest.pk, {"reason": "Stays in the ward"})
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_a_reading_after_the_gate_closes_it_until_it_is_gone_through_anew(
    prepared: Session, as_nurse: Client
) -> None:
    bad = typed.vitals("178/112", pulse="128", spo2="90")
    send(as_nurse, "vitals.record", prepared.pk, bad)
    page = shown(as_nurse, prepared)
    assert "Start infusjonen" not in page
    assert "178/112 rødt" in page
    refused = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert "målt etter startkontrollen (178/112)" in words(refused)  # type: ignore[arg-type]  # Django's test client
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:heart_rate"] == Standing.EXCLUDED
    assert (
        as_nurse.post(
            reverse("pump.record", args=[prepared.pk]), typed.pump("start")
        ).status_code
        == 422
    )
    assert not PumpEvent.objects.exists()


def test_the_gate_gone_through_anew_shows_the_answers_and_asks_to_confirm_them(
    prepared: Session, as_nurse: Client
) -> None:
    address = reverse("session.gate", args=[prepared.pk])
    page = as_nurse.get(address).content.decode()
    assert re.search(r'name="escort"[^>]*value="yes"[^>]*checked', page)
    assert as_nurse.post(address, typed.gate(confirmed="")).status_code == 422
    send(as_nurse, "session.gate", prepared.pk, typed.gate())


def test_a_patient_who_is_not_accepted_does_not_pass_the_gate(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    decision = EligibilityDecision.objects.get()
    referral.strike(fact=decision, by=psychiatrist, at=timezone.now(), reason="Other patient")
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:accepted"] == Standing.EXCLUDED
    assert "Ingen gjeldende beslutning" in shown(as_nurse, prepared)


def test_what_has_come_since_the_decision_stands_at_the_gate(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    assert "EX-05" not in what_the_gate_found(as_nurse, prepared)
    referral.record_diagnosis(
        patient=prepared.course.patient,
        diagnosed=referral.Diagnosed(diagnosis=Diagnosis("I71.4", DiagnosisStatus.CURRENT)),
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    assert what_the_gate_found(as_nurse, prepared)["EX-05"] == Standing.EXCLUDED


def test_a_first_session_takes_the_work_up_and_a_baseline(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    at = timezone.now()
    ecg = WorkUpResult.objects.get(item="ecg")
    treatment.strike(fact=ecg, by=psychiatrist, at=at, reason="Other patient")
    treatment.strike(
        fact=Rating.objects.get(instrument="madrs"),
        by=psychiatrist,
        at=at,
        reason="Other patient",
    )
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:workup"] == Standing.NEEDS_SPECIALIST
    assert found["gate:baseline"] == Standing.NEEDS_SPECIALIST
    assert "Utredningen før første økt mangler noe: 12-avlednings EKG" in shown(
        as_nurse, prepared
    )


@pytest.mark.parametrize("criterion", ["EX-05", "RX-1", "IN-8"])
def test_an_exclusion_of_eligibility_is_not_lifted_at_the_chair(
    ordered: SessionOrder,
    session: Session,
    as_doctor: Client,
    as_nurse: Client,
    nurse: Professional,
    criterion: str,
) -> None:
    excluded = Verdict.of([finding(Standing.EXCLUDED, criterion)])
    record = actions.record_gate(
        session=session,
        gated=actions.Gated(verdict=excluded, rule_version="2026.1"),
        entered=entered(),
        by=nurse,
        at=timezone.now(),
    )
    assert "Legen svarer for å starte likevel" not in shown(as_doctor, session)
    page = as_doctor.post(
        reverse("session.override", args=[record.pk]), {"reason": "Known from before"}
    )
    assert page.status_code == 422
    assert "fravikes av to leger der inntaket besluttes, ikke ved stolen" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert not StartGateRecord.objects.exclude(override_by=None).exists()


def test_what_must_be_a_doctors_choice_is_not_marked_as_optional(
    ordered: SessionOrder, session: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("session.gate", args=[session.pk]))
    assert "Ansvarlig lege" in words(page)  # type: ignore[arg-type]  # Django's test client
    assert "(valgfritt)" not in words(page)  # type: ignore[arg-type]  # likewise


def test_what_is_not_met_says_so_and_not_the_opposite(
    prepared: Session, as_nurse: Client
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(escort="no"))
    page = shown(as_nurse, prepared)
    assert "Ikke oppfylt Ingen voksen følger pasienten hjem" in page
    assert "1 punkt hindrer start" in page
    assert "Utelukket" not in page
    assert "Voksent følge hjem er avtalt" not in page


def test_the_responsible_doctor_is_named(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    assert StartGateRecord.objects.get().doctor == psychiatrist
    assert f"Ansvarlig lege: {psychiatrist}" in shown(as_nurse, prepared)
    for named, stands in (("", Standing.UNKNOWN), ("nobody", Standing.EXCLUDED)):
        found = what_the_gate_found(as_nurse, prepared, doctor=named)
        assert found["gate:doctor_available"] == stands


def test_a_doctor_sees_what_is_answered_for_and_both_names_stay(
    prepared: Session, as_nurse: Client, as_doctor: Client, nurse: Professional
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(escort="no"))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    page = words(as_doctor.get(reverse("session.override", args=[newest.pk])))  # type: ignore[arg-type]  # Django's test client
    assert "Ingen voksen følger pasienten hjem" in page
    send(as_doctor, "session.override", newest.pk, {"reason": "Stays in the ward"})
    page = shown(as_nurse, prepared)
    assert f"punkter oppfylt, {nurse}" in page
    assert "Åpnet av" in page


@pytest.mark.parametrize("found", [{"identity": "no"}, {"pregnancy": "positive"}])
def test_what_must_be_put_right_is_overridden_by_nobody(
    prepared: Session, as_nurse: Client, as_doctor: Client, found: dict[str, str]
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(**found))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    assert "Legen svarer for" not in shown(as_doctor, prepared)
    page = as_doctor.post(
        reverse("session.override", args=[newest.pk]), {"reason": "The escort is late"}
    )
    assert page.status_code == 422
    assert "fravikes ikke" in words(page)  # type: ignore[arg-type]  # Django's test client


def test_a_consent_taken_back_closes_the_gate(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    now = timezone.now()
    [consent] = Consent.objects.given()
    treatment.withdraw_consent(
        consent=consent,
        entered=Entered(happened_at=now, entered_at=now),
        by=psychiatrist,
        at=now,
    )
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    assert "Gyldig samtykke" in shown(as_nurse, prepared)
    refused = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert refused.status_code == 422


def test_an_exclusion_is_not_answered_for_by_the_one_who_found_it(
    prepared: Session, as_doctor: Client
) -> None:
    send(as_doctor, "session.gate", prepared.pk, typed.gate(escort="no"))
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    page = as_doctor.post(
        reverse("session.override", args=[newest.pk]), {"reason": "The escort is late"}
    )
    assert page.status_code == 422
    assert StartGateRecord.objects.get(pk=newest.pk).override_by is None


def test_a_start_check_that_no_longer_holds_says_what_closed_it(
    prepared: Session, as_nurse: Client, clock: Clock
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(nothing_new="no"))
    assert "1 punkt hindrer start" in shown(as_nurse, prepared)
    clock.move(2)
    at = timezone.localtime(timezone.now())
    sent = typed.vitals("178/112", pulse="128", spo2="90")
    send(as_nurse, "vitals.record", prepared.pk, sent)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals("124/78"))
    page = shown(as_nurse, prepared)
    values = "BT 178/112 mmHg, puls 128 /min, SpO₂ 90 %"
    assert f"gjelder ikke lenger: målt {at:%H:%M} ({values})" in page
    assert "punkt hindrer start" not in page
    whole = as_nurse.get(reverse("session", args=[prepared.pk])).content.decode()
    assert '<div class="stale">' in whole


@pytest.mark.parametrize("judged", [True, False], ids=["supported", "journal mode"])
def test_an_order_changed_since_closes_the_start_check(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    moss: Unit,
    psychiatrist: Professional,
    *,
    judged: bool,
) -> None:
    reason = {"step": "other", "mg_per_kg": "0,4", "minutes": "40", "reason": "Was dizzy"}
    if not judged:
        # A reading that closes nothing there does not hide the order that was changed after it.
        send(as_nurse, "vitals.record", prepared.pk, typed.vitals("128/78"))
    send(as_doctor, "order.write", prepared.pk, typed.order(**reason))
    if not judged:
        people.state_purpose(unit=moss, on=False, by=psychiatrist, at=timezone.now())
    assert "gjelder ikke lenger: ordinasjonen ble endret" in shown(as_nurse, prepared)


def test_after_midnight_a_pregnancy_test_of_today_counts(
    ordered: SessionOrder, session: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    answers = {"pregnancy": "negative", "tested_on": "2026-03-03"}
    found = what_the_gate_found(as_nurse, session, **answers)
    assert found["gate:pregnancy"] == Standing.MET


def test_what_is_answered_for_prevents_nothing_and_the_start_stands_open(
    prepared: Session, as_nurse: Client, as_doctor: Client
) -> None:
    send(as_nurse, "session.gate", prepared.pk, typed.gate(escort="no"))
    closed = shown(as_nurse, prepared)
    assert "1 punkt hindrer start" in closed
    assert "Start infusjonen" not in closed
    newest = StartGateRecord.objects.in_force().order_by("-pk")[0]
    send(as_doctor, "session.override", newest.pk, {"reason": "Stays in the ward"})
    opened = shown(as_nurse, prepared)
    assert "hindrer start" not in opened
    assert "Start infusjonen" in opened


def test_what_is_to_stand_on_the_pump_stands_beside_the_start(
    prepared: Session, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("session", args=[prepared.pk])).content.decode()
    [card] = re.findall(
        r'<section class="card" aria-labelledby="start">.*?</section>', page, re.DOTALL
    )
    told = " ".join(re.sub(r"<[^>]+>", " ", card).split())
    assert "Still inn på pumpen: Hastighet 60 ml/t Volum som skal gis 40 ml" in told
