"""What was charted by mistake is struck, and with it what it asked of a doctor."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import PumpEvent, Session, VitalSet
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import (
    ReportedAssessment,
    SafetyTask,
    TaskAcknowledgement,
)
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.library import library
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff

from .at_the_page import RED, Clock, send, shown
from .test_danger_signs import seen_by, tapped

OWN = Basis(Mark.OWN, library()["own-proposal"])
MISTAKE = "Tapped the wrong button"


@pytest.fixture
def paused(running: Session, as_nurse: Client, clock: Clock) -> Session:
    """Red, and the pump stands still."""
    clock.move(6)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("202/104", **RED))
    pause = typed.pump("pause", pause_reason="blood_pressure")
    send(as_nurse, "pump.record", running.pk, pause)
    return running


def resume(client: Client, session: Session, doctor: Professional) -> PumpEvent:
    said = typed.pump("resume", rate_ml_h="30", doctor=str(doctor.pk))
    send(client, "pump.record", session.pk, said)
    return PumpEvent.objects.filter(act="resume").latest("pk")


def strike_set(client: Client, row: VitalSet) -> None:
    said: typed.Typed = {"entry": typed.entry(), "withdrawn": "on", "reason": MISTAKE}
    send(client, "vitals.correct", row.pk, said)


def set_with(sign: str) -> VitalSet:
    return next(row for row in VitalSet.objects.in_force() if sign in row.signs)


def test_of_a_resume_that_is_struck_no_doctor_is_asked(
    paused: Session, as_nurse: Client, as_doctor: Client, psychiatrist: Professional
) -> None:
    row = resume(as_nurse, paused, psychiatrist)
    assert SafetyTask.objects.for_a_doctor_now().exists()
    send(as_nurse, "pump.strike", row.pk, {"reason": MISTAKE})
    assert not SafetyTask.objects.open().exists()
    assert not ReportedAssessment.objects.in_force().exists()
    ended = TaskAcknowledgement.objects.get()
    assert (ended.by.role, ended.action_taken) == (Role.NURSE, f"struck: {MISTAKE}")
    page = as_doctor.get(reverse("today")).content.decode()
    assert "Bekreft din vurdering" not in page
    resume(as_nurse, paused, psychiatrist)
    assert SafetyTask.objects.open().count() == 1, "of the next it is asked anew"


def test_what_a_doctor_has_confirmed_of_an_act_stands_when_it_is_struck(
    paused: Session, as_nurse: Client, as_doctor: Client, psychiatrist: Professional
) -> None:
    row = resume(as_nurse, paused, psychiatrist)
    send(as_doctor, "task.confirm", ReportedAssessment.objects.get().pk, {})
    send(as_nurse, "pump.strike", row.pk, {"reason": MISTAKE})
    assert ReportedAssessment.objects.in_force().exists()
    assert TaskAcknowledgement.objects.get().by == psychiatrist


@pytest.mark.parametrize("acts", [1, 2])
def test_of_a_doctor_from_elsewhere_nobody_is_asked_once_each_act_is_struck(
    paused: Session, nurse: Professional, moss: Unit, staff: Staff, clock: Clock, acts: int
) -> None:
    beside = Unit.objects.create(entity=moss.entity, name="Akutten", kind=UnitKind.HOSPITAL)
    elsewhere = staff(beside, Role.PSYCHIATRIST, "elsewhere")
    rows = []
    for act in (PumpAct.RESUME, PumpAct.RATE)[:acts]:
        clock.move(1)
        at = timezone.now()
        said = actions.Pumped(act=act, rate_ml_h=Decimal(300), doctor=elsewhere)
        entered = Entered(happened_at=at, entered_at=at)
        rows.append(
            actions.record_pump(session=paused, pumped=said, entered=entered, by=nurse, at=at)
        )
    assert SafetyTask.objects.open().count() == 1
    for row in reversed(rows):
        assert SafetyTask.objects.open().exists()
        actions.strike(fact=row, by=nurse, at=timezone.now(), reason=MISTAKE)
    assert not SafetyTask.objects.open().exists()


def test_a_doctor_who_strikes_a_danger_sign_answers_its_task(
    prepared: Session, as_nurse: Client, as_doctor: Client
) -> None:
    send(as_nurse, "vitals.record", prepared.pk, tapped())
    strike_set(as_doctor, set_with("chest_pain"))
    assert not SafetyTask.objects.open().exists()
    ended = TaskAcknowledgement.objects.get()
    assert (ended.action_taken, ended.treat_today) == (f"struck: {MISTAKE}", None)
    assert "Rødt: Brystsmerter" not in shown(as_nurse, prepared)


@pytest.mark.parametrize("first", ["chest_pain", "breathlessness"])
def test_the_task_stays_while_another_danger_sign_was_told_since(
    running: Session, as_nurse: Client, as_doctor: Client, clock: Clock, first: str
) -> None:
    for sign in ("chest_pain", "breathlessness"):
        clock.move(2)
        send(as_nurse, "vitals.record", running.pk, tapped(sign))
    second = ({"chest_pain", "breathlessness"} - {first}).pop()
    strike_set(as_doctor, set_with(first))
    assert SafetyTask.objects.open().count() == 1
    strike_set(as_doctor, set_with(second))
    assert not SafetyTask.objects.open().exists()


def test_the_task_stays_where_a_doctor_is_said_to_have_come(
    running: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    send(as_nurse, "vitals.record", running.pk, tapped())
    clock.move(2)
    seen = seen_by(psychiatrist, at=timezone.now())
    send(as_nurse, "task.report", SafetyTask.objects.get().pk, seen)
    strike_set(as_doctor, set_with("chest_pain"))
    assert SafetyTask.objects.open().count() == 1
    send(as_doctor, "task.confirm", ReportedAssessment.objects.get().pk, {})
    assert not SafetyTask.objects.open().exists()
