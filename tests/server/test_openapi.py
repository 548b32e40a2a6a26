"""The published description of every address is true, and says nothing of a patient."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from lysglimt.clinic.design.amounts import CountField
from lysglimt.clinic.people.permissions import POLICY
from lysglimt.server.openapi.document import DOSES, document
from lysglimt.server.openapi.fields import schema
from lysglimt.server.openapi.routes import Route, names, routes, unwrapped
from tests.server.commands import lysglimt

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = json.loads((ROOT / "docs/drawn/openapi.json").read_text(encoding="utf-8"))
ROUTES = list(routes(get_resolver().url_patterns))
WRITING = [route for route in ROUTES if "POST" in route.methods]
GROWN = {"eligibility", "waiting.name", "evidence.judge"}
"""Forms whose fields all depend on the patient, or on the domains that there are."""
WORDED = {"protocol.approve"}
"""Holds the version of a protocol, too."""
ASKED = {
    *("all", "course", "period", "question", "to", "on", "item", "next"),
    *("baseline", *DOSES),
}
"""Days, keys, words of ours, the page to go to next; a share and made-up doses, of nobody."""
A_KEY = "018f0000-0000-7000-8000-000000000000"


def test_the_published_description_is_the_one_the_code_makes() -> None:
    assert document("as installed") == PUBLISHED


def test_it_is_openapi_3_1() -> None:
    schemathesis.openapi.from_dict(PUBLISHED).validate()
    assert PUBLISHED["openapi"] == "3.1.0"


def test_a_description_that_is_none_would_be_found() -> None:
    broken = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/": 1}}
    with pytest.raises(Exception, match="is not of type"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_route_is_described_once() -> None:
    described = {
        (path, method.upper())
        for path, entry in PUBLISHED["paths"].items()
        for method in entry.keys() - {"parameters"}
    }
    assert described == {(route.path, method) for route in ROUTES for method in route.methods}
    assert len(described) > 100


def test_every_right_stands_beside_its_address() -> None:
    for route in ROUTES:
        for method in route.methods:
            said = PUBLISHED["paths"][route.path][method.lower()]
            assert said.get("x-roles", []) == sorted(POLICY.get(route.name, ()))


def reads_a_form(route: Route) -> bool:
    """What is posted by a button alone reads none."""
    *_, view = unwrapped(route.view)
    return {"POST", "typed"} & set(names(view.__code__)) != set()


def test_every_form_says_what_it_takes() -> None:
    assert len(WRITING) > 50
    for route in WRITING:
        content = PUBLISHED["paths"][route.path]["post"]["requestBody"]["content"]
        [taken] = [kind["schema"]["properties"] for kind in content.values()]
        if reads_a_form(route):
            said = f"{route.name}: name its form where the view is"
            assert bool(taken) is (route.name not in GROWN), said
        assert all({"type"} <= field.keys() for field in taken.values()), route.name


def test_a_field_says_its_kind_and_its_range() -> None:
    form = PUBLISHED["paths"]["/patients/register/"]["post"]["requestBody"]["content"]
    said = form["application/x-www-form-urlencoded"]["schema"]
    taken = said["properties"]
    assert taken["entry"]["format"] == "uuid"
    assert taken["family_name"] == {
        "type": "string",
        "maxLength": 100,
        "description": "Family name",
    }
    assert {"f", "m"} < set(taken["sex"]["enum"])
    assert "family_name" in said["required"]
    assert "email" not in said["required"]
    pulse = schema(CountField(lowest=20, highest=250))
    assert pulse == {"type": "integer", "minimum": 20, "maximum": 250}


def refusals(route: Route) -> set[int]:
    """Pages that others wrote ask first who one is; ours first look at the method."""
    ours = not hasattr(route.view, "view_class") and route.view.__module__.startswith(
        "lysglimt"
    )
    return {405} if ours else {405, 302, 404}


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_method_that_is_not_documented_is_refused(route: Route, client: Client) -> None:
    keys = {
        name: 1 if said["type"] == "integer" else A_KEY if "format" in said else "x"
        for name, said in route.keys.items()
    }
    address = route.path.format(**keys)
    as_post = {"PUT"} if hasattr(route.view, "view_class") else set()  # Django's own forms
    others = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - {*route.methods}
    for method in others - as_post:
        assert client.generic(method, address).status_code in refusals(route)


def test_no_address_holds_a_name_or_a_number() -> None:
    """Keys are random, running, or words of the catalogue; a search travels in the body."""
    for route in ROUTES:
        kinds = {
            said.get("format") or said.get("pattern") or said["type"]
            for said in route.keys.values()
        }
        known = kinds <= {"uuid", "integer", "^[-a-zA-Z0-9_]+$"}
        assert known or route.name in WORDED, route.name
        for method in route.methods:
            asked = PUBLISHED["paths"][route.path][method.lower()].get("parameters", [])
            assert {one["name"] for one in asked} <= ASKED, route.name


@pytest.mark.django_db
def test_what_watches_learns_true_or_false_alone(client: Client) -> None:
    assert client.get("/livez").content == b"alive\n"
    assert {type(said) for said in client.get("/readyz").json().values()} == {bool}


@pytest.mark.django_db
def test_an_answer_names_its_kind(client: Client) -> None:
    for address in ("/sign-in/", "/livez", "/no-such-page"):
        assert "charset=utf-8" in client.get(address).headers["Content-Type"].lower() or (
            address == "/livez"
        )
    assert client.get("/readyz").headers["Content-Type"] == "application/json"


def test_the_command_prints_it(tmp_path: Path) -> None:
    ran = lysglimt("openapi", folder=tmp_path)
    assert ran.code == 0
    assert json.loads(ran.out)["paths"].keys() == PUBLISHED["paths"].keys()


@pytest.mark.django_db
def test_whom_to_tell_of_a_weakness_is_said_where_one_is_named(
    client: Client, settings: Any
) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:sikkerhet@sykehus.example"
    answer = client.get("/.well-known/security.txt")
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:sikkerhet@sykehus.example"
    expires = datetime.fromisoformat(said["Expires"])
    assert timedelta(days=150) < expires - timezone.now() < timedelta(days=365)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
