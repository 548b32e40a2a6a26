"""What every answer of the server carries, and how it refuses."""

import json
import logging
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.core import checks
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.identity import Fault, NoIdentityNumber
from lysglimt.server import database, examination, health, log, room
from lysglimt.server.urls import urlpatterns as ours


def conflict(request: HttpRequest) -> HttpResponse:
    raise Contradicted("stored otherwise")


def refused(request: HttpRequest) -> HttpResponse:
    raise NoIdentityNumber(Fault.CHECK, "mistyped")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Kari Nordmann 14907900310")


for view in (conflict, refused, broken):
    view.operation = "home"  # type: ignore[attr-defined]  # a view without a right is closed

urlpatterns = [
    *ours,
    path("conflict", conflict),
    path("refused", refused),
    path("broken", broken),
]


@pytest.fixture
def page(db: None) -> Any:
    return Client().get("/sign-in/")


def test_a_page_runs_nothing_but_our_own(page: Any) -> None:
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("asked_for", "chosen", "shown"),
    [
        pytest.param("en-GB,en", "", "nb", id="what a browser asks for is no choice"),
        pytest.param("", "en", "en", id="English was chosen"),
        pytest.param("en-GB,en", "nb", "nb", id="Bokmål was chosen"),
        pytest.param("", "xx", "nb", id="there is no such language"),
    ],
)
def test_bokmaal_is_shown_until_english_is_chosen(
    db: None, asked_for: str, chosen: str, shown: str
) -> None:
    reader = Client(headers={"Accept-Language": asked_for})
    reader.cookies[django_settings.LANGUAGE_COOKIE_NAME] = chosen
    page = reader.get("/sign-in/")
    assert f'<html lang="{shown}"' in page.content.decode()
    assert page.headers["Content-Language"] == shown


def test_a_style_sheet_is_as_closed_as_a_page(client: Client, db: None) -> None:
    file = client.get("/static/design/lysglimt.css")
    file.close()
    assert file.status_code == 200
    assert "default-src 'none'" in file.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_a_page_is_closed_to_others(page: Any, header: str, value: str) -> None:
    assert page.headers[header] == value


def test_no_copy_of_a_page_is_kept(page: Any, as_nobody: Client) -> None:
    assert "no-store" in page.headers["Cache-Control"]
    assert as_nobody.get("/livez").headers["Cache-Control"] == "no-store"
    assert "camera=()" in page.headers["Permissions-Policy"]


@pytest.fixture
def as_nobody() -> Client:
    return Client(raise_request_exception=False)


def test_a_request_id_goes_through(as_nobody: Client) -> None:
    brought = as_nobody.get("/livez", headers={"X-Request-Id": "proxy-1234"})
    assert brought.headers["X-Request-Id"] == "proxy-1234"
    forged = as_nobody.get("/livez", headers={"X-Request-Id": "two words\t"})
    assert len(forged.headers["X-Request-Id"]) == 36


@pytest.mark.urls("tests.server.test_pages")
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        pytest.param("/conflict", 409, "Noen andre har lagret dette", id="a conflict"),
        pytest.param("/refused", 422, "godtas ikke her", id="a refusal"),
        pytest.param("/broken", 500, "Noe gikk galt", id="a fault"),
        pytest.param("/nothing", 404, "Siden finnes ikke", id="nothing there"),
    ],
)
def test_a_refusal_is_a_page_in_the_reader_s_language(
    as_nobody: Client, db: None, address: str, status: int, says: str
) -> None:
    reply = as_nobody.get(address)
    assert reply.status_code == status
    assert says in reply.content.decode()
    assert "Kari" not in reply.content.decode()


def test_an_old_form_is_refused_in_words(db: None) -> None:
    reply = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x"})
    assert reply.status_code == 403
    assert "Siden var for gammel" in reply.content.decode()


@pytest.mark.urls("tests.server.test_pages")
def test_the_log_says_where_it_broke_and_not_for_whom(
    as_nobody: Client, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    as_nobody.get("/broken?q=14907900310")
    as_nobody.get("/14907900310/")
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=log.SHARED,
    )
    lines = [formatter.format(record) for record in caplog.records if "django" in record.name]
    assert not [line for line in lines if "14907900310" in line or "Kari" in line]
    [fault] = [json.loads(line) for line in lines if "RuntimeError" in line]
    assert (fault["event"], fault["fault"]) == ("500 GET broken", "RuntimeError")
    assert "test_pages.py" in fault["at"][-1]
    assert len(fault["request_id"]) == 36


def test_the_log_is_json_on_standard_error() -> None:
    said = log.logging(debug=True)
    assert said["root"]["level"] == "INFO"
    assert said["handlers"]["stderr"]["formatter"] == "json"
    assert logging.getLogger("lysglimt").level == logging.INFO
    line = log.bare_fault(None, "", {"exc_info": ValueError("Kari")})
    assert line == {"fault": "ValueError", "at": []}


# Health


def test_a_server_that_cannot_work_says_so(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LEAST_BYTES", 10**18)
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["disk"]) == (503, False)
    assert reply.json()["database"]
    assert health.migrations_are_done()


def test_it_lives_without_a_database(client: Client) -> None:
    assert client.get("/livez").content == b"alive\n"


# Database


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        pytest.param((3, 40, 1), ("DELETE", "EXTRA"), id="Debian 12"),
        pytest.param((3, 51, 2), ("DELETE", "EXTRA"), id="the last unsound one"),
        pytest.param((3, 51, 3), ("WAL", "FULL"), id="the first sound one"),
    ],
)
def test_a_journal_is_only_written_ahead_where_that_is_sound(
    version: tuple[int, ...], mode: tuple[str, str]
) -> None:
    assert database.journal(version) == mode


def test_sqlite_is_opened_for_keeps() -> None:
    [sqlite] = database.databases("sqlite:///x.sqlite3").values()
    assert sqlite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=" in sqlite["OPTIONS"]["init_command"]
    assert database.sqlite_version() >= database.SOUND_WAL


def test_postgresql_says_within_seconds_that_it_is_not_there() -> None:
    [postgresql] = database.databases("postgresql://a:b@host/c").values()
    assert postgresql["OPTIONS"]["pool"]["timeout"] == 5
    assert postgresql["CONN_MAX_AGE"] == 0


# The doctor and Django's checks


def wrong() -> set[str | None]:
    return {one.id for one in checks.run_checks(tags=["clinic"])}


def test_a_sound_clinic_is_told_nothing() -> None:
    assert wrong() == set()


def test_mistakes_of_a_clinic_are_named(settings: Any) -> None:
    settings.DEMO = settings.DEBUG = True
    settings.IDENTITY_NUMBERS = "real"
    settings.ALLOWED_HOSTS = ["klinikk.example"]
    settings.INDEX_KEY = next(iter(settings.ENCRYPTION_KEYS.values()))
    assert wrong() == {"clinic.E001", "clinic.E002", "clinic.E003", "clinic.W001"}
    finding = examination.configuration()
    assert not finding.sound
    assert "https = true" in finding.remedy


MAY_LACK = {"database", "disk", "rows"}
"""The throw-away PostgreSQL writes nothing through, and its one role may do everything."""


@pytest.mark.django_db
def test_the_doctor_looks_at_thirteen_things() -> None:
    found = {finding.check: finding for finding in examination.examine()}
    assert list(found) == [
        *("configuration", "database", "migrations", "protection", "rows", "disk", "clock"),
        *("keys", "seals", "anchors", "tls", "mail", "backups"),
    ]
    assert all(found[name].sound for name in found if name not in MAY_LACK)
