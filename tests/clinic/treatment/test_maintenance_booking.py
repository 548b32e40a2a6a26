"""A session of maintenance is booked in its planned window; outside of it a doctor says why."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import (
    Appointment,
    AppointmentKind,
    Chair,
    off_plan_words,
)
from lysglimt.clinic.treatment.models import Course, CourseStanding
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside.page.at_the_page import what_the_gate_found
from tests.clinic.conftest import NOON

from .conftest import Give, Rate

TODAY = NOON + timedelta(days=22)
"""24 March; the sixth session was on the 20th, the window of the next is 14 to 20 April."""
OUTSIDE, FIRST, LAST = date(2026, 3, 27), date(2026, 4, 14), date(2026, 4, 20)
REASON = "Skårene stiger, og pasienten reiser bort"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    return TODAY


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def chair(moss: Unit, nurse: Professional) -> Chair:
    return scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)


@pytest.fixture
def maintained(
    course: Course, give: Give, rate: Rate, psychiatrist: Professional, as_doctor: Client
) -> Course:
    """Six sessions and a response: a doctor has decided on maintenance."""
    people.state_purpose(unit=course.unit, on=True, by=psychiatrist, at=NOON)
    rate(0, 34)
    for day in (1, 4, 8, 11, 15, 18):
        give(day)
    rate(21, 14)
    said = {"entry": str(uuid4()), "kind": "maintenance"}
    as_doctor.post(reverse("course.decide", args=[course.pk]), said)
    assert CourseStanding.objects.get().phase == "maintenance"
    return Course.objects.get(pk=course.pk)


def booking(chair: Chair, *days: date, **more: str) -> dict[str, str]:
    typed = {f"day_{n}": f"{day:%d.%m.%Y}" for n, day in enumerate(days, start=1)}
    said = {"entry": str(uuid4()), "starts": "0900", "minutes": "180", "chair": str(chair.pk)}
    return said | typed | more


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_first_day_of_the_planned_window_is_proposed(
    maintained: Course, chair: Chair, as_nurse: Client
) -> None:
    page = as_nurse.get(reverse("course.book", args=[maintained.pk])).content.decode()
    assert re.findall(r'value="(\d\d\.\d\d\.\d{4})"', page) == ["14.04.2026"]
    assert "Planlagt vindu: 14.04.2026–20.04.2026." in words(page)


@pytest.mark.parametrize("day", [FIRST, LAST], ids=["the first day", "the last day"])
def test_anyone_books_within_the_window_and_the_next_follows_from_it(
    maintained: Course, chair: Chair, as_nurse: Client, day: date
) -> None:
    address = reverse("course.book", args=[maintained.pk])
    assert as_nurse.post(address, booking(chair, day)).status_code == 302
    first = day + timedelta(days=25)
    planned = f"Planlagt vindu: {first:%d.%m.%Y}–{first + timedelta(days=6):%d.%m.%Y}."
    assert planned in words(as_nurse.get(address).content.decode())


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(OUTSIDE, id="at the spacing of induction"),
        pytest.param(LAST + timedelta(days=1), id="the day after the window"),
    ],
)
def test_a_nurse_is_told_that_a_day_outside_it_takes_a_doctor(
    maintained: Course, chair: Chair, as_nurse: Client, day: date
) -> None:
    where = reverse("course.book", args=[maintained.pk])
    reply = as_nurse.post(where, booking(chair, day, off_plan=REASON))
    assert reply.status_code == 422
    said = "Utenfor det planlagte vinduet for vedlikehold, 14.04.2026–20.04.2026. Bare en lege"
    assert said in words(reply.content.decode())
    assert not Appointment.objects.exists()


def test_a_doctor_says_why_and_it_stands_where_the_session_is_told_of(
    maintained: Course, chair: Chair, as_doctor: Client, psychiatrist: Professional
) -> None:
    where = reverse("course.book", args=[maintained.pk])
    asked = as_doctor.post(where, booking(chair, OUTSIDE))
    assert asked.status_code == 422
    assert set(asked.context["form"].errors) == {"off_plan"}
    assert as_doctor.post(where, booking(chair, OUTSIDE, off_plan="Ja")).status_code == 422
    sent = booking(chair, OUTSIDE, off_plan=REASON)
    assert as_doctor.post(where, sent).status_code == 302
    told = words(as_doctor.get(reverse("course", args=[maintained.pk])).content.decode())
    assert "Utenfor planlagt vindu 14.04.2026–20.04.2026." in told
    assert f"Besluttet av lege: {REASON} ({psychiatrist})" in told
    departed = words(as_doctor.get(reverse("unit")).content.decode())
    assert f"{REASON} ({psychiatrist})" in departed
    assert "bestilt utenfor det planlagte vinduet" in departed


def test_today_tells_that_the_day_is_outside_the_window(
    maintained: Course, chair: Chair, as_doctor: Client, psychiatrist: Professional
) -> None:
    where = reverse("course.book", args=[maintained.pk])
    day = TODAY.date()
    assert as_doctor.post(where, booking(chair, day, off_plan=REASON)).status_code == 302
    page = words(as_doctor.get(reverse("today")).content.decode())
    assert f"Utenfor planlagt vindu, besluttet av lege: {REASON} ({psychiatrist})" in page


def test_today_tells_of_a_day_before_the_window_that_nobody_has_decided_on(
    maintained: Course, chair: Chair, as_nurse: Client, nurse: Professional
) -> None:
    """Booked while the course was in induction, and left standing."""
    start = TODAY + timedelta(hours=2)
    scheduling.book(
        patient=maintained.patient,
        booking=scheduling.Booking(
            kind=AppointmentKind.SESSION,
            starts_at=start,
            ends_at=start + timedelta(hours=3),
            chair=chair,
            course=maintained.pk,
        ),
        by=nurse,
        at=NOON,
    )
    page = words(as_nurse.get(reverse("today")).content.decode())
    said = "Før det planlagte vinduet, 14.04.2026–20.04.2026: ingen lege har besluttet dagen."
    assert said in page


def test_a_session_is_not_moved_out_of_its_window_without_a_doctor(
    maintained: Course, chair: Chair, as_nurse: Client, as_doctor: Client
) -> None:
    as_nurse.post(reverse("course.book", args=[maintained.pk]), booking(chair, FIRST))
    where = reverse("appointment.move", args=[Appointment.objects.get().pk])
    moved = {"day": f"{OUTSIDE:%d.%m.%Y}", "starts": "0900", "minutes": "180"}
    moved |= {"chair": str(chair.pk), "reason": "Reise"}
    assert as_nurse.post(where, moved).status_code == 422
    assert as_doctor.post(where, moved).status_code == 422
    assert as_doctor.post(where, moved | {"off_plan": REASON}).status_code == 302
    # Another hour of the same day is anybody's, and the doctor's word stays.
    here = reverse("appointment.move", args=[Appointment.objects.in_force().get().pk])
    assert as_nurse.post(here, moved | {"starts": "1000"}).status_code == 302
    told = as_nurse.get(reverse("course", args=[maintained.pk])).content.decode()
    assert REASON in told


def opened(course: Course, by: Professional) -> Session:
    return chairside.open_session(course=course, planned_on=TODAY.date(), by=by, at=TODAY)


def test_the_start_check_says_that_the_day_is_before_the_window_and_asks_for_a_doctor(
    maintained: Course, as_nurse: Client, nurse: Professional
) -> None:
    found = what_the_gate_found(as_nurse, opened(maintained, nurse))
    assert found["gate:planned_day"] == Standing.NEEDS_SPECIALIST


def test_what_a_doctor_has_said_of_the_day_is_told_at_the_start_check(
    maintained: Course,
    chair: Chair,
    as_nurse: Client,
    as_doctor: Client,
    nurse: Professional,
) -> None:
    where = reverse("course.book", args=[maintained.pk])
    as_doctor.post(where, booking(chair, TODAY.date(), off_plan=REASON))
    session = opened(maintained, nurse)
    assert what_the_gate_found(as_nurse, session)["gate:planned_day"] == Standing.CAUTION
    page = as_nurse.get(reverse("session", args=[session.pk])).content.decode()
    assert f"Besluttet: {REASON}" in words(page)


def test_in_journal_mode_nobody_is_told_of_a_window(
    maintained: Course, chair: Chair, as_nurse: Client, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=maintained.unit, on=False, by=psychiatrist, at=TODAY)
    where = reverse("course.book", args=[maintained.pk])
    assert "Planlagt vindu" not in as_nurse.get(where).content.decode()
    assert as_nurse.post(where, booking(chair, OUTSIDE)).status_code == 302
    told = as_nurse.get(reverse("course", args=[maintained.pk])).content.decode()
    assert "Utenfor planlagt vindu" not in told


def moving(chair: Chair, day: date, **more: str) -> dict[str, str]:
    said = {
        "day": f"{day:%d.%m.%Y}",
        "starts": "1100",
        "minutes": "180",
        "chair": str(chair.pk),
    }
    return said | {"reason": "Stolen er ødelagt"} | more


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({"off_plan": REASON}, id="a field that the page did not offer"),
        pytest.param({"reason": f"off-plan: {REASON} (Dr. Berg)"}, id="typed as the reason"),
        pytest.param({"reason": f"off-plan:off-plan:  {REASON}"}, id="typed twice"),
    ],
)
def test_a_nurse_who_moves_the_hour_makes_no_doctors_decision(
    maintained: Course,
    chair: Chair,
    as_nurse: Client,
    nurse: Professional,
    forged: dict[str, str],
) -> None:
    scheduling.book(
        patient=maintained.patient,
        booking=scheduling.Booking(
            kind=AppointmentKind.SESSION,
            starts_at=TODAY + timedelta(days=3),
            ends_at=TODAY + timedelta(days=3, hours=3),
            chair=chair,
            course=maintained.pk,
        ),
        by=nurse,
        at=TODAY,
    )
    row = Appointment.objects.in_force().get()
    as_nurse.post(reverse("appointment.move", args=[row.pk]), moving(chair, OUTSIDE, **forged))
    moved = Appointment.objects.in_force().get()
    assert moved.revision == 2
    assert off_plan_words(moved) == ""


def test_why_it_was_moved_is_kept_beside_the_doctors_reason(
    maintained: Course, chair: Chair, as_doctor: Client, as_nurse: Client
) -> None:
    address = reverse("course.book", args=[maintained.pk])
    as_doctor.post(address, booking(chair, OUTSIDE, off_plan=REASON))
    booked = Appointment.objects.in_force().get()
    decided = off_plan_words(booked)
    as_nurse.post(reverse("appointment.move", args=[booked.pk]), moving(chair, OUTSIDE))
    moved = Appointment.objects.in_force().get()
    assert moved.starts_at != booked.starts_at
    assert off_plan_words(moved) == decided
    assert moved.reason.endswith("Stolen er ødelagt")
