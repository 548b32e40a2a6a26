"""Round every page: who is signed in, where, and where one may go."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path
from django.utils.translation import override

from lysglimt.clinic.design.surroundings import SignedIn, page

NURSE = SignedIn(person="Siri Lie", role="Sykepleier", unit="Moss DPS")


def nothing(_: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("today/", nothing, name="today"),
    path("patients/", nothing, name="patients"),
    path("language/", nothing, name="language"),
    path("sign-out/", nothing, name="sign-out"),
]
pytestmark = pytest.mark.urls(__name__)


def masthead(address: str, **known: object) -> str:
    request = RequestFactory().get(address)
    for name, value in known.items():
        setattr(request, name, value)
    with override("nb"):
        return render_to_string("design/_masthead.html", page(request), request)


def test_the_head_names_the_person_the_role_and_the_unit() -> None:
    head = masthead("/today/", signed_in=NURSE)
    for said in ("Siri Lie", "Sykepleier", "Moss DPS", "Logg ut"):
        assert said in head


def test_only_pages_that_exist_are_named_and_the_present_one_is_marked() -> None:
    head = masthead("/patients/7/", signed_in=NURSE)
    assert head.count("aria-current") == 1
    assert head.index("aria-current") > head.index("I dag")
    assert "Enhet<" not in head


def test_a_page_the_reader_may_not_open_is_not_named() -> None:
    head = masthead("/today/", signed_in=NURSE, may=lambda operation: operation == "today")
    assert "I dag" in head
    assert "Pasienter<" not in head


def test_before_signing_in_there_is_the_language_and_nothing_else() -> None:
    head = masthead("/today/")
    assert "English" in head
    assert "I dag" not in head
    assert "Logg ut" not in head


def test_changing_the_language_leads_back_to_the_same_page() -> None:
    head = masthead("/patients/?name=kari")
    assert 'value="/patients/?name=kari"' in head
    assert 'value="en"' in head
    assert 'value="nb"' not in head
