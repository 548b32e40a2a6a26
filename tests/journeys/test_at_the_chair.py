"""At a tablet beside the chair: what is wrong is read, and the next row of readings is typed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, ViewportSize

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from tests.clinic.chairside import typed
from tests.clinic.chairside.conftest import at_minute
from tests.clinic.conftest import NOON

from .clinic import further
from .conftest import TABLET, sign_in
from .wall_clock import WallClock

ONE = {"pressure": "202/104", "confirmed": "systolic=202"}
FOUR = {"pulse": "134", "spo2": "91", "respiration": "9"}


@pytest.fixture
def before(
    ready: Session, moss: Unit, psychiatrist: Professional, monkeypatch: pytest.MonkeyPatch
) -> Session:
    """Order, check and gate stand above the form."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    monkeypatch.setattr(timezone, "now", WallClock(at_minute(1)))
    return ready


@pytest.mark.parametrize(
    "readings",
    [
        pytest.param(ONE, id="one reading is red"),
        pytest.param(ONE | FOUR, id="five readings are outside the planned range"),
    ],
)
def test_after_a_red_reading_the_next_row_is_typed_without_scrolling(
    running: Session, readings: dict[str, str], as_nurse: Client, page: Page, address: str
) -> None:
    stored = as_nurse.post(
        reverse("vitals.record", args=[running.pk]), typed.vitals(**readings)
    )
    assert stored.status_code == 302
    sign_in(page, as_nurse, address)
    page.set_viewport_size(ViewportSize(width=TABLET["width"], height=TABLET["height"]))
    page.goto(address + reverse("session", args=[running.pk]))
    told = page.locator("section.outside")
    assert "202" in told.inner_text()
    parts = (
        told,
        page.locator(".due"),
        page.locator(".vitals-row"),
        page.locator(".buttons--kept button"),
        page.get_by_role("button", name="Pause nå"),
        page.get_by_role("button", name="Stopp infusjonen nå"),
    )
    assert [part for part in parts if not in_view(part)] == []
    covered = [field for field in page.locator(".vitals-row input").all() if not on_top(field)]
    assert covered == []


@pytest.mark.parametrize("height", [600, 760, 920, *further(640, 680, 720, 800, 840, 880, 960)])
def test_before_the_start_no_height_of_the_screen_lets_save_cover_a_field(
    before: Session, as_nurse: Client, page: Page, address: str, height: int
) -> None:
    sign_in(page, as_nurse, address)
    page.set_viewport_size(ViewportSize(width=TABLET["width"], height=height))
    page.goto(address + reverse("session", args=[before.pk]))
    fields = page.locator(".vitals-row input").all()
    assert fields
    assert [one for one in fields if visible(one, height) and not on_top(one)] == []


def visible(part: Locator, height: int) -> bool:
    box = part.bounding_box()
    return box is not None and box["y"] + box["height"] <= height


def in_view(part: Locator) -> bool:
    """All of it, with the page at its top."""
    box = part.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= TABLET["height"]


def on_top(field: Locator) -> bool:
    """A finger in its middle and at its lower edge meets the field and nothing else."""
    return bool(
        field.evaluate(
            """field => { const box = field.getBoundingClientRect();
            return [box.top + box.height / 2, box.bottom - 4].every(
              y => document.elementFromPoint(box.left + box.width / 2, y) === field) }"""
        )
    )
