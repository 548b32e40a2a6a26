"""What stands round every page: who is signed in, where, and where one may go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

LANGUAGES = (("nb", "Norsk"), ("en", "English"))
"""Each named in itself, so that one who reads only that language finds it."""

NAVIGATION: tuple[tuple[str, Promise], ...] = (
    ("today", gettext_lazy("Today")),
    ("board", gettext_lazy("Board")),
    ("patients", gettext_lazy("Patients")),
    ("waiting", gettext_lazy("Waiting list")),
    ("unit", gettext_lazy("Unit")),
    ("administration", gettext_lazy("Administration")),
    ("staff", gettext_lazy("Staff")),
    ("monitors", gettext_lazy("Monitors")),
    ("cupboard", gettext_lazy("Drug cupboard")),
)
"""The pages in the head of every page: the name of the URL, which is also the operation."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who works at this screen. ``request.signed_in``, set where the clinic knows it."""

    person: str
    role: str
    unit: str
    unit_key: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A record that is open for a while only. ``request.openings``; it names nobody."""

    until: datetime
    address: str
    end_address: str


@dataclass(frozen=True, slots=True)
class Destination:
    """A page in the navigation; ``here`` when the reader is on it or below it."""

    address: str
    label: Promise
    here: bool


def _address(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def destinations(request: HttpRequest) -> tuple[Destination, ...]:
    """The pages that exist and that the reader may open.

    ``request.may`` answers for the policy: operation in, yes or no out. Without it every page
    that exists is named; the page itself refuses.
    """
    may: Callable[[str], bool] = getattr(request, "may", lambda _: True)
    return tuple(
        Destination(address, label, here=request.path.startswith(address))
        for name, label in NAVIGATION
        if (address := _address(name)) and may(name)
    )


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``page`` in every template."""
    signed_in: SignedIn | None = getattr(request, "signed_in", None)
    return {
        "page": {
            "demo": settings.DEMO,
            "signed_in": signed_in,
            "openings": getattr(request, "openings", ()),
            "navigation": destinations(request) if signed_in else (),
            "other_languages": [pair for pair in LANGUAGES if pair[0] != get_language()],
            "language_address": _address("language"),
            "sign_out_address": _address("sign-out"),
            "policy_address": _address("policy") if signed_in else None,
            "own_address": _address("sign-ins"),
            "lock_address": _address("lock"),
            "lock_after": getattr(request, "lock_after", 0),
            "present_address": _address("present"),
            "return_to": request.get_full_path(),
        }
    }
