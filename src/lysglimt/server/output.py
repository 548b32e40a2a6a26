"""What a command prints: JSON for programs; exact decimals stay exact."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from uuid import UUID

import click


def print_json(value: object) -> None:
    """One document on standard output, UTF-8, keys in the order they were given."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain(value: object) -> object:
    """Lists, tables, text and numbers. Times are ISO 8601, durations are minutes."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [plain(one) for one in value]
    return next((say(value) for kind, say in SAID.items() if isinstance(value, kind)), value)


SAID: Mapping[type, Callable[[Any], object]] = {
    Enum: lambda value: value.value,
    UUID: str,
    Decimal: lambda value: int(value) if value == value.to_integral_value() else float(value),
    Fraction: float,
    date: lambda value: value.isoformat(),  # of a datetime too
    timedelta: lambda value: value.total_seconds() / 60,
}
