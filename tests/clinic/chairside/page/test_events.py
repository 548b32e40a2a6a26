"""Events and danger signs, and whom they call."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import (
    ChairEvent,
    DischargeRecord,
    PumpEvent,
    Session,
    StartGateRecord,
    VitalSet,
)
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.knowledge.monitoring.discharge import ASSESSED
from tests.clinic.chairside import typed

from .at_the_page import Clock, send, shown, words

UNASSESSED = "En oppgave ber om lege nå, og ingen lege har svart på den"


def answer(task: SafetyTask, *, by: Professional) -> None:
    treatment.acknowledge_task(
        safety_task=task, action_taken="Talked", by=by, at=timezone.now()
    )


def test_new_intent_calls_the_doctor_whatever_else_is_answered(
    stopped: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    for more in ({}, {"reason": "Asked again"}):
        going = typed.going_home(danger_no_new_intent="yes", **more)
        send(as_nurse, "discharge.record", stopped.pk, going)
    [task] = SafetyTask.objects.open()
    assert (task.receiver, task.promptness, task.rule) == (psychiatrist, "doctor-now", "DC-7")


def test_intent_said_again_calls_the_doctor_again_and_what_was_assessed_is_not_this(
    stopped: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    again: tuple[dict[str, str], ...] = ({}, {"reason": "She says it again, with another plan"})
    for number, more in enumerate(again, start=1):
        send(
            as_nurse,
            "discharge.record",
            stopped.pk,
            typed.going_home(danger_no_new_intent="yes", **more),
        )
        newest = DischargeRecord.objects.in_force().get()
        assert ASSESSED.nb not in [one["reason"]["nb"] for one in newest.findings]
        task = SafetyTask.objects.open().get()
        assert SafetyTask.objects.count() == number
        assert UNASSESSED in shown(as_nurse, stopped)
        clock.move(5)
        answer(task, by=psychiatrist)
        assert UNASSESSED not in shown(as_nurse, stopped)


def test_a_doctor_who_was_there_before_intent_was_said_has_not_assessed_it(
    stopped: Session, nurse: Professional, psychiatrist: Professional, clock: Clock
) -> None:
    earlier = treatment.ask_for_a_doctor(
        patient=stopped.course.patient,
        rule="DC-7",
        receiver=psychiatrist,
        by=nurse,
        at=timezone.now(),
    )
    answer(earlier, by=psychiatrist)
    clock.move(5)
    assert not sheet_of(stopped, now=timezone.now()).intent_assessed


def test_intent_said_again_after_the_doctor_was_told_of_is_another_task(
    stopped: Session,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    going = typed.going_home(danger_no_new_intent="yes")
    send(as_nurse, "discharge.record", stopped.pk, going)
    clock.move(5)
    now = timezone.now()
    told = treatment.report_assessment(
        safety_task=SafetyTask.objects.get(),
        told=treatment.Told(doctor=psychiatrist, plan="Home with her son"),
        entered=Entered(happened_at=now, entered_at=now),
        by=nurse,
        at=now,
    )
    clock.move(5)
    going = typed.going_home(danger_no_new_intent="yes", reason="She says it again")
    send(as_nurse, "discharge.record", stopped.pk, going)
    send(as_doctor, "task.confirm", told.pk, {})
    [second] = SafetyTask.objects.open()
    assert second != told.task
    assert UNASSESSED in shown(as_nurse, stopped)


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        pytest.param("no", True, id="there is none"),
        pytest.param("yes", False, id="a plain yes is the dangerous answer"),
        pytest.param("", None, id="not answered"),
    ],
)
def test_new_intent_is_asked_about_as_a_question_and_stored_as_before(
    stopped: Session, as_nurse: Client, *, said: str, stored: bool | None
) -> None:
    address = reverse("discharge.record", args=[stopped.pk])
    page = as_nurse.get(address).content.decode()
    assert "Er det ny selvmordsintensjon eller plan?" in page
    assert "Ingen ny selvmordsintensjon" not in page
    going = typed.going_home(danger_no_new_intent=said, no_new_intent="yes")
    send(as_nurse, "discharge.record", stopped.pk, going)
    assert DischargeRecord.objects.get().answers["no_new_intent"] is stored


def test_events_are_one_tap_and_a_drug_says_how_much(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "event.record", running.pk, typed.tile("nausea", ago="2"))
    page = as_nurse.post(reverse("event.record", args=[running.pk]), typed.tile("drug_given"))
    assert page.status_code == 422
    drug = typed.tile("drug_given", amount="ondansetron 4 mg iv")
    send(as_nurse, "event.record", running.pk, drug)
    assert ChairEvent.objects.count() == 2
    event = ChairEvent.objects.order_by("pk")[0]
    send(as_nurse, "event.strike", event.pk, {"reason": "Wrong chair"})
    assert "Wrong chair" in shown(as_nurse, running)


def test_chest_pain_stands_in_red_until_a_doctor_says_that_it_is_over(
    running: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    first = shown(as_nurse, running)
    assert "Spurt om, og borte nå" not in first, "nothing stands"
    send(as_nurse, "vitals.record", running.pk, typed.vitals() | {"signs": ["chest_pain"]})
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    still = shown(as_nurse, running)
    assert "Rødt: utenfor planlagt område" in still
    assert "står til en måling sier at det er borte og en lege har sett pasienten" in still
    assert "Brystsmerter rødt" in still, "its row is marked"
    assert "Spurt om, og borte nå" in still
    clock.move(5)
    both = typed.vitals() | {"signs": ["chest_pain"], "signs_over": ["chest_pain"]}
    assert as_nurse.post(reverse("vitals.record", args=[running.pk]), both).status_code == 422
    gone = typed.vitals() | {"signs_over": ["chest_pain"]}
    send(as_nurse, "vitals.record", running.pk, gone)
    told = shown(as_nurse, running)
    assert "Rødt: Brystsmerter" in told, "no doctor has seen the patient"
    assert "borte: Brystsmerter" in told, "and what she says is charted"
    send(as_doctor, "vitals.record", running.pk, gone | {"entry": typed.entry()})
    after = shown(as_nurse, running)
    assert "Rødt: utenfor planlagt område" not in after
    assert "Brystsmerter rødt" in after, "its row stays marked"
    assert "borte: Brystsmerter" in after
    assert VitalSet.objects.order_by("pk").last().signs_over == ["chest_pain"]  # type: ignore[union-attr]  # there are four


def tapped(sign: str) -> typed.Typed:
    return {"entry": typed.entry(), "ago": "0", "signs": sign}


@pytest.mark.parametrize(
    ("sign", "name", "first"),
    [
        ("chest_pain", "Brystsmerter", "Stopp og nødanrop"),
        ("breathlessness", "Tung pust", "Stopp og nødanrop"),
        ("unresponsive", "Bevissthetsfall", "Stopp, frie luftveier"),
    ],
)
def test_a_danger_sign_is_one_tap_with_all_that_follows_from_one(
    running: Session, as_nurse: Client, clock: Clock, sign: str, name: str, first: str
) -> None:
    clock.move(4)
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert f'value="{sign}">{name}</button>' in page
    send(as_nurse, "vitals.record", running.pk, tapped(sign))
    after = shown(as_nurse, running)
    assert f"Rødt: {name}" in after
    assert f"Først: {first}" in after
    assert "står til en måling sier at det er borte og en lege har sett pasienten" in after
    assert "mangler" not in after[after.index("Trend") : after.index("Det samme som tabell")]
    clock.move(4)
    assert "Måling forsinket" in shown(as_nurse, running), "a tap is no observation"
    send(as_nurse, "pump.record", running.pk, typed.pump("pause", pause_reason="toilet"))
    address = reverse("pump.record", args=[running.pk])
    refused = as_nurse.post(address, typed.pump("resume", rate_ml_h="60"))
    assert "Etter røde verdier med symptomer" in words(refused)  # type: ignore[arg-type]  # Django's test client


@pytest.mark.parametrize(
    ("pulse", "status"),
    [
        pytest.param("91", 302, id="the readings are as they should be"),
        pytest.param("9100", 422, id="one is refused"),
        pytest.param("35", 422, id="one is asked about"),
    ],
)
def test_one_tap_on_a_danger_sign_loses_no_reading_and_none_holds_it_up(
    running: Session, as_nurse: Client, clock: Clock, pulse: str, status: int
) -> None:
    clock.move(4)
    before = VitalSet.objects.count()
    row = typed.vitals("141/83", pulse=pulse) | {"signs": "chest_pain"}
    address = reverse("vitals.record", args=[running.pk])
    once, page = as_nurse.post(address, row), as_nurse.post(address, row)
    assert (once.status_code, page.status_code) == (status, status)
    assert VitalSet.objects.count() == before + 1
    newest = VitalSet.objects.order_by("-pk")[0]
    assert newest.signs == ["chest_pain"]
    assert "Rødt: Brystsmerter" in shown(as_nurse, running)
    if status == 302:
        assert (newest.systolic, newest.diastolic, newest.pulse) == (141, 83, 91)
    else:
        assert f'value="{pulse}"' in page.content.decode()
        assert 'value="141"' in page.content.decode()


@pytest.mark.parametrize("act", ["pause", "stop"])
def test_pause_now_and_stop_now_keep_the_row_that_is_being_typed(
    running: Session, as_nurse: Client, clock: Clock, act: str
) -> None:
    clock.move(4)
    before = VitalSet.objects.count()
    at_once = typed.vitals("141/83", ago="5") | {"at_once": f"{act} {typed.entry()}"}
    address = reverse("pump.record", args=[running.pk])
    page = as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    assert f'name="at_once" value="{act} ' in re.sub(r"\s+", " ", page)
    for _ in range(2):
        page = as_nurse.post(address, at_once).content.decode()
    done = PumpEvent.objects.get(act=act)
    assert done.happened_at >= done.received_at - timedelta(seconds=1), "not five minutes ago"
    assert VitalSet.objects.count() == before
    assert "Observasjonen du begynte på, er ikke lagret ennå" in page
    assert 'value="141"' in page
    assert f'value="{at_once["entry"]}"' in page


def test_stop_now_with_no_row_begun_leads_back_to_the_page(
    running: Session, as_nurse: Client, clock: Clock
) -> None:
    clock.move(4)
    empty: typed.Typed = {"entry": typed.entry(), "ago": "0", "systolic": ""}
    at_once = empty | {"at_once": f"stop {typed.entry()}"}
    send(as_nurse, "pump.record", running.pk, at_once)
    assert PumpEvent.objects.filter(act="stop").exists()


def test_a_danger_sign_of_before_the_start_stands_after_it(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    send(as_nurse, "vitals.record", prepared.pk, tapped("chest_pain"))
    clock.move(1)
    answer(SafetyTask.objects.get(), by=psychiatrist)
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    override = reverse("session.override", args=[StartGateRecord.objects.order_by("-pk")[0].pk])
    as_doctor.post(override, {"reason": "Muscular, ECG without findings"})
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    clock.move(5)
    send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    assert "Rødt: Brystsmerter" in shown(as_nurse, prepared)
