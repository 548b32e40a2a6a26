"""When is the patient observed next, and is an observation overdue?"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Figure


class SessionRoute(StrEnum):
    IV = "iv"
    NASAL = "nasal"


class Punctuality(StrEnum):
    """``overdue`` is said at the chair, ``lead`` also to the one who leads the unit."""

    AHEAD = "ahead"
    DUE = "due"
    OVERDUE = "overdue"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class ObservationPhase:
    """``lasts`` is None for a phase that another event ends: the stop, or leaving."""

    phase: str
    first: Figure[timedelta]
    every: Figure[timedelta]
    tight: Figure[timedelta]
    lasts: Figure[timedelta] | None = None


@dataclass(frozen=True, slots=True)
class OverdueRule:
    warn_beyond: Figure[Decimal]
    lead_beyond: Figure[Decimal]
    at_least: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class BeforeRule:
    """``fresh`` is how old a reading may be and still speak for a start."""

    readings: Figure[int]
    apart: Figure[timedelta]
    fresh: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class ObservationRules:
    overdue: OverdueRule
    before: BeforeRule
    schedules: Mapping[str, tuple[ObservationPhase, ...]]


@cache
def observation_rules() -> ObservationRules:
    return read(
        ObservationRules,
        files("lysglimt.knowledge.monitoring") / "catalogue" / "observation.toml",
    )


@dataclass(frozen=True, slots=True)
class PlannedObservation:
    """``interval`` is what has passed since the one before; ``tight`` while amber."""

    at: datetime
    phase: str
    interval: timedelta
    tight: timedelta


@dataclass(frozen=True, slots=True)
class NextObservation:
    """The next observation and how it stands."""

    at: datetime
    phase: str
    interval: timedelta
    punctuality: Punctuality


def planned_observations(
    route: SessionRoute, *, start: datetime, stop: datetime, leaves: datetime
) -> tuple[PlannedObservation, ...]:
    """Every observation from start to leaving, in time order.

    ``stop`` is when the infusion stops, planned or real; a nasal dose has it equal to ``start``
    (the first device). The stop itself is observed.
    """
    begins, found = start, []
    for phase in observation_rules().schedules[route]:
        ends = _end(phase, begins=begins, stop=stop, leaves=leaves)
        found += [*_times(phase, begins, ends)]
        begins = ends
    return tuple(found)


def _end(
    phase: ObservationPhase, *, begins: datetime, stop: datetime, leaves: datetime
) -> datetime:
    if phase.phase == "infusion":
        return stop
    return begins + phase.lasts.value if phase.lasts else leaves


def _times(
    phase: ObservationPhase, begins: datetime, ends: datetime
) -> Iterator[PlannedObservation]:
    """First, then on every whole interval from the start, and at the end of the infusion."""
    first, every, tight = phase.first.value, phase.every.value, phase.tight.value
    last = begins
    offset = first
    while begins + offset <= ends:
        yield PlannedObservation(begins + offset, phase.phase, begins + offset - last, tight)
        last = begins + offset
        offset = (offset // every + 1) * every
    if phase.phase == "infusion" and last < ends:
        yield PlannedObservation(ends, phase.phase, ends - last, tight)


def next_due(
    planned: Sequence[PlannedObservation],
    done: Collection[datetime],
    now: datetime,
    *,
    amber: bool = False,
) -> NextObservation | None:
    """What is due after the latest observation; None when all that is planned is done.

    One taken a little early or late counts for the planned time it is nearest to. While
    something is outside the planned range the tighter interval counts from the latest.
    """
    last = max((at for at in done if at <= now), default=None)
    if last is None:
        return _due(planned[0].at, planned[0], planned[0].interval, now=now)
    nearest = min(range(len(planned)), key=lambda n: abs(planned[n].at - last))
    following = planned[nearest + 1] if nearest + 1 < len(planned) else None
    current = following or planned[nearest]
    tightened = last + current.tight
    if amber and (following is None or tightened < following.at):
        return _due(tightened, current, current.tight, now=now)
    return _due(following.at, following, following.interval, now=now) if following else None


def _due(
    at: datetime, planned: PlannedObservation, interval: timedelta, *, now: datetime
) -> NextObservation:
    return NextObservation(at, planned.phase, interval, punctuality(interval, late=now - at))


def overdue_after(interval: timedelta) -> timedelta:
    """An observation that is later than this is overdue."""
    rule = observation_rules().overdue
    share = Fraction(rule.warn_beyond.value) - 1
    return max(rule.at_least.value, interval * share.numerator / share.denominator)


def punctuality(interval: timedelta, *, late: timedelta) -> Punctuality:
    """Overdue when more than 1.5 intervals have passed, and at least 3 minutes late; lead at 2.5."""
    rule = observation_rules().overdue
    for beyond, found in (
        (rule.lead_beyond, Punctuality.LEAD),
        (rule.warn_beyond, Punctuality.OVERDUE),
    ):
        share = Fraction(beyond.value) - 1
        if late > rule.at_least.value and late > interval * share.numerator / share.denominator:
            return found
    return Punctuality.DUE if late >= timedelta(0) else Punctuality.AHEAD
