"""What was answered when a patient was last assessed, and how a candidate is kept as JSON."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lysglimt.knowledge.eligibility import intake
from lysglimt.knowledge.eligibility.candidate import Candidate

CANDIDATE_VERSION = "1"
"""The shape of the answers, as ``lysglimt screen --schema`` states it."""


def as_stated(value: Any) -> Any:
    """A frozen value as JSON states it; what is not known is left out."""
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: as_stated(part) for name, part in said.items() if part is not None}
    if isinstance(value, tuple):
        return [as_stated(part) for part in value]
    return plain(value)


def plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case Decimal():
            # Fifteen digits survive the way through JSON and back; no measurement has more.
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return value


def candidate_of(stated: object) -> Candidate:
    """The opposite, read as strictly as a file is. Raises Misfilled."""
    return intake.candidate(json.loads(json.dumps(stated), parse_float=Decimal))


def answered(before: Candidate, said: Mapping[str, Any]) -> Candidate:
    """With what was answered now, by ``section.field``; None takes an answer back."""
    for name, value in said.items():
        section, _, field = name.partition(".")
        part = replace(getattr(before, section), **{field: value})
        before = replace(before, **{section: part})
    return before
