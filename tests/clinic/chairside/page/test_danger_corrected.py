"""A set with a danger sign is corrected, struck, or charted in journal mode: what then stands."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside.models import Session, VitalSet
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.models import ReportedAssessment, SafetyTask
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown
from .test_danger_signs import over, seen_by, tapped

CALL = "Kall lege til pasienten nå"


def standing(session: Session) -> Mapping[str, datetime]:
    return sheet_of(session, now=timezone.now()).standing_signs


def newest_set() -> VitalSet:
    return VitalSet.objects.order_by("-pk")[0]


@pytest.mark.parametrize(
    ("ended_by", "corrected_by", "stands"),
    [
        pytest.param("doctor", "nurse", False, id="a nurse brings back nothing"),
        pytest.param("nurse", "doctor", True, id="a doctor ends nothing"),
    ],
)
def test_who_corrects_a_pulse_says_nothing_of_the_danger_sign_that_is_over(
    running: Session,
    as_nurse: Client,
    as_doctor: Client,
    clock: Clock,
    *,
    ended_by: str,
    corrected_by: str,
    stands: bool,
) -> None:
    clients = {"nurse": as_nurse, "doctor": as_doctor}
    send(as_nurse, "vitals.record", running.pk, tapped())
    clock.move(5)
    said = over()
    send(clients[ended_by], "vitals.record", running.pk, said)
    for pulse in ("74", "76"):
        clock.move(2)
        again = said | {"entry": typed.entry(), "pulse": pulse, "reason": "Misread it"}
        send(clients[corrected_by], "vitals.correct", newest_set().pk, again)
    assert bool(standing(running)) is stands
    shown_red = "Rødt: Brystsmerter" in shown(as_nurse, running)
    assert shown_red is stands


def test_a_doctor_who_takes_back_over_and_says_it_anew_ends_the_sign(
    running: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", running.pk, tapped())
    clock.move(5)
    said = over()
    send(as_nurse, "vitals.record", running.pk, said)
    for signs_over in ([], ["chest_pain"]):
        again = said | {"signs_over": signs_over, "reason": "Asked the patient again"}
        send(as_doctor, "vitals.correct", newest_set().pk, again)
    assert not standing(running)


def test_over_charted_in_journal_mode_is_believed_there(
    running: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    people.state_purpose(unit=running.unit, on=False, by=psychiatrist, at=timezone.now())
    send(as_nurse, "vitals.record", running.pk, tapped())
    assert standing(running)
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, over())
    assert not standing(running)
    assert not SafetyTask.objects.exists()


def test_a_danger_sign_of_journal_mode_that_stands_is_called_for_in_one_tap(
    running: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    people.state_purpose(unit=running.unit, on=False, by=psychiatrist, at=timezone.now())
    send(as_nurse, "vitals.record", running.pk, tapped())
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, over())
    assert CALL not in shown(as_nurse, running), "in journal mode nothing is asked for"
    people.state_purpose(unit=running.unit, on=True, by=psychiatrist, at=timezone.now())
    page = shown(as_nurse, running)
    assert "Rødt: Brystsmerter" in page
    assert CALL in page
    sets = VitalSet.objects.count()
    for _ in range(2):
        send(as_nurse, "vitals.record", running.pk, {"call_a_doctor": "1"})
    task = SafetyTask.objects.get()
    assert task.receiver == psychiatrist
    assert VitalSet.objects.count() == sets, "nothing was charted"
    assert CALL not in shown(as_nurse, running)
    seen = seen_by(psychiatrist, at=timezone.now())
    send(as_nurse, "task.report", task.pk, seen)
    send(as_doctor, "task.confirm", ReportedAssessment.objects.get().pk, {})
    assert not standing(running)
    send(as_nurse, "vitals.record", running.pk, {"call_a_doctor": "1"})
    assert SafetyTask.objects.count() == 1, "a doctor has seen the patient since it was told"
