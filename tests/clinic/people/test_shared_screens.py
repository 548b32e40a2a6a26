"""A tablet that several use: it locks, the next one signs in, nobody's words are lost or seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people.actions import end_sign_ins
from lysglimt.clinic.people.models import KeptForm, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.people.sign_ins import SINCE, STORED
from tests.clinic.conftest import Staff

from .second_factors import (
    PASSWORD,
    Clock,
    at_work,
    by_password,
    clock,
    known,
    set_up_app,
)

__all__ = ["at_work", "clock", "known"]
pytestmark = pytest.mark.usefixtures("at_work")
TYPED = {
    "given_name": "Nils",
    "family_name": "Ærlig-Fjeldberg",
    "lock-action": "/patients/register/",
}
PAGE = {"referer": "http://testserver/patients/register/"}


@pytest.fixture
def tablet(client: Client, known: Professional) -> Client:
    """Marked as shared, with its nurse signed in and a second factor shown."""
    by_password(client, known)
    set_up_app(client)
    assert client.post("/sign-ins/shared/").status_code == 302
    return client


@pytest.fixture
def colleague(moss: Unit, staff: Staff) -> Professional:
    found = staff(moss, Role.PSYCHIATRIST, "pia")
    found.set_password(PASSWORD)
    found.save()
    return found


def back_to(reply: Any) -> str:
    [page] = parse_qs(urlsplit(str(reply.headers["Location"])).query)["next"]
    return page


def changed(client: Client, **said: str) -> None:
    """The sign-in as if it had been stored with these."""
    session = client.session
    data = session.encode(dict(session.items()) | said)
    Session.objects.filter(pk=session.session_key).update(session_data=data)


def ago(**long: float) -> str:
    return (timezone.now() - timedelta(**long)).isoformat()


@pytest.mark.parametrize(
    ("long", "status"),
    [
        pytest.param({"seconds": 110}, 200, id="not yet two minutes"),
        pytest.param({"seconds": 130}, 302, id="two minutes untouched"),
    ],
)
def test_a_shared_device_locks_after_two_minutes(
    tablet: Client, long: dict[str, float], status: int
) -> None:
    changed(tablet, **{STORED: ago(**long)})
    assert tablet.get("/patients/").status_code == status


def test_a_device_counts_as_shared_though_its_mark_is_taken_away(tablet: Client) -> None:
    del tablet.cookies[django_settings.SHARED_COOKIE_NAME]
    changed(tablet, **{STORED: ago(minutes=3)})
    assert tablet.get("/patients/").status_code == 302


def test_a_mark_that_we_did_not_make_is_none(client: Client, known: Professional) -> None:
    client.cookies[django_settings.SHARED_COOKIE_NAME] = "1:forged:forged"
    by_password(client, known)
    set_up_app(client)
    changed(client, **{STORED: ago(minutes=3)})
    assert client.get("/patients/").status_code == 200


def test_a_shift_ends_though_somebody_is_there(tablet: Client) -> None:
    changed(tablet, **{SINCE: ago(hours=12.1), STORED: ago()})
    assert tablet.get("/patients/").status_code == 302
    assert Event.objects.latest("pk").operation == "sign-in.ran-out"


def test_whoever_types_is_there(tablet: Client) -> None:
    changed(tablet, **{STORED: ago(seconds=100)})
    assert tablet.post("/present/").status_code == 204
    stored = tablet.session[STORED]
    assert stored > ago(seconds=5)
    tablet.get("/patients/")
    assert tablet.session[STORED] == stored, "a moment later nothing is written"


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(tablet: Client) -> None:
    changed(tablet, **{STORED: ago(seconds=100)})
    assert tablet.get("/patients/", headers={"X-Background": "1"}).status_code == 200
    assert tablet.session[STORED] < ago(seconds=90)


def test_a_lock_keeps_what_was_typed_for_whoever_typed_it(
    tablet: Client, known: Professional
) -> None:
    reply = tablet.post("/lock/", TYPED, headers=PAGE)
    assert tablet.get("/patients/").status_code == 302
    page = tablet.get(reply.headers["Location"]).content.decode()
    assert known.username not in page
    assert "Ærlig" not in page, "a locked screen lists nobody and shows nothing"
    to = by_password(tablet, known, next=back_to(reply)).headers["Location"]
    assert 'value="Ærlig-Fjeldberg"' in tablet.get(to).content.decode()
    assert "sign-in.locked" in Event.objects.values_list("operation", flat=True)


def test_a_lock_without_a_form_leads_back_to_the_page(
    tablet: Client, known: Professional
) -> None:
    reply = tablet.post("/lock/", {}, headers={"referer": "http://testserver/patients/"})
    assert back_to(reply) == "/patients/"
    assert not KeptForm.objects.exists()


def test_a_second_tab_that_locks_later_keeps_its_form_too(tablet: Client) -> None:
    tablet.post("/lock/", {}, headers=PAGE)
    tablet.post("/lock/", TYPED, headers=PAGE)
    assert KeptForm.objects.count() == 1


def test_the_next_one_signs_in_and_sees_nothing_of_the_first(
    tablet: Client, known: Professional, colleague: Professional
) -> None:
    reply = tablet.post("/lock/", TYPED, headers=PAGE)
    arrived = by_password(tablet, colleague, next=back_to(reply))
    assert arrived.headers["Location"] == "/"
    set_up_app(tablet)
    assert "Ærlig" not in tablet.get(back_to(reply)).content.decode()
    assert tablet.get("/kept/").context["forms"] == []
    tablet.post("/lock/", {}, headers=PAGE)
    to = by_password(tablet, known).headers["Location"]
    assert to == "/kept/"
    [address] = [a for _, a in tablet.get(to).context["forms"]]
    assert 'value="Ærlig-Fjeldberg"' in tablet.get(address).content.decode()


def test_what_was_kept_goes_once_it_is_sent_or_thrown_away(
    tablet: Client, known: Professional
) -> None:
    for _ in range(2):
        tablet.post("/lock/", TYPED, headers=PAGE)
        by_password(tablet, known)
    first, second = KeptForm.objects.order_by("kept_at")
    sent = {"referer": f"http://testserver/patients/register/?typed={first.pk}"}
    tablet.post("/language/", {"language": "nb"}, headers=sent)
    assert list(KeptForm.objects.all()) == [second]
    assert tablet.post("/kept/", {"drop": str(second.pk)}).headers["Location"] == "/"
    assert not KeptForm.objects.exists()
    again = tablet.post("/kept/", {"drop": str(second.pk)})
    assert again.headers["Location"] == "/", "gone already"


def test_on_a_shared_device_the_second_factor_is_asked_for_once_a_shift(
    tablet: Client, known: Professional, colleague: Professional
) -> None:
    tablet.post("/lock/", {}, headers=PAGE)
    by_password(tablet, colleague)
    set_up_app(tablet)
    for who in (known, colleague, known, colleague):
        tablet.post("/lock/", {}, headers=PAGE)
        assert by_password(tablet, who).headers["Location"] == "/"
        assert tablet.get("/patients/").status_code == 200
    elsewhere = Client()
    assert by_password(elsewhere, colleague).headers["Location"].startswith("/sign-in/second")


def test_a_shift_later_it_is_asked_for_again_however_often_one_came_in_meanwhile(
    tablet: Client, known: Professional, clock: Clock
) -> None:
    marks = set()
    for hours in (5, 6):
        clock(hours * 3600)
        tablet.post("/lock/", {}, headers=PAGE)
        assert by_password(tablet, known).headers["Location"] == "/"
        marks.add(trusted(tablet))
    assert len(marks) == 1, "nothing is added to it"
    clock(2 * 3600)
    tablet.post("/lock/", {}, headers=PAGE)
    assert by_password(tablet, known).headers["Location"] == "/sign-in/second-factor/"


def test_the_device_remembers_each_of_them_once(
    tablet: Client, known: Professional, clock: Clock
) -> None:
    before = trusted(tablet)
    clock(60)
    tablet.post("/sign-ins/shared/")
    assert trusted(tablet) == before, "nor does marking it once more make it last longer"


def test_it_is_trusted_on_a_shared_device_alone(tablet: Client, known: Professional) -> None:
    tablet.post("/lock/", {}, headers=PAGE)
    del tablet.cookies[django_settings.SHARED_COOKIE_NAME]
    assert trusted(tablet)
    assert by_password(tablet, known).headers["Location"] == "/sign-in/second-factor/"


def test_once_a_sign_in_was_ended_the_device_vouches_no_more(
    tablet: Client, known: Professional, clock: Clock
) -> None:
    """Whoever ends it may have lost the tablet with it."""
    clock(60)
    end_sign_ins(ended=[], of=known, by=known, at=timezone.now())
    tablet.post("/lock/", {}, headers=PAGE)
    assert trusted(tablet)
    assert by_password(tablet, known).headers["Location"] == "/sign-in/second-factor/"


def test_to_share_a_device_one_says_who_one_is(tablet: Client, settings: Any) -> None:
    settings.CONFIRM_MINUTES = 0
    page = tablet.post("/sign-ins/shared/")
    assert "Er det deg?" in page.content.decode()
    right = tablet.post("/sign-ins/shared/", {"confirm-password": PASSWORD})
    assert right.headers["Location"] == "/sign-ins/"


def trusted(client: Client) -> str:
    return client.cookies[django_settings.MFA_TRUST_COOKIE_NAME].value


# Where one is signed in


def test_one_sees_where_one_is_signed_in_and_ends_it_there(
    tablet: Client, known: Professional
) -> None:
    phone = Client(headers={"user-agent": "Telefon"})
    phone.force_login(known)
    UserSession.objects.create(
        user=known, session_key=phone.session.session_key, ip="10.0.0.7", user_agent="Telefon"
    )
    page = tablet.get("/sign-ins/").content.decode()
    assert "Telefon" in page
    assert "10.0.0.7" in page
    [there] = UserSession.objects.filter(user_agent="Telefon")
    assert tablet.post("/sign-ins/end/", {"one": there.pk}).status_code == 302
    assert phone.get("/sign-ins/").status_code == 302
    assert tablet.get("/sign-ins/").status_code == 200
    assert "Telefon" not in tablet.get("/sign-ins/").content.decode()


def test_one_ends_all_the_others(tablet: Client, known: Professional) -> None:
    others = [Client(), Client()]
    for other in others:
        other.force_login(known)
        UserSession.objects.create(
            user=known, session_key=other.session.session_key, ip="10.0.0.7", user_agent="x"
        )
    tablet.post("/sign-ins/end/")
    assert {other.get("/sign-ins/").status_code for other in others} == {302}
    assert tablet.get("/sign-ins/").status_code == 200


def test_nobody_ends_another_s_by_number(
    tablet: Client, known: Professional, colleague: Professional
) -> None:
    theirs = UserSession.objects.create(user=colleague, session_key="k", ip="10.0.0.7")
    assert tablet.post("/sign-ins/end/", {"one": theirs.pk}).status_code == 404


@pytest.mark.parametrize("role", [Role.UNIT_LEAD, Role.ADMINISTRATOR])
def test_a_lead_ends_all_of_a_person_s(
    tablet: Client, known: Professional, moss: Unit, staff: Staff, role: Role, settings: Any
) -> None:
    settings.DEMO = True  # a lead whose own second factor is not the matter here
    lead = Client()
    lead.force_login(staff(moss, role, "leder"))
    assert f"Logg ut {known} overalt" in lead.get("/staff/").content.decode()
    assert lead.post(f"/staff/{known.pk}/end/").headers["Location"] == "/staff/"
    assert tablet.get("/patients/").status_code == 302
    row = Event.objects.latest("pk")
    assert (row.actor, row.operation, row.reason) == ("leder", "sign-in.end", known.username)


def test_only_a_lead_takes_a_shared_device_s_mark_away(
    tablet: Client, moss: Unit, staff: Staff, settings: Any
) -> None:
    settings.DEMO = True
    assert tablet.post("/sign-ins/not-shared/").status_code == 403
    tablet.force_login(staff(moss, Role.UNIT_LEAD, "leder"))
    tablet.post("/sign-ins/not-shared/")
    assert trusted(tablet) == "", "what the others showed counts no more"
    assert "Flere bruker denne enheten. Den" not in tablet.get("/sign-ins/").content.decode()


Pinned = Callable[[int], Any]


def test_few_questions_are_asked_of_the_database(
    tablet: Client, django_assert_max_num_queries: Pinned
) -> None:
    for address in ("/sign-ins/", "/kept/", "/second-factor/"):
        with django_assert_max_num_queries(10):
            assert tablet.get(address).status_code == 200
