"""The network goes while a screen locks, a row is half typed, or the server answers for itself."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside.models import PumpEvent, Session, VitalSet
from lysglimt.clinic.people.models import Professional
from tests.clinic.conftest import KARI

from .clinic import IN_TURN
from .conftest import GONE, PATIENCE
from .proxy import before
from .tablet import Tablet, charted
from .test_without_the_network import OUTBOX, sound, tablet

__all__ = ["tablet"]
pytestmark = pytest.mark.refused(GONE, 400, 403, 404, 409, 422, 502, 503)
ROWS = "#off-line-list li.unsent__row"
MODULES = "/static/chairside/off-line-"
UNREADABLE = f"""async () => {{
  const store = await import('{MODULES}store.js');
  const {{ session, unit }} = document.getElementById('off-line').dataset;
  await store.keep({{ entry: crypto.randomUUID(), session, unit, version: '1', state: 'waiting',
    iv: new Uint8Array(12), sealed: new Uint8Array(40).buffer }}) }}"""
IN_FLIGHT = f"""async () => {{
  const outbox = await import('{MODULES}outbox.js');
  const {{ unsent, drop }} = await import('{MODULES}store.js');
  const {{ session, unit }} = document.getElementById('off-line').dataset;
  const entry = crypto.randomUUID(), what = 'vitals', asked = fetch;
  const told = JSON.stringify({{ refused: ['umulig'], confirm: '' }});
  const row = pulse => ({{ session, unit, entry, what, fields: [['entry', entry], ['pulse', pulse]] }});
  await outbox.keep(row('1820'));
  const sent = new Promise(on => (globalThis.fetch = (where, how) =>
    String(where).endsWith('/outbox/')
      ? new Promise(done => on(() => done(new Response(told, {{ status: 422 }}))))
      : asked(where, how)));
  const flushed = outbox.flush(unit);
  const answer = await sent;
  await outbox.keep(row('82'));
  answer();
  await flushed;
  globalThis.fetch = asked;
  const [left] = await Promise.all((await unsent()).map(outbox.read));
  await drop(entry);
  return [left.state, left.fields[1][1]] }}"""


def signed_in_again(tablet: Tablet, nurse: Professional) -> None:
    client = Client()
    client.force_login(nurse)
    tablet.sign_in(client)


def half_type(page: Page, pressure: str, comment: str) -> None:
    page.locator('#vitals-form [name="systolic"]').fill(pressure)
    if not page.locator('#vitals-form [name="comment"]').is_visible():
        page.locator(".vitals-more summary").click()
    page.locator('#vitals-form [name="comment"]').fill(comment)


def stands(page: Page, pressure: str, comment: str) -> None:
    expect(page.locator('#vitals-form [name="systolic"]')).to_have_value(pressure)
    expect(page.locator('#vitals-form [name="comment"]')).to_have_value(comment)


@IN_TURN
def test_a_screen_that_locks_without_the_network_asks_for_the_code_and_loses_nothing(
    tablet: Tablet, nurse: Professional, language: str
) -> None:
    page = tablet.page
    page.clock.install()
    tablet.open()
    half_type(page, "127/77", "svimmel")
    tablet.network(there=False)
    page.locator("#lock button").click()
    expect(page.locator("#code")).to_be_visible()
    expect(page.locator("#was-locked")).to_be_visible()
    assert page.url.endswith(f"/off-line/{language}/#{tablet.session.pk}")
    assert KARI.family_name not in page.content()
    sound(page, language)
    behind_the_code(tablet)
    left_alone(tablet)
    network_back(tablet, nurse)


def behind_the_code(tablet: Tablet) -> None:
    tablet.unlock(tablet.session.wristband)
    tablet.page.locator("#confirm-yes").click()
    stands(tablet.page, "127/77", "svimmel")
    expect(tablet.page.locator("#told")).to_contain_text(re.compile("halvskrevet|half typed"))


def left_alone(tablet: Tablet) -> None:
    """Two minutes, and it asks for the code again; the row says when it was typed."""
    page = tablet.page
    page.locator("#vitals_systolic").fill("128/78")
    at = page.evaluate(f"import('{MODULES}clock.js').then(clock => clock.clock(clock.now()))")
    with page.expect_navigation():
        page.clock.fast_forward("02:30")
    expect(page.locator("#chart")).to_be_hidden()
    tablet.unlock(tablet.session.wristband)
    page.locator("#confirm-yes").click()
    stands(page, "128/78", "svimmel")
    expect(page.locator("#vitals_clock")).to_have_value(at)


def network_back(tablet: Tablet, nurse: Professional) -> None:
    """The server is told of the lock before it shows a page, and the row is there for the next."""
    page = tablet.page
    tablet.network(there=True)
    page.clock.fast_forward("00:06")
    page.locator("#back-link").click()
    page.wait_for_url("**/sign-in/**")
    page.goto(tablet.path)
    assert "/sign-in/" in page.url
    assert KARI.family_name not in page.content()
    signed_in_again(tablet, nurse)
    page.goto(tablet.path)
    stands(page, "128/78", "svimmel")
    page.locator('#vitals-form [name="systolic"]').press("Enter")
    expect(page.locator(".chart-lines")).to_contain_text("128/78")
    stands(page, "", "")
    assert charted(tablet.session) == [128]
    assert VitalSet.objects.get().late is False


def test_a_page_that_cannot_seal_what_is_typed_says_why_it_is_hidden(tablet: Tablet) -> None:
    page = tablet.page
    tablet.open()
    page.goto(f"{tablet.address}/patients/")
    tablet.network(there=False)
    page.locator("#lock button").click()
    expect(page.locator("#locked-away")).to_be_visible()
    expect(page.locator("#locked-away")).to_contain_text("Nettet er borte")
    expect(page.locator("h1")).to_be_hidden()
    tablet.network(there=True)
    page.wait_for_url("**/sign-in/**")


def test_what_only_the_server_can_do_is_not_lost_with_a_network_that_died_in_silence(
    tablet: Tablet,
) -> None:
    page = tablet.page
    tablet.open()
    before = PumpEvent.objects.count()
    page.route("**/livez", lambda route: route.abort())
    page.route(OUTBOX, lambda route: route.abort())
    half_type(page, "192/104", "blek")
    page.get_by_role("button", name="Pause nå").click()
    expect(page.locator("#off-line-told")).to_contain_text("uten nett føres ikke pumpen her")
    stands(page, "192/104", "blek")
    event = page.locator('form[data-draft="event"]')
    event.locator("xpath=..").locator("summary").click()
    event.locator('[name="comment"]').fill("ringt pårørende")
    page.evaluate(
        """() => { const asks = document.createElement('button');
        asks.name = 'call_a_doctor'; asks.setAttribute('form', 'vitals-form');
        document.querySelector('main').append(asks); asks.click() }"""
    )
    expect(page.locator("#off-line-told")).to_contain_text("Ring legen nå")
    page.locator('#vitals-form [name="systolic"]').fill("")
    page.locator('#vitals-form [name="comment"]').fill("")
    page.unroute("**/livez")
    page.unroute(OUTBOX)
    expect(page.locator("#off-line-told")).to_contain_text("er ikke lagret ennå")
    assert event.locator('[name="comment"]').input_value() == "ringt pårørende"
    assert PumpEvent.objects.count() == before
    half_type(page, "191/103", "blek")
    page.get_by_role("button", name="Pause nå").click()
    expect(page.locator(".pump-now--paused")).to_be_visible()
    stands(page, "191", "blek")
    expect(event.locator('[name="comment"]')).to_have_value("ringt pårørende")
    page.locator('#vitals-form [name="systolic"]').press("Enter")
    expect(page.locator(".chart-lines")).to_contain_text("191/103")
    stands(page, "", "")


def test_a_kept_set_is_put_right_in_its_own_time_and_what_it_was_stays_to_be_seen(
    tablet: Tablet,
) -> None:
    page = tablet.page
    page.clock.install()
    tablet.open()
    typed_at = timezone.now()
    page.route(OUTBOX, lambda route: route.abort())
    tablet.keep("202/104", 1)
    begun_and_let_be(page)
    timezone.now.move(60)  # type: ignore[attr-defined]  # the clock on the wall
    page.clock.fast_forward("01:00:00")
    page.unroute(OUTBOX)
    refused = page.locator(f"{ROWS}.unsent__row--refused")
    expect(refused).to_contain_text("202", timeout=PATIENCE)
    refused.get_by_role("button", name="Rett").click()
    tablet.type_set("203/104")
    expect(refused).to_contain_text("203")
    expect(refused.locator("del")).to_contain_text("202")
    expect(page.locator("#off-line-told")).to_contain_text("Avvist, ikke lagret")
    refused.get_by_role("button", name="Det stemmer").click()
    tablet.nothing_waits()
    row = VitalSet.objects.get(systolic=203)
    assert abs(row.happened_at - typed_at) < timedelta(seconds=60)
    assert row.late


def begun_and_let_be(page: Page) -> None:
    """What was half typed waits while a kept row stands in its place."""
    typed = page.locator('#vitals-form [name="systolic"]')
    typed.fill("121")
    page.locator(ROWS).get_by_role("button", name="Rett").click()
    heading = page.locator("#vitals-heading")
    expect(heading).to_contain_text("Retter målingen kl.")
    expect(typed).to_have_value("202/104")
    sound(page, "nb")
    page.get_by_role("button", name="Avbryt rettingen").click()
    expect(heading).to_have_text("Ny måling")
    expect(typed).to_have_value("121")
    typed.fill("")


def test_one_bad_row_stops_no_other_and_an_answer_that_comes_late_undoes_no_correction(
    tablet: Tablet, nurse: Professional
) -> None:
    page = tablet.page
    page.add_init_script(
        """navigator.storage.persist = async () => (globalThis.asked = true, false);
        navigator.storage.persisted = async () => false;"""
    )
    tablet.open()
    assert page.evaluate(IN_FLIGHT) == ["waiting", "82"]
    page.wait_for_function("globalThis.asked === true")
    expect(page.locator("#unsent-may-go")).to_be_hidden()
    page.evaluate(UNREADABLE)
    page.route(OUTBOX, lambda route: route.fulfill(status=400, body="nei"))
    tablet.keep("141/82", 2)
    expect(page.locator("#unsent-may-go")).to_be_visible()
    expect(page.locator("#unsent-away")).to_be_hidden()
    page.unroute(OUTBOX)
    sent = tablet.posted()
    tablet.type_set("142/82")
    expect(page.locator(".chart-lines")).to_contain_text("142/82")
    tablet.waits(1)
    assert charted(tablet.session) == [141, 142]
    assert [one["typist"] for one in sent] == [[str(nurse.pk)]] * 2
    shut = page.locator(ROWS)
    expect(shut).to_contain_text("ikke lenger kan åpnes")
    shut.locator("input").fill("nøkkelen er byttet")
    shut.locator("form button").click()
    tablet.nothing_waits()
    assert Event.objects.get(operation="outbox.strike").reason == "nøkkelen er byttet"


def test_the_shell_comes_whole_behind_a_proxy_that_answers_for_the_server(
    running: Session, as_nurse: Client, page: Page, address: str
) -> None:
    with before(address) as proxy:
        tablet = Tablet(page, proxy.address, running)
        tablet.sign_in(as_nurse)
        tablet.open()
        proxy.become("down")
        tablet.reload_without()
        tablet.keep("141/82", 1)
        proxy.become("hangs")
        page.goto(f"{proxy.address}/off-line/nb/")
        tablet.unlock(running.wristband)
        page.locator("#confirm-yes").click()
        tablet.waits(1)
