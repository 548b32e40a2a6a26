"""Nobody reads with a password alone; whoever tries too often waits; what is done leaves a trail."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.permissions import OWN_SIGN_IN, POLICY
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.sign_ins import SessionStore
from tests.clinic.conftest import NOON

from .second_factors import (
    at_work,
    by_password,
    codes_of,
    digits,
    forget_used_codes,
    known,
    set_up_app,
)

__all__ = ["at_work", "known"]
pytestmark = pytest.mark.usefixtures("at_work")


def trail() -> list[str]:
    operations = Event.objects.filter(category="people.sign-in").order_by("pk")
    return list(operations.values_list("operation", flat=True))


def test_with_a_password_alone_nothing_can_be_read(
    client: Client, known: Professional, kari: Patient
) -> None:
    by_password(client, known)
    asked = {name: reverse(name) for name in POLICY if is_bare(name)}
    asked["patient"] = reverse("patient", kwargs={"pk": kari.pk})
    replies = {name: client.get(address) for name, address in asked.items()}
    assert {r.headers.get("Location") for r in replies.values()} == {"/second-factor/"}
    assert len(replies) > 10
    posted = client.post("/patients/", {"q": "kari"})
    assert posted.headers["Location"] == "/second-factor/"
    page = client.get("/second-factor/").content.decode()
    assert "et passord alene er ikke nok" in page.lower()
    assert "/today/" not in page, "the navigation offers nothing that is closed"


def is_bare(name: str) -> bool:
    try:
        reverse(name)
    except Exception as cause:  # noqa: BLE001 - a URL with a key
        return type(cause).__name__ != "NoReverseMatch"
    return True


def test_every_page_about_one_s_own_way_in_asks_who_one_is(client: Client) -> None:
    for name in OWN_SIGN_IN - {"mfa_remove_webauthn", "present"}:
        reply = client.get(reverse(name))
        assert reply.status_code == 302, name
        assert reply.headers["Location"].startswith("/sign-in/"), name
    assert client.post("/present/").status_code == 403


def test_an_app_is_set_up_and_then_asked_for(client: Client, known: Professional) -> None:
    by_password(client, known)
    secret = set_up_app(client)
    assert client.get("/patients/").status_code == 200
    client.post("/sign-out/")
    forget_used_codes()
    assert (
        by_password(client, known, next="/patients/")
        .headers["Location"]
        .startswith("/sign-in/second-factor/")
    )
    assert client.get("/patients/").status_code == 302
    wrong = client.post("/sign-in/second-factor/", {"code": "000000"})
    assert "Det ble ikke godtatt" in wrong.content.decode()
    right = client.post("/sign-in/second-factor/", {"code": digits(secret)})
    assert right.headers["Location"] == "/patients/"
    assert client.get("/patients/").status_code == 200
    assert trail() == [
        *("sign-in", "second-factor.app-added", "sign-out", "sign-in.refused", "sign-in"),
    ]
    last = Event.objects.filter(operation="sign-in").latest("pk")
    assert last.reason == "password, totp from 127.0.0.1"


def test_the_secret_of_an_app_is_not_readable_in_the_database(
    client: Client, known: Professional
) -> None:
    by_password(client, known)
    secret = set_up_app(client)
    [row] = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    assert secret not in str(row.data)
    codes = codes_of(known)
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert len(codes) == 10
    assert not [code for code in codes if code in rows]


def test_recovery_codes_are_shown_once_and_let_in_once(
    client: Client, known: Professional
) -> None:
    by_password(client, known)
    set_up_app(client)
    code = codes_of(known)[0]
    assert code in client.get("/second-factor/codes/").content.decode()
    assert code not in client.get("/second-factor/codes/").content.decode()
    for status in (302, 200):
        client.post("/sign-out/")
        by_password(client, known)
        reply = client.post("/sign-in/second-factor/", {"code": code})
        assert reply.status_code == status


def test_the_only_second_factor_cannot_be_removed(client: Client, known: Professional) -> None:
    by_password(client, known)
    set_up_app(client)
    page = client.post("/second-factor/app/remove/")
    assert "eneste ekstra sikringen" in page.content.decode()
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_whoever_fails_too_often_waits_and_is_told_how_long(
    client: Client, known: Professional
) -> None:
    wrong = {"login": known.username, "password": "feil"}
    for _ in range(5):
        assert "ikke riktig" in client.post("/sign-in/", wrong).content.decode()
    for _ in range(2):
        page = client.post("/sign-in/", wrong).content.decode()
        assert "For mange forsøk. Vent 5 minutter" in page
    assert by_password(client, known).status_code == 200, "not even with the right one"
    assert trail() == ["sign-in.refused"] * 5 + ["sign-in.locked-out"]
    english = Client()
    english.post("/language/", {"language": "en"})
    assert "Wait 5 minutes" in english.post("/sign-in/", wrong).content.decode()


def test_whoever_tries_many_names_from_one_address_waits_too(
    client: Client, known: Professional
) -> None:
    for number in range(20):
        client.post("/sign-in/", {"login": f"nobody{number}", "password": "feil"})
    assert by_password(client, known).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_trail_does_not_keep_what_was_typed_as_a_name(client: Client) -> None:
    client.post("/sign-in/", {"login": "hemmelig passord", "password": "x"})
    [row] = Event.objects.all()
    assert "hemmelig" not in str(vars(row))
    assert row.actor == "unknown"


@pytest.mark.parametrize(
    "address",
    [
        "signup/",
        "password/reset/",
        "email/",
        "second-factor/codes/download/",
        "accounts/login/",
    ],
)
def test_pages_that_nobody_needs_are_not_there(client: Client, address: str) -> None:
    assert client.get(f"/{address}").status_code == 404


def change_role(who: Professional) -> None:
    actions.set_role(professional=who, role=Role.COORDINATOR, by=who, at=NOON)


def change_password(who: Professional) -> None:
    actions.set_password(professional=who, password="et helt annet", by=who, at=NOON)  # noqa: S106 - of nobody


def deactivate(who: Professional) -> None:
    actions.set_active(professional=who, active=False, by=who, at=NOON, reason="left")


def lose_phone(who: Professional) -> None:
    actions.reset_second_factor(professional=who, by=who, at=NOON, reason="lost")


@pytest.mark.parametrize("change", [change_role, change_password, deactivate, lose_phone])
def test_a_change_of_the_account_ends_every_sign_in_at_once(
    client: Client, known: Professional, change: Any
) -> None:
    by_password(client, known)
    set_up_app(client)
    assert client.get("/patients/").status_code == 200
    change(Professional.objects.get(pk=known.pk))
    assert client.get("/patients/").headers["Location"].startswith("/sign-in/")


def test_a_sign_in_begins_under_a_key_that_nobody_knew_before(
    client: Client, known: Professional, settings: Any
) -> None:
    """Whoever had put one into the browser, or read the one between password and code, has nothing."""
    by_password(client, known)
    secret = set_up_app(client)
    before = [client.cookies[settings.SESSION_COOKIE_NAME].value]
    client.post("/sign-out/")
    planted = SessionStore()
    planted.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    before.append(str(planted.session_key))
    by_password(client, known)
    before.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    client.post("/sign-in/second-factor/", {"code": digits(secret)})
    assert client.get("/patients/").status_code == 200
    for key in before:
        stranger = Client()
        stranger.cookies[settings.SESSION_COOKIE_NAME] = key
        assert stranger.get("/patients/").headers["Location"].startswith("/sign-in/")


def test_whoever_has_left_is_told_and_not_let_in(client: Client, known: Professional) -> None:
    deactivate(known)
    by_password(client, known)
    assert "Denne kontoen er stengt" in client.get("/sign-in/").content.decode()
    assert "_auth_user_id" not in client.session


def test_one_changes_the_password_and_stays(client: Client, known: Professional) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        by_password(browser, known)
    new = "et helt nytt langt passord"
    said = {"oldpassword": "korrekt hest batteri stift", "password1": new, "password2": new}
    assert client.post("/password/", said).status_code == 302
    assert client.get("/second-factor/").status_code == 200
    assert elsewhere.get("/second-factor/").status_code == 302
    assert trail()[-1] == "password.changed"


FORGED = ["", "{}", "[]", "1", "no json", '{"id": "x", "response": {"userHandle": "x"}}']


@pytest.mark.parametrize("credential", FORGED)
def test_a_forged_passkey_opens_nothing(
    client: Client, known: Professional, credential: str
) -> None:
    reply = client.post("/sign-in/passkey/", {"credential": credential})
    assert reply.headers["Location"] == "/sign-in/"
    by_password(client, known)
    client.get("/second-factor/passkeys/add/")
    page = client.post("/second-factor/passkeys/add/", {"credential": credential, "name": "x"})
    assert page.status_code == 200
    assert not Authenticator.objects.exists()


def test_whoever_knocks_too_fast_gets_a_page_that_says_how_long(client: Client) -> None:
    replies = [client.post("/sign-in/passkey/", {"credential": "{}"}) for _ in range(11)]
    assert [r.status_code for r in replies] == [302] * 10 + [429]
    assert "Vent ett minutt" in replies[-1].content.decode()
