"""What the pump did and what was measured in one session, at one moment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import takewhile

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.ceilings import minutes
from lysglimt.knowledge.dosing.delivery import BedsideReading, Delivery, PauseReason, PumpAct
from lysglimt.knowledge.monitoring.bedside import bedside
from lysglimt.knowledge.monitoring.before_start import baseline_of, risen_from
from lysglimt.knowledge.monitoring.limits import (
    Light,
    Outside,
    answered_for,
    danger,
    outside,
    outside_before,
    standing_signs,
)
from lysglimt.knowledge.monitoring.vital_signs import Baseline
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed

from .came_late import came_late
from .chart import act_of, observed, plan_of
from .heard import by_doctor
from .models import Capacity, ChairEventKind, PumpEvent, Session, VitalSet
from .sprayed import Sprayed
from .written import Hand, by_entry, in_force, revisions

OUTSIDE, CALLED, STRUCK = "outside", "called", "struck"
FOR_A_DOCTOR = {ChairEventKind.DOCTOR_CALLED, ChairEventKind.NEW_INTENT}
"""What happened at the chair that a doctor is called for."""
Own = tuple[str, Light]
"""A reading or danger sign, and how far outside it is."""


@dataclass(frozen=True, slots=True)
class Voiding:
    """When something was charted that voids an earlier signature, and what it was."""

    at: datetime
    why: str


def unjudged(session: Session) -> bool:
    """In journal mode. A page has asked for it with its session, and it is not asked twice."""
    known = vars(session)
    return not known["supported"] if "supported" in known else session.unit.journal_mode


def in_time(row: VitalSet) -> tuple[datetime, datetime, int]:
    """Two sets of the same minute stand as they came: a clock is typed to the minute."""
    return row.happened_at, row.received_at, row.pk


def outside_itself(one: Observed, found: Iterable[Outside]) -> frozenset[Own]:
    """By which readings and danger signs of its own, not by what stands from before.

    What is red is amber too: a red reading that is corrected to amber is nothing new.
    """
    own = {*map(str, one.values), *one.signs}
    mine = [out for out in found if not out.stands and out.sign in own]
    return frozenset(
        (out.sign, light)
        for out in mine
        for light in (Light.AMBER, Light.RED)
        if light.rank <= out.light.rank
    )


def told_alone(before: Iterable[Observed]) -> Iterator[Observed]:
    """Of the sets before a start what was told: a danger sign stands after it, a reading does not."""
    return (replace(one, values={}) for one in before)


def first(acts: Iterable[PumpEvent], act: PumpAct) -> datetime | None:
    return next((row.happened_at for row in acts if row.act == act), None)


class Infused(Sprayed):
    """What the pump did, or each device, and what that has given."""

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
        """By the acts alone where nothing was ordered; by nose the first device."""
        if self.nasal:
            return self.devices.started
        return self.delivery.started if self.delivery else first(self.pump, PumpAct.START)

    @property
    def stopped(self) -> datetime | None:
        if self.nasal:
            return self.devices.over
        return self.delivery.stopped if self.delivery else first(self.pump, PumpAct.STOP)

    @property
    def expected_stop(self) -> datetime | None:
        """At the present rate; while the pump stands still, as it was planned.

        None when nothing is left to give: the pump is to be stopped. Without an order it is unknown.
        """
        if self.delivery is None or self.order is None:
            return None
        left = self.delivery.time_left(self.now)
        planned = self.delivery.started + timedelta(minutes=self.order.minutes)
        if left is None:
            return planned
        return self.now + left if left else None

    @property
    def running(self) -> bool:
        return bool(self.rate)

    @property
    def rate(self) -> Decimal:
        """In ml/h, as the pump is set; nought while it stands still."""
        done = [row for row in self.pump if row.happened_at <= self.now]
        return (done[-1].rate_ml_h if done else None) or Decimal(0)

    @property
    def paused_since(self) -> datetime | None:
        """While the pump stands still and is not stopped."""
        last = self.pump[-1] if self.pump else None
        return last.happened_at if last and last.act == PumpAct.PAUSE else None

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
        if self.nasal and self.started:
            return self.devices.delivered.value
        return self.delivery.delivered(self.now).value if self.delivery else None

    @property
    def minutes_in(self) -> int:
        return 0 if self.started is None else int(minutes(self.now - self.started))


class Charted(Infused):
    """What was measured, before the dose and since."""

    @cached_property
    def sets(self) -> list[VitalSet]:
        return sorted(in_force(self.vital_rows), key=in_time)

    @cached_property
    def read(self) -> list[tuple[VitalSet, Observed]]:
        """Each set as the rules read it; of what it says is over, what a doctor answers for.

        Unjudged, it stands as it was charted: no task asks for a doctor there.
        """
        by_others = any(row.signs_over and not by_doctor(row) for row in self.sets)
        # Asked only where it matters: the charts of a day ask it of nobody.
        believed = by_others and unjudged(self.session)
        said = [(observed(row), believed or by_doctor(row)) for row in self.sets]
        return list(zip(self.sets, answered_for(said, seen=self.doctor_seen), strict=True))

    @cached_property
    def before(self) -> tuple[Observed, ...]:
        return tuple(one for row, one in self.read if not self.given_at(row))

    @cached_property
    def since_start(self) -> tuple[Observed, ...]:
        return tuple(one for row, one in self.read if self.given_at(row))

    def given_at(self, row: VitalSet) -> bool:
        """The dose was begun by then."""
        return self.started is not None and row.happened_at >= self.started

    @cached_property
    def before_known(self) -> tuple[Observed, ...]:
        """What was charted when the start was: no reading that comes later changes the baseline."""
        return tuple(
            one
            for row, one in self.read
            if not self.given_at(row)
            and not came_late(row, sets=self.vital_rows, told=self.start_told)
        )

    @cached_property
    def baseline(self) -> Baseline:
        """Of readings that the gate accepts; of all, where a doctor answered for starting."""
        return baseline_of(self.before_known, age=self.age)

    @cached_property
    def risen_from(self) -> Baseline:
        """What a rise is judged from: the baseline, or the one sound reading that there is."""
        return risen_from(self.before_known, age=self.age)

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


class Watched(Charted):
    """What of it lies outside the planned range, and whose signature it voids."""

    @cached_property
    def outside(self) -> list[tuple[Observed, tuple[Outside, ...]]]:
        """Each set since the start, in time order, and what was outside the planned range."""
        return [(one, self.outside_with(one)) for one in self.since_start]

    def outside_with(self, latest: Observed) -> tuple[Outside, ...]:
        """What is outside with this set the latest; a danger sign of before the start stands too."""
        earlier = takewhile(lambda one: one is not latest, self.since_start)
        until = (one for one in earlier if one.at <= latest.at)
        return outside((*told_alone(self.before), *until, latest), self.risen_from)

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

    @property
    def uncalled(self) -> datetime | None:
        """Since when a danger sign stands that no doctor has seen and no task asks one to see."""
        if self.danger_task or unjudged(self.session):
            return None
        seen = self.doctor_seen
        told = (at.replace(second=0, microsecond=0) for at in self.standing_signs.values())
        return min((at for at in told if seen is None or seen < at), default=None)

    @cached_property
    def readings(self) -> tuple[BedsideReading, ...]:
        """Each set since the start, as the way back from a pause reads it."""
        return tuple(bedside(self.outside))

    @property
    def outside_by_itself(self) -> Iterator[tuple[VitalSet, frozenset[Own]]]:
        """Each set since the start, and what of its own is outside the planned range."""
        since = (row for row in self.sets if self.given_at(row))
        for row, (one, found) in zip(since, self.outside, strict=True):
            yield row, outside_itself(one, found)

    @cached_property
    def voiding(self) -> Voiding | None:
        """The last of it."""
        return max(charted_since(self), key=lambda one: one.at, default=None)

    @cached_property
    def signatures(self) -> dict[Capacity, str]:
        """Who signed the discharge, by capacity, with all that was to be known before them."""
        return {one.capacity: one.name for one in self.hands if self.holds(one.at)}

    @property
    def voided(self) -> list[Hand]:
        """Signed before something was charted that voids it, and not since: signed anew."""
        return [one for one in self.hands if one.capacity not in self.signatures]

    def holds(self, signed_at: datetime) -> bool:
        """A signature of the discharge: nothing that voids it was charted after it."""
        return self.voiding is None or signed_at >= self.voiding.at

    @cached_property
    def outside_of(self) -> Mapping[int, tuple[Outside, ...]]:
        """By the key of each set: by the range for a start before it, by that of the dose since."""
        read = (*self.outside_start, *self.outside)
        return {row.pk: found for row, (_, found) in zip(self.sets, read, strict=True)}


def charted_since(sheet: Watched) -> Iterator[Voiding]:
    """All that voids a signature given before it; unjudged, no reading does. [own-proposal]"""
    if not unjudged(sheet.session):
        for row, found in sheet.outside_by_itself:
            for own in found:
                yield Voiding(outside_since(sheet, row, own), OUTSIDE)
    for rows in revisions(sheet.event_rows):
        if not rows[-1].withdrawn and rows[-1].kind in FOR_A_DOCTOR:
            yield Voiding(rows[0].received_at, CALLED)
    for departure in sheet.departures:
        yield Voiding(departure.struck.received_at, STRUCK)


def outside_since(sheet: Watched, row: VitalSet, own: Own) -> datetime:
    """When a set was first charted so far outside by this sign, as it has been since.

    A word that is added to it later charts nothing anew.
    """
    came = row.received_at
    before = [one for one in sheet.vital_rows if one.entry == row.entry and one != row]
    for said in sorted(before, key=by_entry, reverse=True):
        if said.withdrawn or own not in outside_as_said(sheet, said):
            break
        came = said.received_at
    return came


def outside_as_said(sheet: Watched, said: VitalSet) -> frozenset[Own]:
    """What of its own in an earlier revision is outside, the other sets as they now are."""
    others = [row for row in sheet.vital_rows if row.entry != said.entry]
    then = replace(sheet, vital_rows=[*others, said])
    return next((found for row, found in then.outside_by_itself if row == said), frozenset())
