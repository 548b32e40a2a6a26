"""Second factors that a test can use: an app's digits, and a clinic that asks for them."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.cache.backends import db as remembered
from django.test import Client, TestCase
from django.utils import timezone

from lysglimt.clinic.people.models import Professional

PASSWORD = "korrekt hest batteri stift"  # noqa: S105 - of nobody


@pytest.fixture
def at_work(settings: Any, db: None) -> None:
    """A clinic with real patients: nobody chooses a role, nobody has tried anything yet."""
    settings.DEMO = False
    cache.clear()


Clock = Callable[[float], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Moves on, by seconds, the clock that codes, trust and what is remembered go by."""
    true, moved = time.time, [0.0]

    def now() -> Any:
        return timezone.now() + timedelta(seconds=moved[0])

    def move(seconds: float) -> None:
        moved[0] += seconds

    monkeypatch.setattr(time, "time", lambda: true() + moved[0])
    monkeypatch.setattr(remembered, "tz_now", now)
    return move


@pytest.fixture
def known(nurse: Professional) -> Professional:
    nurse.set_password(PASSWORD)
    nurse.save()
    return nurse


def digits(secret: str) -> str:
    """What the app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def by_password(client: Client, who: Professional, **said: str) -> Any:
    return client.post("/sign-in/", {"login": who.username, "password": PASSWORD} | said)


def set_up_app(client: Client) -> str:
    """The one who is signed in sets up an authenticator app; its secret."""
    secret, _ = first_digits(client)
    forget_used_codes()
    return secret


def first_digits(client: Client) -> tuple[str, str]:
    """The secret of an app that was just set up, and the digits that were typed for it."""
    page = client.get("/second-factor/app/")
    secret = str(page.context["form"].secret)
    code = digits(secret)
    with TestCase.captureOnCommitCallbacks(execute=True):
        reply = client.post("/second-factor/app/", {"code": code})
    assert reply.headers["Location"] == "/second-factor/codes/"
    return secret, code


def forget_used_codes() -> None:
    """As if half a minute had passed: an app's digits are taken once."""
    cache.clear()


def codes_of(who: Professional) -> list[str]:
    [row] = Authenticator.objects.filter(user=who, type=Authenticator.Type.RECOVERY_CODES)
    return list(row.wrap().get_unused_codes())
