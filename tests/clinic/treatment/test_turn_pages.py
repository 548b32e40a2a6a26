"""What breaks into a course, and a safety task, as they are entered."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.models import (
    Course,
    CoursePause,
    SafetyTask,
    StopTrigger,
    TaskAcknowledgement,
)
from tests.clinic.conftest import Staff

from .conftest import Rate

EVENT = {"entry": str(uuid4()), "kind": "pregnancy", "at": "2026-03-04T09:00", "note": "Test"}


@pytest.fixture
def task(rate: Rate) -> SafetyTask:
    rate(0, 30, item_10=2)
    return SafetyTask.objects.get()


def test_a_reason_to_stop_is_noted_once(as_nurse: Client, course: Course) -> None:
    where = reverse("course.event", args=[course.pk])
    assert as_nurse.get(where).status_code == 200
    for _ in range(2):
        assert as_nurse.post(where, EVENT).status_code == 302
    assert StopTrigger.objects.get().kind == "pregnancy"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"kind": "x"}, "kind"), ({"at": "2099-01-01T09:00"}, "at"), ({"note": ""}, "note")],
)
def test_a_refused_reason_keeps_what_was_typed(
    as_nurse: Client, course: Course, wrong: dict[str, str], field: str
) -> None:
    reply = as_nurse.post(reverse("course.event", args=[course.pk]), EVENT | wrong)
    assert reply.status_code == 422
    assert set(reply.context["form"].errors) == {field}
    assert not StopTrigger.objects.exists()


def test_a_planned_absence_is_noted(as_nurse: Client, course: Course) -> None:
    where = reverse("course.pause", args=[course.pk])
    away = {"first_day": "2026-03-10", "last_day": "2026-03-20", "why": "ferie"}
    backwards = as_nurse.post(where, away | {"last_day": "2026-03-01"})
    assert backwards.status_code == 422
    assert "ferie" in backwards.content.decode()
    assert as_nurse.post(where, away).status_code == 302
    assert CoursePause.objects.get().why == "ferie"


def test_a_safety_task_is_done_with_words_not_with_a_click(
    as_nurse: Client, task: SafetyTask, nurse: Professional
) -> None:
    where = reverse("task.acknowledge", args=[task.pk])
    page = as_nurse.get(where).content.decode()
    assert str(task.receiver) in page
    assert as_nurse.post(where, {"action_taken": " "}).status_code == 422
    assert as_nurse.post(where, {"action_taken": "Samtale"}).status_code == 302
    assert TaskAcknowledgement.objects.get().by == nurse
    second = as_nurse.post(where, {"action_taken": "Ringte pasienten"})
    assert second.status_code == 422
    assert str(nurse) in second.content.decode()
    assert "Ringte pasienten" in second.content.decode()


def test_only_the_own_unit_answers_for_a_task(
    client: Client, task: SafetyTask, halden: Unit, staff: Staff, outsider: Professional
) -> None:
    where = reverse("task.acknowledge", args=[task.pk])
    client.force_login(staff(halden, Role.NURSE))
    assert client.post(where, {"action_taken": "x"}).status_code == 403
    client.force_login(outsider)
    assert client.post(where, {"action_taken": "x"}).status_code == 404


def test_the_coordinator_notes_absence_and_no_reason_to_stop(
    client: Client, moss: Unit, kari: Patient, course: Course, staff: Staff
) -> None:
    client.force_login(staff(moss, Role.COORDINATOR))
    assert client.get(reverse("course.pause", args=[course.pk])).status_code == 200
    assert client.get(reverse("course.event", args=[course.pk])).status_code == 403


def test_a_doctor_now_is_answered_by_a_doctor_and_what_the_nurse_typed_stays(
    as_nurse: Client, task: SafetyTask, nurse: Professional, psychiatrist: Professional
) -> None:
    urgent = actions.ask_for_a_doctor(
        patient=task.patient, rule="DC-7", receiver=psychiatrist, by=nurse, at=task.opened_at
    )
    where = reverse("task.acknowledge", args=[urgent.pk])
    refused = as_nurse.post(where, {"action_taken": "Ringte vakten", "treat_today": "no"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "En lege som har sett pasienten" in page
    assert "Ringte vakten" in page
    assert not TaskAcknowledgement.objects.exists()
    by_name = Client()
    by_name.force_login(psychiatrist)
    unsaid = by_name.post(where, {"action_taken": "Sett"})
    assert unsaid.status_code == 422
    assert "Sett" in unsaid.content.decode(), "nothing typed is lost"
    assert "Kan pasienten behandles i dag?" in unsaid.content.decode()
    said = by_name.post(where, {"action_taken": "Sett", "treat_today": "no"})
    assert said.status_code == 302
    answered = TaskAcknowledgement.objects.get()
    assert (answered.by, answered.treat_today) == (psychiatrist, False)
