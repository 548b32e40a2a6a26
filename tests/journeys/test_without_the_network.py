"""Without the network: what is typed is kept on the tablet, and stored once when it is back."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route, expect

from lysglimt.clinic.chairside.forms.vitals import CALLED
from lysglimt.clinic.chairside.models import ChairEvent, Session, VitalSet
from lysglimt.clinic.chairside.off_line import plan_off_line
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.monitoring.limits import light, outside
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from tests.clinic.conftest import KARI, NOON, NUMBER, Staff
from tools.machine import PARTS

from .accessibility import violations
from .clinic import IN_TURN
from .conftest import GONE, PATIENCE, SWITCHES, TABLET, chosen
from .foreign_words import foreign
from .profile import searched
from .tablet import COUNT, Tablet, charted

pytestmark = pytest.mark.refused(GONE, 403, 409, 422, 503)
Figures = Callable[..., None]
OUTBOX = "**/outbox/"
NOTHING = """async () => { const { unsent } = await import('/static/chairside/off-line-store.js');
  return (await unsent()).length === 0 }"""

JUMPS = """hours => { const was = Date.now; Date.now = () => was() + hours * 3600000;
  document.body.dispatchEvent(new Event('pointerdown', { bubbles: true })) }"""
"""Under the hands of who types: a tablet that nobody touched for so long locks, as it should."""


@pytest.fixture
def tablet(running: Session, as_nurse: Client, page: Page, address: str) -> Tablet:
    tablet = Tablet(page, address, running)
    tablet.sign_in(as_nurse)
    return tablet


def sound(page: Page, language: str) -> None:
    assert violations(page) == []
    if language == "nb":
        assert not foreign(page)


@IN_TURN
def test_everything_typed_without_the_network_is_stored_once_and_in_order(
    tablet: Tablet, language: str, figures: Figures
) -> None:
    tablet.open()
    tablet.type_set("131/82")
    expect(tablet.page.locator(".chart-lines")).to_contain_text("131/82")
    tablet.is_kept()
    tablet.network(there=False)
    on_the_open_page(tablet, language)
    another_wristband(tablet, language)
    tablet.reload_without()
    after_the_reload(tablet, language)
    tablet.network(there=True)
    tablet.page.locator("#back-link").click()
    expect(tablet.page.locator(".chart-lines")).to_contain_text("202/104", timeout=PATIENCE)
    tablet.nothing_waits()
    stored = charted(tablet.session)
    kinds = list(ChairEvent.objects.order_by("pk").values_list("kind", flat=True))
    figures(typed=7, stored=len(stored) + len(kinds))
    assert stored == [131, 141, None, 202, None]
    assert kinds == ["nausea", "check_pending"]
    assert VitalSet.objects.latest("pk").signs


def on_the_open_page(tablet: Tablet, language: str) -> None:
    tablet.keep("141/82", 1)
    tablet.keep("", 2, not_measured="sover")
    tablet.page.locator('.tiles button[value="nausea"]').click()
    tablet.waits(3)
    expect(tablet.page.locator("#unsent-away")).to_be_visible()
    sound(tablet.page, language)


def another_wristband(tablet: Tablet, language: str) -> None:
    tablet.page.reload()
    tablet.unlock("AAAA-AAAA")
    expect(tablet.page.locator("#code-told")).not_to_be_empty()
    expect(tablet.page.locator("#chart")).to_be_hidden()
    sound(tablet.page, language)


def after_the_reload(tablet: Tablet, language: str) -> None:
    page = tablet.page
    expect(page.locator("#stored")).to_contain_text("131/82")
    tablet.waits(3)
    tablet.type_set("1200/80")
    expect(page.locator("#asked")).to_contain_text("1200")
    tablet.type_set("202/104")
    page.locator("#asked button").click()
    tablet.waits(4)
    page.locator("#danger-tiles button").first.click()
    expect(page.locator("#told")).to_contain_text("telephone" if language == "en" else "ring")
    page.locator("#check").fill("60 ml/t, SS")
    page.locator("#check").press("Enter")
    tablet.waits(6)
    sound(page, language)


def test_what_is_not_sent_outlives_the_sign_in_and_is_its_own_unit_s(
    tablet: Tablet, halden: Unit, staff: Staff, nurse: Professional
) -> None:
    page = tablet.page
    tablet.open()
    page.route(OUTBOX, lambda route: route.fulfill(status=503, body="full"))
    tablet.keep("151/92", 1)
    expect(page.locator("#off-line-told")).to_contain_text("Tjeneren kan ikke lagre")
    page.goto(f"{tablet.address}/patients/")
    expect(page.locator(COUNT)).to_contain_text("1 føring på nettbrettet er ikke sendt")
    page.locator("#lock button").click()
    page.wait_for_url("**/sign-in/**")
    page.unroute(OUTBOX)
    beside = Client()
    beside.force_login(staff(halden, Role.NURSE))
    tablet.sign_in(beside)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{tablet.address}/patients/")
    expect(page.locator(COUNT)).to_be_hidden()
    assert page.evaluate(f"fetch('{tablet.path}off-line/').then(said => said.status)") == 403
    assert not [one for one in asked if one.endswith("/outbox/")]
    page.locator('form[action="/sign-out/"] button').click()
    page.wait_for_url("**/sign-in/**")
    assert charted(tablet.session) == []
    anew = Client()
    anew.force_login(nurse)
    tablet.sign_in(anew)
    page.goto(f"{tablet.address}/patients/")
    page.wait_for_function(NOTHING)
    expect(page.locator(COUNT)).to_be_hidden()
    assert charted(tablet.session) == [151]


def test_an_answer_that_is_lost_is_no_loss_and_other_content_is_merged_by_hand(
    tablet: Tablet,
) -> None:
    page = tablet.page
    tablet.open()

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(OUTBOX, lost)
    tablet.keep("139/83", 1)
    assert charted(tablet.session) == [139], "stored, and nobody was told"
    tablet.keep("138/82", 2)
    assert charted(tablet.session) == [139], "what was typed after it waits for its turn"
    rows = page.locator("#off-line-list li.unsent__row")
    rows.filter(has_text="139").get_by_role("button", name="Rett").click()
    page.unroute(OUTBOX)
    sent = tablet.posted()
    tablet.type_set("149/83")
    tablet.waits(1)
    merged = rows.filter(has_text="149")
    expect(merged.locator("td").filter(has_text="139")).to_be_visible()
    sound(page, "nb")
    form = merged.locator("form").filter(has_text="Rett det som står")
    form.locator("input").fill("avlest på nytt")
    stays_when_the_network_comes_back(tablet, form.locator("input"))
    form.locator("button").click()
    expect(page.locator(".chart-lines")).to_contain_text("149/83")
    tablet.nothing_waits()
    assert charted(tablet.session) == [139, 138]
    [amended] = [one for one in sent if one.get("do") == ["amend"]]
    assert "revision" in amended, "that which was read before it"
    assert VitalSet.objects.latest("pk").reason == "avlest på nytt"


def stays_when_the_network_comes_back(tablet: Tablet, typed: Locator) -> None:
    """A page that is opened anew by itself would empty it."""
    before = typed.input_value()
    tablet.network(there=False)
    tablet.network(there=True)
    expect(tablet.page.locator("#off-line-told")).to_contain_text("Nettet er tilbake")
    expect(typed).to_have_value(before)


def test_a_full_tablet_says_that_it_keeps_nothing_and_the_row_stays(tablet: Tablet) -> None:
    page = tablet.page
    tablet.open()
    tablet.network(there=False)
    tablet.keep("141/82", 1)
    page.evaluate(
        "void (IDBObjectStore.prototype.put = function () { this.transaction.abort(); })"
    )
    tablet.type_set("142/82")
    expect(page.locator("#off-line-told")).to_contain_text("Skriv det på papir nå")
    expect(page.locator("#vitals_systolic")).to_have_value("142/82")
    tablet.waits(1)


@pytest.mark.parametrize("hours", [-2, 400 * 24])
def test_a_clock_that_jumps_refuses_nothing_and_is_told(tablet: Tablet, hours: int) -> None:
    page = tablet.page
    tablet.open()
    tablet.network(there=False)
    page.evaluate(JUMPS, hours)
    typed_at = timezone.now()
    tablet.keep("141/82", 1)
    tablet.network(there=True)
    expect(page.locator("#unsent-moved")).to_be_visible()
    row = VitalSet.objects.get(systolic=141)
    assert abs(row.happened_at - typed_at) < timedelta(seconds=30)


def test_the_ranges_on_the_tablet_are_those_of_the_rules(tablet: Tablet, language: str) -> None:
    """Every whole number that a column takes, one at a time."""
    tablet.open()
    sheet = sheet_of(tablet.session, now=timezone.now())
    plan = plan_off_line(sheet)
    told: dict[str, list[str | None]] = tablet.page.evaluate(
        """async plan => { const { band } = await import('/static/chairside/off-line-row.js');
        return Object.fromEntries(plan.columns.map(column => [column.name,
          Array.from({length: column.highest - column.lowest + 1},
            (_, n) => band(column, column.lowest + n)?.light ?? 'green')])) }""",
        plan,
    )
    for column in plan["columns"]:
        sign = CALLED[column["name"]]
        values = range(column["lowest"], column["highest"] + 1)
        ruled = [
            str(light(outside([Observed(at=NOON, values={sign: value})], sheet.risen_from)))
            for value in values
        ]
        assert told[column["name"]] == ruled, column["name"]


def test_a_killed_browser_keeps_what_was_typed_and_its_profile_names_nobody(
    running: Session,
    as_nurse: Client,
    address: str,
    browser: Browser,
    tmp_path: Path,
    figures: Figures,
) -> None:
    def started() -> tuple[BrowserContext, Tablet]:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=PARTS["chromium"].found(),
            args=SWITCHES,
            viewport={"width": TABLET["width"], "height": TABLET["height"]},
        )
        context.add_cookies(chosen("nb"))
        return context, Tablet(context.pages[0], address, running)

    context, tablet = started()
    tablet.sign_in(as_nurse)
    tablet.open()
    expect(tablet.page.locator(".patient-banner")).to_contain_text(KARI.family_name)
    tablet.network(there=False)
    tablet.keep("144/84", 1, comment="Fru Ødegård er urolig")
    tablet.reload_without()
    tablet.keep("145/85", 2)
    number = (tmp_path / "profile" / "SingletonLock").readlink().name.rpartition("-")[2]
    os.kill(int(number), signal.SIGKILL)
    with suppress(Error):  # as soon as Playwright has seen that it is gone
        context.close()
    names = [KARI.family_name, KARI.given_name, NUMBER]
    files, found = searched(tmp_path / "profile", names)
    figures(files_searched=files, names_or_numbers_found=len(found))
    assert found == []
    assert searched(tmp_path / "profile", [str(running.pk)])[1], "what is there is found"
    (tmp_path / "profile" / "SingletonLock").unlink(missing_ok=True)
    context, tablet = started()
    tablet.sign_in(as_nurse)
    tablet.page.goto(tablet.path)
    tablet.nothing_waits()
    expect(tablet.page.locator(".chart-lines")).to_contain_text("145/85")
    context.close()
    assert charted(running) == [144, 145]
