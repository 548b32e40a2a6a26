"""A danger sign calls a doctor, and only a doctor's word ends it."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import DischargeRecord, Session, VitalSet
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import ReportedAssessment, SafetyTask
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff

from .at_the_page import Clock, leaving, send, shown, signed, steps, what_the_gate_found, words

AWAITED = "En oppgave ber om lege nå, og ingen lege har svart på den"


@pytest.fixture
def as_lead(moss: Unit, staff: Staff) -> Client:
    client = Client()
    client.force_login(staff(moss, Role.UNIT_LEAD))
    return client


def tapped(sign: str = "chest_pain", **more: str) -> typed.Typed:
    return {"entry": typed.entry(), "ago": "0", "signs": sign, **more}


def over(sign: str = "chest_pain") -> typed.Typed:
    return typed.vitals() | {"signs_over": [sign]}


def seen_by(doctor: Professional, *, at: datetime) -> typed.Typed:
    """What a nurse types of the doctor who came."""
    clock = timezone.localtime(at)
    return {
        "entry": typed.entry(),
        "doctor": str(doctor.pk),
        "seen_at": f"{clock:%d.%m.%Y %H:%M}",
        "plan": "ECG without findings, home with her son",
        "treat_today": "yes",
        "decided": "observe",
    }


def test_a_danger_sign_calls_the_responsible_doctor_once(
    running: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    clock.move(4)
    row = tapped()
    for _ in range(2):
        send(as_nurse, "vitals.record", running.pk, row)
    send(as_nurse, "vitals.record", running.pk, tapped("breathlessness"))
    task = SafetyTask.objects.get()
    assert (task.receiver, task.promptness) == (psychiatrist, "doctor-now")
    assert task.opened_at <= VitalSet.objects.order_by("-pk")[1].happened_at
    page = words(as_nurse.get(reverse("today")))  # type: ignore[arg-type]  # Django's test client
    assert "Faresignal ved stolen: lege ser til pasienten" in page


def test_a_danger_sign_added_by_a_correction_calls_too_and_one_unchanged_does_not(
    running: Session, as_nurse: Client
) -> None:
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    row = VitalSet.objects.order_by("-pk")[0]
    forgotten = typed.vitals() | {"signs": ["chest_pain"], "reason": "It was forgotten"}
    send(as_nurse, "vitals.correct", row.pk, forgotten)
    assert SafetyTask.objects.count() == 1
    treatment.acknowledge_task(
        safety_task=SafetyTask.objects.get(),
        action_taken="Seen",
        by=Professional.objects.get(role="psychiatrist"),
        at=timezone.now(),
    )
    again = VitalSet.objects.order_by("-pk")[0]
    send(
        as_nurse,
        "vitals.correct",
        again.pk,
        forgotten | {"pulse": "74", "entry": typed.entry()},
    )
    assert SafetyTask.objects.count() == 1


@pytest.mark.parametrize("first", ["over", "report"])
def test_a_nurse_ends_a_danger_sign_by_naming_the_doctor_who_then_confirms(
    running: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    clock: Clock,
    first: str,
) -> None:
    clock.move(4)
    send(as_nurse, "vitals.record", running.pk, tapped())
    task = SafetyTask.objects.get()
    assert (
        reverse("task.acknowledge", args=[task.pk])
        in as_nurse.get(reverse("session", args=[running.pk])).content.decode()
    )
    clock.move(3)
    seen = seen_by(psychiatrist, at=timezone.now())
    acts = {
        "over": lambda: send(as_nurse, "vitals.record", running.pk, over()),
        "report": lambda: send(as_nurse, "task.report", task.pk, seen),
    }
    acts[first]()
    assert "Rødt: Brystsmerter" in shown(as_nurse, running), "half of it is not enough"
    clock.move(1)
    acts[next(one for one in acts if one != first)]()
    assert "Rødt: Brystsmerter" not in shown(as_nurse, running)
    assert SafetyTask.objects.for_a_doctor_now().exists(), "open until it is confirmed"
    send(as_doctor, "task.confirm", ReportedAssessment.objects.get().pk, {})
    assert not SafetyTask.objects.open().exists()


def test_a_doctor_who_came_before_the_sign_was_told_again_has_not_seen_it(
    running: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    send(as_nurse, "vitals.record", running.pk, tapped())
    clock.move(2)
    seen = seen_by(psychiatrist, at=timezone.now())
    send(as_nurse, "task.report", SafetyTask.objects.get().pk, seen)
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, tapped())
    assert SafetyTask.objects.open().count() == 2, "the doctor is called again"
    clock.move(5)
    send(as_nurse, "vitals.record", running.pk, over())
    assert "Rødt: Brystsmerter" in shown(as_nurse, running)


@pytest.fixture
def going_home(
    accounted: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> Session:
    """Both have signed, and every criterion is met."""
    clock.move(61)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals())
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home())
    signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, accounted)
    clock.move(5)
    return accounted


def test_a_danger_sign_after_the_signatures_takes_a_doctor_and_both_sign_anew(
    going_home: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    send(as_nurse, "vitals.record", going_home.pk, tapped())
    clock.move(5)
    send(as_nurse, "vitals.record", going_home.pk, over())
    page = shown(as_nurse, going_home)
    assert "Hindrer hjemreise: Brystsmerter" in page
    assert AWAITED in page
    record = DischargeRecord.objects.in_force().get()
    leave = reverse("session.leave", args=[record.pk])
    assert as_nurse.post(leave, leaving()).status_code == 422
    seen = seen_by(psychiatrist, at=timezone.now())
    send(as_nurse, "task.report", SafetyTask.objects.get().pk, seen)
    send(as_doctor, "task.confirm", ReportedAssessment.objects.get().pk, {})
    page = shown(as_nurse, going_home)
    assert "Hindrer hjemreise" not in page
    assert "Gjelder ikke lenger" in page
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, going_home), "sign again"
    assert as_nurse.post(leave, leaving()).status_code == 422
    old = record.pk
    send(as_nurse, "discharge.sign", old, {})
    send(as_doctor, "discharge.sign", old, {})
    send(as_nurse, "discharge.sign", old, {})
    assert DischargeRecord.objects.count() == 2, "signed anew once, whoever came first"
    assert "Gjelder ikke lenger" not in shown(as_nurse, going_home)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, going_home)
    send(as_nurse, "session.leave", DischargeRecord.objects.in_force().get().pk, leaving())


def test_a_red_reading_after_the_signatures_voids_them_though_the_next_is_calm(
    going_home: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    red = typed.vitals("202/104", confirmed="systolic=202")
    for one in (red, typed.vitals()):
        clock.move(5)
        send(as_nurse, "vitals.record", going_home.pk, one)
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, going_home)
    signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, going_home)


def test_a_word_added_to_an_old_red_set_voids_no_signature(
    going_home: Session, as_nurse: Client, as_doctor: Client, clock: Clock
) -> None:
    red = typed.vitals("202/104", confirmed="systolic=202")
    for one in (red, typed.vitals()):
        clock.move(5)
        send(as_nurse, "vitals.record", going_home.pk, one)
    signed(as_nurse, as_doctor)
    said_why = {row.reason for row in DischargeRecord.objects.all()}
    assert "discharge.signed-anew" in said_why, "in the language of the reader, not the writer"
    old = VitalSet.objects.get(systolic=202)
    clock.move(3)
    word: typed.Typed = {"comment": "Talked on the telephone", "reason": "It was forgotten"}
    send(as_nurse, "vitals.correct", old.pk, red | word)
    assert "Nå: Klar for hjemreise" in steps(as_nurse, going_home)
    clock.move(1)
    worse: typed.Typed = {"signs": ["chest_pain"], "reason": "It was forgotten"}
    send(as_nurse, "vitals.correct", VitalSet.objects.order_by("-pk")[0].pk, red | worse)
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, going_home)


def test_who_leaves_with_a_danger_sign_leaves_by_a_named_doctor_and_it_is_listed(
    going_home: Session, as_nurse: Client, psychiatrist: Professional, as_lead: Client
) -> None:
    send(as_nurse, "vitals.record", going_home.pk, tapped())
    record = DischargeRecord.objects.in_force().get()
    decided = leaving(deviation="Goes with the ambulance", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", record.pk, decided)
    left = DischargeRecord.objects.in_force().get()
    assert "Brystsmerter" in [one["reason"]["nb"] for one in left.findings]
    page = words(as_lead.get(reverse("unit")))  # type: ignore[arg-type]  # Django's test client
    assert "Goes with the ambulance" in page
    assert "DC-6, DC-7, DC-9" in page
    assert "Brystsmerter" in page


def test_a_danger_sign_before_the_start_is_rested_measured_twice_and_seen_by_a_doctor(
    prepared: Session,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
    clock: Clock,
) -> None:
    clock.move(1)
    send(as_nurse, "vitals.record", prepared.pk, tapped())
    page = shown(as_nurse, prepared)
    assert "Rødt: Brystsmerter" in page
    assert "Først: Nødanrop." in page, "there is no pump to stop yet"
    assert "Hvile 15 min, så to målinger" in page, "at once"
    start = reverse("pump.record", args=[prepared.pk])
    assert as_nurse.post(start, typed.pump("start")).status_code == 422
    assert what_the_gate_found(as_nurse, prepared)["gate:chest_pain"] == 5
    clock.move(3)
    seen = seen_by(psychiatrist, at=timezone.now())
    send(as_nurse, "task.report", SafetyTask.objects.get().pk, seen)
    send(as_nurse, "vitals.record", prepared.pk, over())
    found = what_the_gate_found(as_nurse, prepared)
    assert "gate:chest_pain" not in found
    assert (found["gate:readings"], found["gate:no_doctor_now"]) == (3, 5)
    clock.move(12)
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", prepared.pk, typed.vitals())
    found = what_the_gate_found(as_nurse, prepared)
    assert "gate:readings" not in found
    assert found["gate:no_doctor_now"] == 5, "nobody answers for this at the chair"
    assert as_nurse.post(start, typed.pump("start")).status_code == 422
    send(as_doctor, "task.confirm", ReportedAssessment.objects.get().pk, {})
    send(as_nurse, "session.gate", prepared.pk, typed.gate())
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))


def test_in_journal_mode_a_danger_sign_is_charted_and_calls_nobody(
    stopped: Session, as_nurse: Client, supported: Unit, psychiatrist: Professional
) -> None:
    now = timezone.now()
    people.state_purpose(unit=supported, on=False, by=psychiatrist, at=now)
    send(as_nurse, "discharge.record", stopped.pk, typed.going_home())
    send(as_nurse, "discharge.sign", DischargeRecord.objects.get().pk, {})
    send(as_nurse, "vitals.record", stopped.pk, tapped())
    assert not SafetyTask.objects.exists()
    assert "Gjelder ikke lenger" not in shown(as_nurse, stopped)
