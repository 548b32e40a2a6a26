"""What a form for monitoring after nasal esketamine asks, and what of it nobody has answered."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Protocol, TypeVar

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text


class Origin(StrEnum):
    """Where an answer comes from: the record, the chart of the session, or somebody is asked."""

    RECORD = "record"
    CHART = "chart"
    ASKED = "asked"


class AnswerKind(StrEnum):
    """``course`` is yes or no, and the minutes of its beginning and end; ``event`` has a kind.

    ``clock`` is a time of the day of the session.
    """

    FACTS = "facts"
    YES_NO = "yes_no"
    WORDS = "words"
    CLOCK = "clock"
    COURSE = "course"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class FormField:
    id: str
    origin: Origin
    kind: AnswerKind
    name: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class SeriousKind:
    id: str
    name: Text
    basis: Basis


@dataclass(frozen=True, slots=True)
class PressureAt:
    at: Figure[timedelta]
    within: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class MonitoringFormRules:
    pressure: PressureAt
    fields: tuple[FormField, ...]
    events: tuple[SeriousKind, ...]

    @property
    def asked(self) -> tuple[FormField, ...]:
        return tuple(one for one in self.fields if one.origin is Origin.ASKED)


@cache
def monitoring_form() -> MonitoringFormRules:
    return read(
        MonitoringFormRules,
        files("lysglimt.knowledge.monitoring") / "catalogue" / "monitoring_form.toml",
    )


def unanswered(answered: Collection[str]) -> tuple[FormField, ...]:
    """In the order of the form. That something was not asked is an answer."""
    return tuple(one for one in monitoring_form().fields if one.id not in answered)


class TimedReading(Protocol):
    @property
    def at(self) -> datetime: ...


AReading = TypeVar("AReading", bound=TimedReading)


def nearest_to_40(readings: Sequence[AReading], *, first: datetime) -> AReading | None:
    """The reading of 40 minutes after the first device; None where none is near enough."""
    rule = monitoring_form().pressure
    wanted = first + rule.at.value
    near = list(_near(readings, wanted, within=rule.within.value))
    return min(near, key=lambda one: abs(one.at - wanted), default=None)


def _near(
    readings: Sequence[AReading], wanted: datetime, *, within: timedelta
) -> Iterator[AReading]:
    return (one for one in readings if abs(one.at - wanted) <= within)
