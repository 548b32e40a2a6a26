"""Every page is closed to others, kept by nobody, and its address says nothing of anyone."""

from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.urls.exceptions import NoReverseMatch

from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.server import configuration, providers
from tests.clinic.conftest import (
    halden,
    hospital,
    kari,
    moss,
    nurse,
    private_clinic,
    psychiatrist,
    staff,
)

__all__ = [
    "halden",
    "hospital",
    "kari",
    "moss",
    "nurse",
    "private_clinic",
    "psychiatrist",
    "staff",
]
CLOSED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
WORDS = {
    *("protocol", "version", "instrument_id", "provider_id", "kind"),
    *("question", "picture", "ending", "language", "movement", "duty", "item", "which"),
    *("panel", "asked"),
}
"""Keys of an address that are words of ours, none of a patient's."""


def routes(
    below: Iterable[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for route in below:
        if isinstance(route, URLResolver):
            yield from routes(route.url_patterns, before + str(route.pattern))
        else:
            yield before + str(route.pattern), route


ROUTES = dict(routes(get_resolver().url_patterns))


def without_key(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def assert_closed(client: Client, address: str) -> None:
    page = client.get(address)
    for header, value in CLOSED.items():
        assert page.headers[header] == value, address
    assert "no-store" in page.headers["Cache-Control"], address
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, address
    assert "script-src 'self'" in policy, address
    assert not [word for word in ("unsafe", "*", "http:", "https:") if word in policy], address
    if "text/html" in page.headers.get("Content-Type", ""):
        text = page.content.decode()
        assert " style=" not in text, address
        assert "<style" not in text, address
        assert " onclick=" not in text, address
        scripts = text.split("<script")[1:]
        inline = [s for s in scripts if " src=" not in s.partition(">")[0]]
        assert not [s for s in inline if 'type="application/json"' not in s], address


@pytest.mark.parametrize("reader", ["a stranger", "a psychiatrist"])
def test_every_page_is_closed(
    client: Client, psychiatrist: Professional, kari: Patient, reader: str
) -> None:
    if reader == "a psychiatrist":
        client.force_login(psychiatrist)
    names = {str(route.name) for route in ROUTES.values()}
    addresses = {address for name in names if (address := without_key(name))}
    addresses |= {f"/patients/{kari.pk}/{rest}" for rest in ("", "particulars/", "history/")}
    assert len(addresses) > 30
    for address in sorted(addresses):
        assert_closed(client, address)


def test_an_address_says_nothing_of_anyone() -> None:
    """Rows are named by their numbers or random ids; a word is a word of ours."""
    saying = [
        f"{address}: {name}"
        for address, route in ROUTES.items()
        for name, converter in route.pattern.converters.items()
        if not isinstance(converter, UUIDConverter | IntConverter) and name not in WORDS
    ]
    assert len(ROUTES) > 100
    assert not saying, "\n".join(saying)


def test_cookies_are_this_host_s_alone_and_scripts_do_not_see_them(
    client: Client, psychiatrist: Professional
) -> None:
    client.post("/choose-role/", {"professional": psychiatrist.pk})
    client.post("/sign-ins/shared/")
    assert len(client.cookies) >= 3
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name
    names = ("SESSION", "CSRF", "LANGUAGE", "PRESENCE", "SHARED")
    cookies = [getattr(settings, f"{name}_COOKIE_NAME") for name in names]
    assert len({*cookies, settings.MFA_TRUST_COOKIE_NAME}) == 6


def test_only_a_provider_that_is_configured_is_let_through_by_a_form() -> None:
    said = configuration.HelseId(issuer="https://helseid.example:8443/x", client_id="c")

    class Given:
        oidc = None
        helseid = said

    assert providers.origins(Given()) == ["https://helseid.example:8443"]  # type: ignore[arg-type]  # the two keys that it asks for
