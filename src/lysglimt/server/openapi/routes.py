"""The addresses that the server answers: path, keys, methods, and the forms a view reads."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import CodeType, FunctionType
from typing import Any

from django.forms import BaseForm
from django.urls import URLPattern, URLResolver, converters
from django.utils.regex_helper import normalize

Schema = Mapping[str, Any]

KEYS: Mapping[type, Schema] = {
    converters.UUIDConverter: {"type": "string", "format": "uuid"},
    converters.IntConverter: {"type": "integer", "minimum": 0},
    converters.SlugConverter: {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
}
TEXT: Schema = {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}
DESCRIBED = ("GET", "POST", "PUT", "PATCH", "DELETE")
NEAR = 3
"""So many calls from the view a form is still looked for."""


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` as OpenAPI writes it; ``keys`` are what it holds, with their schemas."""

    name: str
    path: str
    keys: Mapping[str, Schema]
    view: Callable[..., Any]

    @property
    def methods(self) -> tuple[str, ...]:
        """What the view lets in. A view that refuses nothing is asked by GET and POST."""
        if view_class := getattr(self.view, "view_class", None):
            return tuple(m for m in ("GET", "POST") if hasattr(view_class, m.lower()))
        for wrapped in unwrapped(self.view):
            named = inspect.getclosurevars(wrapped).nonlocals.get("request_method_list")
            if named:
                return tuple(method for method in DESCRIBED if method in named)
        return ("GET", "POST")

    @property
    def forms(self) -> tuple[type[BaseForm], ...]:
        """The forms that the view names, or that the nearest functions of the product name."""
        if view_class := getattr(self.view, "view_class", None):
            form = getattr(view_class, "form_class", None)
            return (form,) if form else ()
        *_, innermost = unwrapped(self.view)
        return tuple(dict.fromkeys(nearest_forms([innermost])))


def unwrapped(view: Callable[..., Any]) -> Iterator[FunctionType]:
    """The function behind an address, and what its decorators stand around."""
    inner: Any = view
    while isinstance(inner, FunctionType):
        yield inner
        inner = getattr(inner, "__wrapped__", None)


def nearest_forms(functions: Iterable[FunctionType], calls: int = 0) -> list[type[BaseForm]]:
    named = [one for function in functions for one in named_in(function)]
    found = [one for one in named if isinstance(one, type) and issubclass(one, BaseForm)]
    called = [one for one in named if isinstance(one, FunctionType)]
    if found or calls == NEAR or not called:
        return found
    return nearest_forms(called, calls + 1)


def named_in(function: FunctionType) -> Iterator[Any]:
    """What of the product, apart from actions, the function's code names."""
    for name in names(function.__code__):
        for one in listed(function.__globals__.get(name)):
            home = getattr(one, "__module__", None) or ""
            if home.startswith("lysglimt.clinic.") and ".actions" not in home:
                yield one


def listed(one: object) -> Iterator[object]:
    """A table of kinds stands for what its rows hold."""
    if not isinstance(one, Mapping):
        yield one
        return
    for row in one.values():
        if is_dataclass(row):
            yield from (getattr(row, field.name) for field in fields(row))


def names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names(inner)


def routes(
    below: Iterable[URLPattern | URLResolver],
    before: str = "",
    known: Mapping[str, Any] | None = None,
) -> Iterator[Route]:
    """Every route, in the order in which they are tried."""
    for one in below:
        pattern = before + one.pattern.regex.pattern.removeprefix("^").removesuffix("\\Z")
        keys = dict(known or {}) | one.pattern.converters
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, pattern, keys)
            continue
        path, held = normalize(pattern)[0]
        yield Route(
            name=str(one.name),
            path="/" + path % {name: f"{{{name}}}" for name in held},
            keys={name: KEYS.get(type(keys.get(name)), TEXT) for name in held},
            view=one.callback,
        )
