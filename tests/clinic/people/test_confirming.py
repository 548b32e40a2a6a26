"""Whoever signs has lately said who they are; what they typed goes on with it."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.models import DecisionSupportStatement, KeptForm, Professional
from lysglimt.clinic.people.permissions import POLICY
from lysglimt.clinic.people.signing import SIGNED

from .second_factors import PASSWORD, at_work, by_password, set_up_app

__all__ = ["at_work"]
pytestmark = pytest.mark.usefixtures("at_work")
OTHERS = "password"
PAGE = "http://testserver/unit/statement/"
SIGNATURE = {"on": "yes", "note": "linje 1\r\nlinje 2", "twice": ["a", "b"]}


@pytest.fixture
def doctor(client: Client, psychiatrist: Professional) -> Client:
    """Signed in a while ago."""
    psychiatrist.set_password(PASSWORD)
    psychiatrist.save()
    by_password(client, psychiatrist)
    set_up_app(client)
    session = client.session
    session["account_authentication_methods"] = [
        dict(one, at=one["at"] - 11 * 60) for one in session["account_authentication_methods"]
    ]
    session.save()
    return client


def carried(page: Any) -> list[tuple[str, str]]:
    return list(page.context["carried"])


def sign(client: Client, **said: Any) -> Any:
    return client.post("/unit/statement/", SIGNATURE | said)


def test_every_signature_is_an_operation_of_the_policy() -> None:
    assert set(POLICY) >= SIGNED
    assert {"order.sign", "discharge.sign", "consent.record", "referral.decide"} <= SIGNED
    assert not [name for name in SIGNED if name.startswith(("vitals.", "pump.", "event."))]


def test_a_signature_asks_first_and_loses_nothing(doctor: Client) -> None:
    page = sign(doctor)
    assert page.status_code == 200
    assert "Er det deg?" in page.content.decode()
    assert carried(page) == [
        *[("on", "yes"), ("note", "linje 1\r\nlinje 2"), ("twice", "a"), ("twice", "b")]
    ]
    assert not DecisionSupportStatement.objects.exists()
    wrong = sign(doctor, **{"confirm-password": "feil"})
    assert "Passordet er ikke riktig" in wrong.content.decode()
    assert carried(wrong) == carried(page)
    assert "feil" not in str(carried(wrong))
    assert Event.objects.latest("pk").operation == "confirm.refused"
    right = sign(doctor, **{"confirm-password": PASSWORD})
    assert right.headers["Location"] == "/unit/statement/"
    assert DecisionSupportStatement.objects.get().on
    again = sign(doctor)
    assert again.status_code == 302, "for a while nobody is asked again"


def test_a_colleague_s_password_is_not_written_into_the_page(doctor: Client) -> None:
    page = sign(doctor, **{OTHERS: "hemmelig-hos-kollega"})
    assert "Er det deg?" in page.content.decode()
    assert "hemmelig-hos-kollega" not in page.content.decode()
    assert "password" not in dict(carried(page))


def test_reading_and_charting_ask_nothing(doctor: Client) -> None:
    assert doctor.get("/unit/statement/").status_code == 200
    assert doctor.get("/patients/").status_code == 200


def test_how_long_is_the_clinic_s_to_say(doctor: Client, settings: Any) -> None:
    settings.CONFIRM_MINUTES = 12
    assert sign(doctor).status_code == 302


def test_whoever_guesses_is_stopped(doctor: Client) -> None:
    pages = [sign(doctor, **{"confirm-password": "feil"}) for _ in range(6)]
    assert "Vent 5 minutter" in pages[-1].content.decode()
    assert "Vent 5 minutter" in sign(doctor, **{"confirm-password": PASSWORD}).content.decode()
    cache.clear()
    assert sign(doctor, **{"confirm-password": PASSWORD}).status_code == 302


def test_a_passkey_that_is_none_confirms_nothing(doctor: Client) -> None:
    for forged in ("{}", "no json", '{"id": "x", "response": {}}'):
        page = sign(doctor, **{"confirm-credential": forged})
        assert "Er det deg?" in page.content.decode()
        assert page.context["fault"]
    assert not DecisionSupportStatement.objects.exists()


def test_changing_the_way_in_asks_too(doctor: Client) -> None:
    to = doctor.get("/second-factor/passkeys/add/").headers["Location"]
    assert to == "/confirm/?next=%2Fsecond-factor%2Fpasskeys%2Fadd%2F"
    assert "Er det deg?" in doctor.get(to).content.decode()
    assert "ikke riktig" in doctor.post(to, {"confirm-password": "feil"}).content.decode()
    on = doctor.post(to, {"confirm-password": PASSWORD}).headers["Location"]
    assert doctor.get(on).status_code == 200


def test_a_stranger_confirms_nothing(client: Client) -> None:
    assert client.get("/confirm/").headers["Location"] == "/sign-in/"


def test_in_a_demonstration_nobody_has_a_password_to_say(doctor: Client, settings: Any) -> None:
    settings.DEMO = True
    assert sign(doctor).status_code == 302


def test_one_without_a_password_signs_in_again_and_finds_the_form(
    doctor: Client, psychiatrist: Professional
) -> None:
    """As those do whom the hospital's provider lets in."""
    session = doctor.session
    psychiatrist.set_unusable_password()
    psychiatrist.save()
    session["_auth_user_hash"] = psychiatrist.get_session_auth_hash()
    session.save()
    page = doctor.post("/unit/statement/", SIGNATURE, headers={"referer": PAGE})
    assert "Logg inn på nytt" in page.content.decode()
    said = dict(carried(page)) | {
        "lock-action": "/unit/statement/",
        "lock-page": "/unit/statement/",
    }
    reply = doctor.post("/lock/", said)
    back = parse_qs(urlsplit(str(reply.headers["Location"])).query)["next"][0]
    assert back.startswith("/unit/statement/?typed=")
    elsewhere = doctor.post("/lock/", {"lock-page": "//evil.example/"})
    assert "evil" not in str(elsewhere.headers["Location"])
    [kept] = KeptForm.objects.all()
    assert json.loads(kept.text())["typed"] == [
        [name, [value]] for name, value in dict(carried(page)).items()
    ]
