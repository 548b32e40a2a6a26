"""Something new about suicide is said at the start check: it is stored and a doctor called."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside.models import Session, SessionOrder, StartGateRecord
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import DANGER_SIGN, FOUND_AT_GATE, SafetyTask
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import let_in, typed

from .at_the_page import Clock, send, shown, what_the_gate_found, words

ALONE = {"suicidality_asked": "no"}
INTENT = {"i2": 1, "i3": 0, "i4": 1, "i5": 0}


def sent(client: Client, session: Session, data: dict[str, Any]) -> str:
    answer = client.post(reverse("session.gate", args=[session.pk]), data)
    assert answer.status_code == 422
    return words(answer)  # type: ignore[arg-type]  # Django's test client


def form_of(client: Client, session: Session) -> str:
    return words(client.get(reverse("session.gate", args=[session.pk])))  # type: ignore[arg-type]  # likewise


def answer(by: Professional, at: Clock) -> None:
    for task in SafetyTask.objects.open():
        treatment.acknowledge_task(
            safety_task=task, action_taken="Talked", treat_today=True, by=by, at=at()
        )


def test_something_new_calls_a_doctor_though_nothing_else_is_answered(
    ordered: SessionOrder, session: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    entry = typed.entry()
    for _ in range(2):
        page = sent(as_nurse, session, {"entry": entry, **ALONE})
        assert "Det nye om selvmord er lagret, og lege er tilkalt" in page
        assert "Ingenting er lagret ennå" not in page
        assert "lege blir tilkalt" not in page, "a doctor is called already"
    [task] = SafetyTask.objects.for_a_doctor_now()
    assert (task.rule, task.receiver) == (FOUND_AT_GATE, psychiatrist)
    gate = StartGateRecord.objects.get()
    stood = {one["criterion"]: one["standing"] for one in gate.findings}
    assert stood == {
        "gate:suicidality_asked": Standing.NEEDS_SPECIALIST,
        "gate:no_doctor_now": Standing.EXCLUDED,
    }
    page = shown(as_nurse, session)
    assert "noe nytt er sagt" in page
    assert "Start infusjonen" not in page


def test_what_was_stored_first_does_not_open_the_check_when_the_doctor_has_answered(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    sent(as_nurse, prepared, {"entry": typed.entry(), **ALONE})
    answer(psychiatrist, clock)
    assert "Start infusjonen" not in shown(as_nurse, prepared)
    override = reverse("session.override", args=[StartGateRecord.objects.latest("pk").pk])
    refused = as_doctor.post(override, {"reason": "Talked with the patient"})
    assert refused.status_code in {409, 422}
    assert StartGateRecord.objects.latest("pk").override_by is None


def test_the_rest_of_the_form_is_saved_without_calling_anew(
    session: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    entry = typed.entry()
    sent(as_nurse, session, {"entry": entry, **ALONE})
    answer(psychiatrist, clock)
    page = sent(as_nurse, session, {"entry": entry, **ALONE})
    assert "er tilkalt" not in page, "nobody is"
    rest = typed.gate(entry=entry, **ALONE)
    del rest["confirmed"]
    send(as_nurse, "session.gate", session.pk, rest)
    assert StartGateRecord.objects.count() == 2
    assert SafetyTask.objects.count() == 1, "said once"


def test_something_new_is_stored_though_another_answer_contradicts_the_record(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    what_the_gate_found(as_nurse, prepared)
    page = sent(as_nurse, prepared, typed.gate(pregnancy="negative", **ALONE))
    assert "Det nye om selvmord er lagret" in page
    newest = StartGateRecord.objects.latest("pk")
    assert newest.answers["pregnancy"] == "impossible", "the rest is not stored yet"
    assert newest.doctor == psychiatrist
    assert SafetyTask.objects.for_a_doctor_now().get().rule == FOUND_AT_GATE


def test_a_doctor_who_comes_for_a_danger_sign_is_not_asked_about_suicide(
    prepared: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    treatment.ask_for_a_doctor(
        patient=prepared.course.patient,
        rule=DANGER_SIGN,
        receiver=nurse,
        by=nurse,
        at=clock(),
    )
    what_the_gate_found(as_nurse, prepared, **ALONE)
    assert {one.rule for one in SafetyTask.objects.open()} == {DANGER_SIGN, FOUND_AT_GATE}


def test_known_and_new_are_two_answers_when_a_doctor_has_answered_today(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    assert "noe nytt er sagt, og lege blir tilkalt" in form_of(as_nurse, prepared)
    let_in.screen(prepared.course.patient, by=psychiatrist, at=clock(), **INTENT)
    page = form_of(as_nurse, prepared)
    assert "er ventet, så ingen andre tilkalles" in page
    answer(psychiatrist, clock)
    page = form_of(as_nurse, prepared)
    assert f"Stemmer ikke, men ikke mer enn det {psychiatrist} besvarte kl." in page
    assert "Stemmer ikke: noe mer eller nytt er sagt" in page
    found = what_the_gate_found(as_nurse, prepared, suicidality_asked="answered")
    assert found["gate:suicidality_asked"] == Standing.NEEDS_SPECIALIST
    assert not SafetyTask.objects.open().exists()
    what_the_gate_found(as_nurse, prepared, **ALONE)
    assert SafetyTask.objects.open().get().rule == FOUND_AT_GATE
    what_the_gate_found(as_nurse, prepared, **ALONE)
    assert SafetyTask.objects.open().count() == 1


def test_what_was_new_is_asked_anew_when_a_doctor_has_answered_it(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    what_the_gate_found(as_nurse, prepared, **ALONE)
    answer(psychiatrist, clock)
    page = as_nurse.get(reverse("session.gate", args=[prepared.pk])).content.decode()
    ticked = [one for one in page.split("<input") if 'name="suicidality_asked"' in one]
    assert len(ticked) == 3
    assert not any("checked" in one.split(">")[0] for one in ticked)


def test_nothing_new_is_not_said_of_intent_told_at_the_chair_and_answered(
    prepared: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    tap: typed.Typed = {"intent_said": str(uuid4()), "ago": "0", "systolic": ""}
    send(as_nurse, "event.record", prepared.pk, tap)
    page = sent(as_nurse, prepared, typed.gate())
    assert "ny selvmordsintensjon eller plan ble sagt ved stolen (13:" in page
    assert "Besvart av" not in page
    answer(psychiatrist, clock)
    assert f"Besvart av {psychiatrist} kl." in sent(as_nurse, prepared, typed.gate())
    what_the_gate_found(as_nurse, prepared, suicidality_asked="answered")
    assert not SafetyTask.objects.open().exists()


@pytest.mark.parametrize("who", ["nobody", "a doctor"])
def test_the_check_asks_few_questions_whoever_has_answered(
    prepared: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    clock: Clock,
    django_assert_max_num_queries: Any,
    who: str,
) -> None:
    let_in.screen(prepared.course.patient, by=psychiatrist, at=clock(), **INTENT)
    if who == "a doctor":
        answer(psychiatrist, clock)
    form_of(as_nurse, prepared)
    with django_assert_max_num_queries(10):
        form_of(as_nurse, prepared)
