"""Who was sent home and came back is measured, and signed for anew, before leaving again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.models import DischargeRecord, Session
from lysglimt.clinic.people.models import Professional
from tests.clinic.chairside import typed

from .at_the_page import Clock, leaving, send, shown, signed, steps, words

BACK = "Came back with a headache"


def newest() -> DischargeRecord:
    record: DischargeRecord = DischargeRecord.objects.in_force().get()
    return record


def clock_at(clock: Clock, *, ago: int = 0) -> str:
    return f"{timezone.localtime(clock.at - timedelta(minutes=ago)):%H:%M}"


@pytest.fixture
def ready(accounted: Session, as_nurse: Client, as_doctor: Client, clock: Clock) -> Session:
    clock.move(61)
    send(as_nurse, "vitals.record", accounted.pk, typed.vitals())
    send(as_nurse, "discharge.record", accounted.pk, typed.going_home())
    signed(as_nurse, as_doctor)
    return accounted


@pytest.fixture
def back(ready: Session, as_nurse: Client, clock: Clock) -> Session:
    clock.move(5)
    send(as_nurse, "session.leave", newest().pk, leaving())
    clock.move(10)
    late = typed.vitals("172/104", clock=clock_at(clock, ago=12))
    send(as_nurse, "vitals.record", ready.pk, late)
    send(as_nurse, "session.leave", newest().pk, {"reason": BACK})
    return ready


def test_who_came_back_leaves_after_a_new_reading_and_new_signatures_alone(
    back: Session, as_nurse: Client, as_doctor: Client, nurse: Professional, clock: Clock
) -> None:
    leave = reverse("session.leave", args=[newest().pk])
    refused = as_nurse.post(leave, leaving())
    assert refused.status_code == 422, "on the signatures of the first time"
    asked = words(refused)  # type: ignore[arg-type]  # Django's test client
    assert "Ikke signert av sykepleier" in asked
    assert "Ikke signert av lege" in asked
    assert "172 mmHg" in asked
    page = shown(as_nurse, back)
    assert "Gjelder ikke lenger: at pasienten har reist, ble strøket" in page
    assert "172 mmHg, skal være under 160 mmHg; ikke målt etter at" in page
    signed(as_nurse, as_doctor)
    assert "Nå: Klar for hjemreise" not in steps(as_nurse, back), "nothing measured since"
    assert as_nurse.post(leave_again(), leaving()).status_code == 422
    clock.move(1)
    send(as_nurse, "vitals.record", back.pk, typed.vitals())
    assert "Nå: Klar for hjemreise" in steps(as_nurse, back)
    send(as_nurse, "session.leave", newest().pk, leaving())


def leave_again() -> str:
    return reverse("session.leave", args=[newest().pk])


def test_good_readings_of_the_first_time_do_not_speak_for_who_came_back(
    ready: Session, as_nurse: Client, as_doctor: Client
) -> None:
    send(as_nurse, "session.leave", newest().pk, leaving())
    send(as_nurse, "session.leave", newest().pk, {"reason": BACK})
    signed(as_nurse, as_doctor)
    assert as_nurse.post(leave_again(), leaving()).status_code == 422
    assert "Mål på nytt: Systolisk blodtrykk" in shown(as_nurse, ready)


def test_a_decision_by_name_still_sends_home_who_came_back(
    back: Session, as_nurse: Client, psychiatrist: Professional
) -> None:
    decided = leaving(deviation="Seen by her own doctor here", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", newest().pk, decided)
    assert newest().decided_by == psychiatrist
    assert "Nå: Reist før kriteriene var oppfylt" in shown(as_nurse, back)


def test_the_first_departure_stays_on_the_page(
    back: Session, as_nurse: Client, nurse: Professional, clock: Clock
) -> None:
    left = DischargeRecord.objects.filter(left_at__isnull=False).latest("pk").left_at
    page = shown(as_nurse, back)
    assert f"Reiste kl. {timezone.localtime(left):%H:%M}" in page
    assert f"Strøket av {nurse} kl. {clock_at(clock)}: {BACK}" in page


@pytest.mark.parametrize(
    ("name", "charted", "why"),
    [
        pytest.param(
            "vitals.record", typed.vitals("172/104"), "utenfor planlagt område", id="amber"
        ),
        pytest.param(
            "event.record", typed.tile("doctor_called"), "lege skal tilkalles for", id="called"
        ),
    ],
)
def test_what_is_charted_after_the_signatures_voids_them(
    ready: Session, as_nurse: Client, *, name: str, charted: typed.Typed, why: str
) -> None:
    assert "Nå: Klar for hjemreise" in steps(as_nurse, ready)
    send(as_nurse, name, ready.pk, {**charted, "entry": typed.entry()})
    page = shown(as_nurse, ready)
    assert "Nå: Klar for hjemreise" not in page
    assert why in page
    send(as_nurse, "vitals.record", ready.pk, typed.vitals())
    assert "Nå: Klar for hjemreise" not in shown(as_nurse, ready), "they sign again"


def test_what_no_doctor_is_called_for_voids_nothing(ready: Session, as_nurse: Client) -> None:
    send(as_nurse, "event.record", ready.pk, typed.tile("nausea"))
    assert "Nå: Klar for hjemreise" in steps(as_nurse, ready)


def test_nobody_leaves_on_a_reading_that_is_overdue_without_a_decision(
    ready: Session, as_nurse: Client, psychiatrist: Professional, clock: Clock
) -> None:
    clock.move(60)
    refused = as_nurse.post(leave_again(), leaving())
    assert refused.status_code == 422
    assert "En måling er forsinket med" in words(refused)  # type: ignore[arg-type]  # likewise
    decided = leaving(deviation="The last train goes now", doctor=str(psychiatrist.pk))
    send(as_nurse, "session.leave", newest().pk, decided)
    page = shown(as_nurse, ready)
    assert "Ikke oppfylt da pasienten reiste: En måling er forsinket med" in page
    clock.move(120)
    assert shown(as_nurse, ready).count("forsinket med") == page.count("forsinket med")
