"""Without the network: what is typed is kept on the tablet, and stored once when it is back."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from lysglimt.clinic.chairside.models import Session, VitalSet

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.knowledge.dosing.delivery import PumpAct
from django.utils import timezone
from tests.clinic.chairside.conftest import Pump, at_minute, course, order, pump, ready, session
from tests.clinic.conftest import NOON, as_nurse, hospital, kari, moss, nurse, psychiatrist, staff

from .wall_clock import WallClock

__all__ = ["as_nurse","course","hospital","kari","moss","nurse","order","psychiatrist","pump","ready","session","staff"]

@pytest.fixture
def running(
    ready: Session,
    pump: Pump,
    moss: Unit,
    psychiatrist: Professional,
    monkeypatch: pytest.MonkeyPatch,
) -> Session:
    """Ten minutes into the infusion."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    pump(0, PumpAct.START, "60")
    monkeypatch.setattr(timezone, "now", WallClock(at_minute(10)))
    return ready


def test_first(running: Session, as_nurse: Client, page: Page, address: str) -> None:
    signed_in = as_nurse.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": signed_in, "url": address}]
    )
    page.on("console", lambda m: print(m.text))
    page.goto(address + reverse("session", args=[running.pk]))
    expect(page.locator("#off-line[data-state=kept]")).to_be_attached()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.screenshot(path="/tmp/o1.png")
    page.locator("#vitals_systolic").fill("131/82")
    page.get_by_role("button", name="Lagre målingen").click()
    page.wait_for_timeout(2000)
    print(VitalSet.objects.count())
    page.context.set_offline(True)
    page.locator("#vitals_systolic").fill("141/82")
    page.get_by_role("button", name="Lagre målingen").click()
    page.wait_for_timeout(1000)
    page.screenshot(path="/tmp/o2.png", full_page=True)
    page.reload()
    page.wait_for_timeout(500)
    page.screenshot(path="/tmp/o3.png", full_page=True)
    page.locator("#code").fill(running.wristband)
    page.keyboard.press("Enter")
    page.wait_for_timeout(2000)
    page.screenshot(path="/tmp/o4.png", full_page=True)
    page.locator("#confirm-yes").click()
    page.wait_for_timeout(500)
    page.locator("#vitals_systolic").fill("151/92")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    page.screenshot(path="/tmp/o5.png", full_page=True)
    page.context.set_offline(False)
    page.wait_for_timeout(5500)
    page.screenshot(path="/tmp/o6.png", full_page=True)
    page.locator("#back-link").click()
    page.wait_for_timeout(2500)
    page.screenshot(path="/tmp/o7.png", full_page=True)
    print(list(VitalSet.objects.order_by("pk").values_list("systolic", "happened_at", "received_at")))
