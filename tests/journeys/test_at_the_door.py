"""Coming in, by password and app or by passkey; the screen that locks; the signature that asks."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from lysglimt.clinic.people.models import DecisionSupportStatement, Professional, Unit
from lysglimt.clinic.people.policy import Role
from tests.clinic.people.second_factors import PASSWORD, digits

from .clinic import IN_TURN, STAFF, Ward, clock, unit, ward
from .desk import Desk

__all__ = ["clock", "unit", "ward"]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SAFELY = re.compile(r"/second-factor/$|/codes/$")


@pytest.fixture(autouse=True)
def at_work(settings: Any, unit: Unit) -> None:
    """A clinic with real patients, whose staff have passwords."""
    settings.DEMO = False
    cache.clear()
    for person in Professional.objects.all():
        person.set_password(PASSWORD)
        person.save()


@pytest.fixture
def nurse(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.undo()  # the app on the phone goes by the true time
    return ward.nurse


def by_password(desk: Desk, role: Role = Role.NURSE) -> None:
    desk.open("/sign-in/")
    desk.fill({"login": role.value, "password": PASSWORD})
    desk.do("Sign in")


def set_up_app(desk: Desk) -> str:
    desk.open("/second-factor/app/")
    secret = desk.page.locator("main code").inner_text()
    desk.fill({"code": digits(secret)})
    desk.do("Set up")
    desk.sees("Recovery codes")
    cache.clear()  # half a minute later: digits are taken once
    return secret


def with_passkey(page: Page) -> None:
    """The machine has a sensor for a finger, and the finger is there."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def sign_out(desk: Desk) -> None:
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name=desk.say("Sign out"), exact=True).click()


def set_up_passkey(desk: Desk) -> None:
    desk.open("/second-factor/passkeys/add/")
    desk.fill({"name": "sensor"})
    with desk.page.expect_navigation(url=SAFELY):
        desk.page.get_by_role("button", name=desk.say("Set up")).click()


@IN_TURN
def test_one_comes_in_by_password_and_app(nurse: Desk) -> None:
    by_password(nurse)
    nurse.sees(
        "Before you can open anything here, set up one of these: a password alone is not enough to read about patients."
    )
    secret = set_up_app(nurse)
    nurse.open("/sign-ins/")
    nurse.open("/password/")
    nurse.open("/second-factor/codes/new/")
    nurse.open("/second-factor/app/remove/")
    sign_out(nurse)
    by_password(nurse)
    nurse.fill({"code": "000000"})
    nurse.do("Go on")
    nurse.sees("That was not accepted. Try again.")
    nurse.fill({"code": digits(secret)})
    nurse.do("Go on")
    assert nurse.page.url.endswith("/today/")
    assert not nurse.inspection.faults


def test_one_comes_in_by_passkey_alone(nurse: Desk) -> None:
    with_passkey(nurse.page)
    by_password(nurse)
    set_up_passkey(nurse)
    nurse.open("/second-factor/passkeys/")
    assert "sensor" in nurse.text()
    sign_out(nurse)
    nurse.open("/patients/register/")
    with nurse.page.expect_navigation(url="**/patients/register/"):
        nurse.page.get_by_role("button", name=nurse.say("Sign in with a passkey")).click()
    sign_out(nurse)
    by_password(nurse)
    assert nurse.page.url.endswith("/sign-in/second-factor/")
    with nurse.page.expect_navigation(url="**/today/"):
        nurse.page.get_by_role("button", name=nurse.say("Use a passkey instead")).click()
    assert not nurse.inspection.faults


def test_a_passkey_that_is_not_used_leaves_the_other_ways(nurse: Desk) -> None:
    nurse.page.add_init_script(
        "navigator.credentials.get = () => Promise.reject(new Error('cancelled'))"
    )
    nurse.open("/sign-in/")
    nurse.page.get_by_role("button", name=nurse.say("Sign in with a passkey")).click()
    nurse.page.get_by_role("alert").wait_for()
    nurse.sees("The passkey was not used. Try again, or choose another way.")
    by_password(nurse)
    nurse.sees("Second factor")


def test_a_screen_locks_and_the_next_one_takes_over(nurse: Desk, settings: Any) -> None:
    for role in (Role.PSYCHIATRIST, Role.NURSE):
        by_password(nurse, role)
        set_up_app(nurse)
        nurse.open("/sign-ins/")
        if role is Role.PSYCHIATRIST:
            nurse.do("Several people use this device")
            sign_out(nurse)
    page = nurse.page
    nurse.open("/patients/register/")
    settings.SHARED_IDLE_MINUTES = 0.05
    nurse.open("/patients/register/")
    nurse.fill({"family_name": "Prøvesen"})
    page.wait_for_url("**/sign-in/**", timeout=10_000)
    settings.SHARED_IDLE_MINUTES = 2
    assert "Prøvesen" not in page.content()
    assert STAFF[Role.NURSE] not in page.content(), "a locked screen lists nobody"
    page.go_back()
    assert "Prøvesen" not in page.content()
    by_password(nurse, Role.PSYCHIATRIST)
    assert page.url.endswith("/today/"), "the second factor was shown on this device today"
    assert "Prøvesen" not in page.content()
    with page.expect_navigation(url="**/sign-in/**"):
        page.get_by_role("button", name=nurse.say("Lock"), exact=True).click()
    by_password(nurse)
    assert page.url.endswith("/kept/")
    nurse.use(page.locator("main ul a").first)
    assert page.locator('[name="family_name"]').input_value() == "Prøvesen"
    assert not nurse.inspection.faults


def test_a_signature_asks_who_signs_and_goes_on(
    ward: Ward, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    doctor = ward.psychiatrist
    with_passkey(doctor.page)
    by_password(doctor, Role.PSYCHIATRIST)
    set_up_passkey(doctor)
    settings.CONFIRM_MINUTES = 0
    doctor.open("/unit/statement/")
    doctor.fill({"on": "yes"})
    doctor.do("Sign")
    doctor.sees("Is it you?")
    doctor.fill({"confirm-password": "feil"})
    doctor.do("Confirm")
    doctor.sees("The password is not right.")
    doctor.fill({"confirm-password": PASSWORD})
    doctor.do("Confirm")
    assert doctor.page.url.endswith("/unit/statement/")
    assert DecisionSupportStatement.objects.get().on
    doctor.fill({"on": "no"})
    doctor.do("Sign")
    with doctor.page.expect_navigation(url="**/unit/statement/"):
        doctor.page.get_by_role("button", name=doctor.say("Confirm with a passkey")).click()
    assert DecisionSupportStatement.objects.count() == 2
    assert not doctor.inspection.faults
