"""What may be typed in a form, as JSON Schema."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils import translation

from lysglimt.clinic.design.amounts import AmountField, CountField
from lysglimt.clinic.design.clock import ClockField
from lysglimt.clinic.design.days import DayField

Field = dict[str, Any]


def text(field: forms.Field) -> Field:
    limits = {"minLength": "min_length", "maxLength": "max_length"}
    said = {key: getattr(field, name, None) for key, name in limits.items()}
    return {"type": "string"} | {key: limit for key, limit in said.items() if limit is not None}


def amount(field: forms.Field) -> Field:
    """A count or a measured amount, within the range that the field itself refuses outside."""
    limits = {"minimum": ("lowest", "min_value"), "maximum": ("highest", "max_value")}
    said = {
        key: next((v for name in names if (v := getattr(field, name, None)) is not None), None)
        for key, names in limits.items()
    }
    whole = isinstance(field, forms.IntegerField | CountField)
    kind, exact = ("integer", int) if whole else ("number", float)
    return {"type": kind} | {key: exact(v) for key, v in said.items() if v is not None}


def choice(field: forms.Field) -> Field:
    offered = [str(key) for key, _ in flat(getattr(field, "choices", ()))]
    one = {"type": "string"} | ({"enum": offered} if offered else {})
    several = isinstance(field, forms.MultipleChoiceField)
    return {"type": "array", "items": one} if several else one


def flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    """Choices, also those that stand in groups."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from flat(label)
        else:
            yield key, label


KINDS: Mapping[type[forms.Field], Callable[[forms.Field], Field]] = {
    forms.BooleanField: lambda _: {"type": "string", "enum": ["on"]},
    forms.ChoiceField: choice,
    forms.UUIDField: lambda _: {"type": "string", "format": "uuid"},
    forms.EmailField: lambda field: text(field) | {"format": "email"},
    forms.FileField: lambda _: {"type": "string", "contentMediaType": "application/json"},
    forms.IntegerField: amount,
    DayField: lambda _: {
        "type": "string",
        "pattern": r"^(3[01]|[012]?\d)\.(1[0-2]|0?\d)\.(19|20)\d\d$",
    },
    ClockField: lambda _: {"type": "string", "pattern": r"^([01]?\d|2[0-3])[:.]?[0-5]\d$"},
    AmountField: amount,
    forms.Field: text,
}
"""The first kind that a field is of says how it is written."""


def schema(field: forms.Field) -> Field:
    said = next(say(field) for kind, say in KINDS.items() if isinstance(field, kind))
    label = str(field.label or "").strip()
    return said | ({"description": label} if label else {})


def body(found: Iterable[type[forms.BaseForm]]) -> Field:
    """All that the forms take. Of several, none is required: which one is meant is theirs to say.

    A form that is grown from an instrument or a protocol takes further fields.
    """
    forms_read = list(found)
    fields: dict[str, forms.Field] = {}
    with translation.override("en"):
        for form in forms_read:
            fields |= getattr(form, "base_fields", {})
        properties = {name: schema(field) for name, field in fields.items()}
    required = [name for name, field in fields.items() if field.required]
    said: Field = {"type": "object", "properties": properties}
    return said | ({"required": required} if required and len(forms_read) == 1 else {})
