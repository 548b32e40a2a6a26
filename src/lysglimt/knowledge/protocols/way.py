"""The way of a course so far: what its facts have led to, step by step."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .facts import CourseFacts, SessionGiven, Trigger, TriggerKind
from .grounds import Words, ground
from .protocol import Protocol, Stage, days
from .state import Departure, Phase


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review: its day, and how many sessions there were by then, in all and in maintenance."""

    on: date
    sessions: int
    maintenance: int


class Way(NamedTuple):
    """As ``Recorded``, with what the rules need to remember.

    ``pending`` sessions count once the doctor lets counting go on after a break, ``broken`` is
    how many days that was. ``shift`` is how many days decisions have moved the interval, the
    last of them on ``shifted``. A tuple, since a course of twenty sessions makes two hundred.
    """

    protocol: Protocol
    facts: CourseFacts
    phase: Phase = Phase.PLANNED
    since: date | None = None
    target: int | None = None
    given: tuple[SessionGiven, ...] = ()
    run: tuple[SessionGiven, ...] = ()
    counted: int = 0
    pending: int = 0
    broken: int | None = None
    count_on: date | None = None
    restarted: date | None = None
    extended: bool = False
    maintenance: tuple[SessionGiven, ...] = ()
    shift: int = 0
    shifted: date | None = None
    reviews: tuple[Reviewed, ...] = ()
    continued: tuple[date, ...] = ()
    departures: tuple[Departure, ...] = ()

    @property
    def last(self) -> date | None:
        return self.given[-1].on if self.given else None

    @property
    def stage(self) -> Stage | None:
        """The stretch of maintenance that the next session belongs to; None past the last."""
        stages = self.protocol.maintenance.stages if self.protocol.maintenance else ()
        left = len(self.maintenance)
        for stage in stages:
            if stage.sessions is None or left < stage.sessions.value:
                return stage
            left -= stage.sessions.value
        return None

    @property
    def interval(self) -> int | None:
        """Days between maintenance sessions now, within the bounds of the stage."""
        return None if self.stage is None else self._bounded(self.shift, self.stage)

    def moved_by(self, *, lengthen: bool) -> int:
        """How many days a decision would move the interval: 0 at its limit."""
        review = self.protocol.maintenance.review if self.protocol.maintenance else None
        if review is None or self.stage is None:
            return 0
        by = review.lengthen_by.value.days if lengthen else -review.shorten_by.value.days
        now, then = (
            self._bounded(shift, self.stage) for shift in (self.shift, self.shift + by)
        )
        return then - now

    @staticmethod
    def _bounded(shift: int, stage: Stage) -> int:
        wished = days(stage.every) + shift
        if stage.shortest:
            wished = max(wished, days(stage.shortest))
        if stage.longest:
            wished = min(wished, days(stage.longest))
        return wished

    def noting(self, code: str, on: date, **words: Words) -> "Way":
        departure = Departure(code, on, ground(code, **words))
        return self._replace(departures=(*self.departures, departure))

    def stop_events(self, *, before: date) -> tuple[Trigger, ...]:
        """Events of EV-5 that nobody has answered; a withdrawn consent needs a new one."""
        return tuple(
            event
            for event in self.facts.triggers
            if event.on < before and not event.removed and not self._answered(event, before)
        )

    def _answered(self, event: Trigger, before: date) -> bool:
        if event.kind is TriggerKind.CONSENT_WITHDRAWN:
            signed = (self.facts.consented, *self.facts.renewed)
            return any(event.on < day <= before for day in signed if day)
        return any(event.on <= day for day in self.continued)
