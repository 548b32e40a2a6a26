"""One session at one moment: rows in, what the page says of it out. Nothing here writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from lysglimt.clinic.people.facts import AFact, Fact
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.dosing.ceilings import minutes
from lysglimt.knowledge.dosing.delivery import (
    BedsideReading,
    Delivery,
    PauseReason,
    PumpAct,
    deviations,
)
from lysglimt.knowledge.dosing.resumption import Resumption, resumption
from lysglimt.knowledge.monitoring.discharge import earliest_discharge
from lysglimt.knowledge.monitoring.limits import Light, Outside, light, outside, with_symptoms
from lysglimt.knowledge.monitoring.observation import (
    NextObservation,
    SessionRoute,
    next_due,
    planned_observations,
)
from lysglimt.knowledge.monitoring.vital_signs import Baseline, baseline
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from lysglimt.knowledge.verdict import Finding

from .chart import act_of, observed, plan_of
from .models import (
    Capacity,
    ChairEvent,
    DischargeRecord,
    PreparationCheck,
    PumpEvent,
    Session,
    SessionOrder,
    SessionPhase,
    StartGateRecord,
    VitalSet,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Stage(StrEnum):
    """The ribbon. Each is entered by a fact, never by a click."""

    BEFORE = "before"
    INFUSING = "infusing"
    OBSERVATION = "observation"
    READY = "ready"
    LEFT = "left"


STAGE_OF_SETS = {
    Stage.BEFORE: SessionPhase.BEFORE,
    Stage.INFUSING: SessionPhase.INFUSION,
    Stage.OBSERVATION: SessionPhase.OBSERVATION,
    Stage.READY: SessionPhase.READY,
    Stage.LEFT: SessionPhase.READY,
}


@dataclass(frozen=True)
class Written:
    """What is charted of a session, all revisions, as of ``now``.

    ``given`` is whether the dose is recorded in the course.
    """

    session: Session
    now: datetime
    orders: Sequence[SessionOrder] = ()
    preparations: Sequence[PreparationCheck] = ()
    gates: Sequence[StartGateRecord] = ()
    vital_rows: Sequence[VitalSet] = ()
    pump_rows: Sequence[PumpEvent] = ()
    event_rows: Sequence[ChairEvent] = ()
    discharges: Sequence[DischargeRecord] = ()
    given: bool = False

    @cached_property
    def order(self) -> SessionOrder | None:
        return newest(self.orders)

    @property
    def signed(self) -> bool:
        return self.order is not None and hasattr(self.order, "signature")

    @cached_property
    def preparation(self) -> PreparationCheck | None:
        """Of the order as it stands: a changed order is prepared anew."""
        of_order = [
            row for row in self.preparations if self.order and row.order_id == self.order.pk
        ]
        return newest(of_order)

    @cached_property
    def gate(self) -> StartGateRecord | None:
        return newest(self.gates)

    @cached_property
    def discharge(self) -> DischargeRecord | None:
        return newest(self.discharges)

    @cached_property
    def signatures(self) -> dict[Capacity, str]:
        """Who signed the discharge, by capacity. That the patient left changes no criterion."""
        if self.discharge is None:
            return {}
        said = discharge_said(self.discharge)
        same = [row for row in self.discharges if discharge_said(row) == said]
        hands = [(Capacity.NURSE, vars(row)["nurse"]) for row in same]
        hands += [(Capacity.DOCTOR, vars(row)["doctor"]) for row in same]
        return {capacity: name for capacity, name in hands if name}


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
    def deviations(self) -> tuple[Finding, ...]:
        return deviations(self.delivery, self.now) if self.delivery else ()

    @property
    def paused(self) -> PauseReason | None:
        return self.delivery.events[-1].reason if self.delivery else None

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
        return sorted(in_force(self.vital_rows), key=lambda row: row.happened_at)

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
        return baseline(self.before)

    @cached_property
    def outside(self) -> dict[datetime, tuple[Outside, ...]]:
        """What was outside the planned range at each time since the start."""
        series = self.since_start
        return {
            one.at: outside(series[: number + 1], self.baseline)
            for number, one in enumerate(series)
        }

    @property
    def outside_now(self) -> tuple[Outside, ...]:
        return self.outside[self.since_start[-1].at] if self.since_start else ()


class Sheet(Watched):
    """How far the session has come, and what is next."""

    @property
    def stage(self) -> Stage:
        if self.discharge and self.discharge.left_at:
            return Stage.LEFT
        if self.started is None:
            return Stage.BEFORE
        if self.stopped is None:
            return Stage.INFUSING
        return Stage.READY if self.ready else Stage.OBSERVATION

    @property
    def ready(self) -> bool:
        """Both have signed, and the wait is over or somebody has decided otherwise."""
        if self.discharge is None or len(self.signatures) < len(Capacity):
            return False
        waited = self.earliest_home is not None and self.now >= self.earliest_home
        return waited or bool(self.discharge.deviation)

    def phase(self, at: datetime) -> SessionPhase:
        """The phase that a set measured then belongs to."""
        if self.started is None or at < self.started:
            return SessionPhase.BEFORE
        if self.stopped is None or at <= self.stopped:
            return SessionPhase.INFUSION
        return STAGE_OF_SETS[self.stage]

    @property
    def earliest_home(self) -> datetime | None:
        """By the clock alone; planned while the infusion runs."""
        ends = self.stopped or self.expected_stop
        return earliest_discharge(SessionRoute.IV, ends) if ends else None

    @property
    def next_observation(self) -> NextObservation | None:
        if self.delivery is None or self.stage is Stage.LEFT:
            return None
        stop = self.stopped or self.expected_stop or self.now
        # Somebody who is here much longer is still observed.
        leaves = max(stop + 3 * HOUR, self.now + HOUR)
        planned = planned_observations(
            SessionRoute.IV,
            start=self.delivery.started,
            stop=stop,
            leaves=min(leaves, stop + DAY),
        )
        done = [one.at for one in self.since_start]
        amber = light(self.outside_now) is not Light.GREEN
        return next_due(planned, done, self.now, amber=amber)

    @property
    def resumption(self) -> Resumption | None:
        """Only of an infusion that is paused."""
        if self.delivery is None or self.delivery.events[-1].act is not PumpAct.PAUSE:
            return None
        readings = [
            BedsideReading(at, light(found) is Light.GREEN)
            for at, found in self.outside.items()
        ]
        red = any(
            light(found) is Light.RED and with_symptoms(found)
            for found in self.outside.values()
        )
        return resumption(self.delivery, self.now, readings, red_with_symptoms=red)


def discharge_said(row: DischargeRecord) -> tuple[object, ...]:
    return row.entry, row.answers, row.escort_name, row.escort_telephone, row.deviation


def in_force(rows: Iterable[AFact]) -> list[AFact]:
    """The newest revision of each entry, unless it was withdrawn."""
    return [last for *_, last in revisions(rows) if not last.withdrawn]


def revisions(rows: Iterable[AFact]) -> list[list[AFact]]:
    """Each entry with all that was said of it, first to last."""
    ordered = sorted(rows, key=by_entry)
    return [list(group) for _, group in groupby(ordered, key=lambda row: row.entry)]


def by_entry(row: Fact) -> tuple[str, int]:
    return str(row.entry), row.revision


def newest(rows: Iterable[AFact]) -> AFact | None:
    return max(in_force(rows), key=lambda row: (row.happened_at, row.pk), default=None)


def sheet_of(session: Session, *, now: datetime) -> Sheet:
    """All that is charted and that this stage shows: six questions of the database."""
    pump = list(PumpEvent.objects.filter(session=session).select_related("by"))
    stopped = any(row.act == PumpAct.STOP for row in in_force(pump))
    orders = SessionOrder.objects.filter(session=session).select_related("by", "signature__by")
    vitals = VitalSet.objects.filter(session=session).select_related("by")
    events = ChairEvent.objects.filter(session=session).select_related("by")
    charted = Sheet(
        session=session,
        now=now,
        orders=list(orders),
        vital_rows=list(vitals),
        pump_rows=pump,
        event_rows=list(events),
    )
    if stopped:
        discharges = DischargeRecord.objects.filter(session=session)
        given = SessionGiven.objects.in_force().filter(entry=session.pk).exists()
        return replace(charted, discharges=list(discharges.with_signers()), given=given)
    if in_force(pump):
        return charted
    prepared = PreparationCheck.objects.filter(order__session=session)
    gates = StartGateRecord.objects.filter(session=session)
    return replace(
        charted,
        preparations=list(prepared.select_related("by", "checked_by")),
        gates=list(gates.select_related("by", "override_by")),
    )
