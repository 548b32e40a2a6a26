"""A doctor answers a danger sign in an infusion: what was seen, and what is decided."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.models import SafetyTask
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words

MAY = "Kan pasienten behandles i dag?"


def tapped() -> typed.Typed:
    return {"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}


@pytest.fixture
def in_pain(running: Session, as_nurse: Client, clock: Clock) -> Session:
    clock.move(8)
    send(as_nurse, "vitals.record", running.pk, typed.vitals("151/93"))
    clock.move(2)
    send(as_nurse, "vitals.record", running.pk, tapped())
    return running


def asked(client: Client) -> str:
    page = client.get(reverse("task.acknowledge", args=[SafetyTask.objects.get().pk]))
    return words(page)  # type: ignore[arg-type]  # Django's test client


def test_the_task_shows_the_readings_and_asks_what_is_decided(
    in_pain: Session, as_doctor: Client, django_assert_max_num_queries: Any
) -> None:
    task = SafetyTask.objects.get()
    with django_assert_max_num_queries(10):
        as_doctor.get(reverse("task.acknowledge", args=[task.pk]))
    page = asked(as_doctor)
    assert "Målingene rundt faresignalet" in page
    assert "151/93" in page
    assert "Brystsmerter" in page
    assert MAY not in page
    for word in ("Stopp infusjonen", "Observer ved stolen", "Nødanrop og overflytting"):
        assert word in page


@pytest.mark.parametrize(
    ("decided", "word"),
    [
        ("stop", "Stopp infusjonen"),
        ("observe", "Observer ved stolen"),
        ("transfer", "Nødanrop og overflytting"),
    ],
)
def test_what_is_decided_stands_at_the_chair_to_which_the_doctor_comes_back(
    in_pain: Session,
    as_doctor: Client,
    as_nurse: Client,
    psychiatrist: Professional,
    decided: str,
    word: str,
) -> None:
    said: typed.Typed = {"action_taken": "Pale, ECG taken", "decided": decided}
    answer = send(as_doctor, "task.acknowledge", SafetyTask.objects.get().pk, said)
    assert answer.url == reverse("session", args=[in_pain.pk])  # type: ignore[attr-defined]  # a redirect
    page = shown(as_nurse, in_pain)
    assert f"{psychiatrist} svarte kl." in page
    assert f"{word}. Pale, ECG taken" in page
    assert "Rødt: Brystsmerter" in page, "until an observation says that it is over"
    assert "Pasienten kan behandles i dag" not in page


@pytest.mark.parametrize(
    ("decided", "word"),
    [
        ("stop_and_stay", "Stopp infusjonen; pasienten blir her, ikke alene"),
        ("stay", "Pasienten blir her, ikke alene, til lege har vært der igjen"),
        ("psychiatric", "Øyeblikkelig hjelp eller innleggelse i psykisk helsevern"),
        ("home", "Hjem etter planen som står her, når pasienten er klar til å dra"),
    ],
)
def test_of_intent_said_after_the_start_what_is_decided_is_asked(
    running: Session, as_nurse: Client, as_doctor: Client, decided: str, word: str
) -> None:
    send(as_nurse, "event.record", running.pk, {"intent_said": typed.entry(), "ago": "0"})
    page = asked(as_doctor)
    assert word in page
    assert MAY not in page, "it has begun"
    assert "Nødanrop og overflytting" not in page, "that is asked of the body"
    said: typed.Typed = {"action_taken": "Talked with her", "decided": decided}
    send(as_doctor, "task.acknowledge", SafetyTask.objects.get().pk, said)
    assert f"{word}. Talked with her" in shown(as_nurse, running)


def test_a_nurse_who_names_the_doctor_says_what_was_decided(
    in_pain: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    task = SafetyTask.objects.get()
    address = reverse("task.report", args=[task.pk])
    assert MAY not in words(as_nurse.get(address))  # type: ignore[arg-type]  # Django's test client
    seen: typed.Typed = {
        "entry": typed.entry(),
        "doctor": str(psychiatrist.pk),
        "seen_at": f"{task.opened_at.astimezone():%d.%m.%Y %H:%M}",
        "plan": "Pale, ECG taken",
    }
    assert as_nurse.post(address, seen).status_code == 422
    answer = send(as_nurse, "task.report", task.pk, seen | {"decided": "transfer"})
    assert answer.url == reverse("session", args=[in_pain.pk])  # type: ignore[attr-defined]  # a redirect
    assert str(task.reports.get().plan).startswith('{"nb": "Nødanrop og overflytting. Pale')


def test_a_yes_before_the_start_is_not_printed_above_a_danger_sign(
    prepared: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    clock.move(1)
    send(as_nurse, "vitals.record", prepared.pk, tapped())
    assert MAY in asked(as_doctor), "before the start it is the question"
    said: typed.Typed = {"action_taken": "Seen", "treat_today": "yes"}
    answer = send(as_doctor, "task.acknowledge", SafetyTask.objects.get().pk, said)
    assert answer.url == reverse("patient", args=[prepared.course.patient_id])  # type: ignore[attr-defined]  # a redirect
    page = shown(as_nurse, prepared)
    assert "Rødt: Brystsmerter" in page
    assert "Pasienten kan behandles i dag" not in page
    assert "Et faresignal står nå" in page
