"""A browser at a nurse's tablet size that tolerates no error of the page it shows, and an infusion to open in it."""

import os
import re
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.servers.basehttp import (
    ThreadedWSGIServer,
    WSGIRequestHandler,
    get_internal_wsgi_application,
)
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.knowledge.dosing.delivery import PumpAct
from tests.clinic.chairside.conftest import (
    Pump,
    at_minute,
    course,
    order,
    pump,
    ready,
    session,
)
from tests.clinic.conftest import (
    NOON,
    as_nurse,
    halden,
    hospital,
    kari,
    moss,
    nurse,
    psychiatrist,
    staff,
)
from tools.machine import PARTS

from .wall_clock import WallClock

__all__ = [
    "as_nurse", "course", "halden", "hospital", "kari", "moss", "nurse", "order", "psychiatrist",
    "pump", "ready", "session", "staff",
]  # fmt: skip
LANGUAGES = {"nb": "nb-NO", "en": "en-GB"}
TABLET = {"width": 1024, "height": 768}
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
GONE = "gone"
PATIENCE = 15_000  # milliseconds; the machine may be busy with other tests


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, the parent names it
        """Requests are not worth a line; what goes wrong has its own."""


class Troubles(list[str]):
    """Lines of what went wrong, but for answers that are meant to have one of ``allowed``."""

    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__()
        self.allowed = allowed

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self.hear)
        context.on("weberror", lambda error: self.append(str(error.error)))

    def hear(self, message: ConsoleMessage) -> None:
        known = re.search(r"status of (\d+)|ERR_(INTERNET_DISCONNECTED|FAILED)", message.text)
        status = (known[1] or GONE) if known else ""
        if message.type == "error" and status not in self.allowed:
            self.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The application as it is deployed, static files by its own middleware, on a free port."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_internal_wsgi_application())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def address(origin: str, transactional_db: None) -> str:
    """Where the clinic is served; the database is emptied after each journey."""
    return origin


@pytest.fixture(scope="session")
def browser(need: Callable[[str], None]) -> Iterator[Browser]:
    need("chromium")
    # Playwright's loop lives in this thread, so Django would refuse every query as asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        where = PARTS["chromium"].found()
        browser = playwright.chromium.launch(executable_path=where, args=SWITCHES)
        yield browser
        browser.close()


def chosen(language: str) -> Any:
    """The cookies of a browser whose reader has chosen the language in the head of a page."""
    return [
        {
            "name": settings.LANGUAGE_COOKIE_NAME,
            "value": language,
            "domain": host,
            "path": "/",
        }
        for host in ("localhost", "127.0.0.1")
    ]


@pytest.fixture
def language() -> str:
    """Override or parametrize: `nb`, the default, or `en`."""
    return "nb"


@pytest.fixture
def troubles(request: pytest.FixtureRequest) -> Troubles:
    """What went wrong on any page so far: console errors, script errors, what the policy blocked.

    ``@pytest.mark.refused(409)`` allows answers with that status, ``refused("gone")`` that there is
    no network; nothing allows the rest.
    """
    marker = request.node.get_closest_marker("refused")
    return Troubles(frozenset(str(status) for status in marker.args) if marker else frozenset())


@pytest.fixture
def new_context(
    browser: Browser, language: str, troubles: Troubles
) -> Iterator[Callable[[], BrowserContext]]:
    """`new_context()` is one more person's browser, with cookies of its own."""
    opened: list[BrowserContext] = []

    def new_context() -> BrowserContext:
        context = browser.new_context(
            viewport={"width": TABLET["width"], "height": TABLET["height"]},
            locale=LANGUAGES[language],
            timezone_id="Europe/Oslo",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies(chosen(language))
        troubles.listen(context)
        opened.append(context)
        return context

    yield new_context
    for context in opened:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def context(new_context: Callable[[], BrowserContext]) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.wait_for_timeout(50)  # what the page says last still arrives


@pytest.fixture
def running(
    ready: Session,
    pump: Pump,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Session:
    """Ten minutes into the infusion, in the nurse's language."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)
    people.choose_language(professional=nurse, language=language)
    pump(0, PumpAct.START, "60")
    monkeypatch.setattr(timezone, "now", WallClock(at_minute(10)))
    return ready


def sign_in(page: Page, client: Client, address: str) -> None:
    """As whoever the client has signed in."""
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}]
    )
