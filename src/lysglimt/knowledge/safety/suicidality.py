"""A positive item opens a task for a named clinician. There is no grade of risk here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Promptness(IntEnum):
    """When a clinician acts on a positive item; never how great a risk is."""

    NEXT_CONTACT = 1
    SAME_DAY = 2
    DOCTOR_NOW = 3


@dataclass(frozen=True, slots=True)
class PositiveItem:
    """An answer to an item: instrument, item and value as the instrument's data file has them."""

    instrument: str
    item: str
    value: int


@dataclass(frozen=True, slots=True)
class Task:
    promptness: Promptness
    items: frozenset[PositiveItem]


def task(items: Iterable[PositiveItem]) -> Task | None:
    raise NotImplementedError
