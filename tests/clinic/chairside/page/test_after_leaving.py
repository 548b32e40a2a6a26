"""The patient has left: what was before is charted late, and the leaving itself can be struck."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import ChairEvent, DischargeRecord, Session, VitalSet
from lysglimt.clinic.insight.departures import departed
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.treatment.models import SafetyTask
from tests.clinic.chairside import typed

from .at_the_page import Clock, leaving, send, shown, steps, words

WHY = "Gjaldt pasienten ved siden av"


def newest() -> DischargeRecord:
    record: DischargeRecord = DischargeRecord.objects.in_force().get()
    return record


@pytest.fixture
def gone(
    stopped: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> Session:
    clock.move(20)
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home(walks="no"))
    decided = leaving(deviation="In a hurry for the train", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", newest().pk, decided)
    clock.move(10)
    return stopped


def clock_back(clock: Clock, minutes: int) -> str:
    return f"{timezone.localtime(clock.at - timedelta(minutes=minutes)):%H:%M}"


def test_a_reading_from_before_is_charted_with_its_time_and_marked_late(
    gone: Session, as_nurse: Client, clock: Clock, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        page = shown(as_nurse, gone)
    assert "Føre det som var før pasienten reiste" in page
    address = reverse("vitals.record", args=[gone.pk])
    now = as_nurse.post(address, typed.vitals("141/88"))
    assert now.status_code == 422
    left = timezone.localtime(newest().left_at)
    assert f"Pasienten reiste kl. {left:%H:%M}. Skriv klokkeslettet" in words(now)  # type: ignore[arg-type]  # Django's test client
    then = clock_back(clock, 15)
    send(as_nurse, "vitals.record", gone.pk, typed.vitals("141/88", clock=then))
    late = VitalSet.objects.in_force().get(systolic=141)
    assert f"{timezone.localtime(late.happened_at):%H:%M}" == then
    assert late.late
    assert f"ført kl. {clock_back(clock, 0)}" in shown(as_nurse, gone)


def test_a_danger_sign_from_before_calls_a_doctor_at_once_and_asks_for_its_time(
    gone: Session, as_nurse: Client, clock: Clock
) -> None:
    row = {"entry": typed.entry(), "ago": "0", "signs": "chest_pain"}
    asked = as_nurse.post(reverse("vitals.record", args=[gone.pk]), row)
    assert asked.status_code == 422
    assert SafetyTask.objects.open().get().rule == "danger-sign"
    then = clock_back(clock, 15)
    send(as_nurse, "vitals.record", gone.pk, {**row, "clock": then})
    [told] = VitalSet.objects.in_force().filter(happened_at__lt=newest().left_at, systolic=None)
    assert told.signs == ["chest_pain"]
    assert SafetyTask.objects.count() == 1


def test_what_happened_before_is_charted_and_intent_is_told(
    gone: Session, as_nurse: Client, clock: Clock
) -> None:
    address = reverse("event.record", args=[gone.pk])
    assert as_nurse.post(address, typed.tile("vomiting")).status_code == 422
    send(as_nurse, "event.record", gone.pk, typed.tile("vomiting", clock=clock_back(clock, 15)))
    drug = typed.tile("drug_given", amount="ondansetron 4 mg iv", clock=clock_back(clock, 14))
    send(as_nurse, "event.record", gone.pk, drug)
    send(as_nurse, "event.record", gone.pk, {"intent_said": str(uuid4()), "ago": "0"})
    assert {one.kind for one in ChairEvent.objects.all()} == {
        *("vomiting", "drug_given", "new_intent")
    }
    assert SafetyTask.objects.open().get().rule == "DC-7"
    assert "Lege nå, siden" in shown(as_nurse, gone)


def test_the_checklist_is_changed_and_signed_after_the_patient_has_left(
    gone: Session, as_nurse: Client, as_doctor: Client
) -> None:
    page = as_nurse.get(reverse("session", args=[gone.pk])).content.decode()
    assert reverse("discharge.record", args=[gone.pk]) in page
    left = newest().left_at
    more: typed.Typed = {"entry": typed.entry(), "walks": "yes", "reason": "She did walk"}
    send(as_nurse, "discharge.record", gone.pk, more)
    assert newest().left_at == left
    assert newest().answers["walks"] is True
    for client in (as_nurse, as_doctor):
        assert (
            reverse("discharge.sign", args=[newest().pk])
            in client.get(reverse("session", args=[gone.pk])).content.decode()
        )
        send(client, "discharge.sign", newest().pk, {})
    assert "Signert av nurse Moss" in shown(as_nurse, gone)
    waiting = {one["criterion"] for one in newest().findings if one["standing"] > 2}
    assert "DC-1" in waiting, "as it was when the patient left"


def test_the_leaving_is_struck_with_a_reason_and_the_session_goes_on(
    gone: Session, as_nurse: Client, nurse: Professional, moss: Unit
) -> None:
    assert "Nå: Reist før kriteriene var oppfylt" in shown(as_nurse, gone)
    left = newest()
    address = reverse("session.leave", args=[left.pk])
    asked = as_nurse.get(address)
    assert "Stryk at pasienten har reist" in words(asked)  # type: ignore[arg-type]  # Django's test client
    assert as_nurse.post(address, {"reason": ""}).status_code == 422
    for _ in range(2):
        send(as_nurse, "session.leave", left.pk, {"reason": WHY})
    back = newest()
    assert (back.left_at, back.decided_by, back.deviation) == (None, None, "")
    assert back.revision == left.revision + 1, "sent twice"
    assert "Nå: Observasjon" in " ".join(steps(as_nurse, gone))
    assert "In a hurry" not in shown(as_nurse, gone)
    assert as_nurse.post(reverse("session.leave", args=[back.pk]), leaving()).status_code == 422
    told = departed(moss, [], since=date.min, closed=lambda *_: Value(value=False))
    assert [one.by for one in told if "pasienten reiste kl." in one.why and WHY in one.why] == [
        str(nurse)
    ]


def test_a_decision_that_was_on_the_checklist_stays_when_the_leaving_is_struck(
    stopped: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    going = typed.going_home(walks="no", deviation="Her own wish, said early")
    send(as_nurse, "discharge.record", stopped.pk, going)
    decided = leaving(deviation="In a hurry for the train", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", newest().pk, decided)
    send(as_nurse, "session.leave", newest().pk, {"reason": WHY})
    assert newest().deviation == "Her own wish, said early"


def test_a_decision_written_after_the_leaving_stays_when_it_is_struck(
    gone: Session, as_nurse: Client
) -> None:
    later: typed.Typed = {
        "entry": typed.entry(),
        "deviation": "Written down afterwards",
        "reason": "Was forgotten",
    }
    send(as_nurse, "discharge.record", gone.pk, later)
    send(as_nurse, "session.leave", newest().pk, {"reason": WHY})
    assert newest().deviation == "Written down afterwards"
