"""The journeys see what they must see, and a page can be used by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from .accessibility import assert_accessible, violations
from .keyboard import choose, press, tab_to, tick, write

pytestmark = pytest.mark.urls("tests.journeys.pages")


@pytest.mark.parametrize(
    ("language", "greeting"),
    [pytest.param("nb", "God dag", id="Bokmål"), pytest.param("en", "Good day", id="English")],
)
def test_a_browser_asks_for_its_language(page: Page, address: str, greeting: str) -> None:
    page.goto(f"{address}/sound/")
    assert page.get_by_role("heading").inner_text() == greeting


def test_a_sound_page_passes(page: Page, address: str) -> None:
    page.goto(f"{address}/sound/")
    assert_accessible(page)


def test_a_form_is_filled_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/sound/")
    write(page, "Vekt", "81")
    choose(page, "Fase", "Induksjon")
    tick(page, "Nei")
    tick(page, "Fastende")
    press(page, page.get_by_role("button", name="Lagre"))
    expect(page.locator("#typed")).to_have_text("81 Induksjon n on")


def test_what_tab_cannot_reach_is_a_fault(page: Page, address: str) -> None:
    page.goto(f"{address}/sound/")
    with pytest.raises(AssertionError, match="Tab never reaches"):
        tab_to(page, page.get_by_role("heading").element_handle())


def test_every_fault_of_a_page_is_seen(page: Page, address: str, troubles: list[str]) -> None:
    page.goto(f"{address}/faulty/")
    rules = {line.partition(":")[0] for line in violations(page)}
    heard = "\n".join(troubles)
    troubles.clear()
    assert {"html-has-lang", "image-alt", "label"} <= rules
    assert "404" in heard
    assert heard.count("Content Security Policy") == 2


@pytest.mark.refused(404)
def test_an_answer_that_was_meant_is_no_fault(page: Page, address: str) -> None:
    reply = page.goto(f"{address}/gone/")
    assert reply is not None
    assert reply.status == 404


def test_a_page_s_own_script_error_is_seen(
    page: Page, address: str, troubles: list[str]
) -> None:
    page.goto(f"{address}/sound/")
    page.evaluate("() => { setTimeout(() => { throw new Error('dropped') }) }")
    page.wait_for_timeout(50)
    heard = list(troubles)
    troubles.clear()
    assert [line for line in heard if "dropped" in line]
