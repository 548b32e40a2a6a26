"""The clinical data files, read strictly: an unknown word is refused with the nearest known."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import EnumType
from importlib.resources.abc import Traversable
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import Inconsistent, Misstated
from .figures import UNITS, Basis, Figure
from .sources.citation import Citation
from .sources.library import library

Value = TypeVar("Value")

DAY = re.compile(r"\d{4}-\d\d-\d\d")

UNKNOWN = "unknown"
"""Written where the sources are silent; read as None. Unknown is an answer."""


def read(kind: type[Value], file: Traversable) -> Value:
    """The frozen value a file states.

    The fields of ``kind`` are the only keys; a field without a default is required. Raises
    Misstated with the file, the path of the key and the nearest known word.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as refusal:
        raise Misstated(f"{file.name}: is not UTF-8 (byte {refusal.start + 1})") from refusal
    return parse(kind, text, name=file.name)


def parse(kind: type[Value], text: str, *, name: str) -> Value:
    """As ``read``, of a text already at hand; ``name`` is what a refusal calls it."""
    try:
        stated = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as refusal:
        raise Misstated(f"{name}: {refusal}") from refusal
    return compose(kind, stated, name=name)


def compose(kind: type[Value], stated: object, *, name: str) -> Value:
    """As ``parse``, of what JSON or TOML has already been read into.

    In JSON a date is text, and null stands for unknown.
    """
    value: Value = _record(kind, stated, Place(name))
    return value


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a data file something stands, for the one who must mend it."""

    file: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}: {'.'.join(self.keys)}" if self.keys else self.file

    def at(self, key: str) -> "Place":
        return replace(self, keys=(*self.keys, key))

    def word(self, stated: object, known: Collection[str]) -> str:
        if isinstance(stated, str) and stated in known:
            return stated
        nearest = get_close_matches(str(stated), known, n=1, cutoff=0)[0]
        raise Misstated(f"{self}: {stated!r} is unknown, the nearest is '{nearest}'")

    def table(
        self, stated: object, keys: Collection[str], *, required: Collection[str]
    ) -> Mapping[str, Any]:
        """A table with no other keys than these, and with every required one."""
        if not isinstance(stated, dict):
            raise Misstated(f"{self}: a table belongs here, not {stated!r}")
        for key in stated:
            self.at(key).word(key, keys)
        for key in required:
            if key not in stated:
                raise Misstated(f"{self.at(key)}: is missing")
        return stated


def _record(kind: Any, stated: object, place: Place) -> Any:
    kinds = get_type_hints(kind)
    known = [field.name for field in fields(kind)]
    required = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]
    table = place.table(stated, known, required=required)
    parts = {key: _part(kinds[key], table[key], place.at(key)) for key in table}
    try:
        return kind(**parts)
    except Inconsistent as refusal:
        raise Misstated(f"{place}: {refusal}") from refusal


def _part(kind: Any, stated: object, place: Place) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in SHAPES:
        return SHAPES[origin](inner, stated, place)
    if kind is Citation:
        return library()[place.word(stated, library())]
    if isinstance(kind, EnumType):
        return kind(place.word(stated, words_of(kind)))
    return (_record if is_dataclass(kind) else _plain)(kind, stated, place)


def words_of(kind: Any) -> list[str]:
    """The words that an enumeration is written with, in its order."""
    return [str(member.value) for member in kind]


def _maybe(kinds: tuple[Any, ...], stated: object, place: Place) -> Any:
    """``X | None``: the word "unknown" where the sources are silent."""
    [kind] = [kind for kind in kinds if kind is not NoneType]
    return None if stated is None or stated == UNKNOWN else _part(kind, stated, place)


def _list(kinds: tuple[Any, ...], stated: object, place: Place) -> tuple[Any, ...]:
    if not isinstance(stated, list):
        raise Misstated(f"{place}: a list belongs here, not {stated!r}")
    return tuple(
        _part(kinds[0], one, place.at(str(n))) for n, one in enumerate(stated, start=1)
    )


def _named(kinds: tuple[Any, ...], stated: object, place: Place) -> Mapping[str, Any]:
    if not isinstance(stated, dict):
        raise Misstated(f"{place}: a table belongs here, not {stated!r}")
    return {name: _part(kinds[1], one, place.at(name)) for name, one in stated.items()}


def _day(stated: object) -> object:
    """A date written as text (``2026-03-02``), as JSON must; what is no date stays as it is."""
    if isinstance(stated, str) and DAY.fullmatch(stated):
        with suppress(ValueError):
            return date.fromisoformat(stated)
    return stated


def _is_number(stated: object) -> bool:
    """TOML also has true, nan and inf; none of them is a figure."""
    return type(stated) is int or (isinstance(stated, Decimal) and stated.is_finite())


PLAIN: Mapping[Any, tuple[str, Callable[[object], bool]]] = {
    str: ("text", lambda stated: isinstance(stated, str)),
    bool: ("true or false", lambda stated: isinstance(stated, bool)),
    int: ("a whole number", lambda stated: type(stated) is int),
    Decimal: ("a number", _is_number),
    date: ("a date", lambda stated: type(stated) is date),
}
"""What a data file may hold besides tables, lists and figures."""


def _plain(kind: Any, stated: object, place: Place) -> Any:
    name, fits = PLAIN[kind]
    stated = _day(stated) if kind is date else stated
    if not fits(stated):
        raise Misstated(f"{place}: {name} belongs here, not {stated!r}")
    return Decimal(str(stated)) if kind is Decimal else stated


def _figure(kinds: tuple[Any, ...], stated: object, place: Place) -> Figure[Any]:
    keys = ("value", "unit", "mark", "source")
    table = place.table(stated, keys, required=keys)
    unit = place.at("unit").word(table["unit"], UNITS)
    if not _is_number(table["value"]):
        raise Misstated(f"{place.at('value')}: a number belongs here, not {table['value']!r}")
    try:
        value = UNITS[unit](table["value"])
    except TypeError as refusal:
        raise Misstated(
            f"{place.at('value')}: a whole number of {unit} belongs here, not {table['value']}"
        ) from refusal
    if not isinstance(value, kinds[0]):
        raise Misstated(
            f"{place.at('unit')}: {unit!r} does not make {getattr(kinds[0], '__name__', kinds[0])}"
        )
    basis = _record(Basis, {key: table[key] for key in ("mark", "source")}, place)
    return Figure(value, unit, basis)


SHAPES: Mapping[Any, Callable[[tuple[Any, ...], object, Place], Any]] = {
    Union: _maybe,
    UnionType: _maybe,
    tuple: _list,
    Mapping: _named,
    Figure: _figure,
}
"""How what is built of other kinds is read: what is in the brackets comes first."""
