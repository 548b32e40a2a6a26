"""One day of a unit: who is expected where, and what is not in place. Rows in, lines out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from lysglimt.clinic.chairside.models import (
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
from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, Chair
from lysglimt.clinic.treatment.models import (
    Consent,
    CourseStanding,
    Registration,
    SafetyTask,
    SessionGiven,
)
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.verdict import Standing


class Lacking(StrEnum):
    """What must be in place before the start."""

    CONSENT = "consent"
    REGISTRATION = "registration"
    DOCTOR_NOW = "doctor-now"
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
    OBSERVED = "observed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment of the day. ``session`` is the session at the chair, once it is opened."""

    appointment: Any
    card: PatientCard
    standing: CourseStanding | None
    session: Any
    lacking: tuple[Lacking, ...]

    @property
    def progress(self) -> Progress:
        if self.session is None:
            return Progress.EXPECTED
        if self.session.left_at:
            return Progress.LEFT
        if self.session.stopped_at:
            return Progress.OBSERVED
        return Progress.INFUSING if self.session.started_at else Progress.ARRIVED

    @property
    def since(self) -> datetime | None:
        """When the patient came as far as that."""
        if self.session is None:
            return None
        times: tuple[datetime | None, ...] = (
            self.session.left_at,
            self.session.stopped_at,
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


def places(unit: UUID, day: date, *, judged: bool) -> list[Place]:
    """Asks four questions of the database, however many chairs there are.

    Unjudged, as the start check in journal mode, no rating is held against its day.
    """
    expected = list(appointments(unit, day))
    courses = {one.course for one in expected if one.course}
    sessions: dict[tuple[UUID | None, date], Session] = {
        (one.course_id, one.planned_on): one for one in sessions_on(unit, day)
    }
    standings: dict[UUID | None, CourseStanding] = {
        one.course_id: one
        for one in CourseStanding.objects.filter(course__in=courses).select_related("course")
    }
    visits = []
    for one in expected:
        of_day = on_day(one.starts_at)
        session = sessions.get((one.course, of_day))
        unsettled = still_here(session) or unaccounted(session)
        if of_day == day or unsettled or one.ends_at > bounds(day)[0]:
            standing = standings.get(one.course)
            visits.append(visit(one, standing, session, day=day, judged=judged))
    chairs: list[Chair | None] = [*Chair.objects.in_unit(unit).order_by("name")]
    by_chair = [Place(chair, tuple(at(chair, visits))) for chair in chairs]
    elsewhere = tuple(at(None, visits))
    return [*by_chair, Place(None, elsewhere)] if elsewhere else by_chair


def still_here(session: Any) -> bool:
    """Of the day before, too: midnight sends nobody home."""
    return session is not None and session.started_at is not None and session.left_at is None


def unaccounted(session: Any) -> bool:
    """Left, and what was given and wasted is still to be recorded."""
    return session is not None and session.left_at is not None and not session.recorded


def at(chair: Chair | None, visits: Sequence[Visit]) -> Iterator[Visit]:
    key = chair.pk if chair else None
    return (one for one in visits if one.appointment.chair_id == key)


def bounds(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in Norway."""
    start = datetime(day.year, day.month, day.day, tzinfo=OSLO)
    following = day + timedelta(days=1)
    return start, datetime(following.year, following.month, following.day, tzinfo=OSLO)


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
            doctor_task=Subquery(at_once.values("pk")[:1]),
        )
        .select_related("patient", "chair")
        .order_by("starts_at", "pk")
    )


def sessions_on(unit: UUID, day: date) -> QuerySet[Session]:
    """Of a day and the day before, with how far each has come."""
    mine = {"session": OuterRef("pk")}
    order = SessionOrder.objects.in_force().filter(**mine)
    prepared = PreparationCheck.objects.in_force().filter(
        order__session=OuterRef("pk"), order__signature__isnull=False
    )
    gate = StartGateRecord.objects.in_force().filter(**mine).order_by("-happened_at", "-pk")
    pump = PumpEvent.objects.in_force().filter(**mine).order_by("happened_at")
    left = DischargeRecord.objects.in_force().filter(**mine)
    found: QuerySet[Session] = Session.objects.in_unit(unit).filter(
        planned_on__in=(day - timedelta(days=1), day)
    )
    return found.annotate(
        ordered=Exists(order),
        signed=Exists(order.filter(signature__isnull=False)),
        prepared=Exists(prepared),
        gate_standing=Subquery(gate.values("standing")[:1]),
        gate_override=Subquery(gate.values("override_by")[:1]),
        started_at=Subquery(pump.filter(act=PumpAct.START).values("happened_at")[:1]),
        stopped_at=Subquery(pump.filter(act=PumpAct.STOP).values("happened_at")[:1]),
        recorded=Exists(SessionGiven.objects.in_force().filter(entry=OuterRef("pk"))),
        left_at=Subquery(left.values("left_at")[:1]),
    )


def visit(
    appointment: Any,
    standing: CourseStanding | None,
    session: Any,
    *,
    day: date,
    judged: bool,
) -> Visit:
    given = appointment.kind == AppointmentKind.SESSION
    started = session is not None and session.started_at is not None
    before = given and not started
    unscreened = (
        judged
        and standing is not None
        and lacks_screener(
            standing, screens_in(appointment.screens), on=on_day(appointment.starts_at)
        )
    )
    lacking = [
        *_of_patient(appointment),
        *([Lacking.SCREENER] if unscreened else ()),
        *_due(standing, day, but=SCREENER if unscreened else ""),
        *_at_chair(session),
    ]
    card = appointment.patient.card()
    return Visit(appointment, card, standing, session, tuple(lacking) if before else ())


def _of_patient(appointment: Any) -> Iterator[Lacking]:
    if appointment.doctor_task:
        yield Lacking.DOCTOR_NOW
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


def _at_chair(session: Any) -> Iterator[Lacking]:
    if session is None or not session.ordered:
        yield Lacking.ORDER
    elif not session.signed:
        yield Lacking.SIGNATURE
    if session is None or not session.prepared:
        yield Lacking.PREPARATION
    if session is None or session.gate_standing is None:
        yield Lacking.GATE
    elif session.gate_standing > Standing.CAUTION and session.gate_override is None:
        yield Lacking.GATE_OPEN


@dataclass(frozen=True, slots=True)
class Awaited:
    """A course in which something should have been done by now, and by when."""

    card: PatientCard
    standing: CourseStanding
    day: date

    @property
    def evaluation(self) -> bool:
        """An evaluation waits from the day it may be made, late or not."""
        return self.standing.phase == Phase.EVALUATION

    @property
    def rating_late_since(self) -> date | None:
        return self.late(self.standing.rating_due)

    @property
    def next_late_since(self) -> date | None:
        return self.late(self.standing.next_due)

    def late(self, by: date | None) -> date | None:
        return by if by is not None and by < self.day else None

    @property
    def pressing(self) -> tuple[date, str]:
        """What is late longest comes first; an evaluation that is not late comes last."""
        since = [one for one in (self.rating_late_since, self.next_late_since) if one]
        return min(since, default=date.max), str(self.standing.pk)


def awaited(unit: UUID, day: date, *, but: Collection[UUID] = ()) -> list[Awaited]:
    """Evaluations that wait, and what is past its last day, ``but`` of those patients."""
    late = Q(next_due__lt=day) | Q(rating_due__lt=day) | Q(phase=Phase.EVALUATION)
    rows = CourseStanding.objects.open().in_unit(unit).filter(late).exclude(patient__in=but)
    found = (Awaited(row.patient.card(), row, day) for row in rows)
    return sorted(found, key=lambda one: one.pressing)
