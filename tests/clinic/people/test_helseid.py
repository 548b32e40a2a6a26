"""Sign-in by HelseID, against an issuer that checks every rule; and what is not believed."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from joserfc.jwk import ECKey, OctKey, RSAKey
from pydantic import SecretStr

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import helseid
from lysglimt.clinic.people.helseid import HPR_NUMBER, SECURITY_LEVEL
from lysglimt.clinic.people.models import Professional
from lysglimt.server.configuration import HelseId

from .detour import sending_on
from .helseid_issuer import CLIENT_ID, CLIENT_KEY, Issuer, running
from .second_factors import at_work

__all__ = ["at_work"]
pytestmark = [pytest.mark.usefixtures("at_work"), pytest.mark.allow_hosts(["127.0.0.1"])]
NUMBER = "7654321"


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    with running() as issuer:
        settings.HELSEID = HelseId(issuer=issuer.address, client_id=CLIENT_ID)
        settings.HELSEID_KEY = SecretStr(json.dumps(CLIENT_KEY.as_dict(private=True)))
        issuer.claims = {HPR_NUMBER: NUMBER, SECURITY_LEVEL: "4"}
        yield issuer


@pytest.fixture(autouse=True)
def employed(nurse: Professional) -> Professional:
    nurse.hpr_number = NUMBER
    nurse.save()
    return nurse


def asked(client: Client) -> str:
    return str(client.post("/sign-in/helseid/", {"next": "/patients/"}).headers["Location"])


def answered(address: str) -> str:
    """Path and query that HelseID sends the browser back to."""
    reply = requests.get(address, allow_redirects=False, timeout=5)
    back = urlsplit(reply.headers["Location"])
    return f"{back.path}?{back.query}"


def come_in(client: Client) -> Any:
    return client.get(answered(asked(client)))


def test_one_comes_in_and_no_rule_is_broken(client: Client, issuer: Issuer) -> None:
    assert "Logg inn med HelseID" in client.get("/sign-in/").content.decode()
    reply = come_in(client)
    assert issuer.broken == ["/token: use_dpop_nonce"], "the one that tells the number to use"
    assert reply.headers["Location"] == "/patients/"
    assert client.get("/patients/").status_code == 200, "level 4 is a second factor"
    row = Event.objects.latest("pk")
    assert (row.operation, row.reason) == ("sign-in", "helseid from 127.0.0.1")


def test_a_signature_counts_from_when_one_showed_it_there(
    client: Client, issuer: Issuer, settings: Any
) -> None:
    issuer.claims["auth_time"] = int(time.time()) - 20
    come_in(client)
    [record] = client.session["account_authentication_methods"]
    assert record["at"] == issuer.claims["auth_time"]


def test_nothing_that_is_asked_stands_in_the_address(client: Client, issuer: Issuer) -> None:
    address = asked(client)
    assert address.startswith(f"{issuer.address}/authorize?client_id={CLIENT_ID}&request_uri=")
    assert "state" not in address
    assert "scope" not in address


def test_number_and_level_may_come_by_userinfo(client: Client, issuer: Issuer) -> None:
    issuer.userinfo, issuer.claims = issuer.claims, {}
    assert come_in(client).headers["Location"] == "/patients/"


def test_a_client_with_a_curve_key_signs_too(
    client: Client, issuer: Issuer, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    key = ECKey.generate_key("P-256", parameters={"kid": "ours"})
    monkeypatch.setattr("tests.clinic.people.helseid_issuer.CLIENT_KEY", key)
    settings.HELSEID_KEY = SecretStr(json.dumps(key.as_dict(private=True)))
    assert come_in(client).status_code == 302


def test_what_is_kept_meanwhile_is_sealed(client: Client, issuer: Issuer) -> None:
    asked(client)
    [pushed] = issuer.pushed.values()
    kept = str(dict(client.session.items()))
    assert pushed["state"] not in kept
    assert '"d"' not in kept


NOW = int(time.time())
A_DAY = 86_400
"""Longer than the tests may take: what is to come is still to come when it is read."""
FORGED: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "for someone else": {"aud": "another-client"},
    "for others as well": {"aud": [CLIENT_ID, "another-client"]},
    "run out": {"exp": NOW - 120},
    "without an end": {"exp": None},
    "issued in the future": {"iat": NOW + A_DAY},
    "of another request": {"nonce": "another"},
    "without a request": {"nonce": None},
    "of nobody": {"sub": None},
    "of a sign-in there before we asked": {"auth_time": NOW - 120},
    "of a sign-in there at no known time": {"auth_time": None},
    "of a sign-in there to come": {"auth_time": NOW + A_DAY},
    "of a time in words": {"auth_time": "now"},
    "of a time that is none": {"auth_time": True},
    "too low a level": {SECURITY_LEVEL: "3"},
    "no level": {SECURITY_LEVEL: None},
    "a level in words": {SECURITY_LEVEL: "high"},
    "no HPR number": {HPR_NUMBER: None},
    "an HPR number of nobody here": {HPR_NUMBER: "1111111"},
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_right_opens_nothing(
    client: Client, issuer: Issuer, change: dict[str, Any]
) -> None:
    issuer.claims |= change
    reply = come_in(client)
    assert reply.status_code == 403
    assert "Du ble ikke sluppet inn" in reply.content.decode()
    assert "_auth_user_id" not in client.session
    assert Event.objects.latest("pk").operation == "sign-in.refused"


STRANGE: dict[str, dict[str, Any]] = {
    "unsigned": {"sign": {"alg": "none"}},
    "by a shared secret": {"sign": {"alg": "HS256"}, "sign_with": OctKey.generate_key(256)},
    "by another key": {
        "sign_with": RSAKey.generate_key(2048, parameters={"kid": "1"}),
    },
    "by a key that is not published": {"sign": {"alg": "PS256", "kid": "2"}},
    "an unbound token": {"token_type": "Bearer"},
    "userinfo of another": {"userinfo": {"sub": "another"}},
    "another issuer's metadata": {"metadata": {"issuer": "https://evil.example"}},
    "a token endpoint that is not there": {
        "metadata": {"token_endpoint": "http://127.0.0.1:9"}
    },
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
def test_an_issuer_that_cheats_opens_nothing(
    client: Client, issuer: Issuer, change: dict[str, Any]
) -> None:
    address = asked(client)
    for name, value in change.items():
        setattr(issuer, name, value)
    assert client.get(answered(address)).status_code == 403
    assert "_auth_user_id" not in client.session


def test_an_answer_is_taken_once_and_from_the_browser_that_asked(
    client: Client, issuer: Issuer
) -> None:
    back = answered(asked(client))
    assert Client().get(back).status_code == 403, "another browser"
    assert client.get(back.replace("state=", "state=x")).status_code == 403, "another state"
    assert client.get(back).status_code == 403, "what was asked is forgotten by then"
    again = answered(asked(client))
    assert client.get(f"{again}x").status_code == 403, "another issuer in the answer"


def test_a_refusal_there_is_a_page_here(client: Client, issuer: Issuer) -> None:
    [state] = (
        [one["state"] for one in issuer.pushed.values()] or [""] if asked(client) else [""]
    )
    reply = client.get(f"/sign-in/helseid/back/?error=access_denied&state={state}")
    assert reply.status_code == 403


def test_an_issuer_that_does_not_answer_is_a_page_too(
    client: Client, issuer: Issuer, settings: Any
) -> None:
    settings.HELSEID = settings.HELSEID.model_copy(update={"issuer": "http://127.0.0.1:9"})
    assert client.post("/sign-in/helseid/").status_code == 403
    issuer.metadata = {"pushed_authorization_request_endpoint": None}
    assert client.post("/sign-in/helseid/").status_code == 403


def test_without_configuration_there_is_no_such_way(client: Client) -> None:
    assert client.post("/sign-in/helseid/").status_code == 404
    assert client.get("/sign-in/helseid/back/").status_code == 404


def test_an_answer_that_is_no_object_is_refused() -> None:
    reply = requests.Response()
    reply.status_code = 200
    for body in (b"[]", b"<html>"):
        reply._content = body
        with pytest.raises((helseid.NotVouchedFor, requests.RequestException)):
            helseid.said(reply)


@pytest.mark.parametrize("place", ["metadata", "jwks_uri", "userinfo_endpoint"])
def test_an_issuer_that_sends_us_on_is_not_followed(
    client: Client, issuer: Issuer, settings: Any, place: str
) -> None:
    """What it would have led to answers soundly; a token would have gone there, too."""
    with sending_on(issuer.address) as elsewhere:
        if place == "metadata":
            settings.HELSEID = HelseId(issuer=elsewhere, client_id=CLIENT_ID)
            assert client.post("/sign-in/helseid/").status_code == 403
        else:
            path = urlsplit(published(issuer)[place]).path
            issuer.metadata = {place: f"{elsewhere}{path}"}
            assert come_in(client).status_code == 403
    assert client.get("/patients/").headers["Location"].startswith("/sign-in/")


def published(issuer: Issuer) -> dict[str, str]:
    where = f"{issuer.address}/.well-known/openid-configuration"
    found: dict[str, str] = requests.get(where, timeout=5).json()
    return found


def test_no_more_is_asked_for_than_is_needed(client: Client, issuer: Issuer) -> None:
    asked(client)
    [pushed] = issuer.pushed.values()
    assert set(pushed["scope"].split()) == {
        *("openid", "profile", "helseid://scopes/hpr/hpr_number"),
        "helseid://scopes/identity/security_level",
    }
