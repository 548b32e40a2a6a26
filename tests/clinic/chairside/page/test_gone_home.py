"""A doctor is asked to see a patient who has gone home: it is said, and whom to ring."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import DischargeRecord, Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Contact, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SafetyTask
from tests.clinic.chairside import typed
from tests.clinic.conftest import KARI, Staff

from .at_the_page import leaving, send, words

GONE = "Pasienten har gått hjem, 02.03.2026"
TO_RING = ("Ring pasienten: 99 99 99 99", "Følge: Per Berg 41 41 41 41")


@pytest.fixture
def task(stopped: Session, nurse: Professional, psychiatrist: Professional) -> SafetyTask:
    return treatment.ask_for_a_doctor(
        patient=stopped.course.patient,
        rule="DC-7",
        receiver=psychiatrist,
        by=nurse,
        at=timezone.now(),
    )


@pytest.fixture
def left(
    stopped: Session, task: SafetyTask, as_nurse: Client, psychiatrist: Professional
) -> None:
    escort = {"escort_name": "Per Berg", "escort_telephone": "41 41 41 41"}
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(**escort))
    decided = leaving(deviation="In a hurry for the train", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", DischargeRecord.objects.get().pk, decided)


def read(client: Client, name: str, *keys: object) -> str:
    return words(client.get(reverse(name, args=keys), follow=True)).replace(" .", ".")  # type: ignore[arg-type]  # Django's test client


def test_who_is_asked_for_reads_that_the_patient_has_left_and_whom_to_ring(
    left: None, task: SafetyTask, as_nurse: Client, as_doctor: Client
) -> None:
    for page in (
        read(as_doctor, "today"),
        read(as_nurse, "today"),
        read(as_doctor, "task.acknowledge", task.pk),
        read(as_nurse, "task.acknowledge", task.pk),
    ):
        assert GONE in page, page
        assert all(one in page for one in TO_RING), page
    chair = read(as_doctor, "session", DischargeRecord.objects.in_force().get().session_id)
    assert "hvem som skal ringes, står ved oppgaven" in chair
    assert "skal ikke være alene" not in chair


def test_nothing_is_said_of_it_while_the_patient_sits_in_the_chair(
    task: SafetyTask, as_doctor: Client
) -> None:
    for page in (read(as_doctor, "today"), read(as_doctor, "task.acknowledge", task.pk)):
        assert "gått hjem" not in page


def test_who_has_come_again_has_not_gone_home(
    left: None, stopped: Session, task: SafetyTask, as_doctor: Client, nurse: Professional
) -> None:
    now = timezone.now()
    coming = timezone.localdate() + timedelta(days=2)
    actions.open_session(course=stopped.course, planned_on=coming, by=nurse, at=now)
    assert GONE not in read(as_doctor, "today")


def test_without_a_number_that_is_said(
    left: None, stopped: Session, task: SafetyTask, as_doctor: Client, nurse: Professional
) -> None:
    patient = stopped.course.patient
    people.amend_patient(
        patient=patient,
        said=replace(KARI, contact=Contact()),
        by=nurse,
        at=timezone.now(),
        reason="Wrong number",
    )
    assert "Ingen telefon til pasienten er registrert" in read(as_doctor, "today")


def test_to_whom_the_chart_is_closed_nothing_of_it_is_told(
    left: None,
    stopped: Session,
    task: SafetyTask,
    moss: Unit,
    staff: Staff,
    nurse: Professional,
) -> None:
    coordinator = staff(moss, Role.COORDINATOR)
    another = staff(moss, Role.NURSE, "another")
    people.block(
        patient=stopped.course.patient,
        staff=None,
        chapter=Chapter.SESSIONS,
        by=nurse,
        at=timezone.now(),
    )
    for reader in (coordinator, another):
        client = Client()
        client.force_login(reader)
        page = read(client, "today")
        assert "Lege nå" in page
        assert "gått hjem" not in page
        assert "41 41 41 41" not in page
