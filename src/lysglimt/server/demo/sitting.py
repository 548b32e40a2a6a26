"""One session at the chair, minute by minute, as a nurse and a doctor chart it."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import partial

from lysglimt.clinic.chairside import actions as chair
from lysglimt.clinic.chairside.actions import Gated, Happened, Left, Measured, Ordered, Pumped
from lysglimt.clinic.chairside.after import discharge_verdict
from lysglimt.clinic.chairside.chart import delivery_of, observed, plan_of
from lysglimt.clinic.chairside.models import (
    Capacity,
    ChairEventKind,
    SedationScale,
    Session,
    SessionOrder,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.chairside.sheet import sheet_of
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.actions import Booking
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, AppointmentState
from lysglimt.clinic.scheduling.models import Chair as Place
from lysglimt.clinic.treatment.models import Course, SessionGiven
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK, drawn
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules
from lysglimt.knowledge.monitoring.observation import SessionRoute
from lysglimt.knowledge.monitoring.start_gate import (
    GateFacts,
    Pregnancy,
    start_gate,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from lysglimt.knowledge.protocols.state import RULE_VERSION
from lysglimt.knowledge.quantities import (
    Centimetres,
    Kilograms,
    Milligrams,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
)

from .case import Case, entered, names

MINUTE = timedelta(minutes=1)
INFUSION = 40
APPOINTED = timedelta(hours=2)
FASTED = timedelta(hours=9)
DRUNK = timedelta(hours=3)
ALL_OF_IT = 10_000
EVENT_AT = 11
USUAL_PRESSURE = (124, 76)


@dataclass(frozen=True, slots=True)
class Run:
    """How a session goes. ``until`` is the last minute that has been reached so far.

    ``pause`` is from one minute to another, ``why`` its reason; ``ended`` says why the infusion
    was stopped at ``stop``. ``high`` is pressure outside the planned range. ``skip`` are the
    minutes at which nobody measured, ``event`` is a tile that was tapped. ``late`` minutes pass before a set is entered.
    """

    until: int = ALL_OF_IT
    stop: int = INFUSION
    pause: tuple[int, int] | None = None
    why: PauseReason = PauseReason.TOILET
    ended: str = ""
    high: bool = False
    skip: frozenset[int] = frozenset()
    late: int = 0
    override: str = ""
    event: ChairEventKind | None = None


USUAL = Run()
Deed = tuple[int, Callable[[], object]]


@dataclass(slots=True)
class Sitting:
    """A session as it is charted. Minutes count from the start of the infusion."""

    case: Case
    course: Course
    session: Session
    order: SessionOrder
    start: datetime
    run: Run
    sets: list[VitalSet]

    def at(self, minute: int) -> datetime:
        return self.start + minute * MINUTE

    def measure(self, minute: int, phase: SessionPhase) -> VitalSet:
        at = self.at(minute)
        row = chair.record_vitals(
            session=self.session,
            measured=self.measured(minute, phase),
            entered=entered(at),
            by=self.case.nurse,
            # What the gate is to see is entered when it is measured.
            at=at + (self.run.late if minute > 0 else 0) * MINUTE,
        )
        self.sets.append(row)
        return row

    def measured(self, minute: int, phase: SessionPhase) -> Measured:
        """Pressure and dissociation rise towards the end of the infusion and fall again."""
        chance = self.case.chance
        height = max(0.0, 1 - abs(minute - 35) / 60) if minute > 0 else 0.0
        systolic, diastolic = USUAL_PRESSURE
        extra = 34 if self.run.high and 20 <= minute <= 60 else 0
        return Measured(
            phase=phase,
            systolic=systolic + round(16 * height) + extra + chance.randint(-3, 3),
            diastolic=diastolic + round(9 * height) + extra // 2 + chance.randint(-2, 2),
            pulse=70 + round(10 * height) + chance.randint(-3, 3),
            spo2=98 - chance.randint(0, 2),
            respiration=14 + chance.randint(-1, 2),
            sedation_scale=SedationScale.MOAAS,
            sedation=4 if height > 0.7 else 5,
            dissociation=round(5 * height),
            distress=round(2 * height),
            nausea=chance.randint(0, 2) if minute > 0 else 0,
        )

    def pump(self, minute: int, act: PumpAct, reason: PauseReason | None = None) -> None:
        rate = None if act in {PumpAct.PAUSE, PumpAct.STOP} else self.order.rate_ml_h
        if act is PumpAct.RESUME and self.run.why.physiological and rate:
            rate = (rate / 2).quantize(Decimal("0.1"), ROUND_DOWN)
        at = self.at(minute)
        # Going on without green readings in the pause is decided by the doctor, who does it.
        doctor = (
            self.case.doctor if act is PumpAct.RESUME and self.run.why.physiological else None
        )
        chair.record_pump(
            session=self.session,
            pumped=Pumped(act=act, rate_ml_h=rate, pause_reason=reason, doctor=doctor),
            entered=entered(at),
            by=doctor or self.case.nurse,
            at=at,
        )

    def happen(self, minute: int, kind: ChairEventKind) -> None:
        at = self.at(minute)
        chair.record_event(
            session=self.session,
            happened=Happened(kind=kind),
            entered=entered(at),
            by=self.case.nurse,
            at=at,
        )

    def before(self) -> list[Observed]:
        return [observed(row) for row in self.sets if row.phase == SessionPhase.BEFORE]

    def finish(self) -> SessionGiven:
        at = self.at(self.run.stop + 1)
        return chair.finish_session(
            session=self.session,
            by=self.case.nurse,
            at=at,
            ended_early=self.run.ended,
            wasted=self.wasted(at),
        )

    def wasted(self, at: datetime) -> chair.Wasted | None:
        """What was drawn and not given, before the pharmacist."""
        gone = delivery_of(self.session, self.order).delivered(at)
        left = drawn(plan_of(self.order)).value - gone.value
        if not left:
            return None
        witness = self.case.clinic.staff[Role.PHARMACIST]
        return chair.Wasted(amount=Milligrams(left), witness=witness)


def ordered(
    case: Case, course: Course, start: datetime, *, run: Run, place: Place | None = None
) -> Sitting:
    """The session is opened, and its order written and signed an hour before."""
    at = start - 55 * MINUTE
    session = chair.open_session(
        course=course, planned_on=on_day(start), by=case.nurse, at=at, chair=place
    )
    weight, height = case.body
    wanted = Ordered(
        weight=Kilograms(Decimal(weight)),
        weighed_on=on_day(start),
        height=Centimetres(Decimal(height)),
        sex=Sex(case.said.sex),
        dose_by_weight=MilligramsPerKilogram(Decimal("0.5")),
        minutes=INFUSION,
        concentration=MilligramsPerMillilitre(Decimal(1 if weight <= 100 else 2)),
    )
    order = chair.order(
        session=session, ordered=wanted, entered=entered(at), by=case.doctor, at=at
    )
    chair.sign_order(order=order, by=case.doctor, at=at + 5 * MINUTE)
    return Sitting(case, course, session, order, start, run, [])


def check(sitting: Sitting) -> None:
    case = sitting.case
    chair.check_preparation(
        order=sitting.order,
        prepared=chair.Prepared(
            product="Ketalar 10 mg/ml",
            drawn_mg=drawn(plan_of(sitting.order)).value,
            lines=sorted(TWO_PERSON_CHECK),
            batch="EKSEMPEL-1",
        ),
        checked_by=case.clinic.staff[Role.PHARMACIST],
        by=case.nurse,
        at=sitting.at(-11),
    )


def gate(sitting: Sitting) -> None:
    case = sitting.case
    no = ("nothing_new",) if sitting.run.override else ()
    facts = at_the_gate(
        case, SessionRoute.IV, sitting.start, before=tuple(sitting.before()), no=no
    )
    gated = Gated(
        verdict=start_gate(facts),
        rule_version=RULE_VERSION,
        doctor=case.doctor,
        override_by=case.doctor if sitting.run.override else None,
        override_reason=sitting.run.override,
    )
    chair.record_gate(
        session=sitting.session,
        gated=gated,
        entered=entered(facts.at),
        by=case.nurse,
        at=facts.at,
    )


def at_the_gate(
    case: Case,
    route: SessionRoute,
    start: datetime,
    *,
    before: tuple[Observed, ...],
    no: Container[str] = (),
) -> GateFacts:
    """Three minutes before the dose: fasting, never pregnant, and yes to all that is asked but ``no``."""
    return GateFacts(
        route=route,
        at=start - 3 * MINUTE,
        on=on_day(start),
        age=case.age(on_day(start)),
        before=before,
        answers={each.id: each.id not in no for each in gate_rules().conditions},
        last_solids=start - FASTED,
        last_fluids=start - DRUNK,
        pregnancy=Pregnancy.IMPOSSIBLE,
        tested_on=None,
        first_session=False,
        weight=(),
    )


HEALED = ("aldrete.activity", "aldrete.breathing", "padss.walking", "padss.pain")
"""Points of recovery that no reading answers; both are asked of two at most."""


def leave(sitting: Sitting) -> None:
    """The criteria are answered, both sign, and the patient goes home with somebody.

    As at the chair: what is not met then would be refused.
    """
    case, at = sitting.case, sitting.at(sitting.run.stop + 78)
    yes: dict[str, object] = {each.id: True for each in discharge_rules().conditions}
    answers = {**yes, **dict.fromkeys(HEALED, 2), "rass": 0}
    escort = case.chance.choice(names()["escorts"])
    sheet = sheet_of(sitting.session, now=at)
    left = Left(
        answers=answers,
        verdict=discharge_verdict(
            sheet, answers, escort=True, journal_mode=sitting.session.unit.journal_mode
        ),
        rule_version=RULE_VERSION,
        escort_name=f"Eksempel, {escort}",
    )
    record = chair.record_discharge(
        session=sitting.session, left=left, entered=entered(at), by=case.nurse, at=at
    )
    for capacity, by in ((Capacity.NURSE, case.nurse), (Capacity.DOCTOR, case.doctor)):
        chair.sign_discharge(record=record, capacity=capacity, by=by, at=at)
    chair.record_leaving(record=record, left_at=at, by=case.nurse, at=at)


def script(sitting: Sitting) -> Iterator[Deed]:
    """What is done at which minute."""
    run = sitting.run
    yield from observations(sitting, SessionPhase.BEFORE, (-20, -12))
    yield -11, partial(check, sitting)
    yield -3, partial(gate, sitting)
    yield 0, partial(sitting.pump, 0, PumpAct.START)
    if run.event:
        yield EVENT_AT, partial(sitting.happen, EVENT_AT, run.event)
    if run.pause:
        away, back = run.pause
        yield away, partial(sitting.pump, away, PumpAct.PAUSE, run.why)
        yield back, partial(sitting.pump, back, PumpAct.RESUME)
    reached = [minute for minute in (5, 10, 20, 30, 40) if minute <= run.stop]
    yield from observations(sitting, SessionPhase.INFUSION, reached)
    yield run.stop, partial(sitting.pump, run.stop, PumpAct.STOP)
    yield run.stop + 1, sitting.finish
    later = [run.stop + minute for minute in (15, 30, 45, 60, 75)]
    yield from observations(sitting, SessionPhase.OBSERVATION, later)
    yield run.stop + 78, partial(leave, sitting)


def observations(
    sitting: Sitting, phase: SessionPhase, minutes: Sequence[int]
) -> Iterator[Deed]:
    for minute in minutes:
        if minute not in sitting.run.skip:
            yield minute, partial(sitting.measure, minute, phase)


def sat(
    case: Case,
    course: Course,
    start: datetime,
    *,
    run: Run = USUAL,
    place: Place | None = None,
) -> Sitting:
    """A session up to the minute that has been reached."""
    appointment = booked(case, course, start, place=place)
    sitting = ordered(case, course, start, run=run, place=place)
    for minute, deed in sorted(script(sitting), key=lambda each: each[0]):
        if minute <= run.until:
            deed()
    if run.until >= 0:
        scheduling.mark(
            appointment=appointment,
            state=AppointmentState.KEPT,
            by=case.coordinator,
            at=start - 50 * MINUTE,
        )
    return sitting


def booked(
    case: Case, course: Course, start: datetime, *, place: Place | None = None
) -> Appointment:
    booking = Booking(
        kind=AppointmentKind.SESSION,
        starts_at=start - 30 * MINUTE,
        ends_at=start + APPOINTED,
        chair=place,
        course=course.pk,
    )
    at = min(start - timedelta(days=3), case.setting.now)
    return scheduling.book(
        patient=case.patient, booking=booking, by=case.coordinator, at=at, entered=entered(at)
    )
