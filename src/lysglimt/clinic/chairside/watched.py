"""What the pump did and what was measured in one session, at one moment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import takewhile

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.ceilings import minutes
from lysglimt.knowledge.dosing.delivery import BedsideReading, Delivery, PauseReason, PumpAct
from lysglimt.knowledge.monitoring.bedside import bedside
from lysglimt.knowledge.monitoring.before_start import accepted
from lysglimt.knowledge.monitoring.limits import (
    Outside,
    danger,
    outside,
    outside_before,
    standing_signs,
)
from lysglimt.knowledge.monitoring.vital_signs import Baseline, baseline
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed

from .chart import act_of, observed, plan_of
from .models import PumpEvent, Session, VitalSet
from .written import Written, in_force


def unjudged(session: Session) -> bool:
    """In journal mode. A page has asked for it with its session, and it is not asked twice."""
    known = vars(session)
    return not known["supported"] if "supported" in known else session.unit.journal_mode


def in_time(row: VitalSet) -> tuple[datetime, datetime, int]:
    """Two sets of the same minute stand as they came: a clock is typed to the minute."""
    return row.happened_at, row.received_at, row.pk


def told_alone(before: Iterable[Observed]) -> Iterator[Observed]:
    """Of the sets before a start what was told: a danger sign stands after it, a reading does not."""
    return (replace(one, values={}) for one in before)


class Infused(Written):
    """What the pump did, and what it has given."""

    @cached_property
    def pump(self) -> list[PumpEvent]:
        return sorted(in_force(self.pump_rows), key=lambda row: row.happened_at)

    @cached_property
    def delivery(self) -> Delivery | None:
        if self.order is None or not self.pump:
            return None
        return Delivery(plan_of(self.order), tuple(map(act_of, self.pump)))

    @property
    def started(self) -> datetime | None:
        return self.delivery.started if self.delivery else None

    @property
    def stopped(self) -> datetime | None:
        return self.delivery.stopped if self.delivery else None

    @property
    def expected_stop(self) -> datetime | None:
        """At the present rate; while the pump stands still, as it was planned."""
        if self.delivery is None or self.order is None:
            return None
        left = self.delivery.time_left(self.now)
        planned = self.delivery.started + timedelta(minutes=self.order.minutes)
        return planned if left is None else self.now + left

    @property
    def running(self) -> bool:
        return bool(self.delivery and self.delivery.rate(self.now).value)

    @property
    def paused_since(self) -> datetime | None:
        """While the pump stands still and is not stopped."""
        last = self.delivery.events[-1] if self.delivery else None
        return last.at if last and last.act is PumpAct.PAUSE else None

    @property
    def unsaid_pause(self) -> PumpEvent | None:
        """The newest pause whose reason is still to be said."""
        waiting = [row for row in self.pump if row.pause_reason == PauseReason.NOT_SAID]
        return waiting[-1] if waiting else None

    def minute(self, at: datetime) -> int | None:
        """Whole minutes since the start, negative before it; None when nothing has started."""
        return None if self.started is None else (at - self.started) // timedelta(minutes=1)

    @property
    def delivered_mg(self) -> Decimal | None:
        return self.delivery.delivered(self.now).value if self.delivery else None

    @property
    def minutes_in(self) -> int:
        return 0 if self.started is None else int(minutes(self.now - self.started))


class Watched(Infused):
    """What was measured, and what of it lies outside the planned range."""

    @cached_property
    def sets(self) -> list[VitalSet]:
        return sorted(in_force(self.vital_rows), key=in_time)

    @cached_property
    def before(self) -> tuple[Observed, ...]:
        return tuple(
            observed(row)
            for row in self.sets
            if self.started is None or row.happened_at < self.started
        )

    @cached_property
    def since_start(self) -> tuple[Observed, ...]:
        return tuple(
            observed(row)
            for row in self.sets
            if self.started is not None and row.happened_at >= self.started
        )

    @cached_property
    def baseline(self) -> Baseline:
        """Of readings that the gate accepts; of all, where a doctor answered for starting."""
        return baseline(accepted(self.before, age=self.age) or self.before)

    @cached_property
    def age(self) -> int:
        return self.session.course.patient.card().age(on_day(self.now))

    @cached_property
    def outside_start(self) -> list[tuple[Observed, tuple[Outside, ...]]]:
        """What was outside the range for a start, in each set before it."""
        age = self.age
        return [
            (
                one,
                tuple(
                    found
                    for sign, value in one.values.items()
                    for found in outside_before(sign, value, age=age)
                ),
            )
            for one in self.before
        ]

    @cached_property
    def outside(self) -> list[tuple[Observed, tuple[Outside, ...]]]:
        """Each set since the start, in time order, and what was outside the planned range."""
        return [(one, self.outside_with(one)) for one in self.since_start]

    def outside_with(self, latest: Observed) -> tuple[Outside, ...]:
        """What is outside with this set the latest; a danger sign of before the start stands too."""
        earlier = takewhile(lambda one: one is not latest, self.since_start)
        until = (one for one in earlier if one.at <= latest.at)
        return outside((*told_alone(self.before), *until, latest), self.baseline)

    @property
    def outside_now(self) -> tuple[Outside, ...]:
        """Before the start the danger signs alone: of the readings the gate speaks."""
        if not self.since_start:
            return danger(self.before)
        return self.outside[-1][1]

    @cached_property
    def standing_signs(self) -> Mapping[str, datetime]:
        """The danger signs that nobody has said are over, with when each was told."""
        return standing_signs((*self.before, *self.since_start))

    @cached_property
    def readings(self) -> tuple[BedsideReading, ...]:
        """Each set since the start, as the way back from a pause reads it."""
        return tuple(bedside(self.outside))

    @cached_property
    def outside_of(self) -> Mapping[int, tuple[Outside, ...]]:
        """By the key of each set: by the range for a start before it, by that of the dose since."""
        read = (*self.outside_start, *self.outside)
        return {row.pk: found for row, (_, found) in zip(self.sets, read, strict=True)}
