"""The treatment is stopped for safety: the decision, what is done now, and what was booked is called off."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from lysglimt.clinic.exposure.beside import OVER
from lysglimt.clinic.exposure.models import SafetyStop
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.scheduling import actions as scheduling
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
from lysglimt.knowledge.verdict import Finding

CALLED_OFF = "safety-stop"
"""Why an appointment was cancelled."""
STOPS = "EV-5"
"""The rule by which what is harmful stops a course at any time."""


class CourseOver(ClinicalError):
    """A course that is over is not stopped again."""

    code = "safety-stop.over"


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
