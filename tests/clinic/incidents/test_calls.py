"""After a session: who is telephoned, what is asked, and what it brings."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.actions import Called
from lysglimt.clinic.incidents.calls import Call, calls, sessions_asked_about
from lysglimt.clinic.incidents.figures import safety_figures
from lysglimt.clinic.incidents.models import AfterCheck, Incident, Reach
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.treatment.models import SafetyTask, SessionGiven
from tests.clinic.conftest import NOON, Staff
from tests.clinic.treatment.conftest import Give, approved, course, give, protocol

from .conftest import entered, page, sent

__all__ = ["approved", "course", "give", "protocol"]

WELL: dict[str, Any] = {
    "reach": "reached",
    "symptoms": ["nothing"],
    "palpitations": "no",
    "suicide": "no",
    "elsewhere": "no",
}


def due(hours: float) -> tuple[Call, ...]:
    """So long after the session of the first day began, which was at one."""
    now = NOON + timedelta(hours=hours)
    return calls(sessions_asked_about(SessionGiven.objects.all(), now=now), now=now)


def called(given: SessionGiven, which: str, by: Professional, **said: Any) -> AfterCheck:
    told = Called(which=which, **{"reach": Reach.NOT_REACHED, **said})
    return actions.record_call(
        given=given, called=told, entered=entered(), by=by, at=NOON + timedelta(hours=6)
    )


@pytest.mark.parametrize(
    ("hours", "asked"),
    [
        pytest.param(3, [], id="the same afternoon"),
        pytest.param(5, [("evening", "due")], id="the evening"),
        pytest.param(22, [("evening", "late"), ("next-day", "due")], id="the next day"),
        pytest.param(40, [("evening", "late"), ("next-day", "late")], id="both are late"),
        pytest.param(24 * 9, [], id="nobody asks any more"),
    ],
)
def test_after_each_session_two_calls_are_due(
    give: Give, hours: float, asked: list[tuple[str, str]]
) -> None:
    give(0)
    assert [(one.rule.id, one.state) for one in due(hours)] == asked


def test_a_call_that_reached_nobody_stays_and_one_that_did_is_done(
    give: Give, nurse: Professional
) -> None:
    given = give(0)
    called(given, "evening", nurse)
    [evening] = due(6)
    assert evening.tried == 1
    called(given, "evening", nurse, reach=Reach.GIVEN_UP, told="Pasienten vil ikke ringes.")
    assert due(6) == ()


@pytest.mark.parametrize("asked", ["palpitations", "suicide"])
def test_what_is_not_known_of_what_cannot_wait_is_asked_again(
    as_nurse: Client, give: Give, asked: str
) -> None:
    given = give(0)
    key = (given.pk, "evening")
    sent(as_nurse, "after.check", *key, **WELL | {asked: "unknown"})
    told = page(as_nurse, "patient.incidents", given.course.patient_id)
    assert "spørres det om igjen" in told
    [evening] = due(6)
    assert (evening.tried, evening.unknown) == (1, True)
    sent(as_nurse, "after.check", *key, **WELL)
    assert due(6) == ()


def test_what_cannot_wait_may_be_answered_in_two_calls(give: Give, nurse: Professional) -> None:
    given = give(0)
    said = {"reach": Reach.REACHED, "elsewhere": "no"}
    called(given, "evening", nurse, **said, palpitations="no", suicide="unknown")
    assert due(6)
    called(given, "evening", nurse, **said, palpitations="unknown", suicide="no")
    assert due(6) == ()


def test_only_sessions_of_the_induction_are_asked_about(give: Give) -> None:
    given = [give(day) for day in range(9)]
    asked = sessions_asked_about(
        SessionGiven.objects.all(), now=given[-1].stopped_at + timedelta(hours=5)
    )
    assert [row.pk for row in asked] == [row.pk for row in given[:6]]


def test_who_was_reached_is_asked_everything(
    as_nurse: Client, give: Give, psychiatrist: Professional
) -> None:
    given = give(0)
    key = (given.pk, "evening")
    form = page(as_nurse, "after.check", *key)
    assert "checked" not in form
    number = given.course.patient.particulars().contact.telephone
    assert (number or "telefonnummer er kjent") in form
    for name in ("symptoms", "palpitations", "suicide", "elsewhere"):
        found = sent(as_nurse, "after.check", *key, status=422, **WELL | {name: []})
        assert "Spør om dette" in found, name
    both = WELL | {"symptoms": ["nothing", "headache"]}
    assert "ikke kjent, kan ikke" in sent(as_nurse, "after.check", *key, status=422, **both)
    missed = WELL | {"reach": "not_reached"}
    assert "ikke nådd" in sent(as_nurse, "after.check", *key, status=422, **missed)
    gone = sent(as_nurse, "after.check", *key, status=422, reach="given_up")
    assert "Si hvorfor" in gone
    assert not AfterCheck.objects.exists()
    sent(as_nurse, "after.check", *key, **WELL)
    assert AfterCheck.objects.get().symptoms == []
    assert not SafetyTask.objects.exists()
    assert "Ingen plage på listen" in page(
        as_nurse, "patient.incidents", given.course.patient_id
    )
    assert as_nurse.get(reverse("after.check", args=[given.pk, "never"])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "rule", "words"),
    [
        ("palpitations", "after-session-ecg", "EKG før neste dose"),
        ("suicide", "after-session-suicide", "fortalt på telefon"),
    ],
)
def test_what_asks_for_a_doctor_opens_a_task_for_the_one_named(
    as_nurse: Client,
    as_doctor: Client,
    give: Give,
    psychiatrist: Professional,
    asked: str,
    rule: str,
    words: str,
) -> None:
    given = give(0)
    said = WELL | {asked: "yes"}
    key = (given.pk, "next-day")
    assert "Oppgi legen" in sent(as_nurse, "after.check", *key, status=422, **said)
    entry = "7d4f9e0e-0000-4000-8000-000000000001"
    for _ in range(2):
        sent(as_nurse, "after.check", *key, **said, doctor=psychiatrist.pk, entry=entry)
    task = SafetyTask.objects.get()
    assert (task.rule, task.receiver) == (rule, psychiatrist)
    assert words in page(as_doctor, "task.acknowledge", task.pk)


def test_what_was_told_on_the_telephone_becomes_an_event_in_one_form(
    as_nurse: Client, give: Give
) -> None:
    given = give(0)
    patient = given.course.patient_id
    said = WELL | {"symptoms": ["headache"], "elsewhere": "yes", "told": "Kjøpt på nettet."}
    sent(as_nurse, "after.check", given.pk, "evening", **said)
    shown = page(as_nurse, "patient.incidents", patient)
    assert "fått ketamin andre steder" in shown
    check = AfterCheck.objects.get()
    for item in ("headache", "ketamine-elsewhere"):
        assert f"calls/{check.pk}/{item}/" in shown
    form = page(as_nurse, "incident.telephoned", check.pk, "headache")
    assert "1: Mild" in form
    assert "Kjøpt på nettet." in form
    at = f"{timezone.localtime():%d.%m.%Y %H:%M}"
    told: dict[str, Any] = {
        "began_at": at,
        "known_at": at,
        "words": "Vondt i hodet hele kvelden.",
        "grade": "1",
        "course": "ended",
        "done": "nothing",
        "outcome": "recovered",
        "serious": "no",
        "causality": "possible",
        "expected": "yes",
        "nasal": "no",
        "in_study": "no",
    }
    sent(as_nurse, "incident.telephoned", check.pk, "headache", **told)
    assert Incident.objects.get().from_item == "headache"
    assert f"calls/{check.pk}/headache/" not in page(as_nurse, "patient.incidents", patient)
    assert as_nurse.get(reverse("incident.telephoned", args=[check.pk, "x"])).status_code == 404


def test_the_day_and_the_patient_say_who_is_to_be_telephoned(
    as_nurse: Client, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = give(0)
    evening = NOON.astimezone(OSLO).replace(hour=18)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    for name, keys in (("today", []), ("patient", [given.course.patient_id])):
        shown = page(as_nurse, name, *keys)
        assert "Skal ringes" in shown, name
        assert reverse("after.check", args=[given.pk, "evening"]) in shown, name
    late = evening + timedelta(hours=8)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert "skulle vært spurt innen" in page(as_nurse, "patient", given.course.patient_id)


def test_another_doctor_who_is_named_later_is_asked_though_the_first_has_not_answered(
    as_nurse: Client, give: Give, psychiatrist: Professional, moss: Unit, staff: Staff
) -> None:
    given, asleep = give(0), staff(moss, Role.ANAESTHETIST)
    said = WELL | {"suicide": "yes"}
    sent(as_nurse, "after.check", given.pk, "evening", **said, doctor=asleep.pk)
    sent(as_nurse, "after.check", given.pk, "next-day", **said, doctor=psychiatrist.pk)
    assert {task.receiver for task in SafetyTask.objects.open()} == {asleep, psychiatrist}
    sent(as_nurse, "after.check", given.pk, "next-day", **said, doctor=psychiatrist.pk)
    assert SafetyTask.objects.open().count() == 2


def test_who_calls_is_told_that_a_task_rings_nobody(
    as_nurse: Client, give: Give, psychiatrist: Professional
) -> None:
    given = give(0)
    form = page(as_nurse, "after.check", given.pk, "evening")
    assert "Legen får en oppgave her, men ikke noe varsel" in form
    said = WELL | {"suicide": "yes"}
    sent(as_nurse, "after.check", given.pk, "evening", **said, doctor=psychiatrist.pk)
    assert "ring nå" in page(as_nurse, "patient.incidents", given.course.patient_id)


def test_calls_that_nobody_made_are_counted_when_nobody_is_reminded_any_more(
    give: Give, nurse: Professional, moss: Unit
) -> None:
    first, second, third = give(0), give(3), give(7)
    called(first, "evening", nurse)
    asked = {"palpitations": "no", "suicide": "unknown", "elsewhere": "no"}
    called(first, "evening", nurse, reach=Reach.REACHED, **asked)
    called(second, "evening", nurse, reach=Reach.GIVEN_UP, told="Vil ikke ringes.")
    called(third, "evening", nurse)
    evening, next_day = safety_figures(moss.pk, now=NOON + timedelta(days=30)).calls
    assert (evening.due, evening.reached, evening.given_up, evening.never) == (3, 1, 1, 1)
    assert (next_day.due, next_day.reached, next_day.never) == (3, 0, 3)
    assert due(24 * 30) == ()
    young = safety_figures(moss.pk, now=NOON + timedelta(days=7, hours=3)).calls
    assert [one.due for one in young] == [2, 2], "of today the hours are not over"


def test_a_call_that_was_entered_of_the_wrong_patient_is_struck_and_due_again(
    as_nurse: Client, give: Give, nurse: Professional
) -> None:
    given = give(0)
    asked = {"palpitations": "no", "suicide": "no", "elsewhere": "no"}
    row = called(given, "evening", nurse, reach=Reach.REACHED, **asked)
    assert due(6) == ()
    assert reverse("after.strike", args=[row.pk]) in page(
        as_nurse, "patient.incidents", given.course.patient_id
    )
    sent(as_nurse, "after.strike", row.pk, reason="Feil pasient ble ringt opp")
    assert [one.rule.id for one in due(6)] == ["evening"]
    assert AfterCheck.objects.filter(entry=row.entry).count() == 2
