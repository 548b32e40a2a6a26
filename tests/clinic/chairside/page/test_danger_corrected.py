"""A set with a danger sign is corrected, struck, or charted in journal mode: what then stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
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


def sets_with(sign: str) -> list[VitalSet]:
    return [row for row in VitalSet.objects.in_force() if sign in row.signs]


@pytest.mark.parametrize(
    ("refused", "right"),
    [
        pytest.param({"pulse": "9999"}, {"pulse": "99"}, id="a pulse nobody has"),
        pytest.param({"systolic": "78/128"}, {"systolic": "128/78"}, id="swapped pressures"),
        pytest.param(
            {"systolic": "202/104"},
            {"systolic": "202/104", "confirmed": "systolic=202"},
            id="unusual, and waits for its tick",
        ),
    ],
)
def test_a_danger_sign_in_a_refused_row_is_charted_once_at_the_time_that_was_typed(
    running: Session,
    as_nurse: Client,
    clock: Clock,
    refused: typed.Typed,
    right: typed.Typed,
) -> None:
    clock.move(60)
    at = timezone.localtime(timezone.now() - timedelta(minutes=40))
    row = typed.vitals() | {"clock": f"{at:%H%M}", "signs": ["chest_pain"]}
    address = reverse("vitals.record", args=[running.pk])
    for _ in range(2):
        assert as_nurse.post(address, row | refused).status_code == 422
    for _ in range(2):
        send(as_nurse, "vitals.record", running.pk, row | right)
    [told] = sets_with("chest_pain")
    assert f"{timezone.localtime(told.happened_at):%H%M}" == f"{at:%H%M}"
    assert newest_set().pk != told.pk, "the readings are charted beside it"
    assert newest_set().signs == []


def test_the_time_of_a_danger_sign_follows_the_clock_that_is_put_right(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(60)
    at = timezone.localtime(timezone.now() - timedelta(minutes=20))
    ahead = timezone.localtime(timezone.now() + timedelta(minutes=9))
    row = tapped() | {"clock": f"{ahead:%H%M}", "comment": "When she stood up"}
    address = reverse("vitals.record", args=[running.pk])
    assert as_nurse.post(address, row).status_code == 422
    [told] = sets_with("chest_pain")
    assert told.happened_at > at, "charted as it came, for its time could not be"
    for _ in range(2):
        send(as_nurse, "vitals.record", running.pk, row | {"clock": f"{at:%H%M}"})
    [told] = sets_with("chest_pain")
    assert f"{timezone.localtime(told.happened_at):%H%M}" == f"{at:%H%M}"
    assert (told.comment, told.revision) == ("When she stood up", 2)
    assert "rettet: Raden det ble fortalt i, ble rettet" in shown(as_nurse, running)


def test_another_danger_sign_in_the_row_that_comes_again_is_told_too(
    running: Session, as_nurse: Client
) -> None:
    row = typed.vitals() | {"pulse": "9999", "signs": ["chest_pain"]}
    address = reverse("vitals.record", args=[running.pk])
    assert as_nurse.post(address, row).status_code == 422
    both = {"signs": ["chest_pain", "breathlessness"]}
    assert as_nurse.post(address, row | both).status_code == 422
    send(as_nurse, "vitals.record", running.pk, row | both | {"pulse": "99"})
    assert len(sets_with("chest_pain")) == len(sets_with("breathlessness")) == 1
