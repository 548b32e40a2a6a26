"""The hospital's own sign-in: a real OpenID provider on this machine says who is there."""

import time
import warnings
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialToken
from django.test import Client
from django.utils import timezone
from pydantic import SecretStr

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.sign_ins import SINCE
from lysglimt.server import providers
from lysglimt.server.configuration import OpenIdConnect
from tests.clinic.conftest import Staff

from .detour import sending_on
from .second_factors import at_work, known

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it foretells a change of a library beneath it
    import oidc_provider_mock

__all__ = ["at_work", "known"]
pytestmark = [
    pytest.mark.usefixtures("at_work"),
    pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]),
    # The provider foretells, while it answers, what will change in a library beneath it.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


CLAIMS: dict[str, dict[str, object]] = {
    "1": {"upn": "nurse-moss", "amr": ["pwd", "mfa"]},
    "2": {"upn": "nurse-moss", "amr": ["pwd"]},
    "3": {"upn": "fremmed", "amr": ["mfa"]},
    "4": {},
    "5": {"upn": "7654321", "acr": "high"},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Entra's claims as three employees and a stranger have them."""
    people = [oidc_provider_mock.User(sub=one, claims=said) for one, said in CLAIMS.items()]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def configured(provider: str, settings: Any) -> OpenIdConnect:
    said = OpenIdConnect(
        name="Sykehuset",
        issuer=provider,
        client_id="lysglimt",
        claim="upn",
        second_factor={"amr": ("mfa",)},
    )
    given: Any = SimpleNamespace(
        oidc=said, oidc_client_secret=SecretStr("secret"), helseid=None
    )
    settings.OPENID_CONNECT = said
    settings.SOCIALACCOUNT_PROVIDERS = providers.allauth(given)
    assert providers.origins(given) == [provider]
    return said


def asked(client: Client, to: str = "/patients/") -> str:
    reply = client.post("/sign-in/oidc/go/", {"next": to})
    return str(reply.headers["Location"])


def answered(address: str, sub: str, at: object = "now") -> str:
    """What the provider sends the browser back with, as path and query.

    ``at``: when one proved there who one is, in seconds since 1970.
    """
    CLAIMS[sub]["auth_time"] = int(time.time()) if at == "now" else at
    reply = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    back = urlsplit(reply.headers["Location"])
    assert back.path == "/sign-in/oidc/back/"
    return f"{back.path}?{back.query}"


def come_in(client: Client, sub: str, at: object = "now") -> Any:
    return client.get(answered(asked(client), sub, at))


@pytest.mark.parametrize("ago", [120, 3600, -6000, None])
def test_a_sign_in_there_that_is_not_from_now_opens_nothing(
    client: Client, known: Professional, ago: int | None
) -> None:
    """A locked tablet, and the provider's own sign-in of whoever held it last."""
    reply = come_in(client, "1", None if ago is None else int(time.time()) - ago)
    assert reply.status_code == 403
    assert client.get("/patients/").headers["Location"].startswith("/sign-in/")
    assert Event.objects.latest("pk").operation == "sign-in.refused"


def test_the_provider_is_asked_to_ask_whatever_our_address_says(client: Client) -> None:
    reply = client.post("/sign-in/oidc/go/?auth_params=prompt%3Dnone%26max_age%3D9999&scope=x")
    query = parse_qs(urlsplit(reply.headers["Location"]).query)
    assert query["prompt"] == ["login"]
    assert query["max_age"] == ["300"]
    assert "x" not in query["scope"][0].split()


def test_a_signature_counts_from_when_one_showed_it_there(
    client: Client, known: Professional, settings: Any
) -> None:
    """And not from when the browser came back."""
    shown = int(time.time()) - 20
    come_in(client, "1", shown)
    settings.CONFIRM_MINUTES = 15 / 60
    assert "Er det deg?" in client.post("/sign-ins/shared/").content.decode()
    settings.CONFIRM_MINUTES = 10
    assert client.post("/sign-ins/shared/").headers["Location"] == "/sign-ins/"


def test_one_who_works_here_comes_in_by_the_hospital_s_sign_in(
    client: Client, known: Professional
) -> None:
    assert "Logg inn med Sykehuset" in client.get("/sign-in/").content.decode()
    assert come_in(client, "1").headers["Location"] == "/patients/"
    assert client.get("/patients/").status_code == 200
    row = Event.objects.latest("pk")
    assert (row.actor, row.operation) == ("nurse-moss", "sign-in")
    assert row.reason.startswith("provider")


def test_the_code_is_bound_to_this_browser(client: Client, known: Professional) -> None:
    query = parse_qs(urlsplit(asked(client)).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    back = answered(asked(client), "1")
    assert Client().get(back).status_code == 403, "another browser"
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 403, "a second time"


def test_without_a_second_factor_there_one_is_asked_for_here(
    client: Client, known: Professional
) -> None:
    assert come_in(client, "2").headers["Location"] == "/patients/"
    assert client.get("/patients/").headers["Location"] == "/second-factor/"


@pytest.mark.parametrize("sub", ["3", "4"], ids=["nobody works here by that name", "no name"])
def test_nobody_gets_an_account_by_it(client: Client, known: Professional, sub: str) -> None:
    before = Professional.objects.count()
    reply = come_in(client, sub)
    assert reply.status_code == 403
    assert "Du ble ikke sluppet inn" in reply.content.decode()
    assert "fremmed" not in reply.content.decode()
    assert Professional.objects.count() == before
    assert Event.objects.latest("pk").operation == "sign-in.refused"


def test_one_who_has_left_is_not_let_in(client: Client, known: Professional) -> None:
    Professional.objects.update(is_active=False)
    assert come_in(client, "1").status_code == 403


def test_a_number_that_two_have_lets_nobody_in(
    client: Client, moss: Unit, staff: Staff, configured: OpenIdConnect, settings: Any
) -> None:
    by_number = {"matches": "hpr_number", "second_factor": {"acr": ("high",)}}
    settings.OPENID_CONNECT = configured.model_copy(update=by_number)
    for name in ("kari", "ola"):
        one = staff(moss, Role.NURSE, name)
        one.hpr_number = "7654321"
        one.save()
    assert come_in(client, "5").status_code == 403
    Professional.objects.filter(username="ola").update(hpr_number="")
    assert come_in(client, "5").status_code == 302
    assert client.get("/patients/").status_code == 200


def test_an_answer_of_refusal_is_a_page(client: Client) -> None:
    state = parse_qs(urlsplit(asked(client)).query)["state"][0]
    reply = client.get(f"/sign-in/oidc/back/?error=access_denied&state={state}")
    assert reply.status_code == 403
    assert "Du ble ikke sluppet inn" in reply.content.decode()


def test_without_configuration_there_is_no_such_way(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {}
    settings.OPENID_CONNECT = None
    assert client.post("/sign-in/oidc/go/").status_code == 404
    assert client.get("/sign-in/oidc/back/?code=x&state=y").status_code == 404
    assert "Sykehuset" not in client.get("/sign-in/").content.decode()


def test_a_sign_in_by_a_provider_ends_by_our_own_times(
    client: Client, known: Professional
) -> None:
    """And then the provider is asked again: no token of it is kept here."""
    come_in(client, "1")
    assert client.get("/patients/").status_code == 200
    session = client.session
    session[SINCE] = (timezone.now() - timedelta(hours=12.1)).isoformat()
    session.save()
    assert client.get("/patients/").headers["Location"].startswith("/sign-in/")
    assert not SocialToken.objects.exists()


def test_a_provider_that_sends_us_on_is_not_followed(
    client: Client, known: Professional, settings: Any, provider: str
) -> None:
    """The other address would have answered soundly."""
    with sending_on(provider) as elsewhere:
        [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        app["settings"]["server_url"] = elsewhere
        assert client.post("/sign-in/oidc/go/", {"next": "/"}).status_code == 403
    assert client.get("/patients/").headers["Location"].startswith("/sign-in/")
    assert Event.objects.latest("pk").operation == "sign-in.refused"
