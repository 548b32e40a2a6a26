"""A start in spite of what was recorded after the check is refused."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import PumpEvent, Session, SessionOrder
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Consent, SafetyTask
from lysglimt.knowledge.eligibility.candidate import Diagnosis, DiagnosisStatus
from lysglimt.knowledge.medicine import Medicine
from tests.clinic.chairside import let_in, typed
from tests.clinic.chairside.conftest import entered

from .at_the_page import Clock, send, shown, words


def closed_at_the_start(client: Client, session: Session) -> tuple[str, str]:
    """What the page says, which has no button, and how the start is refused."""
    page = shown(client, session)
    assert "Start infusjonen" not in page
    refused = client.post(reverse("pump.record", args=[session.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert not PumpEvent.objects.exists()
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
