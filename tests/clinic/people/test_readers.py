"""Who has seen a record: every read and write, refused attempts, one line for a person and a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.accesses import accesses, visits
from lysglimt.clinic.audit.circumstances import under
from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.permissions import POLICY
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.readers import OF_APP, chapter
from tests.clinic.conftest import NOON, Staff


@pytest.fixture
def as_lead(client: Client, moss: Unit, staff: Staff) -> Client:
    client.force_login(staff(moss, Role.UNIT_LEAD))
    return client


def test_every_read_and_write_of_one_patient_is_found(
    kari: Patient, nurse: Professional, psychiatrist: Professional
) -> None:
    audit.record_read(by=nurse, at=NOON, operation="patients", patients=[kari.pk])
    later = NOON + timedelta(minutes=9)
    audit.record_read(by=nurse, at=later, operation="patient", patients=[kari.pk])
    with under(decision="patient/psychiatrist/emergency/7", purpose="emergency"):
        audit.record_read(by=psychiatrist, at=later, operation="patient", patients=[kari.pk])
    audit.record_read(by=nurse, at=NOON, operation="patient", patients=[nurse.unit_id])
    found = list(accesses(kari.pk))
    assert [one.operation for one in found][:2] == ["patient", "patient"]
    assert sum(one.wrote for one in found) == Event.objects.count()
    by_role = {visit.role: visit for visit in visits(found)}
    doctor, care = by_role["psychiatrist"], by_role["nurse"]
    assert (doctor.emergency, doctor.who) == (True, "psychiatrist Moss")
    assert (care.reads, care.writes, care.emergency) == (2, 1, False)
    assert (care.first, care.last) == (NOON, later)
    assert {name for name, _ in care.operations} == {"patient.register", "patients", "patient"}
    assert not list(accesses(kari.pk, since=NOON + timedelta(days=1)))
    assert not list(accesses(kari.pk, until=NOON))


def test_a_look_at_the_page_that_asks_for_emergency_access_is_none(
    kari: Patient, nurse: Professional
) -> None:
    with under(decision="emergency/nurse/own_unit", purpose="treatment"):
        audit.record_read(by=nurse, at=NOON, operation="emergency", patients=[kari.pk])
    assert not [one for one in accesses(kari.pk) if one.emergency]


def test_the_page_names_who_as_what_where_and_why(
    as_lead: Client, kari: Patient, nurse: Professional, django_assert_num_queries: Any
) -> None:
    with under(purpose="emergency"):
        audit.record_read(by=nurse, at=NOON, operation="course", patients=[kari.pk])
    with django_assert_num_queries(6):
        page = as_lead.get(f"/patients/{kari.pk}/readers/?all")
    text = page.content.decode()
    assert page.status_code == 200
    for word in (
        "nurse Moss",
        "Sykepleier",
        "Moss",
        "Behandlingsforløpet",
        "Nødrett",
        "skrev i den",
    ):
        assert word in text


def test_whatever_was_read_or_written_the_patient_is_told_in_words() -> None:
    """Not by the name that a program has for it."""
    written = [f"{app.partition('.')[0]}.row" for app in OF_APP]
    told = {chapter(operation) for operation in POLICY}
    told |= {chapter("unheard-of", category) for category in written}
    assert told.isdisjoint({*POLICY, "unheard-of"})
    assert not [word for word in told if not word[:1].isupper() or "." in word]


def test_older_accesses_are_shown_on_asking(
    as_lead: Client, kari: Patient, nurse: Professional
) -> None:
    long_ago = NOON - timedelta(days=2_000)
    audit.record_read(by=nurse, at=long_ago, operation="ratings", patients=[kari.pk])
    address = f"/patients/{kari.pk}/readers/"
    assert "Skåringer" not in as_lead.get(address).content.decode()
    assert "Skåringer" in as_lead.get(address, {"all": ""}).content.decode()


def test_the_page_is_english_for_one_who_reads_english(
    client: Client, kari: Patient, psychiatrist: Professional
) -> None:
    psychiatrist.language = "en"
    psychiatrist.save()
    client.force_login(psychiatrist)
    text = client.get(f"/patients/{kari.pk}/readers/").content.decode()
    assert "Who has seen this record" in text
    assert "Hvem" not in text


def test_whoever_looks_who_has_looked_is_in_the_log(as_lead: Client, kari: Patient) -> None:
    as_lead.get(f"/patients/{kari.pk}/readers/")
    assert Read.objects.get().operation == "readers"


def test_an_attempt_that_was_refused_stands_in_the_record(
    as_nurse: Client, kari: Patient, nurse: Professional, figures: Callable[..., None]
) -> None:
    assert as_nurse.get(f"/patients/{kari.pk}/readers/").status_code == 403
    assert not Read.objects.exists()
    tried = Event.objects.get(category="refused")
    assert (tried.operation, tried.patients) == ("readers", [str(kari.pk)])
    assert tried.decision.startswith("readers/nurse/")
    assert [one.refused for one in accesses(kari.pk)] == [True, False]
    assert sum(one.refused for one in visits(accesses(kari.pk))) >= 1
