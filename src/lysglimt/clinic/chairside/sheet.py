"""One session at one moment: rows in, what the page says of it out. Nothing here writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import DateTimeField, Exists, JSONField, Subquery, UUIDField

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.written import Beside, Place
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import DANGER_SIGN, PUMP_AGAINST, SafetyTask, SessionGiven
from lysglimt.clinic.treatment.told import told_first, told_in
from lysglimt.knowledge.dosing.delivery import (
    Delivery,
    PumpAct,
    deviations,
    too_fast,
)
from lysglimt.knowledge.dosing.resumption import Resumption, as_the_patient_was, resumption
from lysglimt.knowledge.monitoring.bedside import red_with_symptoms
from lysglimt.knowledge.monitoring.discharge import earliest_discharge
from lysglimt.knowledge.monitoring.observation import NextObservation
from lysglimt.knowledge.quantities import MillilitresPerHour, half_up
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.verdict import Finding

from . import rows
from .after import unmet_now
from .ending import dose_ended, will_end
from .heard import TASK, seen_last
from .models import (
    Capacity,
    ChairEventKind,
    MonitoringForm,
    Session,
    SessionPhase,
    StartGateRecord,
    VitalSet,
)
from .observing import next_observation
from .since_gate import beside_the_record
from .sprayed import by_nose
from .watched import Watched, unjudged
from .written import in_force, intent_said_at

TENTH = Decimal("0.1")


class Stage(StrEnum):
    """The ribbon. Each is entered by a fact, never by a click."""

    BEFORE = "before"
    INFUSING = "infusing"
    OBSERVATION = "observation"
    READY = "ready"
    LEFT = "left"


COMPLAINTS = {ChairEventKind.HEADACHE, ChairEventKind.DIZZINESS}
"""Tiles that are symptoms beside a red reading; nausea and anxiety are expected of the drug."""
STAGE_OF_SETS = {
    Stage.BEFORE: SessionPhase.BEFORE,
    Stage.INFUSING: SessionPhase.INFUSION,
    Stage.OBSERVATION: SessionPhase.OBSERVATION,
    Stage.READY: SessionPhase.READY,
    Stage.LEFT: SessionPhase.READY,
}


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

    @cached_property
    def unmet(self) -> list[Finding]:
        """The criteria of the discharge record not met now; without a record none is answered."""
        return unmet_now(self, self.discharge) if self.discharge else []

    @property
    def ready(self) -> bool:
        """Both have signed, the wait is over, every criterion is met, and no observation is overdue.

        All as things now are: old readings make nobody ready. [own-proposal] A decision that lets somebody go home in spite of one makes nobody ready.
        """
        signed = self.discharge is not None and len(self.signatures) == len(Capacity)
        over = self.earliest_home is not None and self.now >= self.earliest_home
        # In journal mode no wait is told.
        judged = not unjudged(self.session)
        return signed and (not judged or over) and not self.unmet

    def phase(self, at: datetime) -> SessionPhase:
        """The phase that a set measured then belongs to."""
        if self.started is None or at < self.started:
            return SessionPhase.BEFORE
        if self.stopped is None or at <= self.stopped:
            return SessionPhase.DEVICES if self.nasal else SessionPhase.INFUSION
        return STAGE_OF_SETS[self.stage]

    @property
    def earliest_home(self) -> datetime | None:
        """By the clock alone; planned while the infusion runs."""
        if self.started is None:
            return None
        return earliest_discharge(self.route, dose_ended(self) or will_end(self))

    @property
    def next_observation(self) -> NextObservation | None:
        if self.discharge and self.discharge.left_at:
            return None
        return next_observation(self, at=self.now)

    @property
    def resumption(self) -> Resumption | None:
        """Only of an infusion that is paused."""
        if self.delivery is None or self.delivery.events[-1].act is not PumpAct.PAUSE:
            return None
        return self.resumed(self.delivery, self.now)

    def resumed(self, delivery: Delivery, at: datetime) -> Resumption:
        """What the rules say of going on at this time, by the readings until then."""
        complaints = [
            row.happened_at for row in in_force(self.event_rows) if row.kind in COMPLAINTS
        ]
        red = red_with_symptoms(self.outside, complaints, until=at)
        return resumption(delivery, at, self.readings, red_with_symptoms=red)

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


def sheet_of(
    session: Session,
    *,
    now: datetime,
    by: Professional | None = None,
    dosed: Mapping[str, Any] | None = None,
) -> Sheet:
    """All that is charted and that this stage shows: six questions of the database.

    ``by`` is who would start; ``dosed`` is what is known already of the drug given.
    """
    vitals = rows.SETS.rows(session.pk)
    charted = Sheet(
        session=session,
        now=now,
        vital_rows=vitals,
        event_rows=rows.EVENTS.rows(session.pk),
        **(dosed or drug_of(session)),
        **heard_beside(vitals),
    )
    begun, over = how_far(charted)
    if over:
        discharges = rows.DISCHARGES.rows(session.pk)
        said = told_of(session, since=last_of(intent_said_at(discharges), charted.intent_told))
        return replace(charted, discharges=discharges, **said)
    if begun:
        return charted
    passed = StartGateRecord.objects.filter(session=session)
    gates = beside_the_record(passed, on=on_day(now), start=now, by=by)
    return replace(
        charted,
        **prepared_for(session, nasal=charted.nasal),
        gates=list(gates.select_related("by", "doctor", "override_by")),
    )


def phase_at(at: datetime, session: Session, *, now: datetime) -> SessionPhase:
    """The phase that a set measured then belongs to. Until the dose is over that is asked alone."""
    dosed = drug_of(session)
    given = Sheet(session=session, now=now, vital_rows=[], event_rows=[], **dosed)
    if given.stopped is None or at <= given.stopped:
        return given.phase(at)
    return sheet_of(session, now=now, dosed=dosed).phase(at)


def how_far(charted: Sheet) -> tuple[bool, bool]:
    """Has it begun, and is it over? By the acts alone: a chart may contradict itself."""
    if charted.nasal:
        return charted.started is not None, charted.stopped is not None
    acts = in_force(charted.pump_rows)
    return bool(acts), any(row.act == PumpAct.STOP for row in acts)


def drug_of(session: Session) -> dict[str, Any]:
    """What was ordered and what was given."""
    return of_devices(session) if by_nose(session) else of_the_pump(session)


def of_the_pump(session: Session) -> dict[str, Any]:
    return {"orders": rows.ORDERS.rows(session.pk), "pump_rows": rows.PUMP.rows(session.pk)}


def of_devices(session: Session) -> dict[str, Any]:
    ordered, used = rows.DEVICE_ORDERS.rows(session.pk), rows.DEVICES.rows(session.pk)
    return {"device_orders": ordered, "device_rows": used}


def prepared_for(session: Session, *, nasal: bool) -> dict[str, Any]:
    """What two persons have checked before the start."""
    if nasal:
        return {"device_checks": rows.DEVICE_CHECKS.rows(session.pk)}
    return {"preparations": rows.PREPARATIONS.rows(session.pk)}


def last_of(*times: datetime | None) -> datetime | None:
    return max((at for at in times if at), default=None)


def heard_beside(vitals: Sequence[VitalSet]) -> dict[str, Any]:
    """What a doctor has said of a danger sign stands beside each set that was charted."""
    row = next(iter(vitals), None)
    if row is None:
        return {}
    return {"doctor_seen": seen_last(row), "danger_task": vars(row)[TASK]}


def told_of(session: Session, *, since: datetime | None) -> dict[str, Any]:
    """Is the dose recorded, a doctor awaited, and has one answered ``since`` intent was said?

    One question in all.
    """
    asked = SAID.about("pk", "course__patient", values={"since": since or NEVER})
    rows = Session.objects.filter(pk=session.pk).annotate(**asked)
    row = rows.values(*asked).get()
    found = {name: bool(row[name]) for name in ("given", "doctor_awaited", "intent_assessed")}
    return found | {"told": told_in(row["told"]), "form_answered": row["form_answered"] or ()}


NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Nobody has answered since then."""


def said_of(session: Any, patient: Any) -> dict[str, Any]:
    urgent = SafetyTask.objects.filter(patient=patient, promptness=Promptness.DOCTOR_NOW.value)
    # Who came for a danger sign was not asked about intent.
    asked_about = urgent.exclude(rule__in=(DANGER_SIGN, PUMP_AGAINST))
    since: Any = Place("since", DateTimeField())
    awaited = urgent.filter(acknowledgement__isnull=True)
    forms = MonitoringForm.objects.in_force().filter(session=session)
    return {
        "given": Exists(SessionGiven.objects.in_force().filter(entry=session)),
        "doctor_awaited": Exists(awaited),
        "intent_assessed": Exists(asked_about.filter(acknowledgement__at__gte=since)),
        "told": told_first(awaited),
        "form_answered": Subquery(forms.values("answered")[:1], output_field=JSONField()),
    }


SAID = Beside(said_of, of=(UUIDField(), UUIDField()))


def to_a_tenth(sheet: Sheet) -> Decimal | None:
    """The milligrams delivered so far, as they are shown and written down."""
    given = sheet.delivered_mg
    return None if given is None else half_up(given, TENTH)


def is_short(sheet: Sheet) -> bool:
    """Less than ordered was given, to the tenth of a milligram that the page shows."""
    if sheet.nasal:
        ordered = sheet.devices.ordered
        return (
            sheet.started is not None and ordered is not None and sheet.devices.count < ordered
        )
    order, given = sheet.order, sheet.delivered_mg
    return order is not None and given is not None and order.dose_mg - given >= TENTH
