"""The policy is a table; every page obeys it, and nobody is seen unseen."""

from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lysglimt.clinic.audit.models import Read
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.access import allowed
from lysglimt.clinic.people.actions.patients import Kin
from lysglimt.clinic.people.models import Patient, Professional, Relative, Unit
from lysglimt.clinic.people.permissions import OWN_SIGN_IN, PEOPLE, POLICY, PUBLIC, permits
from lysglimt.clinic.people.policy import Relation, Role, own_entity
from tests.clinic.conftest import NOON, Staff


def routes(below: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for route in below:
        if isinstance(route, URLResolver):
            yield from routes(route.url_patterns)
        else:
            yield route


ROUTES = {str(route.name): route for route in routes(get_resolver().url_patterns)}
PAGES = sorted(PEOPLE)
CLINICAL = {
    *(Role.NURSE, Role.PSYCHIATRIST, Role.ANAESTHETIST, Role.PSYCHOLOGIST),
    *(Role.PHARMACIST, Role.COORDINATOR, Role.UNIT_LEAD),
}
NEAR = {Role.NURSE, Role.PSYCHIATRIST, Role.ANAESTHETIST, Role.PSYCHOLOGIST, Role.COORDINATOR}
OWN = {Relation.OWN_UNIT}
HOUSE = {Relation.OWN_UNIT, Relation.OWN_ENTITY}
AGREED = {
    "home": (CLINICAL | {Role.STATISTICIAN, Role.ADMINISTRATOR}, OWN),
    "patients": (CLINICAL, OWN),
    "patient.register": (CLINICAL, OWN),
    "patient.particulars": (CLINICAL, HOUSE),
    "patient.amend": (CLINICAL, HOUSE),
    "relative.add": (NEAR, HOUSE),
    "relative.withdraw": (NEAR, HOUSE),
    "unit.statement": ({Role.UNIT_LEAD, Role.PSYCHIATRIST}, OWN),
}
"""Kept by hand, apart from the table: who was agreed to do what, to whom."""


@pytest.fixture
def relative(kari: Patient, nurse: Professional) -> Relative:
    kin = Kin(name="Ola", kinship="partner", consent=True)
    return actions.add_relative(patient=kari, kin=kin, by=nurse, at=NOON)


@pytest.fixture
def addresses(relative: Relative) -> dict[str, str]:
    keys = {"relative.withdraw": relative.pk}
    return {
        page: reverse(page, kwargs={"pk": keys.get(page, relative.patient_id)})
        if "<" in str(ROUTES[page].pattern)
        else reverse(page)
        for page in PAGES
    }


def answers(client: Client, url: str) -> set[int]:
    """To a GET and a POST; 405 is said before anyone is asked who they are."""
    return {client.get(url).status_code, client.post(url).status_code} - {405}


def test_every_page_has_its_row_or_stands_on_the_short_list() -> None:
    assert set(ROUTES) == set(POLICY) | PUBLIC | OWN_SIGN_IN
    assert len(ROUTES) == len(POLICY) + len(PUBLIC) + len(OWN_SIGN_IN)


@pytest.mark.parametrize("name", sorted(set(ROUTES) - PUBLIC - OWN_SIGN_IN))
def test_the_view_of_a_page_asks_for_the_right_of_its_name(name: str) -> None:
    assert getattr(ROUTES[name].callback, "operation", None) == name


def test_a_view_cannot_name_a_row_that_is_not_there() -> None:
    with pytest.raises(LookupError, match=r"patient\.registr"):
        allowed("patient.registr")


@pytest.mark.parametrize("cell", list(product(PEOPLE, Role, Relation)), ids="/".join)
def test_the_table_permits_what_was_agreed(cell: tuple[str, Role, Relation]) -> None:
    operation, role, relation = cell
    roles, relations = AGREED[operation]
    assert permits(*cell) is (role in roles and relation in relations)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_who_one_is(client: Client, addresses: dict[str, str], page: str) -> None:
    reply = client.get(addresses[page])
    assert reply.headers["Location"].startswith("/sign-in/?next=")
    assert answers(client, addresses[page]) == {302}


@pytest.mark.parametrize(
    ("page", "role"), [(p, role) for p, role in product(PAGES, Role) if role not in POLICY[p]]
)
def test_a_page_refuses_a_role_its_row_leaves_out(
    client: Client, addresses: dict[str, str], moss: Unit, staff: Staff, page: str, role: Role
) -> None:
    client.force_login(staff(moss, role, "left out"))
    assert answers(client, addresses[page]) == {403}


@pytest.mark.parametrize(
    "page", ["patient.particulars", "patient.amend", "relative.add", "relative.withdraw"]
)
def test_for_another_legal_entity_a_patient_does_not_exist(
    client: Client, addresses: dict[str, str], outsider: Professional, page: str
) -> None:
    client.force_login(outsider)
    assert answers(client, addresses[page]) == {404}


@pytest.mark.parametrize("page", PAGES)
def test_a_get_writes_nothing_but_the_read_log(
    client: Client, psychiatrist: Professional, addresses: dict[str, str], page: str
) -> None:
    client.force_login(psychiatrist)
    with CaptureQueriesContext(connection) as asked:
        reply = client.get(addresses[page])
    shows = "Ødegård" in reply.content.decode()
    written = [q["sql"] for q in asked.captured_queries if not q["sql"].startswith("SELECT")]
    assert [sql.split()[2] for sql in written] == ['"audit_read"'] * shows
    assert len(asked) <= 10


def test_the_read_log_says_who_saw_whom_and_by_which_right(
    as_nurse: Client, nurse: Professional, kari: Patient
) -> None:
    reply = as_nurse.post("/patients/", {"q": "kari"})
    [read] = Read.objects.all()
    assert (read.actor, read.operation) == (nurse.username, "patients")
    assert read.patients == [str(kari.pk)]
    assert read.decision == "patients/nurse/own_unit"
    assert (read.origin, read.request_id) == ("page", reply.headers["X-Request-Id"])


def test_a_page_that_shows_nobody_leaves_no_read(as_nurse: Client, kari: Patient) -> None:
    as_nurse.post("/patients/", {"q": "hansen"})
    assert not Read.objects.exists()


def test_an_entity_s_other_unit_stands_apart_from_one_s_own(
    nurse: Professional, halden: Unit, staff: Staff, outsider: Professional, kari: Patient
) -> None:
    beside = staff(halden, Role.NURSE)
    assert nurse.relation(nurse) is Relation.OWN_UNIT
    assert beside.relation(nurse) is Relation.OTHER_UNIT
    assert outsider.relation(nurse) is Relation.OTHER_ENTITY
    assert kari.relation(beside) is Relation.OWN_ENTITY


@pytest.mark.parametrize("relation", Relation)
def test_what_is_of_the_own_entity_is_of_no_other(relation: Relation) -> None:
    assert own_entity(relation) is (relation is not Relation.OTHER_ENTITY)
