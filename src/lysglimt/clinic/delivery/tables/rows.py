"""Small things that several tables ask: a day of a moment, a code or nothing, a whole number."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.verdict import Standing

Key = TypeVar("Key")
Kept = TypeVar("Kept")


def day(at: datetime | None) -> object:
    """In Norway."""
    return on_day(at) if at else None


def code(said: str) -> str | None:
    """What was not answered is empty, and no value of a list."""
    return said or None


def whole(number: Decimal | None) -> int | None:
    """Whole weeks that were completed."""
    return None if number is None else int(number)


def minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def standing(said: int) -> str:
    return Standing(said).name.lower()


def newest(rows: Iterable[tuple[Key, Kept]]) -> Mapping[Key, Kept]:
    """Of rows in time order, the last by its key."""
    return dict(rows)
