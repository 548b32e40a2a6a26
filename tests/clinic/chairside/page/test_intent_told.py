"""New suicidal intent or plan is said: it is stored and a doctor called, whatever else is amiss."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import ChairEvent, DischargeRecord, Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SafetyTask
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words


def newest() -> DischargeRecord:
    record: DischargeRecord = DischargeRecord.objects.in_force().get()
    return record


def answer(by: Professional) -> None:
    for task in SafetyTask.objects.open():
        treatment.acknowledge_task(
            safety_task=task, action_taken="Talked", by=by, at=timezone.now()
        )


def refused(client: Client, session: Session, **more: str) -> str:
    answer = client.post(
        reverse("discharge.record", args=[session.pk]),
        typed.going_home(danger_no_new_intent="yes", **more),
    )
    assert answer.status_code == 422
    return words(answer)  # type: ignore[arg-type]  # Django's test client


def test_intent_said_on_a_changed_list_without_a_reason_is_stored_and_calls_a_doctor(
    stopped: Session, as_nurse: Client
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    going = {"walks": "no", "entry": typed.entry()}
    page = refused(as_nurse, stopped, **going)
    assert "Ny intensjon eller plan er lagret, og lege er tilkalt nå" in page
    assert "Ingenting er lagret ennå" not in page
    assert "Står: Ja, svart kl." in page
    assert newest().answers["no_new_intent"] is False
    assert newest().answers["walks"] is True, "the rest is not stored yet"
    assert SafetyTask.objects.open().count() == 1
    again = typed.going_home(danger_no_new_intent="yes", reason="Sier det nå", **going)
    send(as_nurse, "discharge.record", stopped.pk, again)
    assert newest().answers["walks"] is False
    assert SafetyTask.objects.count() == 1, "said once"


def test_intent_is_stored_though_another_answer_contradicts_the_chart(
    stopped: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    send(as_nurse, "vitals.record", stopped.pk, typed.vitals(dissociation="9"))
    entry = typed.entry()
    refused(as_nurse, stopped, entry=entry)
    assert newest().answers["no_new_intent"] is False
    assert SafetyTask.objects.open().count() == 1
    answer(psychiatrist)
    rest = typed.going_home(
        entry=entry, danger_no_new_intent="yes", dissociation_mild="no", seen="1"
    )
    send(as_nurse, "discharge.record", stopped.pk, rest)
    assert newest().answers["dissociation_mild"] is False
    assert newest().escort_name == "Per"
    assert not SafetyTask.objects.open().exists(), "the doctor has answered what was said"


def test_intent_is_stored_though_nothing_else_of_the_form_can_be_read(
    stopped: Session, as_nurse: Client
) -> None:
    for _ in range(2):
        refused(as_nurse, stopped, rass="calm", entry="no id")
    page = shown(as_nurse, stopped)
    assert "Mangler: Aldrete" in page
    assert "Aldrete er" not in page, "a score with items left out has no total"
    assert DischargeRecord.objects.count() == 1
    assert SafetyTask.objects.open().count() == 1


@pytest.mark.parametrize("stage", ["prepared", "running", "stopped"])
def test_one_tap_at_the_chair_stores_it_and_calls_a_doctor_in_every_phase(
    stage: str, request: pytest.FixtureRequest, as_nurse: Client
) -> None:
    session: Session = request.getfixturevalue(stage)
    before = shown(as_nurse, session)
    assert "Ny selvmordsintensjon eller plan: lege nå" in before
    assert "Lege nå, siden" not in before
    tap: typed.Typed = {"intent_said": str(uuid4()), "ago": "0", "systolic": ""}
    for _ in range(2):
        send(as_nurse, "event.record", session.pk, tap)
    assert ChairEvent.objects.get().kind == "new_intent"
    [task] = SafetyTask.objects.open()
    assert task.rule == "DC-7"
    page = shown(as_nurse, session)
    assert "Lege nå, siden" in page
    assert "Ny selvmordsintensjon eller plan nurse Moss" in page, "among what has happened"


def test_the_tap_takes_the_time_of_the_row_and_loses_no_reading_in_it(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(10)
    said = timezone.localtime(clock.at).replace(second=0, microsecond=0)
    clock.move(10)
    address = reverse("event.record", args=[running.pk])
    row = {"intent_said": str(uuid4()), "clock": f"{said:%H:%M}", "systolic": "131", "ago": "0"}
    page = as_nurse.post(address, row)
    assert page.status_code == 200
    assert 'value="131"' in page.content.decode()
    assert ChairEvent.objects.get().happened_at == said
    unreadable = row | {"intent_said": "", "clock": "25:99"}
    as_nurse.post(address, unreadable)
    assert ChairEvent.objects.count() == 2, "stored as it came"


def test_intent_told_at_the_chair_is_answered_by_a_doctor_before_it_is_denied_on_the_list(
    stopped: Session,
    as_nurse: Client,
    psychiatrist: Professional,
    clock: Clock,
    django_assert_max_num_queries: Any,
) -> None:
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    clock.move(5)
    told = timezone.localtime(clock.at)
    send(as_nurse, "event.record", stopped.pk, {"intent_said": str(uuid4()), "ago": "0"})
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, stopped)
    assert "Hindrer hjemreise: Ny selvmordsintensjon eller plan" in page
    denied = as_nurse.post(
        reverse("discharge.record", args=[stopped.pk]), typed.going_home(reason="Nei sier hun")
    )
    assert f"«Ja» ble sagt kl. {told:%H:%M}" in words(denied)  # type: ignore[arg-type]  # Django's test client
    clock.move(5)
    answer(psychiatrist)
    assert "Hindrer hjemreise: Ny selvmordsintensjon" not in shown(as_nurse, stopped)
    assert newest().answers["no_new_intent"] is True, "what was said of before stands as it was"
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(reason="Nei sier hun"))
    assert not SafetyTask.objects.open().exists()


def test_who_said_it_at_the_chair_alone_denies_nothing_until_a_doctor_has_answered(
    stopped: Session, as_nurse: Client
) -> None:
    send(as_nurse, "event.record", stopped.pk, {"intent_said": str(uuid4()), "ago": "0"})
    address = reverse("discharge.record", args=[stopped.pk])
    assert as_nurse.post(address, typed.going_home()).status_code == 422
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(danger_no_new_intent="yes"))
    assert SafetyTask.objects.count() == 1


def test_in_journal_mode_too_the_tap_calls_a_doctor(
    running: Session, as_nurse: Client, supported: Unit, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=supported, on=False, by=psychiatrist, at=timezone.now())
    send(as_nurse, "event.record", running.pk, {"intent_said": str(uuid4()), "ago": "0"})
    assert SafetyTask.objects.open().count() == 1


def test_what_was_said_is_taken_back_by_a_doctor_alone(
    stopped: Session, as_nurse: Client, as_doctor: Client
) -> None:
    send(as_nurse, "event.record", stopped.pk, {"intent_said": str(uuid4()), "ago": "0"})
    address = reverse("event.strike", args=[ChairEvent.objects.get().pk])
    why = {"reason": "Trykket på feil pasient"}
    refused = as_nurse.post(address, why)
    assert "tas tilbake av lege" in words(refused)  # type: ignore[arg-type]  # Django's test client
    assert ChairEvent.objects.in_force().exists()
    assert as_doctor.post(address, why).status_code == 302
    assert not ChairEvent.objects.in_force().exists()
