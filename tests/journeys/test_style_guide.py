"""Every component in every state, looked at in a browser as the users do."""

import pytest
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from .accessibility import assert_accessible
from .clinic import IN_TURN, further
from .keyboard import tab_to

POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"


@pytest.fixture
def guide(page: Page, live_server: LiveServer) -> Page:
    """The style guide under the strictest policy that a clinic may set."""

    def under_policy(route: Route) -> None:
        answer = route.fetch()
        headers = answer.headers | {"content-security-policy": POLICY}
        route.fulfill(response=answer, headers=headers)

    page.route("**/design/", under_policy)
    page.goto(f"{live_server.url}/design/")
    return page


@IN_TURN
def test_every_component_is_accessible_and_nothing_is_inline(
    guide: Page, language: str
) -> None:
    assert guide.locator("html").get_attribute("lang") == language
    assert_accessible(guide)


@pytest.mark.parametrize("width", [1024, *further(768, 1280)])
def test_no_page_scrolls_sideways(guide: Page, width: int) -> None:
    guide.set_viewport_size({"width": width, "height": 800})
    assert guide.evaluate("document.documentElement.scrollWidth") == width


def test_text_at_twice_the_size_still_fits(guide: Page) -> None:
    guide.set_viewport_size({"width": 640, "height": 400})  # 1280x800 at 200 %
    assert guide.evaluate("document.documentElement.scrollWidth") == 640


def test_the_page_is_set_in_inter_and_stands_on_its_own(guide: Page) -> None:
    assert guide.evaluate("document.fonts.check('16px Inter', 'Måling')")
    assert guide.evaluate("[...document.fonts].some(font => font.status === 'loaded')")


def test_the_summary_of_a_refused_form_has_the_focus(guide: Page) -> None:
    assert guide.evaluate("document.activeElement.classList.contains('error-summary')")
    refused = guide.get_by_role("link", name="Vekt: «8O» er ikke et tall.")
    tab_to(guide, refused.element_handle())
    guide.keyboard.press("Enter")
    assert guide.evaluate("document.activeElement.id") == "id_refused-weight"


@IN_TURN
def test_no_word_of_a_chart_leaves_its_frame_or_covers_another(
    guide: Page, language: str
) -> None:
    faults = guide.evaluate("""() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
      const frame = chart.getBoundingClientRect();
      const words = [...chart.querySelectorAll('text')].map(text =>
        ({said: text.textContent, box: text.getBoundingClientRect()}));
      const cut = words.filter(({box}) => box.left < frame.left || box.right > frame.right
        || box.top < frame.top || box.bottom > frame.bottom).map(word => 'cut: ' + word.said);
      const covered = words.flatMap((a, n) => words.slice(n + 1).filter(b =>
        a.box.left < b.box.right - 1 && b.box.left < a.box.right - 1
        && a.box.top < b.box.bottom - 4 && b.box.top < a.box.bottom - 4)
        .map(b => `covered: ${a.said} / ${b.said}`));
      return [...cut, ...covered];
    })""")
    assert not faults


def test_what_a_gloved_finger_touches_is_large_enough(guide: Page) -> None:
    small = guide.evaluate("""() => [...document.querySelectorAll(
        'button, .ds-button, select, input:not([type=radio], [type=checkbox], [type=hidden]), .choice')]
      .filter(each => each.getBoundingClientRect().height < 44)
      .map(each => each.outerHTML.slice(0, 80))""")
    assert not small
