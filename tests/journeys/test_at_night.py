"""A positive answer at night: by the rota to the doctor, on to the leader when nobody answers, and answered."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import SafetyTask, TaskAcknowledgement
from tests.clinic.conftest import KARI

from .clinic import IN_TURN, MONDAY, STAFF, Ward, clock, unit, ward
from .desk import Desk
from .wall_clock import WallClock

__all__ = ["clock", "unit", "ward"]
TUESDAY = MONDAY.date() + timedelta(days=1)
LEADER = "Liv Leder"


@pytest.fixture
def patient(unit: Unit) -> Patient:
    nurse = Professional.objects.get(role=Role.NURSE)
    return people.register_patient(said=KARI, by=nurse, at=MONDAY)


@pytest.fixture
def leader(
    unit: Unit,
    ward: Ward,
    language: str,
    address: str,
    new_context: Callable[[], BrowserContext],
) -> Desk:
    Professional.objects.create_user(
        "lead", role=Role.UNIT_LEAD, unit=unit, display_name=LEADER, language=language
    )
    return Desk(new_context().new_page(), address, LEADER, ward.nurse.inspection)


@IN_TURN
def test_a_positive_answer_at_night_reaches_the_doctor_and_then_the_leader(
    patient: Patient, ward: Ward, leader: Desk, clock: WallClock, language: str
) -> None:
    on_the_rota(leader)
    clock.until(TUESDAY, time(2, 10))
    rated(ward.nurse, patient)
    task = SafetyTask.objects.get()
    assert (task.receiver.role, task.routed) == (Role.PSYCHIATRIST, "rota")
    clock.move(31)
    leader.sign_in()
    leader.open(reverse("today"))
    leader.sees("Safety tasks that nobody answered in time")
    answered(ward.psychiatrist)
    said = TaskAcknowledgement.objects.get()
    assert (said.by.role, said.next_contact_on) == (Role.PSYCHIATRIST, TUESDAY)
    ward.nurse.open(reverse("asking.patient", args=[patient.pk]))
    assert "Ringte" in ward.nurse.text()
    ward.nurse.sees("No safety plan is made.")
    for desk in (*ward.desks, leader):
        assert not desk.inspection.faults, "\n".join(sorted(desk.inspection.faults))


def on_the_rota(leader: Desk) -> None:
    leader.sign_in()
    leader.open(reverse("rota"))
    leader.sees("The unit keeps no rota.")
    leader.follow("Put a person on the rota")
    days = {"first_day": MONDAY.date(), "last_day": TUESDAY}
    leader.fill(
        {
            "person": STAFF[Role.PSYCHIATRIST],
            "kind": "night",
            "weekdays": "all",
            "begins": "22:00",
            "ends": "08:00",
        }
        | {name: f"{day:%d.%m.%Y}" for name, day in days.items()}
    )
    leader.do("Save")
    leader.sees("Gap")


def rated(nurse: Desk, patient: Patient) -> None:
    """By telephone: what the patient says is intent."""
    nurse.sign_in()
    nurse.open(reverse("rating.record", args=[patient.pk, "cssrs_screener"]))
    yes = dict.fromkeys(("i1", "i2", "i4"), "1")
    nurse.fill(
        {"timing": "other", "mode": "telephone", "recall": "since_last_contact"}
        | dict.fromkeys(("i3", "i5", "i6"), "0")
        | yes
        | {"receiver": nurse.say("By the rota; now it is %(who)s").split()[0]}
    )
    nurse.do("Save")


def answered(doctor: Desk) -> None:
    doctor.sign_in()
    doctor.open(reverse("today"))
    doctor.follow("Take the task", exact=False)
    doctor.fill(
        {
            "action_taken": "Ringte pasienten. Trygg hos søsteren.",
            "next_contact_on": f"{TUESDAY:%d.%m.%Y}",
            "treat_today": "no",
        }
    )
    doctor.do("Save")
