"""Booking, moving and keeping appointments: a chair takes one patient at a time."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.rota import WatchKind

from .calendar import OSLO
from .models import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Chair,
    RotaWatch,
    written_reason,
)


class ChairTaken(ClinicalError):
    """Another patient has the chair in that time."""

    code = "appointment.chair-taken"


class WrongTimes(ClinicalError):
    code = "appointment.ends-before-it-starts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """``course`` is the id of the course it belongs to, where there is one.

    ``off_plan`` is why a doctor chose a day outside the planned window, with the doctor's name.
    """

    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    chair: Chair | None = None
    course: UUID | None = None
    off_plan: str = ""


@transaction.atomic
def add_chair(*, unit: Unit, name: str, by: Professional, at: datetime) -> Chair:
    chair = Chair(unit=unit, name=name)
    chair.save(force_insert=True)
    audit.record(by=by, at=at, operation="chair.add", deed=audit.Deed(after=chair))
    return chair


@transaction.atomic
def book(
    *,
    patient: Patient,
    booking: Booking,
    by: Professional,
    at: datetime,
    entered: Entered | None = None,
) -> Appointment:
    """Raises ChairTaken, WrongTimes."""
    said = entered or Entered(happened_at=at, entered_at=at)
    decided = written_reason("", off_plan=booking.off_plan)
    appointment = Appointment(
        patient=patient,
        unit=by.unit,
        kind=booking.kind.value,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        chair=booking.chair,
        course=booking.course,
        by=by,
        received_at=at,
        **asdict(said) | ({"reason": decided} if decided else {}),
    )
    refuse_clash(appointment)
    return people.enter(appointment, operation="appointment.book", patients=[patient.pk])


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    booking: Booking,
    by: Professional,
    at: datetime,
    reason: str,
) -> Appointment:
    """Another time or chair. Raises ChairTaken, WrongTimes."""
    moved = appointment.revised(
        kind=booking.kind.value,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        chair_id=booking.chair.pk if booking.chair else None,
        course=booking.course,
        by_id=by.pk,
        entered_at=at,
        received_at=at,
        reason=written_reason(reason, off_plan=booking.off_plan),
    )
    refuse_clash(moved)
    return people.enter(moved, operation="appointment.move", patients=[moved.patient_id])


@transaction.atomic
def mark(
    *,
    appointment: Appointment,
    state: AppointmentState,
    by: Professional,
    at: datetime,
    reason: str = "",
) -> Appointment:
    """Kept, cancelled or stayed away; back to planned asks again whether the chair is free."""
    marked = appointment.revised(
        state=state.value,
        by_id=by.pk,
        entered_at=at,
        received_at=at,
        reason=written_reason(reason) or state.value,
    )
    refuse_clash(marked)
    return people.enter(
        marked, operation=f"appointment.{state.value}", patients=[marked.patient_id]
    )


def refuse_clash(appointment: Appointment) -> None:
    """Locks the chair, so that of two who book at once the second sees the first."""
    if appointment.ends_at <= appointment.starts_at:
        raise WrongTimes(
            "The appointment ends before it starts.",
            field="ends_at",
            value=appointment.ends_at,
            allowed=f"after {appointment.starts_at}",
        )
    expects = {AppointmentState.PLANNED.value, AppointmentState.KEPT.value}
    if appointment.chair_id is None or appointment.state not in expects:
        return
    chair = Chair.objects.select_for_update().get(pk=appointment.chair_id)
    others = Appointment.objects.in_force().expected().in_chair(chair)
    clash = others.between(appointment.starts_at, appointment.ends_at).exclude(
        entry=appointment.entry
    )
    taken = clash.first()
    if taken is not None:
        begins, ends = (at.astimezone(OSLO) for at in (taken.starts_at, taken.ends_at))
        raise ChairTaken(
            f"{chair} is taken {begins:%Y-%m-%d} from {begins:%H:%M} to {ends:%H:%M}",
            field="chair",
            value=[str(chair), begins.date(), f"{begins:%H:%M}–{ends:%H:%M}"],
        )


class NotOfTheUnit(ClinicalError):
    """The rota of a unit names its own people."""

    code = "rota.person-of-another-unit"


class NoWeekday(ClinicalError):
    """A watch is on at least one weekday, of a period that does not end before it begins."""

    code = "rota.no-day"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPlanned:
    """Who receives, from day ``first_day`` to day ``last_day``, on which ``weekdays`` (Monday 0)."""

    person: Professional
    kind: WatchKind
    first_day: date
    last_day: date
    weekdays: tuple[int, ...]
    begins: time
    ends: time


def plan_watch(
    *, planned: WatchPlanned, entered: Entered, by: Professional, at: datetime
) -> RotaWatch:
    """Raises NotOfTheUnit, NoWeekday."""
    if planned.person.unit_id != by.unit_id:
        raise NotOfTheUnit(f"{planned.person} is of another unit", field="person")
    if not planned.weekdays or planned.last_day < planned.first_day:
        raise NoWeekday("weekdays: on no day", field="weekdays", value="", allowed="0 .. 6")
    row = RotaWatch(
        unit=by.unit,
        person=planned.person,
        kind=planned.kind.value,
        first_day=planned.first_day,
        last_day=planned.last_day,
        weekdays=sorted(planned.weekdays),
        begins=planned.begins,
        ends=planned.ends,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    return people.enter(row, operation="rota.plan", patients=[])


def strike_watch(*, watch: RotaWatch, by: Professional, at: datetime, reason: str) -> RotaWatch:
    """Somebody else takes it, or it was entered in error: it stays, struck through."""
    return people.withdraw(
        watch, by=by, at=at, operation="rota.strike", patients=[], reason=reason
    )
