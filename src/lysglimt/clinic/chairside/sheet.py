"""One session at one moment: rows in, what the page says of it out. Nothing here writes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Exists

from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.models import SafetyTask, SessionGiven
from lysglimt.clinic.treatment.told import told_first, told_in
from lysglimt.knowledge.dosing.ceilings import minutes
from lysglimt.knowledge.dosing.delivery import (
    BedsideReading,
    Delivery,
    PauseReason,
    PumpAct,
    deviations,
    too_fast,
)
from lysglimt.knowledge.dosing.resumption import Resumption, as_the_patient_was, resumption
from lysglimt.knowledge.monitoring.before_start import accepted
from lysglimt.knowledge.monitoring.discharge import earliest_discharge
from lysglimt.knowledge.monitoring.limits import (
    Light,
    Outside,
    light,
    outside,
    outside_before,
    standing_signs,
    with_symptoms,
)
from lysglimt.knowledge.monitoring.observation import (
    NextObservation,
    SessionRoute,
    next_due,
    planned_observations,
)
from lysglimt.knowledge.monitoring.vital_signs import Baseline, baseline
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from lysglimt.knowledge.quantities import MillilitresPerHour, half_up
from lysglimt.knowledge.safety.suicidality import Promptness
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
from .since_gate import beside_the_record
from .written import Written, in_force

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TENTH = Decimal("0.1")


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
        """Of readings that the gate accepts; of all, where a doctor answered for starting."""
        return baseline(accepted(self.before, age=self.age) or self.before)

    @cached_property
    def age(self) -> int:
        return self.session.course.patient.card().age(on_day(self.now))

    @cached_property
    def outside_start(self) -> dict[datetime, tuple[Outside, ...]]:
        """What was outside the range for a start, in each set before it."""
        age = self.age
        return {
            one.at: tuple(
                found
                for sign, value in one.values.items()
                for found in outside_before(sign, value, age=age)
            )
            for one in self.before
        }

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

    @property
    def standing_signs(self) -> Mapping[str, datetime]:
        """The danger signs that nobody has said are over, with when each was told."""
        return standing_signs(self.since_start or self.before)

    def outside_at(self, at: datetime) -> tuple[Outside, ...]:
        """By the range for a start before it, by that of the dose since."""
        return self.outside.get(at) or self.outside_start.get(at, ())


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
    def left_early(self) -> bool:
        """Before the criteria were met: somebody decided it, or nobody could be reached."""
        left = self.discharge if self.discharge and self.discharge.left_at else None
        return bool(left and (left.decided_by_id or left.no_doctor_reached))

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
        return self.resumed(self.delivery, self.now)

    def resumed(self, delivery: Delivery, at: datetime) -> Resumption:
        """What the rules say of going on at this time, by the readings until then."""
        until = {when: found for when, found in self.outside.items() if when <= at}
        red = any(
            light(found) is Light.RED and with_symptoms(found) for found in until.values()
        )
        return resumption(delivery, at, self.readings, red_with_symptoms=red)

    @cached_property
    def readings(self) -> tuple[BedsideReading, ...]:
        """Each set since the start, as the way back from a pause reads it."""
        lights = {when: light(found) for when, found in self.outside.items()}
        return tuple(
            BedsideReading(when, green=one is Light.GREEN, red=one is Light.RED)
            for when, one in lights.items()
        )

    @property
    def deviations(self) -> tuple[Finding, ...]:
        """A pause in which the patient was red is not practical, whatever was tapped."""
        if self.delivery is None:
            return ()
        return deviations(as_the_patient_was(self.delivery, self.readings), self.now)

    def speaks_against(
        self, act: PumpAct, rate: MillilitresPerHour, *, judged: bool
    ) -> Iterator[Finding]:
        """Setting the pump so now; unjudged, only what contradicts the order."""
        if self.delivery is None or act not in {PumpAct.RATE, PumpAct.RESUME}:
            return
        yield from too_fast(self.delivery, rate)
        if judged and act is PumpAct.RESUME and self.resumption:
            yield from self.resumption.against(rate)

    @property
    def resumed_against(self) -> tuple[Finding, ...]:
        """What spoke against each resumption when it was done. It stays for the session."""
        found: dict[str, Finding] = {}
        for number, event in enumerate(self.delivery.events if self.delivery else ()):
            if event.act is PumpAct.RESUME and self.delivery:
                before = Delivery(self.delivery.plan, self.delivery.events[:number])
                reasons = self.resumed(before, event.at).verdict.reasons
                found |= {one.criterion: one for one in reasons}
        return tuple(found.values())


def sheet_of(session: Session, *, now: datetime) -> Sheet:
    """All that is charted and that this stage shows: six questions of the database."""
    pump = list(PumpEvent.objects.filter(session=session).select_related("by", "doctor"))
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
        said = told_of(session, on=min(session.planned_on, on_day(now)))
        return replace(
            charted,
            discharges=list(discharges.with_signers()),
            **said,
        )
    if in_force(pump):
        return charted
    prepared = PreparationCheck.objects.filter(order__session=session)
    gates = beside_the_record(StartGateRecord.objects.filter(session=session), on=on_day(now))
    return replace(
        charted,
        preparations=list(prepared.select_related("by", "checked_by")),
        gates=list(gates.select_related("by", "doctor", "override_by")),
    )


def told_of(session: Session, *, on: date) -> dict[str, Any]:
    """Is the dose recorded, a doctor awaited, and has one answered since the day ``on`` began?

    One question in all.
    """
    urgent = SafetyTask.objects.filter(
        patient=session.course.patient_id, promptness=Promptness.DOCTOR_NOW.value
    )
    begins = datetime.combine(on, time(), tzinfo=OSLO)
    asked = {
        "given": Exists(SessionGiven.objects.in_force().filter(entry=session.pk)),
        "doctor_awaited": Exists(urgent.filter(acknowledgement__isnull=True)),
        "intent_assessed": Exists(urgent.filter(acknowledgement__at__gte=begins)),
    }
    told = told_first(urgent.filter(acknowledgement__isnull=True))
    rows = Session.objects.filter(pk=session.pk).annotate(**asked, told=told)
    row = rows.values(*asked, "told").get()
    return {name: bool(row[name]) for name in asked} | {"told": told_in(row["told"])}


def to_a_tenth(sheet: Sheet) -> Decimal | None:
    """The milligrams delivered so far, as they are shown and written down."""
    given = sheet.delivered_mg
    return None if given is None else half_up(given, TENTH)


def is_short(sheet: Sheet) -> bool:
    """Less than ordered was given, to the tenth of a milligram that the page shows."""
    order, given = sheet.order, sheet.delivered_mg
    return order is not None and given is not None and order.dose_mg - given >= TENTH
