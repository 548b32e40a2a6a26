"""What is taken beside the treatment: told to who orders the dose, and at the start check."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import Session, StartGateRecord
from lysglimt.clinic.medicines import actions as medicines
from lysglimt.clinic.medicines.models import MedicinesAsked
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import Medicine
from lysglimt.knowledge.medicine import Doses, DoseUnit
from lysglimt.knowledge.medicine import Medicine as Said
from lysglimt.knowledge.safety.interactions import interactions
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import let_in, typed
from tests.clinic.chairside.conftest import entered

from .at_the_page import Clock, send, shown


def take(session: Session, code: str, name: str, *, by: Professional, **at: str) -> Medicine:
    """Long since, so that it is not new since last time."""
    doses = {time: Decimal(amount) for time, amount in at.items()}
    return referral.record_medicine(
        patient=session.course.patient,
        taken=referral.Taken(
            medicine=Said(code, name=name), doses=Doses(DoseUnit.MILLIGRAM, **doses)
        ),
        entered=entered(),
        by=by,
        at=timezone.now(),
    )


def of_medicines() -> list[dict[str, Any]]:
    gate = StartGateRecord.objects.order_by("-pk")[0]
    return [one for one in gate.findings if one["criterion"].startswith("RX")]


def test_the_start_check_tells_what_is_found_and_lets_through(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    sobril = take(prepared, "N05BA04", "Sobril", by=psychiatrist, night="15")
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    told = {one["reason"]["nb"] for one in of_medicines()}
    assert any("om lag 5 mg diazepam" in one for one in told)
    assert "Tidspunktet for Sobril i forhold til økten er ikke drøftet." in told
    assert max(one["standing"] for one in of_medicines()) == Standing.CAUTION
    page = shown(as_nurse, prepared)
    assert "Drøft tidspunktet for kveldsdosen (Sobril)" in page
    assert "Åpne legemidlene" in page
    assert "Start infusjonen" in page
    medicines.agree_timing(
        medicine=sobril,
        agreed="Kvelden før som vanlig.",
        entered=entered(),
        by=psychiatrist,
        at=timezone.now(),
    )
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    assert not any("ikke drøftet" in one["reason"]["nb"] for one in of_medicines())


def test_a_question_about_a_medicine_is_read_and_closes_nothing(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    take(prepared, "", "Valerina natt", by=psychiatrist, night="200")
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    [told] = of_medicines()
    assert told["standing"] == Standing.CAUTION
    page = shown(as_nurse, prepared)
    assert "Hva slags legemiddel er Valerina natt" in page
    assert "Start infusjonen" in page


def test_what_takes_a_specialist_and_was_decided_on_is_read_and_closes_nothing(
    prepared: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    take(prepared, "N06AF04", "Parnate", by=psychiatrist, morning="20")
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    [told] = of_medicines()
    assert told["standing"] == Standing.NEEDS_SPECIALIST
    assert "Start infusjonen" not in shown(as_nurse, prepared)
    let_in.accept(
        prepared.course.patient,
        by=psychiatrist,
        found=interactions([Said("N06AF04", Decimal(20), "Parnate")]),
    )
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    [told] = of_medicines()
    assert told["standing"] == Standing.CAUTION
    page = shown(as_nurse, prepared)
    assert "mål blodtrykket hvert femte minutt" in page
    assert "Start infusjonen" in page


@pytest.mark.parametrize(("answer", "changed"), [("yes", False), ("no", True)])
def test_what_the_start_check_asks_of_medicines_stands_with_them(
    prepared: Session, as_nurse: Client, answer: str, *, changed: bool
) -> None:
    before = set(MedicinesAsked.objects.values_list("pk", flat=True))
    said = typed.gate(nothing_new=answer)
    send(as_nurse, "session.gate", prepared.pk, said)
    [row] = MedicinesAsked.objects.exclude(pk__in=before)
    assert row.changed is changed
    assert row.patient == prepared.course.patient
    gate = StartGateRecord.objects.order_by("-pk")[0]
    assert row.happened_at == gate.happened_at


def test_a_yes_to_something_new_leads_to_the_medicines(
    prepared: Session, as_nurse: Client
) -> None:
    said = typed.gate(nothing_new="no")
    send(as_nurse, "session.gate", prepared.pk, said)
    page = shown(as_nurse, prepared)
    assert "Ny sykdom eller nytt legemiddel siden sist" in page
    assert "Åpne legemidlene" in page


def test_the_doctor_reads_what_is_found_before_the_dose_is_ordered(
    session: Session,
    as_doctor: Client,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    take(session, "J01FA09", "Klacid", by=psychiatrist, morning="500")
    address = reverse("order.write", args=[session.pk])
    with django_assert_max_num_queries(12):
        page = as_doctor.get(address).content.decode()
    assert "Klacid hemmer nedbrytningen" in page
    assert "Start med 0,5 mg/kg, ingen økning." in page


def test_in_journal_mode_nothing_is_told_of_medicines(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    supported: Unit,
) -> None:
    people.state_purpose(unit=supported, on=False, by=psychiatrist, at=timezone.now())
    take(prepared, "N05BA04", "Sobril", by=psychiatrist, night="15")
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    assert of_medicines() == []
    page = as_doctor.get(reverse("order.write", args=[prepared.pk])).content.decode()
    assert "Sobril" not in page
    assert MedicinesAsked.objects.exists()


def test_where_nausea_calls_for_an_antiemetic_what_speaks_against_it_is_told(
    running: Session,
    as_nurse: Client,
    clock: Clock,
    nurse: Professional,
    psychiatrist: Professional,
) -> None:
    take(running, "N06AB10", "Cipralex", by=psychiatrist, morning="10")
    clock.move(10)
    assert "kvalmestillende" not in shown(as_nurse, running)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("128/76", nausea="6"))
    page = shown(as_nurse, running)
    assert "Ondansetron 4 mg" in page
    assert "Før et kvalmestillende middel" in page
    assert "ondansetron sammen med Cipralex: begge kan forlenge QT-tiden" in page
    assert "metoklopramid: har pasienten hjertesykdom?" in page
    people.block(
        patient=running.course.patient,
        staff=nurse,
        chapter=Chapter.HISTORY,
        by=psychiatrist,
        at=timezone.now(),
    )
    kept = shown(as_nurse, running)
    assert "Cipralex" not in kept
    assert "RX-12" in kept
    people.state_purpose(unit=running.unit, on=False, by=psychiatrist, at=timezone.now())
    assert "kvalmestillende" not in shown(as_nurse, running)


def test_what_the_patient_has_closed_is_told_by_its_number_alone(
    prepared: Session, as_nurse: Client, nurse: Professional, psychiatrist: Professional
) -> None:
    take(prepared, "N05BA04", "Sobril", by=psychiatrist, night="15")
    take(prepared, "", "Valerina natt", by=psychiatrist, night="200")
    people.block(
        patient=prepared.course.patient,
        staff=nurse,
        chapter=Chapter.HISTORY,
        by=psychiatrist,
        at=timezone.now(),
    )
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    page = shown(as_nurse, prepared)
    assert "Sobril" not in page
    assert "Valerina" not in page
    assert "RX-1" in page
