"""A password that somebody else typed opens one door: to the page where its owner makes another."""

from datetime import datetime, timedelta

import pytest
from allauth.core import context
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.confirming import wrong_password
from lysglimt.clinic.people.models import Professional
from lysglimt.server.accounts import FIRST_PASSWORD, Desk

from .second_factors import PASSWORD, at_work, by_password, set_up_app

__all__ = ["at_work"]
pytestmark = pytest.mark.usefixtures("at_work")
OWN = "en helt egen lang setning"


@pytest.fixture
def newcomer(nurse: Professional) -> Professional:
    Desk.set_password(nurse.username, PASSWORD)
    nurse.refresh_from_db()
    return nurse


def make_own(client: Client) -> str:
    said = {"oldpassword": PASSWORD, "password1": OWN, "password2": OWN}
    answer = client.post("/password/", said)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def test_a_newcomer_makes_a_password_before_anything_else(
    client: Client, newcomer: Professional
) -> None:
    by_password(client, newcomer)
    for address in ("/patients/", "/second-factor/", "/second-factor/app/", "/today/"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"] == "/password/", address
    page = client.get("/password/").content.decode()
    assert "Passordet ditt er skrevet av en annen" in page
    make_own(client)
    assert client.get("/patients/").headers["Location"] == "/second-factor/"
    set_up_app(client)
    assert client.get("/patients/").status_code == 200


def test_a_password_of_ones_own_is_not_asked_for_again(
    client: Client, newcomer: Professional
) -> None:
    by_password(client, newcomer)
    assert "/password/" not in make_own(client)
    newcomer.refresh_from_db()
    assert newcomer.given_until is None
    assert "skrevet av en annen" not in client.get("/password/").content.decode()


def test_the_same_password_once_more_is_none_of_ones_own(
    client: Client, newcomer: Professional
) -> None:
    by_password(client, newcomer)
    said = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post("/password/", said)
    assert answer.status_code == 200
    assert "Det er passordet du har nå" in answer.content.decode()
    newcomer.refresh_from_db()
    assert newcomer.given_until is not None


@pytest.mark.parametrize(
    ("days", "comes_in"),
    [pytest.param(6, True, id="in its week"), pytest.param(8, False, id="a week later")],
)
def test_a_first_password_runs_out(
    client: Client,
    newcomer: Professional,
    monkeypatch: pytest.MonkeyPatch,
    *,
    days: int,
    comes_in: bool,
) -> None:
    later = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = by_password(client, newcomer)
    assert ("_auth_user_id" in client.session) is comes_in
    refused = Event.objects.filter(operation="sign-in.refused")
    assert refused.exists() is not comes_in
    if not comes_in:
        assert answer.headers["Location"] == "/sign-in/"
        assert "gått ut" in client.get("/sign-in/").content.decode()


def test_nobody_witnesses_by_a_password_that_another_knows(
    client: Client, newcomer: Professional
) -> None:
    request = by_password(client, newcomer).wsgi_request
    with context.request_context(request):
        assert "skrevet av en annen" in wrong_password(request, newcomer, PASSWORD)
        assert "skrevet av en annen" not in wrong_password(request, newcomer, "else")


def test_whoever_comes_by_a_provider_is_not_asked_for_a_password(
    client: Client, newcomer: Professional
) -> None:
    client.force_login(newcomer)
    assert client.get("/patients/").headers["Location"] == "/second-factor/"


def test_an_account_that_the_desk_makes_has_a_first_password(nurse: Professional) -> None:
    said = {"role": "nurse", "name": "", "hpr": "", "unit": nurse.unit.name, "entity": ""}
    Desk.add("newcomer", PASSWORD, said)
    until = Professional.objects.get(username="newcomer").given_until
    assert isinstance(until, datetime)
    assert abs(until - timezone.now() - FIRST_PASSWORD) < timedelta(minutes=1)


def test_a_password_that_is_known_to_nobody_else_does_not_run_out(nurse: Professional) -> None:
    actions.set_password(
        professional=nurse, password=PASSWORD, by=nurse, at=timezone.now(), until=None
    )
    assert nurse.given_until is None
