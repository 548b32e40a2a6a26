"""The whole document: each address with its right, its form and every answer it can give."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import FileField
from django.urls import get_resolver

from lysglimt.clinic.people.permissions import POLICY, PUBLIC
from lysglimt.server.health import CHECKS

from .fields import body
from .routes import Route, routes

PAGE = {"text/html": {"schema": {"type": "string"}}}
CHECKED = {
    "application/json": {
        "schema": {
            "type": "object",
            "properties": {name: {"type": "boolean"} for name in CHECKS},
            "required": list(CHECKS),
        }
    }
}
PLAIN = {"text/plain": {"schema": {"type": "string"}}}
PICTURE = {
    kind: {"schema": {"type": "string"}}
    for kind in ("application/pdf", "image/png", "image/svg+xml")
}
ANSWERS: Mapping[str, str] = {
    "200": "The page.",
    "302": "Done, or signed out: the address to go to next.",
    "400": "Not a request that can be read: too many fields, or a malformed body.",
    "401": "Signed out: a page's fragment is told where to sign in.",
    "403": "The policy does not permit it, or the request does not come from our own page.",
    "404": "Not there, or of another legal entity.",
    "409": "Something else is stored by now. What was typed is shown beside it.",
    "413": "The body is larger than the server takes.",
    "422": "Refused: the page says which field, value and allowed range.",
    "429": "Too many tries; the answer says how long to wait.",
}
READING = ("200", "302", "400", "401", "403")
WRITING = ("200", "302", "400", "401", "403", "409", "413", "422")
BARE: Mapping[str, Mapping[str, Any]] = {
    "choose-role": {"professional": {"type": "string"}, "next": {"type": "string"}},
    "language": {
        "language": {"type": "string", "enum": ["nb", "en"]},
        "next": {"type": "string"},
    },
    "kept": {"drop": {"type": "string"}},
    "lock": {"lock-action": {"type": "string"}},
    "sign-ins.end-own": {"one": {"type": "string"}},
}
"""Posted without a form."""
SCRIPT = {"text/javascript": {"schema": {"type": "string"}}}
PRINTED = {"application/pdf": {"schema": {"type": "string"}}}
SAID = {"application/json": {"schema": {"type": "object"}}}
TOLD: Mapping[str, Mapping[str, Any]] = {
    "service-worker": {
        "200": {"description": "The worker, with what it keeps.", "content": SCRIPT}
    },
    "session.off-line": {
        "200": {"description": "The plan of the session, and its key.", "content": SAID}
    },
    **{
        name: {"200": {"description": "The document, to print.", "content": PRINTED}}
        for name in ("print.session", "print.chart", "print.blank")
    },
    "outbox.send": {
        "200": {"description": "Stored, now or before.", "content": SAID},
        "409": {"description": "What stands, beside what was sent.", "content": SAID},
        "422": {"description": "Why it is refused.", "content": SAID},
    },
}
"""The answers for the scripts of the pages, in place of a page."""
WATCHED: Mapping[str, Mapping[str, Any]] = {
    "livez": {"200": {"description": "The server is alive.", "content": PLAIN}},
    "readyz": {
        "200": {"description": "It can work.", "content": CHECKED},
        "503": {"description": "It cannot: what is false says why.", "content": CHECKED},
    },
    "security.txt": {
        "200": {"description": "Whom to tell of a weakness (RFC 9116).", "content": PLAIN},
        "404": {"description": "Nobody is named in the configuration.", "content": PAGE},
    },
    "present": {
        "204": {"description": "Noted: the page does not lock yet."},
        **{code: {"$ref": f"#/components/responses/{code}"} for code in ("400", "403", "413")},
    },
}
"""The addresses for those who watch the server, or the reader's own hands."""
TAKEN_ALONG = ".picture"
PICKED = frozenset({"kept", "sign-ins.end-own"})
"""Posted with the key of something that may be gone by then."""
SECOND_FACTOR = "mfa_"
"""Pages of a second factor are not there until it is set up."""
DOSES = tuple(
    f"{which}-{what}"
    for which in ("first", "second")
    for what in ("model", "milligrams", "minutes", "weight")
)
ASKED: Mapping[str, tuple[str, ...]] = {
    "patient": ("all", "course"),
    "unit": ("period",),
    "evidence": ("question", "baseline"),
    "curves": DOSES,
    "curves.picture": DOSES,
    "patient.picture": ("course",),
    "history.add": ("to",),
    "work_up": ("on",),
    "work_up.record": ("item",),
    "sign-in": ("next",),
}
"""What an address may be asked with, after its question mark."""


def document(version: str) -> dict[str, Any]:
    """Every route of the product. Two that share a path share its entry."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes(get_resolver().url_patterns):
        entry = paths.setdefault(route.path, {})
        if route.keys:
            entry["parameters"] = [key_of(name, said) for name, said in route.keys.items()]
        for method in route.methods:
            entry[method.lower()] = operation(route, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lysglimt",
            "version": version,
            "summary": "The pages, their forms, and the addresses for those who watch the server.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"session": []}],
        "paths": paths,
        "components": {
            "responses": {code: answer(code, said) for code, said in ANSWERS.items()},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-lysglimt"}
            },
        },
    }


def answer(code: str, said: str) -> dict[str, Any]:
    if code == "302":
        headers = {"Location": {"schema": {"type": "string"}}}
        return {"description": said, "headers": headers}
    return {"description": said, "content": PAGE}


def key_of(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": dict(said)}


def operation(route: Route, method: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": f"{method.lower()} {route.name}",
        "tags": [route.name.partition(".")[0]],
        "responses": dict(WATCHED.get(route.name) or responses(route, method)),
    }
    if roles := sorted(POLICY.get(route.name, ())):
        said["x-roles"] = roles
    elif route.name in PUBLIC:
        said["security"] = []
    if method == "GET" and (asked := ASKED.get(route.name)):
        said["parameters"] = [question(name) for name in asked]
    if method == "POST":
        said["requestBody"] = request_body(route)
    return said


def question(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def responses(route: Route, method: str) -> dict[str, dict[str, Any]]:
    codes: Iterable[str] = READING if method == "GET" else WRITING
    absent = route.name in PUBLIC | PICKED or route.name.startswith(SECOND_FACTOR)
    found = {*codes, *(["404"] if route.keys or absent else [])}
    found |= {"429"} if method == "POST" and route.name in PUBLIC else set()
    found |= {"422"} if route.keys else set()  # a page may stand behind a step not yet taken
    said: dict[str, dict[str, Any]] = {
        code: {"$ref": f"#/components/responses/{code}"} for code in sorted(found)
    }
    if route.name.endswith(TAKEN_ALONG):
        said["200"] = {"description": "The picture, as a file.", "content": PICTURE}
    return said | {code: dict(one) for code, one in TOLD.get(route.name, {}).items()}


def request_body(route: Route) -> dict[str, Any]:
    """A form is posted as forms are; only one that takes a file is posted in parts."""
    read = body(route.forms)
    read["properties"] |= BARE.get(route.name, {})
    fields = [f for form in route.forms for f in getattr(form, "base_fields", {}).values()]
    parts = any(isinstance(field, FileField) for field in fields)
    kind = "multipart/form-data" if parts else "application/x-www-form-urlencoded"
    return {"required": True, "content": {kind: {"schema": read}}}
