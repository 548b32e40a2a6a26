"""Four nurses have the same set open and correct it in the same moment."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.models import Session, SessionPhase, VitalSet
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.people.policy import Role
from tests.clinic.chairside.conftest import at_minute, entered
from tests.clinic.conftest import Staff

from .accessibility import assert_accessible
from .conftest import sign_in

HANDS = range(4)
CHARTED = 130
SEND = "() => setTimeout(() => document.querySelector('main form').requestSubmit())"
"""Nobody waits for the answer: the next one sends before it comes."""


@pytest.fixture
def charted(running: Session, staff: Staff, moss: Unit) -> VitalSet:
    measured = Measured(
        phase=SessionPhase.INFUSION, systolic=CHARTED, diastolic=78, pulse=70, spo2=98
    )
    return actions.record_vitals(
        session=running,
        measured=measured,
        entered=entered(5),
        by=staff(moss, Role.NURSE, "who-charted"),
        at=at_minute(5),
    )


@pytest.fixture
def pages(
    charted: VitalSet,
    staff: Staff,
    moss: Unit,
    new_context: Callable[[], BrowserContext],
    address: str,
) -> list[Page]:
    """Each nurse at a screen of her own, with the same revision open."""
    opened = []
    for hand in HANDS:
        client, page = Client(), new_context().new_page()
        client.force_login(staff(moss, Role.NURSE, f"nurse-{hand}"))
        sign_in(page, client, address)
        page.goto(address + reverse("vitals.correct", args=[charted.pk]))
        opened.append(page)
    return opened


def typed(hand: int) -> dict[str, str]:
    """What nobody else types."""
    return {
        "systolic": str(CHARTED + 1 + hand),
        "pulse": str(80 + hand),
        "comment": f"Sett av hånd {hand}",
        "reason": f"Lest feil, hånd {hand}",
    }


@pytest.mark.refused(422)
def test_of_four_who_correct_one_set_at_once_one_wins_and_three_see_both_and_lose_nothing(
    pages: list[Page], charted: VitalSet, address: str
) -> None:
    for hand, page in enumerate(pages):
        for name, value in typed(hand).items():
            page.locator(f'[name="{name}"]').fill(value)
    for page in pages:
        page.evaluate(SEND)
    chart = address + reverse("session", args=[charted.session_id])
    for page in pages:
        expect(page.locator("#vitals-form, #beside-heading").first).to_be_attached()
    won = [hand for hand, page in enumerate(pages) if page.url == chart]
    assert len(won) == 1
    [winner] = won
    losers = [hand for hand in HANDS if hand != winner]
    assert stored(charted) == [CHARTED, CHARTED + 1 + winner]
    for hand in losers:
        sees_both(pages[hand], hand, winner)
    assert_accessible(pages[losers[0]])
    again = losers[0]
    pages[again].evaluate(SEND)
    expect(pages[again].locator("#vitals-form")).to_be_attached()
    assert stored(charted) == [CHARTED, *(CHARTED + 1 + hand for hand in (winner, again))]


def sees_both(page: Page, hand: int, winner: int) -> None:
    """What stands now, who wrote it, what is hers and not stored; and all she typed is in the form."""
    beside = page.locator("section:has(#beside-heading)")
    told = beside.inner_text()
    assert f"{Role.NURSE} Moss" in told
    for value in (typed(hand)["pulse"], typed(winner)["pulse"], typed(hand)["comment"]):
        assert value in told
    kept = {name: page.locator(f'[name="{name}"]').input_value() for name in typed(hand)}
    assert kept == typed(hand)


def stored(charted: VitalSet) -> list[int | None]:
    rows = VitalSet.objects.history(charted.entry)
    return [row.systolic for row in rows]
