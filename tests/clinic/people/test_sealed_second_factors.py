"""When the clinic's key changes, everybody still comes in with the second factor they have."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.sessions.models import Session
from django.test import Client

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.second_factors import PLACE, revealed
from lysglimt.clinic.people.sign_ins import SessionStore
from lysglimt.clinic.sealing.keyring import NONCE_BYTES, RING, masters
from lysglimt.server.keyroom import KeyRoom
from tests.server.commands import lysglimt as command

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
pytestmark = pytest.mark.usefixtures("at_work", "_as_after_a_start")
NEWER = {"newer": bytes(range(32))}


@pytest.fixture
def _as_after_a_start() -> Iterator[None]:
    RING.forget()
    yield
    RING.forget()


def with_a_newer_key(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = NEWER | dict(settings.ENCRYPTION_KEYS)
    RING.forget()


def with_the_newer_key_alone(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = NEWER
    RING.forget()


def stored(who: Professional, kind: Authenticator.Type, name: str) -> str:
    [row] = Authenticator.objects.filter(user=who, type=kind)
    return str(row.data[name])


def sealed_by_the_configuration(text: str) -> str:
    """Version 1: by a key of the configuration itself."""
    [name] = masters()
    nonce = bytes(NONCE_BYTES)
    rest = AESGCM(masters()[name]).encrypt(nonce, text.encode(), PLACE.bound_to(name))
    return (bytes((1, len(name))) + name.encode() + nonce + rest).hex()


@pytest.mark.parametrize("by", ["app", "recovery code"])
def test_with_the_old_key_gone_a_second_factor_still_lets_in(
    client: Client, known: Professional, settings: Any, by: str
) -> None:
    by_password(client, known)
    secret, code = set_up_app(client), codes_of(known)[0]
    before = stored(known, Authenticator.Type.TOTP, "secret")
    client.post("/sign-out/")
    with_a_newer_key(settings)
    ran = command("keys", "rotate")
    assert (ran.code, ran.err) == (0, "")
    assert "2 secrets of second factors sealed anew" in ran.out
    with_the_newer_key_alone(settings)
    assert stored(known, Authenticator.Type.TOTP, "secret")[4:20] != before[4:20]
    forget_used_codes()
    by_password(client, known)
    assert client.get("/patients/").status_code == 302, "the password alone is not enough"
    typed = digits(secret) if by == "app" else code
    client.post("/sign-in/second-factor/", {"code": typed})
    assert client.get("/patients/").status_code == 200


def test_one_that_a_key_of_the_configuration_has_sealed_itself_is_seen_to(
    client: Client, known: Professional, settings: Any
) -> None:
    by_password(client, known)
    secret = set_up_app(client)
    [row] = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    row.data = {"secret": sealed_by_the_configuration(secret)}
    row.save()
    [old] = masters()
    with_a_newer_key(settings)
    said = {row["key"]: row["says"] for row in KeyRoom.everything()}
    assert said[old] == "opens; wraps 1 data keys and has itself sealed 1 second factors"
    assert command("keys", "rotate").code == 0
    said = {row["key"]: row["says"] for row in KeyRoom.everything()}
    assert said[old] == "opens; nothing here needs it; old backups may"
    with_the_newer_key_alone(settings)
    assert revealed(stored(known, Authenticator.Type.TOTP, "secret")) == secret


def test_a_rotation_that_was_killed_between_two_people_is_taken_up_again(
    client: Client, known: Professional, settings: Any
) -> None:
    by_password(client, known)
    secret = set_up_app(client)
    assert codes_of(known)
    with_a_newer_key(settings)
    for key in KeyRoom.waiting():
        KeyRoom.wrap(key)
    KeyRoom.renew()
    first, *others = KeyRoom.second_factors_waiting()
    assert KeyRoom.reseal(first)
    assert KeyRoom.second_factors_waiting() == others != []
    ran = command("keys", "rotate", "--json")
    assert f'"second_factors": {len(others)}' in ran.out
    assert KeyRoom.second_factors_waiting() == []
    assert revealed(stored(known, Authenticator.Type.TOTP, "secret")) == secret
    trail = Event.objects.filter(operation="keys.seal").order_by("pk")
    assert [row.reason for row in trail] == [
        f"{known.username}: totp",
        f"{known.username}: recovery_codes",
    ]


def test_what_was_used_and_seen_of_the_codes_stays_so(
    client: Client, known: Professional, settings: Any
) -> None:
    by_password(client, known)
    set_up_app(client)
    codes = codes_of(known)
    [row] = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)
    assert row.wrap().validate_code(codes[0])
    with_a_newer_key(settings)
    command("keys", "rotate")
    assert codes_of(known) == codes[1:]


def test_a_secret_that_opens_with_no_key_is_told_and_stops_nobody_else(
    client: Client, known: Professional, settings: Any
) -> None:
    by_password(client, known)
    set_up_app(client)
    [row] = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    row.data["secret"] = row.data["secret"][:-32] + 32 * "0"
    row.save()
    with_a_newer_key(settings)
    ran = command("keys", "rotate")
    assert ran.code == 1
    assert "1 secrets of second factors sealed anew" in ran.out
    assert "1 second factors do not open with any key" in ran.err
    assert "reset-second-factor" in ran.err


def test_one_that_was_removed_meanwhile_is_no_trouble() -> None:
    assert KeyRoom.reseal(1)


def test_the_secret_is_sealed_while_the_app_is_being_set_up(
    client: Client, known: Professional
) -> None:
    by_password(client, known)
    secret = client.get("/second-factor/app/").context["form"].secret
    assert secret == client.session[SECRET_SESSION_KEY]
    read = [row.session_data for row in Session.objects.all()]
    plain = [super(SessionStore, SessionStore()).decode(one) for one in read]
    assert [SECRET_SESSION_KEY in one for one in plain] == [True]
    assert secret not in str(plain)


def test_a_half_finished_set_up_begins_again_when_its_key_is_gone(
    client: Client, known: Professional, settings: Any
) -> None:
    by_password(client, known)
    secret = client.get("/second-factor/app/").context["form"].secret
    with_the_newer_key_alone(settings)
    assert SECRET_SESSION_KEY not in client.session
    assert secret
