"""Several chairs on one board, a screen on a wall, and a session that a doctor follows from elsewhere."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.models import OverdueSeen, Session, SessionPhase, WallScreen
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.chairside.conftest import (
    Pump,
    at_minute,
    course,
    entered,
    order,
    pump,
    ready,
)
from tests.clinic.conftest import (
    ANOTHER_NUMBER,
    KARI,
    NOON,
    NUMBER,
    hospital,
    kari,
    moss,
    nurse,
    psychiatrist,
    staff,
)

from .accessibility import assert_accessible
from .clinic import IN_TURN
from .keyboard import press, write
from .wall_clock import WallClock

__all__ = [
    "course",
    "hospital",
    "kari",
    "moss",
    "nurse",
    "order",
    "psychiatrist",
    "pump",
    "ready",
    "staff",
]

OLA = replace(
    KARI, given_name="Ola", family_name="Nordmann", identity_number=ANOTHER_NUMBER, sex="m"
)
LATE = 5_000  # milliseconds: nothing on these pages is older
WORDS = {
    "nb": {
        "free": "Ledig",
        "overdue": "Måling forsinket med 6 min",
        "seen": "Jeg har sett det",
        "lines": "Målinger som ble forsinket",
        "stale": "Ikke oppdatert siden",
        "where": "Hvor skjermen henger",
        "hang": "Heng opp",
        "see": "Til økten",
    },
    "en": {
        "free": "Free",
        "overdue": "Observation overdue by 6 min",
        "seen": "I have seen it",
        "lines": "Observations that were overdue",
        "stale": "Not up to date since",
        "where": "Where the screen hangs",
        "hang": "Hang it",
        "see": "To the session",
    },
}


@pytest.fixture
def session(
    course: Course, moss: Unit, nurse: Professional, psychiatrist: Professional
) -> Session:
    """Of three chairs the first; Ola has come to the second."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    chairs = [
        scheduling.add_chair(unit=moss, name=f"Stol {number}", by=nurse, at=NOON)
        for number in (1, 2, 3)
    ]
    ola = people.register_patient(said=OLA, by=nurse, at=NOON)
    other = treatment.plan_course(
        patient=ola, protocol=latest("iv-ketamine-no"), by=psychiatrist, at=NOON
    )
    opened = [
        actions.open_session(course=one, planned_on=NOON.date(), by=nurse, at=NOON, chair=chair)
        for one, chair in zip((course, other), chairs, strict=False)
    ]
    return opened[0]


@pytest.fixture
def clock(
    ready: Session, pump: Pump, nurse: Professional, monkeypatch: pytest.MonkeyPatch
) -> WallClock:
    """Eleven minutes into the infusion of the first chair."""
    pump(0, PumpAct.START, "60")
    for minute in (5, 10):
        measure(ready, minute, by=nurse)
    clock = WallClock(at_minute(11))
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def measure(session: Session, minute: int, *, by: Professional, systolic: int = 122) -> None:
    measured = Measured(phase=SessionPhase.INFUSION, systolic=systolic, diastolic=78, pulse=70)
    actions.record_vitals(
        session=session, measured=measured, entered=entered(minute), by=by, at=at_minute(minute)
    )


def signed_in(page: Page, who: Professional, address: str) -> None:
    client = Client()
    client.force_login(who)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}]
    )


def names(html: str) -> list[str]:
    """All by which somebody who passes could know who sits there."""
    told = [KARI.given_name, KARI.family_name, "KAØ", NUMBER, NUMBER[:6], "122/78"]
    told += [OLA.given_name, OLA.family_name, "ON<", ANOTHER_NUMBER, "/sessions/", "nurse"]
    keys = [
        str(key)
        for one in Session.objects.select_related("course")
        for key in (one.pk, one.course_id, one.course.patient_id)
    ]
    return [one for one in (*told, *keys) if one in html]


@pytest.mark.refused("gone", 403)
@IN_TURN
def test_an_observation_becomes_overdue_before_everybodys_eyes_and_is_seen(
    clock: WallClock,
    ready: Session,
    nurse: Professional,
    page: Page,
    address: str,
    language: str,
) -> None:
    people.choose_language(professional=nurse, language=language)
    words = WORDS[language]
    signed_in(page, nurse, address)
    page.goto(address + reverse("board"))
    cards = page.locator(".chair")
    assert cards.count() == 3
    assert words["free"] in cards.nth(2).inner_text()
    assert_accessible(page)
    link = cards.first.get_by_role("link", name=words["see"])
    # The menu of the right button keeps the release to itself: the board goes on all the same.
    page.mouse.move(2, 300)
    page.mouse.down(button="right")
    link.focus()
    clock.move(15.2)
    expect(cards.first).to_contain_text(words["overdue"], timeout=LATE)
    expect(link).to_be_focused()
    assert_accessible(page)
    says_that_it_is_old(page, words)
    assert words["lines"] in page.locator("#board").inner_text()
    press(page, page.get_by_role("button", name=words["seen"]))
    expect(page.get_by_text(words["lines"])).to_have_count(0)
    assert OverdueSeen.objects.get().by == nurse
    hang(page, address, words)
    expect(cards.first).to_contain_text(words["overdue"])
    for _ in range(2):
        assert names(page.content()) == []
        page.reload()
    assert_accessible(page)
    actions.take_down(screen=WallScreen.objects.get(), by=nurse, at=timezone.now())
    expect(cards).to_have_count(0, timeout=LATE)


def says_that_it_is_old(page: Page, words: dict[str, str]) -> None:
    """At once when the network goes, and since when; no longer when it is back."""
    page.context.set_offline(True)
    stale = page.locator("#stale")
    expect(stale).to_contain_text(words["stale"])
    assert "13:26" in stale.inner_text()
    assert page.locator("[data-stale]").count() == 1
    page.context.set_offline(False)
    expect(page.locator("[data-stale]")).to_have_count(0, timeout=LATE)


def hang(page: Page, address: str, words: dict[str, str]) -> None:
    page.goto(address + reverse("walls"))
    assert_accessible(page)
    write(page, words["where"], "Korridoren")
    press(page, page.get_by_role("button", name=words["hang"]))
    page.wait_for_url(address + reverse("wall"))


@pytest.mark.refused(422)
def test_a_doctor_follows_a_session_and_loses_nothing_that_is_typed(
    clock: WallClock,
    ready: Session,
    nurse: Professional,
    psychiatrist: Professional,
    page: Page,
    address: str,
) -> None:
    signed_in(page, psychiatrist, address)
    page.goto(address + reverse("session", args=[ready.pk]))
    field = page.locator("#vitals_systolic")
    field.fill("13")
    page.evaluate("scrollTo(0, 200)")
    place = field.bounding_box()
    clock.move(4)
    measure(ready, 15, by=nurse, systolic=207)
    lines = page.locator("table.chart-lines")
    expect(lines).to_contain_text("207/78", timeout=LATE)
    expect(page.locator("#outside")).to_be_visible()
    assert field.input_value() == "13"
    expect(field).to_be_focused()
    moved = field.bounding_box()
    assert place
    assert moved
    assert abs(place["y"] - moved["y"]) <= 2, "what is typed stays under the eyes"
    correct = lines.get_by_role("link").first
    way = correct.get_attribute("href")
    correct.focus()
    measure(ready, 16, by=nurse, systolic=131)
    expect(lines).to_contain_text("131/78", timeout=LATE)
    expect(lines.locator(f'a[href="{way}"]')).to_be_focused()
    actions.record_pump(
        session=ready,
        pumped=actions.Pumped(act=PumpAct.STOP),
        entered=entered(16),
        by=nurse,
        at=at_minute(16),
    )
    expect(page.locator("#further")).to_be_visible(timeout=LATE)
    assert field.input_value() == "13"
    assert_accessible(page)
    what_waits_for_its_tick_stays(page, ready, clock, nurse)


def what_waits_for_its_tick_stays(
    page: Page, session: Session, clock: WallClock, nurse: Professional
) -> None:
    """Red that is not stored yet stands through what others chart, with what is to be done."""
    page.locator("#vitals_systolic").fill("212/114")
    page.locator("#vitals_systolic").press("Enter")
    foreseen = page.locator("section:has(#foreseen)")
    expect(foreseen).to_contain_text("212")
    clock.move(2)
    measure(session, 17, by=nurse, systolic=128)
    expect(page.locator("table.chart-lines")).to_contain_text("128/78", timeout=LATE)
    expect(foreseen).to_contain_text("212")
    assert foreseen.locator("ol").count() == 1
    assert_accessible(page)
