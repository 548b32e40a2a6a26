"""The JSON Schema of a screening sheet, drawn from the values that the parser fills."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import EnumType
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from lysglimt.knowledge.eligibility.codes import ICD_10
from lysglimt.knowledge.eligibility.intake import Sheet
from lysglimt.knowledge.medicine import WRITTEN

Schema = dict[str, Any]

PATTERNS: dict[str, Schema] = {
    "Medicine.atc": {"pattern": f"^({WRITTEN.pattern})?$"},
    "TreatmentTrial.atc": {"pattern": f"^{WRITTEN.pattern}$"},
    "TreatmentTrial.augments": {"pattern": f"^{WRITTEN.pattern}$"},
    "Diagnosis.code": {"pattern": f"^{ICD_10.pattern}$"},
    "Override.reason": {"pattern": "\\S"},
    "Override.signed_by": {"contains": {"pattern": "\\S"}},
}
"""What a type alone does not say."""

PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    date: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}


def schema() -> Schema:
    defined: dict[str, Schema] = {}
    top = _object(Sheet, defined)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A candidate for rapid-acting antidepressant treatment, as screened",
        "description": "A field left out, or null, is unknown. An empty list is a known none.",
        **top,
        "$defs": dict(sorted(defined.items())),
    }


def _object(kind: Any, defined: dict[str, Schema]) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    properties: dict[str, Schema] = {}
    required = []
    for one in fields(kind):
        part = _part(hints[one.name], defined) | PATTERNS.get(f"{kind.__name__}.{one.name}", {})
        if one.default is MISSING and one.default_factory is MISSING:
            required.append(one.name)
            properties[one.name] = part
        else:
            properties[one.name] = {"anyOf": [part, {"type": "null"}]}
    drawn: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return drawn | ({"required": required} if required else {})


def _part(kind: Any, defined: dict[str, Schema]) -> Schema:
    if get_origin(kind) is Annotated:
        inner, limits = get_args(kind)
        return _part(inner, defined) | {"minimum": limits.least, "maximum": limits.most}
    if get_origin(kind) is UnionType:
        [kind] = [one for one in get_args(kind) if one is not NoneType]
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _part(get_args(kind)[0], defined)}
    if isinstance(kind, EnumType):
        return {"enum": [str(member.value) for member in kind]}  # type: ignore[var-annotated]
    if is_dataclass(kind):
        name = str(getattr(kind, "__name__", ""))
        defined.setdefault(name, _object(kind, defined))
        return {"$ref": f"#/$defs/{name}"}
    return dict(PLAIN[kind])
