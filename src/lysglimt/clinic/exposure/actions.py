"""Every write of what is seen over months: results, checks, doses elsewhere, holds lifted, stops."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import (
    Appointment,
    AppointmentKind,
    AppointmentState,
)
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.exposure import exposure_grid
from lysglimt.knowledge.safety.holding import Hold
from lysglimt.knowledge.verdict import Finding

from .beside import DOCTOR, OVER, over_months_of, row_key
from .models import CheckMade, DoseElsewhere, HoldLifted, LabResult, SafetyStop, Said

CALLED_OFF = "safety-stop"
"""Why an appointment was cancelled."""
DOCTORS_HOLD = "doctors-hold"
"""The check by which a doctor's own hold is kept."""
STOPS = "EV-5"
"""The rule by which what is harmful stops a course at any time."""
AnEntry = TypeVar("AnEntry", LabResult, CheckMade)


class HoldChanged(ClinicalError):
    """Something else holds the treatment than what the doctor has read."""

    code = "hold.changed"


class HeldByThis(ClinicalError):
    """Nobody but a doctor takes away what holds the treatment."""

    code = "hold.rests-on-it"


class ByResult(ClinicalError):
    """What a rule reads is entered as a result: by hand one says only why it is not done."""

    code = "check.by-result"


class CourseOver(ClinicalError):
    """A course that is over is not stopped again."""

    code = "safety-stop.over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Of one analyte, as the laboratory wrote it: an amount, a sign, or why it was not taken."""

    analyte: str
    value: Decimal | None = None
    unit_of_value: str = ""
    sign: str = ""
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None
    not_taken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """When and where, with the answer to the question of the panel."""

    taken_on: date
    laboratory: str = ""
    circumstance: str = ""


@transaction.atomic
def enter_results(
    *,
    patient: Patient,
    taken: Taken,
    answers: Sequence[Answer],
    entered: Entered,
    by: Professional,
    at: datetime,
) -> list[LabResult]:
    """All of a form or none; each is a fact of its own, so that each is corrected alone."""
    return [
        people.enter(
            LabResult(
                patient=patient,
                unit=by.unit,
                by=by,
                received_at=at,
                **asdict(answer),
                **asdict(taken),
                **asdict(replace(entered, entry=uuid5(entered.entry, answer.analyte))),
            ),
            operation="lab.enter",
            patients=[patient.pk],
        )
        for answer in answers
    ]


@transaction.atomic
def correct_result(
    *,
    result: LabResult,
    answer: Answer,
    taken: Taken,
    by: Professional,
    at: datetime,
    reason: str,
) -> LabResult:
    """Its next revision. Raises HeldByThis."""
    refuse_what_holds(row_key(result), patient=result.patient_id, by=by)
    return people.correct(
        result,
        by=by,
        at=at,
        operation="lab.correct",
        patients=[result.patient_id],
        reason=reason,
        **asdict(answer),
        **asdict(taken),
    )


def strike_result(
    *, result: LabResult, by: Professional, at: datetime, reason: str
) -> LabResult:
    """Of another patient, or entered twice: it stays, struck through. Raises HeldByThis."""
    return struck(result, by=by, at=at, operation="lab.strike", reason=reason)


def strike_check(*, check: CheckMade, by: Professional, at: datetime, reason: str) -> CheckMade:
    """Raises HeldByThis."""
    return struck(check, by=by, at=at, operation="check.strike", reason=reason)


@transaction.atomic
def struck(
    row: AnEntry, *, by: Professional, at: datetime, operation: str, reason: str
) -> AnEntry:
    refuse_what_holds(row_key(row), patient=row.patient_id, by=by)
    return people.withdraw(
        row, by=by, at=at, operation=operation, patients=[row.patient_id], reason=reason
    )


def refuse_what_holds(key: str, *, patient: UUID, by: Professional) -> None:
    """While it holds the treatment a doctor corrects it. In journal mode nothing is held."""
    locked = Patient.objects.select_for_update().get(pk=patient)
    if by.role in DOCTORS or by.unit.journal_mode:
        return
    if over_months_of(locked).holding(key):
        raise HeldByThis("The treatment is held by this.", field="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A check by hand; of one that was not ``made``, ``told`` says why."""

    item: str
    made: bool
    made_on: date
    answers: Mapping[str, str]
    told: str = ""


@transaction.atomic
def record_checks(
    *,
    patient: Patient,
    checked: Sequence[Checked],
    entered: Entered,
    by: Professional,
    at: datetime,
) -> list[CheckMade]:
    """Raises ByResult."""
    by_result = {check.id for check in exposure_grid().check if check.by_result}
    if any(one.made and one.item in by_result for one in checked):
        raise ByResult("It is entered as a result.", field="")
    return [
        people.enter(
            CheckMade(
                patient=patient,
                unit=by.unit,
                by=by,
                received_at=at,
                **{**asdict(one), "answers": dict(one.answers)},
                **asdict(replace(entered, entry=uuid5(entered.entry, one.item))),
            ),
            operation="check.record",
            patients=[patient.pk],
        )
        for one in checked
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenElsewhere:
    """As it was told; what is None or empty is not known."""

    substance: str
    told_by: str
    place: str = ""
    first_on: date | None = None
    last_on: date | None = None
    sessions: int | None = None
    mg: Decimal | None = None
    told: str = ""


def record_elsewhere(
    *, patient: Patient, given: GivenElsewhere, entered: Entered, by: Professional, at: datetime
) -> DoseElsewhere:
    row = DoseElsewhere(
        patient=patient, unit=by.unit, by=by, received_at=at, **asdict(given), **asdict(entered)
    )
    return people.enter(row, operation="elsewhere.record", patients=[patient.pk])


def strike_elsewhere(
    *, dose: DoseElsewhere, by: Professional, at: datetime, reason: str
) -> DoseElsewhere:
    return people.withdraw(
        dose,
        by=by,
        at=at,
        operation="elsewhere.strike",
        patients=[dose.patient_id],
        reason=reason,
    )


def set_hold(
    *, patient: Patient, told: str, entered: Entered, by: Professional, at: datetime
) -> CheckMade:
    """A doctor puts the treatment on hold, by no result. Raises NotADoctor."""
    refuse_all_but_doctors(by, field="by")
    row = CheckMade(
        patient=patient,
        unit=by.unit,
        item=DOCTORS_HOLD,
        made=True,
        made_on=on_day(entered.happened_at),
        answers={DOCTOR: Said.YES.value},
        told=told,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    return people.enter(row, operation="hold.set", patients=[patient.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """``keys`` are the results that the doctor has read, ``told`` why the treatment goes on.

    ``name`` is that of the hold, or of the question that is answered for.
    """

    name: str
    keys: Sequence[str]
    told: str


@transaction.atomic
def lift_hold(
    *, patient: Patient, lifted: Lifted, entered: Entered, by: Professional, at: datetime
) -> HoldLifted:
    """A doctor signs. What comes later holds anew. Raises NotADoctor, HoldChanged."""
    refuse_all_but_doctors(by, field="by")
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    known: HoldLifted | None = HoldLifted.objects.filter(entry=entered.entry).first()
    if known is not None:
        return known
    hold = the_hold(locked, lifted.name)
    if hold is None or sorted(hold.keys) != sorted(lifted.keys):
        raise HoldChanged("Something else holds the treatment now.", field="")
    row = HoldLifted(
        patient=locked,
        unit=by.unit,
        rule=hold.rule,
        keys=list(hold.keys),
        findings=[finding_as_written(hold.told)],
        told=lifted.told,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    return people.enter(row, operation="hold.lift", patients=[patient.pk])


def the_hold(patient: Patient, name: str) -> Hold | None:
    """None where nothing of this name holds, or is asked, any more."""
    return next((one for one in over_months_of(patient).waits if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Why, what is done now, who sees to the patient, and when they are next in touch."""

    told: str
    plan: str
    responsible: Professional
    next_contact_on: date
    findings: Sequence[Finding] = ()


@transaction.atomic
def stop_for_safety(
    *, course: Course, stopped: Stopped, entered: Entered, by: Professional, at: datetime
) -> SafetyStop:
    """The course is stopped for harm, and it says what is done instead. A doctor signs.

    What was booked of it is called off. Raises NotADoctor, CourseOver.
    """
    refuse_all_but_doctors(by, field="by")
    Patient.objects.select_for_update().get(pk=course.patient_id)
    known: SafetyStop | None = SafetyStop.objects.filter(entry=entered.entry).first()
    if known is not None:
        return known
    here = Course.objects.select_related("standing", "unit").get(pk=course.pk)
    if here.standing.phase in OVER:
        raise CourseOver("The course is over.", field="")
    # Before its first session a course is closed: there a stop is no step, and moves nothing.
    planned = here.standing.phase == Phase.PLANNED
    kind = DecisionKind.CLOSE if planned else DecisionKind.STOP
    decided = treatment.Decided(
        kind=kind, rule=STOPS, deviation=stopped.told, ground=StopGround.HARM
    )
    row = SafetyStop(
        course=here,
        decision=treatment.decide(course=here, decided=decided, by=by, at=at, entered=entered),
        findings=[finding_as_written(one) for one in stopped.findings],
        told=stopped.told,
        plan=stopped.plan,
        responsible=stopped.responsible,
        next_contact_on=stopped.next_contact_on,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    call_off(here, by=by, at=at)
    return people.enter(row, operation="safety-stop.decide", patients=[course.patient_id])


def call_off(course: Course, *, by: Professional, at: datetime) -> None:
    """The sessions to come; talks and follow-up are kept."""
    rows = Appointment.objects.in_force().of_course(course.pk).filter(starts_at__gt=at)
    booked = rows.filter(
        kind=AppointmentKind.SESSION.value, state=AppointmentState.PLANNED.value
    )
    for appointment in booked:
        scheduling.mark(
            appointment=appointment,
            state=AppointmentState.CANCELLED,
            by=by,
            at=at,
            reason=CALLED_OFF,
        )
