"""A candidate as written in a file: read strictly, so that no word is lost or guessed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import EnumType
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from lysglimt.knowledge.catalogue import words_of
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.medicine import Between

from .candidate import Candidate
from .overriding import Override

Value = TypeVar("Value")


class Misfilled(ClinicalError):
    """A field of the sheet is not known, or holds what it cannot hold."""

    code = "eligibility.misfilled"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a screening file holds: the candidate, the day, and overrides with signatures."""

    candidate: Candidate = field(default_factory=Candidate)
    on: date | None = None
    overrides: tuple[Override, ...] = ()


def sheet(stated: object) -> Sheet:
    """The sheet that a JSON document states; see ``screen.schema.json``.

    Numbers are int or Decimal (read JSON with ``parse_float=Decimal``), days are ISO 8601.
    A value of null is unknown, as is a field left out. Raises Misfilled, which names the
    field, the value and what is allowed; for an unknown field the nearest.
    """
    return filled(Sheet, stated)


def candidate(stated: object) -> Candidate:
    """As ``sheet``, of the candidate alone."""
    return filled(Candidate, stated)


def filled(kind: type[Value], stated: object, *, at: str = "") -> Value:
    """Any frozen value of this storey from a JSON object. Raises Misfilled."""
    asked: type[Any] = kind
    known = {one.name: one for one in fields(asked)}
    if not isinstance(stated, dict):
        raise _refused(at or "the sheet", stated, "an object")
    for name in stated:
        if name not in known:
            raise _unknown(_path(at, name), name, known)
    for name, one in known.items():
        required = one.default is MISSING and one.default_factory is MISSING
        if required and stated.get(name) is None:
            raise _refused(_path(at, name), stated.get(name), "a value, it is required")
    hints = get_type_hints(kind, include_extras=True)
    parts = {
        name: _part(hints[name], value, _path(at, name))
        for name, value in stated.items()
        if value is not None
    }
    try:
        return kind(**parts)
    except ClinicalError as refusal:
        raise Misfilled(
            f"{at}: {refusal}" if at else str(refusal), **refusal.facts
        ) from refusal


def _path(at: str, name: object) -> str:
    return f"{at}.{name}" if at else str(name)


def _unknown(path: str, name: object, known: Collection[str]) -> Misfilled:
    nearest = get_close_matches(str(name), known, n=1, cutoff=0)[0]
    return Misfilled(
        f"{path} is not a known field, the nearest is '{nearest}'",
        field=path,
        value=name,
        allowed=tuple(known),
        nearest=nearest,
    )


def _refused(path: str, value: object, allowed: str) -> Misfilled:
    return Misfilled(
        f"{path} is {value!r}; {allowed} belongs here", field=path, value=value, allowed=allowed
    )


def _part(kind: Any, stated: object, path: str) -> Any:
    if get_origin(kind) is Annotated:
        inner, limits = get_args(kind)
        return _within(_part(inner, stated, path), limits, path)
    if get_origin(kind) is UnionType:
        [kind] = [one for one in get_args(kind) if one is not NoneType]
    if get_origin(kind) is tuple:
        return _listed(get_args(kind)[0], stated, path)
    if isinstance(kind, EnumType):
        return _chosen(kind, stated, path)
    if isinstance(kind, type) and is_dataclass(kind):
        return filled(kind, stated, at=path)
    return PLAIN[kind](stated, path)


def _within(value: Any, limits: Between, path: str) -> Any:
    if not limits.least <= value <= limits.most:
        raise _refused(path, value, f"{limits.least} to {limits.most}")
    return value


def _listed(kind: Any, stated: object, path: str) -> tuple[Any, ...]:
    if not isinstance(stated, list):
        raise _refused(path, stated, "a list")
    return tuple(_part(kind, one, f"{path}[{n}]") for n, one in enumerate(stated, start=1))


def _chosen(kind: EnumType, stated: object, path: str) -> Any:
    choices = words_of(kind)
    if stated not in choices:
        raise _refused(path, stated, f"one of {', '.join(choices)}")
    return kind(stated)


def _text(stated: object, path: str) -> str:
    if not isinstance(stated, str) or any("\ud800" <= sign <= "\udfff" for sign in stated):
        raise _refused(path, stated, "text")
    return stated


def _truth(stated: object, path: str) -> bool:
    if not isinstance(stated, bool):
        raise _refused(path, stated, "true, false or null")
    return stated


def _is_plain(number: Decimal) -> bool:
    """One that a person writes out: 1e-999999 and 1e999999 would fill a page with digits."""
    return number.is_finite() and number.as_tuple().exponent in range(-12, 13)


def _whole(stated: object, path: str) -> int:
    # In Python a bool is an int, and JSON Schema takes 20.0 for a whole number.
    if isinstance(stated, Decimal) and _is_plain(stated) and stated % 1 == 0:
        return int(stated)
    if type(stated) is not int:
        raise _refused(path, stated, "a whole number")
    return stated


def _exact(stated: object, path: str) -> Decimal:
    if type(stated) is int:
        return Decimal(stated)
    if not isinstance(stated, Decimal) or not _is_plain(stated):
        raise _refused(path, stated, "a number")
    return stated


def _day(stated: object, path: str) -> date:
    text = _text(stated, path)
    try:
        day = date.fromisoformat(text)
    except ValueError as refusal:
        raise _refused(path, stated, "a day such as 2026-03-02") from refusal
    if day.isoformat() != text:
        raise _refused(path, stated, "a day such as 2026-03-02")
    return day


PLAIN: Mapping[Any, Callable[[object, str], object]] = {
    str: _text,
    bool: _truth,
    int: _whole,
    Decimal: _exact,
    date: _day,
}
"""How what is not built of other parts is read."""
