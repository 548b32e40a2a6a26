"""The page of the register: what is missing first, what leaves, and who signs for it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lysglimt.clinic.delivery.models import Delivery, LegalBasis, RegisteredUnit
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import Course
from lysglimt.register.legal_basis import Basis
from tests.clinic.conftest import Staff

from .conftest import State

TYPED = {
    "number": "17",
    "region": "south-east",
    "basis": "opt-out",
    "project": "national",
    "decision": "Sak 12/2026",
    "decided_by": "Dina Direktør",
    "decided_on": "05.01.2026",
    "valid_from": "10.01.2026",
    "valid_until": "",
    "counts_reserved": "no",
}


def said(reply: Any) -> str:
    return " ".join(reply.content.decode().split())


def page(client: Client) -> str:
    reply = client.get(reverse("register"))
    assert reply.status_code == 200
    return said(reply)


def prepared(client: Client) -> str:
    assert client.post(reverse("register.prepare")).status_code == 302
    return page(client)


def test_without_a_basis_the_page_says_so_and_offers_to_state_one_and_nothing_else(
    as_lead: Client, course: Course
) -> None:
    shown = page(as_lead)
    assert "Ingenting går ut uten" in shown
    assert reverse("register.state") in shown
    assert reverse("register.prepare") not in shown
    assert "Ingenting går ut uten" in prepared(as_lead)
    assert not Delivery.objects.exists()


def test_a_basis_is_stated_with_who_decided_what_and_when(as_lead: Client, moss: Unit) -> None:
    blank = said(as_lead.get(reverse("register.state")))
    assert " checked" not in blank, "nothing is chosen beforehand"
    reply = as_lead.post(reverse("register.state"), TYPED)
    assert reply.status_code == 302
    row = LegalBasis.objects.get()
    assert (row.basis, row.decided_by, str(row.decided_on)) == (
        "opt-out",
        "Dina Direktør",
        "2026-01-05",
    )
    assert RegisteredUnit.objects.get().number == 17
    shown = page(as_lead)
    for words in ("Reservasjonsrett", "enhet 17", "Sak 12/2026", "Dina Direktør"):
        assert words in shown
    again = said(as_lead.get(reverse("register.state")))
    assert 'value="17"' in again
    assert "Sak 12/2026" not in again, "a decision is typed each time"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param({"number": "0"}, "1", id="no number"),
        pytest.param({"basis": "because"}, "because", id="no such basis"),
        pytest.param({"project": "to ord"}, "bindestreker", id="no short name"),
        pytest.param({"decided_by": ""}, "", id="nobody"),
        pytest.param(
            {"valid_from": "01.01.2026"}, "ikke gjelde før", id="before it was decided"
        ),
        pytest.param(
            {"valid_until": "09.01.2026"}, "ikke slutte før", id="ends before it begins"
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    as_lead: Client, typed: dict[str, str], words: str
) -> None:
    reply = as_lead.post(reverse("register.state"), TYPED | typed)
    assert reply.status_code == 422
    assert words in said(reply)
    assert "Sak 12/2026" in said(reply)
    assert not LegalBasis.objects.exists()


def test_the_number_of_another_unit_of_the_house_is_refused(
    client: Client, as_lead: Client, halden: Unit, staff: Staff
) -> None:
    as_lead.post(reverse("register.state"), TYPED)
    client.force_login(staff(halden, Role.UNIT_LEAD))
    reply = client.post(reverse("register.state"), TYPED)
    assert "En annen enhet i huset" in said(reply)
    assert LegalBasis.objects.count() == 1


def test_what_is_missing_stands_before_what_leaves_and_is_signed_by_name(
    as_lead: Client, state: State, course: Course
) -> None:
    state(Basis.OPT_OUT)
    shown = prepared(as_lead)
    assert shown.index("Hvor fullstendig") < shown.index("Dette går ut")
    assert "Ikke signert." in shown
    delivery = Delivery.objects.get()
    sign = reverse("register.sign", args=[delivery.pk])
    assert sign in shown
    assert as_lead.post(sign).status_code == 302
    signed = page(as_lead)
    assert "Signert av unit_lead Moss" in signed
    assert sign not in signed
    assert "Ingen levering er signert før" in signed
    assert "Nytt, endret og borte siden" in prepared(as_lead)


def test_the_page_is_in_english_too(
    as_lead: Client, lead: Professional, state: State, course: Course
) -> None:
    state(Basis.CONSENT)
    as_lead.post(reverse("register.prepare"))
    people.choose_language(professional=lead, language="en")
    shown = page(as_lead)
    assert "How whole it is" in shown
    assert "Behandlingsforløp" not in shown


def test_a_delivery_that_is_no_longer_true_is_not_signed(
    as_lead: Client, state: State, course: Course
) -> None:
    state(Basis.OPT_OUT)
    prepared(as_lead)
    state(Basis.OPT_OUT, number=18)
    as_lead.post(reverse("register.sign", args=[Delivery.objects.get().pk]))
    assert "Journalen er endret" in page(as_lead)
    assert not Delivery.objects.filter(signature__isnull=False).exists()


def test_a_page_names_no_patient_and_asks_few_questions(
    as_lead: Client,
    state: State,
    course: Course,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    state(Basis.OPT_OUT)
    prepared(as_lead)
    with django_assert_max_num_queries(10):
        shown = page(as_lead)
    assert not [name for name in course.patient.particulars().names if name in shown]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.STATISTICIAN, {"register": 200, "register.prepare": 302, "register.state": 403}),
        (Role.PSYCHIATRIST, {"register": 200, "register.prepare": 403, "register.state": 403}),
        (Role.NURSE, {"register": 403, "register.prepare": 403, "register.state": 403}),
    ],
)
def test_each_role_sees_and_does_what_is_its_own(
    client: Client, moss: Unit, staff: Staff, role: Role, may: dict[str, int]
) -> None:
    client.force_login(staff(moss, role, "one"))
    for page, status in may.items():
        ask = client.post if page == "register.prepare" else client.get
        assert ask(reverse(page)).status_code == status, page


def test_nobody_but_the_lead_signs_and_no_other_house_finds_it(
    client: Client, as_lead: Client, state: State, course: Course, outsider: Professional
) -> None:
    state(Basis.OPT_OUT)
    prepared(as_lead)
    sign = reverse("register.sign", args=[Delivery.objects.get().pk])
    client.force_login(outsider)
    assert client.post(sign).status_code == 404
    assert as_lead.post(reverse("register.sign", args=[uuid4()])).status_code == 404
    assert Delivery.objects.get().prepared_at <= timezone.now()
