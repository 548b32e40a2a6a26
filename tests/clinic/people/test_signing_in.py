"""In and out; and nothing typed is lost when the sign-in has run out."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import KeptForm, Patient, Professional, Unit
from lysglimt.clinic.people.policy import STAFF, Role
from lysglimt.clinic.people.sign_ins import STORED
from tests.clinic.conftest import Staff

PASSWORD = "korrekt hest batteri stift"  # noqa: S105 - of nobody
TYPED = {
    "given_name": "Nils",
    "family_name": "Ærlig-Fjeldberg",
    "birth_date": "14.03.1979",
    "password": "never kept",
}


@pytest.fixture
def known(nurse: Professional) -> Professional:
    nurse.set_password(PASSWORD)
    nurse.save()
    return nurse


def sign_in(client: Client, who: Professional, **said: str) -> Any:
    return client.post("/sign-in/", {"login": who.username, "password": PASSWORD} | said)


def run_out() -> None:
    """What the end of a shift does to a sign-in."""
    Session.objects.all().delete()


def typed_too_late(client: Client, who: Professional) -> str:
    """The address of the sign-in page one is sent to."""
    sign_in(client, who)
    run_out()
    reply = client.post("/patients/register/", TYPED)
    assert reply.status_code == 302
    return str(reply.headers["Location"])


def after(sign_in_page: str) -> str:
    [page] = parse_qs(urlsplit(sign_in_page).query)["next"]
    return page


def test_signing_in_and_out_leaves_a_trail(client: Client, known: Professional) -> None:
    assert sign_in(client, known, next="/patients/").headers["Location"] == "/patients/"
    assert client.get("/patients/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/patients/").status_code == 302
    operations = Event.objects.order_by("pk").values_list("operation", flat=True)
    assert list(operations) == ["sign-in", "sign-out"]
    assert client.cookies[settings.PRESENCE_COOKIE_NAME].value == ""


def test_a_wrong_password_is_refused(client: Client, known: Professional) -> None:
    reply = client.post("/sign-in/", {"login": known.username, "password": "feil"})
    assert reply.status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_address_of_others_is_not_followed(client: Client, known: Professional) -> None:
    assert sign_in(client, known, next="https://evil.example/").headers["Location"] == "/"


@pytest.mark.parametrize("role", STAFF)
def test_everyone_who_works_here_has_a_first_page_that_opens(
    client: Client, moss: Unit, staff: Staff, role: Role
) -> None:
    client.force_login(staff(moss, role))
    assert client.get("/", follow=True).status_code == 200


def test_a_nurse_begins_with_the_day(as_nurse: Client) -> None:
    assert as_nurse.get("/").headers["Location"] == "/today/"


def test_what_was_typed_too_late_is_there_again(client: Client, known: Professional) -> None:
    to = typed_too_late(client, known)
    assert "ble logget ut mens du skrev" in client.get(to).content.decode()
    back = sign_in(client, known, next=after(to)).headers["Location"]
    page = client.get(back).content.decode()
    assert 'value="Ærlig-Fjeldberg"' in page
    assert 'value="14.03.1979"' in page
    assert "lagre på nytt" in page
    assert not Patient.objects.exists()


def test_neither_address_nor_row_tells_what_was_typed(
    client: Client, known: Professional
) -> None:
    to = typed_too_late(client, known)
    [kept] = KeptForm.objects.all()
    for place in (to.encode(), bytes(kept.sealed)):
        assert b"Nils" not in place
    assert "never kept" not in kept.text()
    assert "csrfmiddlewaretoken" not in kept.text()


def test_another_who_signs_in_does_not_see_it(
    client: Client, known: Professional, psychiatrist: Professional
) -> None:
    to = typed_too_late(client, known)
    client.force_login(psychiatrist)
    assert "Ærlig" not in client.get(after(to)).content.decode()
    client.force_login(known)
    assert "Ærlig" in client.get(after(to)).content.decode()


def test_of_a_stranger_nothing_is_kept(client: Client, known: Professional) -> None:
    reply = client.post("/patients/register/", TYPED)
    assert after(reply.headers["Location"]) == "/patients/register/"
    assert not KeptForm.objects.exists()


def test_signing_out_at_the_desk_leaves_what_was_typed_at_the_tablet(
    client: Client, known: Professional
) -> None:
    to = typed_too_late(client, known)
    desk = Client()
    sign_in(desk, known)
    desk.post("/sign-out/")
    sign_in(client, known)
    assert "Ærlig" in client.get(after(to)).content.decode()


def test_what_was_kept_goes_after_half_a_day(client: Client, known: Professional) -> None:
    to = typed_too_late(client, known)
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(hours=13))
    client.force_login(known)
    assert "Ærlig" not in client.get(after(to)).content.decode()
    actions.keep_form(
        text="{}", of=known, at=timezone.now(), until=timezone.now() - timedelta(hours=12)
    )
    assert KeptForm.objects.count() == 1


def test_a_form_without_a_page_of_its_own_leads_back_to_its_page(
    client: Client, known: Professional
) -> None:
    sign_in(client, known)
    run_out()
    referer = "http://testserver/unit/statement/?a=1&typed=old"
    reply = client.post("/patients/register/", TYPED, headers={"referer": referer})
    assert after(reply.headers["Location"]).startswith("/unit/statement/?a=1&typed=")
    client.force_login(known)
    page = client.get("/patients/register/", {"typed": "no key"})
    assert page.status_code == 200


def test_a_fragment_is_sent_to_the_sign_in_page_as_a_whole(
    client: Client, known: Professional
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/patients/"}
    reply = client.get("/patients/register/", headers=headers)
    assert (reply.status_code, reply.headers["HX-Redirect"]) == (
        401,
        "/sign-in/?next=%2Fpatients%2F",
    )


def untouched(client: Client, minutes: int) -> None:
    """Nobody has been there for so many minutes, as far as the server knows."""
    session = client.session
    then = (timezone.now() - timedelta(minutes=minutes)).isoformat()
    said = session.encode(dict(session.items()) | {STORED: then})
    Session.objects.filter(pk=session.session_key).update(session_data=said)


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        pytest.param(29, 200, id="a moment away"),
        pytest.param(31, 302, id="half an hour untouched"),
    ],
)
def test_an_untouched_screen_locks_whatever_the_browser_says(
    as_nurse: Client, settings: Any, minutes: int, status: int
) -> None:
    settings.IDLE_MINUTES = 30
    untouched(as_nurse, minutes)
    as_nurse.cookies.pop(settings.PRESENCE_COOKIE_NAME, None)
    assert as_nurse.get("/patients/").status_code == status


def test_a_page_that_asks_by_itself_is_nobody(as_nurse: Client, nurse: Professional) -> None:
    reply = as_nurse.get("/patients/", headers={"X-Background": "1"})
    assert settings.PRESENCE_COOKIE_NAME not in reply.cookies


# A demo


def test_in_a_demo_one_chooses_whom_to_be(
    client: Client, known: Professional, settings: Any
) -> None:
    settings.DEMO = True
    assert str(known) in client.get("/choose-role/").content.decode()
    reply = client.post("/choose-role/", {"professional": known.pk, "next": "/patients/"})
    assert reply.headers["Location"] == "/patients/"
    assert client.get("/patients/").status_code == 200


def test_in_a_demo_a_role_speaks_the_language_that_the_visitor_chose(
    client: Client, known: Professional
) -> None:
    client.post("/language/", {"language": "en", "next": "/choose-role/"})
    client.post("/choose-role/", {"professional": known.pk})
    assert "Find a patient" in client.get("/patients/").content.decode()


def test_a_clinic_at_work_has_no_such_page(client: Client, db: None, settings: Any) -> None:
    settings.DEMO = False
    assert client.get("/choose-role/").status_code == 404
    assert client.post("/choose-role/", {"professional": "1"}).status_code == 404


# Language


def test_a_language_is_kept_with_the_one_who_chose_it(
    as_nurse: Client, nurse: Professional
) -> None:
    reply = as_nurse.post("/language/", {"language": "en", "next": "/patients/"})
    assert reply.headers["Location"] == "/patients/"
    assert "Find a patient" in as_nurse.get("/patients/").content.decode()
    nurse.refresh_from_db()
    assert nurse.language == "en"


def test_a_stranger_chooses_a_language_too(client: Client, db: None) -> None:
    assert "Logg inn" in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "en"})
    assert "Sign in" in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "xx"})
    assert "Sign in" in client.get("/sign-in/").content.decode()


def test_every_page_of_a_patient_names_the_patient(as_nurse: Client, kari: Patient) -> None:
    for name in ("patient.particulars", "patient.amend", "relative.add"):
        page = as_nurse.get(reverse(name, kwargs={"pk": kari.pk})).content.decode()
        assert page.count("Ødegård, Kari Anne") == 1
