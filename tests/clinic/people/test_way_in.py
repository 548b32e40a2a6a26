"""How a way in is made: what chance it rests on, what it tells a stranger, what it asks of nobody."""

import random
import re
import time
from base64 import b32decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa import app_settings as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.sign_ins import SessionStore

from .second_factors import (
    PASSWORD,
    Clock,
    at_work,
    by_password,
    clock,
    codes_of,
    digits,
    first_digits,
    forget_used_codes,
    known,
    set_up_app,
)

__all__ = ["at_work", "clock", "known"]
pytestmark = pytest.mark.usefixtures("at_work")
FIELD = re.compile(r"<input[^>]*>")


def a_sign_in() -> str:
    store = SessionStore()
    store.create()
    return str(store.session_key)


def password_fields(page: str) -> list[str]:
    return [field for field in FIELD.findall(page) if re.search(r'name="\w*password', field)]


def test_a_password_is_masked_and_may_be_pasted_or_filled_in(
    client: Client, known: Professional
) -> None:
    pages = [client.get("/sign-in/").content.decode()]
    by_password(client, known)
    pages.append(client.get("/password/").content.decode())
    fields = [field for page in pages for field in password_fields(page)]
    assert len(fields) == 4
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert not re.search(r"onpaste|readonly|maxlength", field)


def test_nobody_is_asked_for_a_hint_or_a_secret_question(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    asked = set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', page))
    assert asked == {"login", "password", "next", "csrfmiddlewaretoken", "credential"}
    kept = {field.name for field in Professional._meta.get_fields()}
    assert not [name for name in kept if re.search("hint|question|answer", name)]


def test_a_password_does_not_age(
    client: Client, known: Professional, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_password(client, known)
    secret = set_up_app(client)
    client.post("/sign-out/")
    forget_used_codes()
    later = timezone.now() + timedelta(days=800)
    monkeypatch.setattr(timezone, "now", lambda: later)
    by_password(client, known)
    client.post("/sign-in/second-factor/", {"code": digits(secret)})
    assert client.get("/patients/").status_code == 200


def test_a_stranger_does_not_learn_who_works_here(
    client: Client, known: Professional, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words, and the same work: one password is hashed for each answer."""
    worked: list[str] = []
    hasher = type(get_hasher())
    hashed = hasher.encode

    def counted(self: Any, password: str, salt: str, *further: Any) -> str:
        worked.append(salt)
        return str(hashed(self, password, salt, *further))

    monkeypatch.setattr(hasher, "encode", counted)
    pages, work = [], []
    for name in (known.username, "nobody-of-this-name"):
        worked.clear()
        said = {"login": name, "password": "feil passord her"}
        page = client.post("/sign-in/", said).content.decode().replace(name, "NAME")
        pages.append(re.sub(r'value="[A-Za-z0-9]{64}"|nonce="[^"]+"', "", page))
        work.append(len(worked))
    assert pages[0] == pages[1]
    assert work == [1, 1]


def test_each_sign_in_has_a_key_of_its_own(client: Client, known: Professional) -> None:
    keys = set()
    for _ in range(3):
        browser = Client()
        by_password(browser, known)
        keys.add(browser.cookies["lysglimt"].value)
    assert len(keys) == 3
    assert (
        Client(headers={"Authorization": f"Bearer {keys}"}).get("/password/").status_code == 302
    )


@pytest.mark.parametrize(
    ("made", "bits"),
    [
        pytest.param(a_sign_in, 128, id="a sign-in"),
        pytest.param(generate_totp_secret, 128, id="an app's secret"),
        pytest.param(RecoveryCodes.generate_seed, 128, id="what codes are made from"),
    ],
)
def test_what_lets_in_is_not_to_be_guessed(made: Callable[[], str], bits: int) -> None:
    """By the system's chance: a known state of the other one makes no two alike."""
    found = set()
    for _ in range(200):
        random.seed(1)
        found.add(made())
    assert len(found) == 200
    letters = len(set("".join(found)))
    assert min(map(len, found)) * (letters.bit_length() - 1) >= bits


def test_an_app_s_secret_has_160_bits_and_a_recovery_code_eight_digits(
    client: Client, known: Professional
) -> None:
    by_password(client, known)
    assert len(b32decode(set_up_app(client))) == 20
    codes = codes_of(known)
    assert len(set(codes)) == len(codes) == 10
    assert all(re.fullmatch(r"\d{8}", code) for code in codes)


def test_the_server_s_clock_says_whether_an_app_s_digits_are_of_now(
    client: Client, known: Professional
) -> None:
    by_password(client, known)
    secret = set_up_app(client)
    client.post("/sign-out/")
    forget_used_codes()
    step = int(timezone.now().timestamp()) // factors.TOTP_PERIOD
    for number in (step - 4, step + 4):
        by_password(client, known)
        old = format_hotp_value(hotp_value(secret, number))
        said = {"code": old, "timestamp": str(number * factors.TOTP_PERIOD)}
        stated = {"Date": "Mon, 02 Mar 2026 11:00:00 GMT"}
        assert client.post("/sign-in/second-factor/", said, headers=stated).status_code == 200
        assert client.get("/patients/").status_code == 302


@pytest.mark.parametrize("later", [10, 34, 59])
@pytest.mark.parametrize("space", ["", " "], ids=["alike", "with a space"])
def test_a_code_of_the_app_is_taken_once_for_as_long_as_it_lives(
    client: Client, known: Professional, clock: Clock, later: int, space: str
) -> None:
    """It is of its half minute, and the slack of one step lets it live on in the next."""
    by_password(client, known)
    secret = set_up_app(client)
    client.post("/sign-out/")
    clock(-time.time() % factors.TOTP_PERIOD + 1)  # a second into the half minutes to come
    code = digits(secret)
    assert shown(client, known, code).status_code == 302
    client.post("/sign-out/")
    clock(later)
    again = code[:3] + space + code[3:]
    assert shown(client, known, again).status_code == 200
    assert client.get("/patients/").status_code == 302
    clock(factors.TOTP_PERIOD)
    assert shown(client, known, digits(secret)).status_code == 302, "the next one lets in"


def test_the_digits_that_set_up_an_app_are_not_taken_a_second_time(
    client: Client, known: Professional
) -> None:
    by_password(client, known)
    _, code = first_digits(client)
    client.post("/sign-out/")
    assert shown(client, known, code).status_code == 200
    forget_used_codes()
    assert shown(client, known, code).status_code == 302


def shown(client: Client, who: Professional, code: str) -> Any:
    by_password(client, who)
    return client.post("/sign-in/second-factor/", {"code": code})


def test_mail_is_no_way_in(client: Client, known: Professional) -> None:
    assert set(factors.SUPPORTED_TYPES) == {"totp", "webauthn", "recovery_codes"}
    assert set(Authenticator.Type.values) == set(factors.SUPPORTED_TYPES)
    known.email = "nora@example.org"
    known.save()
    said = {"login": known.email, "password": PASSWORD}
    assert client.post("/sign-in/", said).status_code == 200
    for address in ("/password/reset/", "/login/code/", "/sign-in/code/", "/email/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("behind", "claimed", "kept"),
    [
        pytest.param(1, "192.0.2.66, 198.51.100.7", "198.51.100.7", id="the proxy's own word"),
        pytest.param(0, "192.0.2.66", "127.0.0.1", id="no proxy: nobody's word"),
    ],
)
def test_a_caller_does_not_choose_the_address_that_is_kept(
    client: Client, settings: Any, behind: int, claimed: str, kept: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = behind
    said = {"login": "nobody", "password": "feil passord her"}
    client.post("/sign-in/", said, headers={"X-Forwarded-For": claimed})
    assert Event.objects.get().reason == f"password from {kept}"


def test_signing_out_tells_the_browser_to_forget(client: Client, known: Professional) -> None:
    by_password(client, known)
    reply = client.post("/sign-out/")
    assert reply.headers["Clear-Site-Data"] == '"cache"', "what is typed and not sent stays"
    assert reply.headers["Cache-Control"] == "no-store"


def test_two_sign_ins_at_once_are_allowed_and_each_is_listed(known: Professional) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        by_password(browser, known)
    assert [browser.get("/password/").status_code for browser in browsers] == [200, 200]
