"""A session by nose whose network goes: devices are on paper, all else is charted behind the code."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import actions, off_line
from lysglimt.clinic.chairside.models import ChairEvent, DeviceUse, Session
from lysglimt.clinic.chairside.sheet import Sheet
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from tests.clinic.chairside import let_in, nasal
from tests.clinic.chairside.conftest import at_minute
from tests.clinic.conftest import (
    NOON,
    Staff,
    as_nurse,
    halden,
    hospital,
    kari,
    moss,
    nurse,
    psychiatrist,
    staff,
)

from .conftest import GONE
from .tablet import Tablet
from .test_without_the_network import sound
from .wall_clock import WallClock

__all__ = [
    "as_nurse",
    "halden",
    "hospital",
    "kari",
    "moss",
    "nurse",
    "psychiatrist",
    "staff",
]
pytestmark = pytest.mark.refused(GONE, 422)
ROWS = "#off-line-list li.unsent__row"
KNOWN: dict[str, Any] = {
    "route": "intranasal",
    "devices": {
        "ordered": 2,
        "given": [{"number": 1, "at": at_minute(0).isoformat()}],
        "next_from": at_minute(5).isoformat(),
    },
    "standing": [{"id": "chest_pain", "name": "Smerter", "at": at_minute(2).isoformat()}],
    "doctor": {"name": "Pernille Psykiater", "telephone": "12 34 56 78"},
    "called": at_minute(2).isoformat(),
}
"""What the plan of such a session says."""


@pytest.fixture
def session(
    kari: Patient,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    staff: Staff,
    monkeypatch: pytest.MonkeyPatch,
) -> Session:
    """Three minutes after the first of two devices."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    course = nasal.course_of(kari, by=psychiatrist)
    session = actions.open_session(course=course, planned_on=NOON.date(), by=nurse, at=NOON)
    let_in.agree(kari, by=psychiatrist)
    let_in.accept(kari, by=psychiatrist)
    order = nasal.ordered(session, by=psychiatrist)
    actions.sign_device_order(order=order, by=psychiatrist, at=NOON)
    nasal.check(order, by=nurse, other=staff(moss, Role.NURSE, "colleague"))
    nasal.let_through(session, by=psychiatrist)
    nasal.give(session, 0, by=nurse)
    nurse.language = "nb"
    nurse.save()
    written = off_line.plan_off_line

    def known(sheet: Sheet) -> dict[str, Any]:
        plan = written(sheet)
        tapped = {
            "at": "13:02",
            "cells": [["–", "green"]] * 8,
            "values": {},
            "measured_at": 0,
            "kind": "danger",
            "light": "red",
            "signs": [{"id": "chest_pain", "name": "Smerter"}],
        }
        stored = {**plan["stored"], "sets": [tapped, *plan["stored"]["sets"]]}
        return {**plan, **KNOWN, "stored": stored}

    monkeypatch.setattr(off_line, "plan_off_line", known)
    monkeypatch.setattr(timezone, "now", WallClock(at_minute(3)))
    return session


def test_a_device_is_written_on_paper_and_what_is_known_of_the_session_stands_behind_the_code(
    session: Session, as_nurse: Client, page: Page, address: str
) -> None:
    tablet = Tablet(page, address, session)
    tablet.sign_in(as_nurse)
    tablet.open()
    tablet.network(there=False)
    a_device_that_is_not_charted(page)
    tablet.reload_without()
    what_is_known(page)
    what_happens(tablet)
    tablet.network(there=True)
    sent = tablet.posted()
    page.locator("#back-link").click()
    expect(page.locator("main")).to_contain_text("Labetalol 10 mg")
    tablet.nothing_waits()
    stored = ChairEvent.objects.order_by("pk")
    assert [(one.kind, one.amount) for one in stored] == [
        ("drug_given", "Labetalol 10 mg"),
        ("nausea", ""),
    ]
    drug, nausea = stored
    assert drug.comment == "langsomt"
    assert nausea.happened_at < drug.happened_at
    assert Event.objects.get(operation="outbox.strike").reason == "feil knapp"
    assert DeviceUse.objects.count() == 1
    assert [one["typist"] for one in sent] == [[""]] * 3, (
        "nobody was signed in when it was typed"
    )


def a_device_that_is_not_charted(page: Page) -> None:
    lot = page.locator('.devices [name="lot"]')
    lot.fill("AB124")
    page.locator('.devices button[value="given"]').click()
    expect(page.locator("#off-line-told")).to_contain_text("føres ingen sprayenhet")
    expect(lot).to_have_value("AB124")


def what_is_known(page: Page) -> None:
    expect(page.locator("#devices")).to_contain_text("1 av 2 sprayenheter gitt")
    expect(page.locator("#devices")).to_contain_text("tidligst kl. 13:05")
    expect(page.locator("#no-device")).to_be_visible()
    expect(page.locator("#no-pump")).to_be_hidden()
    known = page.locator("#danger-known")
    expect(known).to_contain_text("Smerter siden kl. 13:02")
    expect(known).to_contain_text("Lege ble tilkalt kl. 13:02")
    expect(known).to_contain_text("Pernille Psykiater, 12 34 56 78")
    expect(page.locator("#stored tr").first).to_contain_text("Smerter")
    sound(page, "nb")


def what_happens(tablet: Tablet) -> None:
    """A drug with its amount and time, a tile of two minutes ago, and one tapped by mistake."""
    page = tablet.page
    form = page.locator("#event-form")
    form.get_by_role("button", name="Legemiddel gitt").click()
    expect(page.locator("#told")).to_contain_text("hvor mye")
    form.locator('[name="amount"]').fill("Labetalol 5 mg")
    form.get_by_role("button", name="Legemiddel gitt").click()
    tablet.waits(1)
    expect(form.locator('[name="amount"]')).to_have_value("")
    form.locator('[name="ago"][value="2"]').check()
    form.get_by_role("button", name="Kvalme").click()
    tablet.waits(2)
    page.locator("#danger-tiles button").first.click()
    expect(page.locator("#told")).to_contain_text("12 34 56 78")
    tablet.waits(3)
    mistaken = page.locator(ROWS).first
    mistaken.locator("summary").click()
    mistaken.locator("input").fill("feil knapp")
    mistaken.locator("form button").click()
    expect(page.locator(ROWS).first.locator("del")).to_be_visible()
    drug = page.locator(ROWS).filter(has_text="Labetalol")
    drug.locator("summary").first.click()
    drug.locator('[name="amount"]').fill("Labetalol 10 mg")
    drug.locator('[name="comment"]').fill("langsomt")
    drug.locator("form").first.get_by_role("button").click()
    expect(drug.locator(".unsent__before del")).to_contain_text("Labetalol 5 mg")
    sound(page, "nb")
