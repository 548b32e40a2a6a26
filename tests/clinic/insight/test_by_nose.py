"""What Today and the unit's deviations say of a session by nose."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.models import Value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import Session, SessionPhase
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.insight.day import Progress, Visit
from lysglimt.clinic.insight.departures import Departed, departed
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind
from lysglimt.knowledge.dosing.devices import DeviceAct
from tests.clinic.chairside import nasal
from tests.clinic.chairside.conftest import at_minute, entered
from tests.clinic.chairside.test_devices import colleague, ready, session, supported
from tests.clinic.conftest import NOON

__all__ = ["colleague", "ready", "session", "supported"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at_minute(12))


@pytest.fixture
def booked(session: Session, nurse: Professional, moss: Unit) -> Appointment:
    chair = scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=3),
        chair=chair,
        course=session.course_id,
    )
    return scheduling.book(
        patient=session.course.patient, booking=booking, by=nurse, at=NOON, entered=entered()
    )


def visit(client: Client) -> Visit:
    shown = client.get(reverse("today")).context["places"]
    [found] = [one["visit"] for place in shown for one in place["visits"]]
    assert isinstance(found, Visit)
    return found


def test_before_the_order_today_says_what_is_missing(
    session: Session, booked: Appointment, as_nurse: Client
) -> None:
    assert {"order", "preparation"} <= {one.value for one in visit(as_nurse).lacking}


def test_between_devices_and_after_today_says_how_far_it_is(
    ready: Session, booked: Appointment, as_nurse: Client, nurse: Professional
) -> None:
    assert visit(as_nurse).progress is Progress.ARRIVED
    nasal.give(ready, 1, by=nurse)
    assert visit(as_nurse).progress is Progress.DEVICES
    nasal.give(ready, 6, by=nurse)
    found = visit(as_nurse)
    assert (found.progress, found.since) == (Progress.OBSERVED, at_minute(6))


def test_a_sequence_that_was_ended_stands_among_the_troubles(
    ready: Session, booked: Appointment, as_nurse: Client, nurse: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    ended = nasal.use(8, DeviceAct.ENDED, because="Kvalm, vil ikke ha flere")
    nasal.give(ready, 8, by=nurse, used=ended)
    told = " ".join(one.words for one in visit(as_nurse).troubles)
    assert "1 av 2 sprayenheter gitt, 28 mg" in told


def test_the_day_says_the_same_as_the_session_page(
    ready: Session, booked: Appointment, as_nurse: Client, nurse: Professional
) -> None:
    nasal.give(ready, 1, by=nurse)
    whole = sheet_of(ready, now=at_minute(12))
    assert visit(as_nurse).since == whole.started


def test_a_device_given_against_a_rule_stands_among_the_deviations_of_the_unit(
    ready: Session, nurse: Professional, moss: Unit
) -> None:
    nasal.give(ready, 1, by=nurse)
    early = replace(nasal.use(4), because="Gitt for tidlig ved en misforståelse")
    nasal.give(ready, 4, by=nurse, used=early)
    [found] = departed(moss, [], since=date.min, closed=lambda *_: Value(value=False))
    assert found.rule == "device:interval"
    assert found.by == str(nurse)
    assert found.why == "mindre enn fem minutter etter den forrige"


def test_a_device_that_was_struck_stands_among_what_was_taken_back(
    ready: Session, nurse: Professional, psychiatrist: Professional, moss: Unit
) -> None:
    nasal.give(ready, 1, by=nurse)
    second = nasal.give(ready, 6, by=nurse)
    why = "Ført to ganger, bare én ble gitt"
    actions.strike_device(used=second, by=nurse, at=at_minute(8), reason=why)
    [found] = struck(moss)
    assert (found.by, found.rule) == (str(nurse), "kurven: sprayenheter")
    assert "13:06 sprayenhet gitt (lot LOT-1, utløper 31.08.2027)" in found.why
    assert why in found.why


def struck(unit: Unit) -> list[Departed]:
    return departed(unit, [], since=date.min, closed=lambda *_: Value(value=False))


def test_a_red_reading_after_the_first_device_is_judged_as_after_a_start(
    ready: Session, nurse: Professional, psychiatrist: Professional, moss: Unit
) -> None:
    """Respiration 7 is red under way, and before a start nothing asks for it."""
    nasal.give(ready, 1, by=nurse)
    row = actions.record_vitals(
        session=ready,
        measured=actions.Measured(phase=SessionPhase.INFUSION, respiration=7),
        entered=entered(5),
        by=nurse,
        at=at_minute(5),
    )
    actions.strike(fact=row, by=psychiatrist, at=at_minute(9), reason="Talt feil, se neste")
    [found] = struck(moss)
    assert "Respirasjonsfrekvens 7" in found.why
