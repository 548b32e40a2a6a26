"""The JSON Schema of what a command reads, drawn from the frozen value it is read into."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from lysglimt.knowledge.catalogue import words_of

PLAIN: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    date: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"},
}


def json_schema(kind: type, *, title: str) -> dict[str, Any]:
    """Draft 2020-12. No key but the fields of ``kind``; one without a default is required."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "title": title, **_shape(kind)}


def _shape(kind: Any) -> dict[str, Any]:
    if is_dataclass(kind):
        return _record(kind)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _shape(get_args(kind)[0])}
    if get_origin(kind) is UnionType:
        [inner] = [one for one in get_args(kind) if one is not NoneType]
        return {"anyOf": [_shape(inner), {"type": "null"}]}
    if isinstance(kind, EnumType):
        return {"enum": words_of(kind)}
    return dict(PLAIN[kind])


def _record(kind: Any) -> dict[str, Any]:
    kinds = get_type_hints(kind)
    required = [
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING
    ]
    return {
        "type": "object",
        "properties": {field.name: _shape(kinds[field.name]) for field in fields(kind)},
        "required": required,
        "additionalProperties": False,
    }
