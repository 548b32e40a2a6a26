"""Which examinations must be at hand, and which are missing or too old on a day?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text

from .trials import Answer


class Readiness(StrEnum):
    """How a part of the work-up stands on a day."""

    DONE = "done"
    MISSING = "missing"
    EXPIRED = "expired"
    NOT_NEEDED = "not-needed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WorkupPart:
    """One examination and how old it may be before the first session.

    ``again_after`` is how old it may be later in the course, where it is repeated.
    """

    id: str
    name: Text
    within: Figure[timedelta]
    basis: Basis
    again_after: Figure[timedelta] | None = None
    only_if_pregnancy_possible: bool = False


@dataclass(frozen=True, slots=True)
class SessionCheck:
    """What is asked or measured at every session."""

    id: str
    name: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class Workup:
    """The list before the first session, and the list of every session."""

    part: tuple[WorkupPart, ...]
    each_session: tuple[SessionCheck, ...]


@cache
def workup() -> Workup:
    return read(Workup, files("lysglimt.knowledge.eligibility") / "workup.toml")


def readiness(
    done: Mapping[str, date],
    *,
    first_session: date,
    pregnancy_possible: bool | None,
) -> Mapping[str, Readiness]:
    """How every part stands for a first session on that day, by the day it was last done.

    A part done after that day is missing. Done exactly at the end of its window still counts.
    """
    possible = Answer.of(pregnancy_possible)
    return {
        part.id: _readiness(part, done.get(part.id), start=first_session, possible=possible)
        for part in workup().part
    }


def _readiness(
    part: WorkupPart, day: date | None, *, start: date, possible: Answer
) -> Readiness:
    if part.only_if_pregnancy_possible and possible is Answer.NO:
        return Readiness.NOT_NEEDED
    if day is None or day > start:
        asked = part.only_if_pregnancy_possible and possible is Answer.UNKNOWN
        return Readiness.UNKNOWN if asked else Readiness.MISSING
    return Readiness.DONE if start - day <= part.within.value else Readiness.EXPIRED


def repeat_due(done: Mapping[str, date], *, on: date) -> Mapping[str, date]:
    """The parts that are repeated during the course, with the day on which each is due."""
    return {
        part.id: done[part.id] + part.again_after.value if part.id in done else on
        for part in workup().part
        if part.again_after is not None
    }
