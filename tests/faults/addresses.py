"""Requests made from the published document, with the keys and choices of a clinic at work."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import schemathesis
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import get_resolver
from hypothesis import strategies as st

from lysglimt.clinic.incidents.duties import DUTIES
from lysglimt.clinic.insight.trials import QUESTIONS
from lysglimt.clinic.medicines.views import KINDS as OF_MEDICINES
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral.views.history import KINDS
from lysglimt.exchange.pictures.views import ENDINGS
from lysglimt.knowledge.instruments.instrument import instruments
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.safety.reporting import IncidentKind
from lysglimt.server.openapi.document import document
from lysglimt.server.openapi.routes import Route, routes, unwrapped

DOCUMENT = document("tests")
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
ROUTES = {route.path: route for route in routes(get_resolver().url_patterns)}
OPERATIONS = sorted(
    (path, method.upper())
    for path, entry in DOCUMENT["paths"].items()
    for method in entry.keys() - {"parameters"}
)
ROWS_TRIED = 12
PAGES_READ = 3
FORM = "application/x-www-form-urlencoded"
HOSTILE = (
    *("", " ", "0", "-1", "1", "7", "999999999999999999999999", "1e400", "NaN", "Infinity"),
    *("12,5", "½", "٣", "\x00", "\ud83d\ude00", "' OR 1=1 --", "<script>", "{{7*7}}", "%00"),
    *("31.12.9999", "01.01.0001", "29.02.2026", "14.03.2026", "1.1.1900", "2026-03-14"),
    *("24:00", "09:05", "2359", "on", "yes", "unknown", "00000000-0000-0000-0000-000000000000"),
)
ANYTHING = st.one_of(
    st.sampled_from(HOSTILE),
    st.integers(-5, 400).map(str),
    st.dates().map("{:%d.%m.%Y}".format),
    st.text(max_size=30),
)


class Fields(HTMLParser):
    """The fields of a page's forms, with the values that it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: dict[str, set[str]] = {}
        self.chosen_in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag in {"input", "select", "textarea", "button"} and name:
            self.offered.setdefault(name, set())
            if said.get("value"):
                self.offered[name].add(said["value"])
        if tag == "select":
            self.chosen_in = name
        if tag == "option" and self.chosen_in:
            self.offered[self.chosen_in].add(said.get("value", ""))


@dataclass(slots=True)
class Caller:
    """Someone who is signed in, and what they may meet at one address."""

    by: Professional
    path: str
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(self.by)

    @property
    def route(self) -> Route:
        return ROUTES[self.path]

    def known(self) -> dict[str, list[Any]]:
        """Keys that lead somewhere: of rows that the caller can reach, of forms that there are."""
        keys = {
            "pk": list(islice(self.rows(), ROWS_TRIED)),
            "instrument_id": sorted(instruments()),
            "kind": sorted({*KINDS, *OF_MEDICINES, *IncidentKind}),
            "duty": sorted(DUTIES),
            "item": ["headache"],
            "which": ["evening", "next-day"],
            "question": sorted(QUESTIONS),
            "picture": ["forest", "funnel", "network"],
            "ending": sorted({*ENDINGS, "pdf", "json"}),
            "language": ["nb", "en"],
            "protocol": sorted({name for name, _ in protocols()}),
            "version": sorted({version for _, version in protocols()}),
            "entry": list(islice(self.entries(), ROWS_TRIED)),
        }
        return {name: keys[name] for name in self.route.keys if keys.get(name)}

    def rows(self) -> Iterator[Any]:
        for view in unwrapped(self.route.view):
            if of := inspect.getclosurevars(view).nonlocals.get("of"):
                yield from of.objects.for_professional(self.by).values_list("pk", flat=True)

    def entries(self) -> Iterator[Any]:
        models: list[Any] = [kind.model for kind in KINDS.values()]
        for model in (*models, *(model for model, *_ in OF_MEDICINES.values())):
            yield from model.objects.in_force().values_list("entry", flat=True)[:3]

    def offered(self) -> dict[str, set[str]]:
        """The fields of the forms that stand at the address, for the first few rows."""
        fields, known = Fields(), self.known()
        if "GET" in self.route.methods and known.keys() == self.route.keys.keys():
            for number in range(PAGES_READ):
                keys = {name: values[number % len(values)] for name, values in known.items()}
                page = self.client.get(self.path.format_map(keys))
                if page.get("Content-Type", "").startswith("text/html"):
                    fields.feed(page.content.decode(errors="replace"))
        return fields.offered

    def send(self, method: str, path: str, query: str, body: object) -> Any:
        extra: dict[str, Any] = {}
        if method == "POST":
            parts = "multipart" in str(DOCUMENT["paths"][self.path]["post"])
            extra = posted(body, parts=parts)
        return self.client.generic(method, path, QUERY_STRING=query, **extra)


def posted(body: object, *, parts: bool) -> dict[str, Any]:
    """As a browser sends it; what is no form goes as it is."""
    if not isinstance(body, dict):
        return {"data": str(body).encode(errors="replace"), "content_type": FORM}
    said: dict[str, Any] = {
        str(soundly(name)): soundly(value) for name, value in body.items() if value is not None
    }
    if parts:
        return {"data": encode_multipart(BOUNDARY, said), "content_type": MULTIPART_CONTENT}
    sent = urlencode(said, doseq=True, errors="replace")
    return {"data": sent.encode(), "content_type": FORM}


def soundly(value: object) -> object:
    """A browser sends no half of a character."""
    if isinstance(value, list):
        return [soundly(one) for one in value]
    return str(value).encode(errors="replace").decode()


def typed(offered: Mapping[str, set[str]]) -> st.SearchStrategy[dict[str, str]]:
    """The form as a hurried or hostile hand fills it in."""
    return st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(st.sampled_from(sorted(values)), ANYTHING) if values else ANYTHING
            for name, values in offered.items()
        },
    )
