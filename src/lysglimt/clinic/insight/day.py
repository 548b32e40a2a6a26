"""One day of a unit: who is expected where, and what is not in place. Rows in, lines out."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from lysglimt.clinic.chairside.day_charts import devices_read, sheet_beside, with_charts
from lysglimt.clinic.chairside.day_devices import device_questions, devices_over
from lysglimt.clinic.chairside.models import (
    Capacity,
    DischargeRecord,
    PreparationCheck,
    PumpEvent,
    Session,
    SessionOrder,
    StartGateRecord,
)
from lysglimt.clinic.chairside.screener import (
    SCREENER,
    lacks_screener,
    listed_screens,
    screens_in,
)
from lysglimt.clinic.chairside.troubles import Trouble, troubles
from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, Chair
from lysglimt.clinic.treatment.models import (
    Consent,
    CourseStanding,
    Registration,
    SafetyTask,
    SessionGiven,
)
from lysglimt.clinic.treatment.models.task import named
from lysglimt.clinic.treatment.told import Answered, no_in, no_on
from lysglimt.clinic.treatment.unsigned import unsigned_beside, unsigned_in
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.protocols.state import Matter, Phase
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.verdict import Standing

from .awaited import Awaited, awaited
from .chairs import Room
from .day_standings import bounds, standings, to_be_asked


class Lacking(StrEnum):
    """What must be in place before the start."""

    SECOND = "second-signature"
    CONSENT = "consent"
    REGISTRATION = "registration"
    DOCTOR_NOW = "doctor-now"
    NOT_TODAY = "not-today"
    SCREENER = "screener"
    RATING = "rating"
    ORDER = "order"
    SIGNATURE = "signature"
    PREPARATION = "preparation"
    GATE = "gate"
    GATE_OPEN = "gate-open"


class Progress(StrEnum):
    EXPECTED = "expected"
    ARRIVED = "arrived"
    INFUSING = "infusing"
    DEVICES = "devices"
    OBSERVED = "observed"
    LEFT = "left"


OPEN_TO_ALL = Value(value=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment of the day. ``session`` is the session at the chair, once it is opened.

    ``lacking`` is told before the start, ``troubles`` as long as the patient is here.
    ``too_early`` is before the planned window of maintenance, while the session is not given.
    """

    appointment: Any
    card: PatientCard
    standing: CourseStanding | None
    session: Any
    lacking: tuple[Lacking, ...]
    troubles: tuple[Trouble, ...] = ()
    too_early: bool = False

    @property
    def progress(self) -> Progress:
        if self.session is None:
            return Progress.EXPECTED
        if self.session.left_at:
            return Progress.LEFT
        if self.stopped_at:
            return Progress.OBSERVED
        if self.session.started_at is None:
            return Progress.ARRIVED
        return Progress.DEVICES if devices_read(self.session) else Progress.INFUSING

    @property
    def stopped_at(self) -> datetime | None:
        """The pump was stopped, or the last device given."""
        return self.session.stopped_at or devices_over(self.session)

    @property
    def since(self) -> datetime | None:
        """When the patient came as far as that."""
        if self.session is None:
            return None
        times: tuple[datetime | None, ...] = (
            self.session.left_at,
            self.stopped_at,
            self.session.started_at,
        )
        return next((one for one in times if one), None)

    @property
    def dose_open(self) -> bool:
        """The patient has left, and the dose is not recorded: the waste waits for its witness."""
        return self.session is not None and unaccounted(self.session)

    @property
    def to_be_given(self) -> bool:
        return bool(self.appointment.kind == AppointmentKind.SESSION)


@dataclass(frozen=True, slots=True)
class Place:
    """A chair and its visits in the order of time; no chair for those who need none."""

    chair: Chair | None
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Who sits where, and in which courses something is due.

    ``to_ask`` are the standings that tell whom is to be asked about suicide, where that was asked.
    """

    on: date
    places: tuple[Place, ...]
    awaited: tuple[Awaited, ...]
    to_ask: tuple[CourseStanding, ...] = ()

    @property
    def visits(self) -> tuple[Visit, ...]:
        return tuple(chain.from_iterable(place.visits for place in self.places))


def day_of(
    room: Room,
    now: datetime,
    *,
    judged: bool,
    but: Collection[UUID] = (),
    closed: Any = OPEN_TO_ALL,
    asking: bool = False,
) -> Day:
    """Asks three questions of the database, however many chairs there are.

    Unjudged, as the start check in journal mode, no rating is held against its day. No course
    is told of ``but`` those patients. ``closed`` is the condition on a session under which its
    chart is not for the reader.
    """
    day, unit = on_day(now), room.unit
    expected = list(appointments(unit, day))
    courses = {one.course for one in expected if one.course}
    rows = standings(unit, courses, day, asking=asking)
    sessions: dict[tuple[UUID | None, date], Session] = {
        (one.course_id, one.planned_on): one for one in sessions_on(unit, day, closed=closed)
    }
    known: dict[UUID | None, CourseStanding] = {one.course_id: one for one in rows}
    visits = []
    for one in expected:
        session = sessions.get((one.course, on_day(one.starts_at)))
        if expected_on(one, session, day):
            visits.append(visit(one, known.get(one.course), session, now=now, judged=judged))
    open_here = [one for one in rows if one.open and one.course.unit_id == unit]
    waiting = [one for one in open_here if judged and one.patient_id not in but]
    return Day(
        day,
        tuple(by_chair(room.chairs, visits)),
        awaited(waiting, day),
        tuple(to_be_asked(rows, unit, but=but)) if asking else (),
    )


def expected_on(appointment: Any, session: Any, day: date) -> bool:
    of_day = on_day(appointment.starts_at) == day
    unsettled = still_here(session) or unaccounted(session)
    return of_day or unsettled or appointment.ends_at > bounds(day)[0]


def by_chair(chairs: Iterable[Chair], visits: Sequence[Visit]) -> Iterator[Place]:
    for chair in chairs:
        yield Place(chair, tuple(at(chair, visits)))
    if elsewhere := tuple(at(None, visits)):
        yield Place(None, elsewhere)


def still_here(session: Any) -> bool:
    """Of the day before, too: midnight sends nobody home."""
    return session is not None and session.started_at is not None and session.left_at is None


def unaccounted(session: Any) -> bool:
    """Left, and what was given and wasted is still to be recorded."""
    return session is not None and session.left_at is not None and not session.recorded


def at(chair: Chair | None, visits: Sequence[Visit]) -> Iterator[Visit]:
    key = chair.pk if chair else None
    return (one for one in visits if one.appointment.chair_id == key)


def appointments(unit: UUID, day: date) -> QuerySet[Appointment]:
    """Of a day and the day before, with what the patient has consented to and chosen."""
    start, _ = bounds(day - timedelta(days=1))
    _, end = bounds(day)
    rows = Appointment.objects.in_force().expected().in_unit(unit)
    chosen = Registration.objects.newest_first().filter(patient=OuterRef("patient"))
    at_once = SafetyTask.objects.open().filter(
        patient=OuterRef("patient"), promptness=Promptness.DOCTOR_NOW
    )
    return (
        rows.filter(starts_at__gte=start, starts_at__lt=end)
        .annotate(
            consented=Exists(Consent.objects.given().filter(patient=OuterRef("patient"))),
            choice=Subquery(chosen.values("choice")[:1]),
            decision=Subquery(chosen.values("decision")[:1]),
            screens=listed_screens(since=start),
            **unsigned_beside("patient"),
            doctor_task=Subquery(at_once.values("pk")[:1]),
            doctor_no=no_on(day, patient="patient"),
        )
        .select_related("patient", "chair")
        .order_by("starts_at", "pk")
    )


def sessions_on(unit: UUID, day: date, *, closed: Any) -> QuerySet[Session]:
    """Of a day and the day before, with how far each has come and what is charted of it.

    ``going_home`` is a checklist that no doctor has signed.
    """
    mine = {"session": OuterRef("pk")}
    order = SessionOrder.objects.in_force().filter(**mine)
    looked = StartGateRecord.objects.filter(entry=OuterRef("entry"), revision=1)
    going_home = DischargeRecord.objects.in_force().filter(**mine, left_at__isnull=True)
    prepared = PreparationCheck.objects.in_force().filter(
        order__session=OuterRef("pk"),
        order__signature__isnull=False,
        order__in=SessionOrder.objects.in_force(),
    )
    by_nose = device_questions()
    gates = StartGateRecord.objects.in_force().filter(**mine)
    gate = gates.annotate(looked=Subquery(looked.values("received_at")[:1]))
    gate = gate.order_by("-happened_at", "-pk")
    pump = PumpEvent.objects.in_force().filter(**mine).order_by("happened_at")
    found: QuerySet[Session] = Session.objects.in_unit(unit).filter(
        planned_on__in=(day - timedelta(days=1), day)
    )
    return with_charts(found).annotate(
        ordered=Exists(order) | by_nose["ordered"],
        signed=Exists(order.filter(signature__isnull=False)) | by_nose["signed"],
        prepared=Exists(prepared) | by_nose["prepared"],
        ordered_at=Coalesce(Subquery(order.values("received_at")[:1]), by_nose["ordered_at"]),
        chart_closed=closed,
        gate_looked=Subquery(gate.values("looked")[:1]),
        gate_standing=Subquery(gate.values("standing")[:1]),
        gate_override=Subquery(gate.values("override_by")[:1]),
        gate_opener=Subquery(gate.annotate(name=named("override_by")).values("name")[:1]),
        started_at=Coalesce(
            Subquery(pump.filter(act=PumpAct.START).values("happened_at")[:1]),
            by_nose["started_at"],
        ),
        stopped_at=Subquery(pump.filter(act=PumpAct.STOP).values("happened_at")[:1]),
        recorded=Exists(SessionGiven.objects.in_force().filter(entry=OuterRef("pk"))),
        going_home=Exists(going_home.exclude(signatures__capacity=Capacity.DOCTOR)),
    )


def visit(
    appointment: Any,
    standing: CourseStanding | None,
    session: Any,
    *,
    now: datetime,
    judged: bool,
) -> Visit:
    card = appointment.patient.card()
    if appointment.kind != AppointmentKind.SESSION:
        return Visit(appointment, card, standing, session, ())
    amiss = amiss_at(session, now=now, judged=judged) if session else ()
    if session is not None and session.started_at:
        return Visit(
            appointment, card, standing, session, (), (*_urgent(appointment, session), *amiss)
        )
    unscreened = (
        judged
        and standing is not None
        and lacks_screener(
            standing, screens_in(appointment.screens), on=on_day(appointment.starts_at)
        )
    )
    lacking = (
        *_of_patient(appointment, session),
        *([Lacking.SCREENER] if unscreened else ()),
        *_due(standing, on_day(now), but=SCREENER if unscreened else ""),
        *_at_chair(session),
    )
    early = judged and before_window(standing, on_day(appointment.starts_at))
    return Visit(appointment, card, standing, session, lacking, amiss, early)


def before_window(standing: CourseStanding | None, day: date) -> bool:
    """In maintenance the next session belongs to a later day."""
    if standing is None or standing.phase != Phase.MAINTENANCE:
        return False
    opens = standing.next_from if standing.next_kind == Matter.SESSION else None
    return opens is not None and day < opens


def amiss_at(session: Any, *, now: datetime, judged: bool) -> tuple[Trouble, ...]:
    """What the chart says, to those who may read it; to the others, that there is something."""
    found = troubles(sheet_beside(session, now=now), judged=judged)
    if not found or not session.chart_closed:
        return found
    late, red = any(one.late for one in found), any(one.red for one in found)
    return (Trouble(gettext("Something to see to at the chair"), late=late, red=red),)


def _urgent(appointment: Any, session: Any) -> Iterator[Trouble]:
    if appointment.doctor_task and not session.left_at:
        yield Trouble(gettext("Doctor now"), late=True)


def no_that_stands(appointment: Any, session: Any) -> tuple[Answered | None, bool]:
    """A doctor's no of the day, and whether a doctor has opened the start check since."""
    no = no_in(appointment)
    opened = session is not None and session.gate_override is not None
    return no, no is not None and opened and session.gate_looked >= no.at


def _of_patient(appointment: Any, session: Any) -> Iterator[Lacking]:
    if unsigned_in(appointment):
        yield Lacking.SECOND
    if appointment.doctor_task:
        yield Lacking.DOCTOR_NOW
    no, answered = no_that_stands(appointment, session)
    if no and not answered:
        yield Lacking.NOT_TODAY
    if not appointment.consented:
        yield Lacking.CONSENT
    reserved = appointment.choice == Choice.RESERVED and appointment.decision != "treat"
    if appointment.choice is None or reserved:
        yield Lacking.REGISTRATION


def _due(standing: CourseStanding | None, day: date, *, but: str) -> Iterator[Lacking]:
    if standing is None or standing.rating_instrument == but:
        return
    if standing.rating_from and standing.rating_from <= day:
        yield Lacking.RATING


def gate_of_another(session: Any) -> bool:
    """What the start check looked at was not the order as it now is."""
    return session.ordered_at is not None and session.gate_looked < session.ordered_at


def _at_chair(session: Any) -> Iterator[Lacking]:
    if session is None or not session.ordered:
        yield Lacking.ORDER
    elif not session.signed:
        yield Lacking.SIGNATURE
    if session is None or not session.prepared:
        yield Lacking.PREPARATION
    if session is None or session.gate_standing is None or gate_of_another(session):
        yield Lacking.GATE
    elif session.gate_standing > Standing.CAUTION and session.gate_override is None:
        yield Lacking.GATE_OPEN
