"""At the tablet, with a monitor beside: what it measured is told apart, and taken over with one tap."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import MonitorReading, Session, VitalSet
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.scheduling import actions as scheduling
from tests.clinic.chairside.conftest import at_minute
from tests.clinic.conftest import NOON

from .accessibility import assert_accessible
from .clinic import IN_TURN
from .conftest import sign_in

SAID = {
    "nb": (
        "Fra monitoren, ikke bekreftet",
        "Jeg har sett disse: før dem i kurven",
        "fra monitoren",
    ),
    "en": (
        "From the monitor, not confirmed",
        "I have seen these: chart them",
        "from the monitor",
    ),
}


@pytest.fixture
def measured(running: Session, moss: Unit, nurse: Professional) -> MonitorReading:
    """The pressure is of a minute ago."""
    chair = scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)
    bound = actions.Bound(sender="", device="M1", name="Monitor 1", chair=chair)
    device = actions.bind_monitor(bound=bound, by=nurse, at=NOON)
    reading = MonitorReading(
        device=device,
        session=running,
        control_id="1",
        content_digest="1",
        received_at=at_minute(10),
        systolic=131,
        diastolic=82,
        pressure_at=at_minute(9),
        pulse=77,
        pulse_at=at_minute(10),
    )
    actions.keep_readings(readings=[reading], set_aside=[], first=[reading], at=at_minute(10))
    return MonitorReading.objects.get()


@IN_TURN
def test_a_nurse_takes_over_with_one_tap_what_is_told_apart_from_the_chart(
    measured: MonitorReading,
    as_nurse: Client,
    page: Page,
    address: str,
    language: str,
) -> None:
    heading, button, remark = SAID[language]
    sign_in(page, as_nurse, address)
    page.goto(address + reverse("session", args=[measured.session_id]))
    card = page.get_by_role("region", name=heading)
    assert "131/82 mmHg" in card.inner_text()
    assert "131/82" not in page.locator("table.chart-lines").inner_text()
    assert card.evaluate("card => getComputedStyle(card).borderStyle") == "dashed"
    assert_accessible(page)
    page.get_by_role("button", name=button).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    row = VitalSet.objects.latest("pk")
    assert (row.systolic, row.pulse, row.spo2, row.from_monitor) == (131, 77, None, measured)
    lines = page.locator("table.chart-lines")
    assert "131/82" in lines.inner_text()
    assert remark in lines.inner_text()
    assert page.get_by_role("button", name=button).count() == 0
    assert_accessible(page)


@IN_TURN
def test_the_page_of_the_monitors_has_no_fault(
    measured: MonitorReading,
    as_nurse: Client,
    page: Page,
    address: str,
    language: str,
) -> None:
    sign_in(page, as_nurse, address)
    page.goto(address + reverse("monitors"))
    assert "Monitor 1" in page.locator("main").inner_text()
    assert_accessible(page)
