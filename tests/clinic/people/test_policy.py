"""The policy is a table; every page obeys it, and nobody is seen unseen."""

from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse

from lysglimt.clinic.audit.models import Read
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.access import allowed
from lysglimt.clinic.people.actions.patients import Kin
from lysglimt.clinic.people.models import Patient, Professional, Relative, Unit
from lysglimt.clinic.people.permissions import OWN_SIGN_IN, PEOPLE, POLICY, PUBLIC
from lysglimt.clinic.people.policy import Role
from tests.clinic.conftest import NOON, Staff


def routes(
    below: Iterable[URLPattern | URLResolver], space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Each with the name that the resolver gives it: those that others bring, too."""
    for route in below:
        if isinstance(route, URLResolver):
            inner = f"{space}{route.namespace}:" if route.namespace else space
            yield from routes(route.url_patterns, inner)
        else:
            yield f"{space}{route.name or route.lookup_str}", route


EVERY_ROUTE = list(routes(get_resolver().url_patterns))
ROUTES = dict(EVERY_ROUTE)
PAGES = sorted(PEOPLE)


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


def test_the_view_of_a_page_asks_for_the_right_of_its_name() -> None:
    """Every route, also where two bear one name."""
    asked = {(name, getattr(route.callback, "operation", None)) for name, route in EVERY_ROUTE}
    assert {
        (name, right)
        for name, right in asked
        if name not in PUBLIC | OWN_SIGN_IN and right != name
    } == set()


def brought_by_others(_: HttpRequest) -> HttpResponse:
    return HttpResponse("Kari Ødegård")


urlpatterns = [
    path("", include("lysglimt.server.urls")),
    path("brought/", include(([path("in/", brought_by_others, name="home")], "others"))),
    path("nameless/", brought_by_others),
]


@pytest.mark.urls("tests.clinic.people.test_policy")
@pytest.mark.parametrize("address", ["/brought/in/", "/nameless/"])
def test_a_view_that_others_brought_is_closed_until_it_is_on_the_short_list(
    as_nurse: Client, address: str
) -> None:
    assert as_nurse.get(address).status_code == 403
    assert as_nurse.get("/livez").status_code == 200


def test_a_view_cannot_name_a_row_that_is_not_there() -> None:
    with pytest.raises(LookupError, match=r"patient\.registr"):
        allowed("patient.registr")


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
