"""A screen on a wall: the chairs, and nobody who sits in one."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import ChairEventKind, Session, WallScreen
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from tests.clinic.conftest import KARI, NOON, NUMBER, Staff

from .conftest import at_minute, entered
from .test_board import (
    Later,
    Measure,
    decision_support,
    later,
    measure,
    running,
    session,
    shown,
    words,
)

__all__ = ["decision_support", "later", "measure", "running", "session"]


def hung(by: Professional, **said: str) -> Client:
    """A browser that somebody has hung."""
    client = Client()
    client.force_login(by)
    answer = client.post(reverse("wall.hang"), {"name": "Korridoren", **said})
    assert answer.headers["Location"] == reverse("wall")
    return client


@pytest.fixture
def wall(running: Session, measure: Measure, later: Later, nurse: Professional) -> Client:
    measure(5)
    measure(10, systolic=206, diastolic=112)
    later(16)
    return hung(nurse)


def names_somebody(html: str, session: Session) -> list[str]:
    """All by which one could know who sits there, or what was found."""
    told = [KARI.given_name, KARI.family_name, "KAØ", "Kari", NUMBER, NUMBER[:6], "14.03.1979"]
    keys = [str(session.pk), str(session.course_id), str(session.course.patient_id)]
    found = ["206", "112", "Utenfor", "rødt", "Faresignal", "Lege", "nurse", "/sessions/"]
    return [one for one in (*told, *keys, *found) if one.lower() in html.lower()]


def test_it_says_how_far_and_what_is_due_and_names_nobody(
    wall: Client, running: Session
) -> None:
    for _ in range(2):
        html = wall.get(reverse("wall")).content.decode()
        assert names_somebody(html, running) == []
        page = words(html)
        for said in (
            "Moss",
            "Stol 1",
            "Infusjon",
            "24 min",
            "Stol 2 Ledig",
            "Til pasienten NÅ, siden 13:10",
        ):
            assert said in page, said
        # It stands the same after a reload, and when it is asked anew.
    polled = wall.get(reverse("wall"), headers={"X-Background": "board"}).content.decode()
    assert names_somebody(polled, running) == []


def test_who_is_in_danger_looks_otherwise_than_who_waits_for_a_doctor(
    running: Session, measure: Measure, later: Later, nurse: Professional
) -> None:
    measure(5)
    actions.record_event(
        session=running,
        happened=actions.Happened(kind=ChairEventKind.DOCTOR_CALLED),
        entered=entered(6),
        by=nurse,
        at=at_minute(6),
    )
    later(7)
    called = shown(hung(nurse), "wall")
    assert "Se til pasienten, siden 13:06" in called
    measure(8, spo2=84)
    later(8)
    red = shown(hung(nurse), "wall")
    assert "Til pasienten NÅ, siden 13:08" in red
    assert "84" not in red


def test_what_is_overdue_stands_there_with_nothing_to_press(wall: Client, later: Later) -> None:
    later(30)
    html = wall.get(reverse("wall")).content.decode()
    assert "Måling forsinket med" in words(html)
    assert "Forsinkede målinger, ikke kvittert: Stol 1" in words(html)
    assert "<button" not in html
    assert "<a " not in html


def test_who_is_signed_in_at_that_browser_sees_no_more(
    wall: Client, running: Session, psychiatrist: Professional
) -> None:
    before = wall.get(reverse("wall")).content
    wall.force_login(psychiatrist)
    assert wall.get(reverse("wall")).content == before


def test_nobody_stays_signed_in_at_a_screen_that_was_hung(wall: Client) -> None:
    answer = wall.get(reverse("board"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("sign-in"))


def test_the_pressure_stands_there_only_where_it_was_said_that_no_visitor_reads_it(
    running: Session, measure: Measure, later: Later, nurse: Professional
) -> None:
    measure(5, systolic=131, diastolic=82)
    later(6)
    assert "131/82" not in shown(hung(nurse), "wall")
    assert "131/82" in shown(hung(nurse, numbers="on"), "wall")


def test_the_pressure_of_who_has_closed_the_record_to_somebody_is_on_no_wall(
    running: Session, measure: Measure, later: Later, moss: Unit, staff: Staff,
    psychiatrist: Professional, nurse: Professional,
) -> None:  # fmt: skip
    """Whoever is shut out passes the wall, too."""
    measure(5, systolic=206, diastolic=112)
    later(6)
    wall = hung(nurse, numbers="on")
    assert "206/112" in shown(wall, "wall")
    people.block(
        patient=running.course.patient,
        staff=staff(moss, Role.NURSE, "colleague"),
        chapter=Chapter.SESSIONS,
        by=psychiatrist,
        at=NOON,
    )
    page = shown(wall, "wall")
    assert "206/112" not in page
    assert "Til pasienten NÅ" in page


def test_no_read_is_logged_of_a_screen_that_shows_nobody(wall: Client) -> None:
    wall.get(reverse("wall"))
    wall.get(reverse("wall"), headers={"X-Background": "board"})
    assert not Read.objects.exists()
    assert Event.objects.filter(operation="wall.hang").count() == 1


def test_a_browser_that_nobody_hung_shows_nothing(running: Session, client: Client) -> None:
    answer = client.get(reverse("wall"))
    assert answer.status_code == 403
    assert "Stol" not in words(answer.content.decode())


def test_a_mark_that_somebody_made_up_shows_nothing(wall: Client) -> None:
    name = settings.WALL_COOKIE_NAME
    wall.cookies[name] = wall.cookies[name].value[:-3] + "abc"
    assert wall.get(reverse("wall")).status_code == 403


def test_taken_down_it_shows_nothing_at_the_next_question(
    wall: Client, as_nurse: Client
) -> None:
    screen = WallScreen.objects.get()
    page = shown(as_nurse, "walls")
    assert "Korridoren" in page
    assert as_nurse.post(reverse("wall.end", args=[screen.pk])).status_code == 302
    assert wall.get(reverse("wall"), headers={"X-Background": "board"}).status_code == 403
    assert "Korridoren" not in shown(as_nurse, "walls")
    again = as_nurse.post(reverse("wall.end", args=[screen.pk]), follow=True)
    assert "Noen har tatt ned skjermen i mellomtiden." in again.content.decode()
    assert WallScreen.objects.filter(withdrawn=True).count() == 1


def test_it_hangs_on_when_whoever_hung_it_works_there_no_more(
    wall: Client, nurse: Professional
) -> None:
    Professional.objects.filter(pk=nurse.pk).update(is_active=False)
    assert "Stol 1" in shown(wall, "wall")


def test_it_shows_its_own_unit_and_no_other(wall: Client, halden: Unit, staff: Staff) -> None:
    other = hung(staff(halden, Role.NURSE, "halden"))
    assert "Stol" not in shown(other, "wall")
    assert "Korridoren" in shown(wall_list(staff, halden), "walls")


def wall_list(staff: Staff, unit: Unit) -> Client:
    client = Client()
    client.force_login(staff(unit, Role.UNIT_LEAD, "lead"))
    return client


def test_a_screen_without_a_name_is_asked_for_one(as_nurse: Client) -> None:
    answer = as_nurse.post(reverse("wall.hang"), {"name": ""})
    assert answer.status_code == 422
    assert not WallScreen.objects.exists()


def test_the_screen_asks_few_questions(wall: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        wall.get(reverse("wall"), headers={"X-Background": "board"})
