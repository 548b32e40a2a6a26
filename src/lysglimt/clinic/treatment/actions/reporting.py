"""A nurse writes which doctor saw the patient, when, and the plan; that doctor confirms it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.treatment.models import (
    ReportedAssessment,
    SafetyTask,
    TaskAcknowledgement,
)
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.suicidality import Promptness, answered_by_a_doctor

from .entering import stamped
from .tasks import Acknowledged, NothingSaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a doctor said who has seen the patient."""

    doctor: Professional
    plan: str
    treat_today: bool | None = None


class NoDoctorAsked(ClinicalError):
    """The task asks for no doctor: whoever takes it answers it."""

    code = "task.no-doctor-asked"


class NotOfTheUnit(ClinicalError):
    """The doctor who saw the patient works in another unit than the task."""

    code = "task.doctor-of-another-unit"


class SeenAtAnotherTime(ClinicalError):
    """Before the answer that asks for a doctor nobody answered it; later than now neither."""

    code = "task.seen-at-another-time"

    def __init__(self, *, first: datetime, seen_at: datetime) -> None:
        said = seen_at.isoformat()
        super().__init__(f"seen_at: {said}", field="seen_at", value=said)
        self.first = first


@transaction.atomic
def report_assessment(
    *, safety_task: SafetyTask, told: Told, entered: Entered, by: Professional, at: datetime
) -> ReportedAssessment:
    """The task stays open until the doctor confirms. ``entered`` has when the patient was seen.

    Reported again, the newest counts. Raises NoDoctorAsked, NotADoctor, NotOfTheUnit,
    NothingSaid, SeenAtAnotherTime, Acknowledged.
    """
    if not answered_by_a_doctor(Promptness(safety_task.promptness)):
        raise NoDoctorAsked("The task asks for no doctor.", field="task")
    refuse_all_but_doctors(told.doctor, field="doctor")
    if told.doctor.unit_id != safety_task.unit_id:
        raise NotOfTheUnit(f"{told.doctor} is of another unit", field="doctor")
    if not told.plan.strip():
        raise NothingSaid("plan: say what the doctor decided", field="plan", value="")
    locked = locked_open(safety_task)
    refuse_time(locked, entered.happened_at, at=at)
    row = ReportedAssessment(
        task=locked,
        doctor=told.doctor,
        plan=told.plan,
        treat_today=told.treat_today,
        **stamped(entered, by=by, at=at),
    )
    return people.enter(row, operation="task.report", patients=[locked.patient_id])


def locked_open(safety_task: SafetyTask) -> SafetyTask:
    """In turn with a rating that adds to it. Raises Acknowledged."""
    Patient.objects.select_for_update().get(pk=safety_task.patient_id)
    locked: SafetyTask = SafetyTask.objects.select_for_update().get(pk=safety_task.pk)
    taken = TaskAcknowledgement.objects.filter(task=locked).select_related("by").first()
    if taken is not None:
        raise Acknowledged(f"{taken.by} has taken this task", by=str(taken.by), at=taken.at)
    return locked


def refuse_time(safety_task: SafetyTask, seen_at: datetime, *, at: datetime) -> None:
    """``first`` is the first whole minute that is not before the answer, as a time is typed."""
    asked = asked_last(safety_task)
    if not asked <= seen_at <= at:
        whole = asked.replace(second=0, microsecond=0)
        first = whole if whole == asked else whole + timedelta(minutes=1)
        raise SeenAtAnotherTime(first=first, seen_at=seen_at)


def asked_last(safety_task: SafetyTask) -> datetime:
    """When the task was opened, or an answer was last added to it."""
    added = safety_task.additions.order_by("-at").values_list("at", flat=True).first()
    return max(safety_task.opened_at, added or safety_task.opened_at)


class NotTheDoctorNamed(ClinicalError):
    """Another doctor is said to have seen the patient."""

    code = "task.not-the-doctor-named"


class ReportedAnew(ClinicalError):
    """What was read is not what is told now."""

    code = "task.reported-anew"


class AddedSince(ClinicalError):
    """The patient has answered again after the doctor was there."""

    code = "task.added-since"


@transaction.atomic
def confirm_assessment(
    *,
    report: ReportedAssessment,
    by: Professional,
    at: datetime,
    next_contact_on: date | None = None,
) -> TaskAcknowledgement:
    """The doctor says that it is as it was told, and with that the task is answered.

    ``next_contact_on`` is the day that was agreed with the patient, where one was.
    Raises NotADoctor, NotTheDoctorNamed, Acknowledged, ReportedAnew, AddedSince.
    """
    refuse_all_but_doctors(by)
    if report.doctor_id != by.pk:
        raise NotTheDoctorNamed(f"{report.doctor} saw the patient", by=str(report.doctor))
    known = TaskAcknowledgement.objects.filter(confirms=report).first()
    if known is not None:
        # Tapped twice.
        return known
    locked = locked_open(report.task)
    newest = ReportedAssessment.objects.in_force().filter(task=locked).newest_first().first()
    if newest is None or newest.pk != report.pk:
        raise ReportedAnew("Something else is told now.", field="report")
    if report.happened_at < asked_last(locked):
        raise AddedSince("The patient has answered again since.", field="report")
    said = TaskAcknowledgement(
        task=locked,
        by=by,
        at=at,
        action_taken=report.plan,
        treat_today=report.treat_today,
        next_contact_on=next_contact_on,
        confirms=report,
    )
    said.save(force_insert=True)
    deed = audit.Deed(patients=[locked.patient_id], after=said)
    audit.record(by=by, at=at, operation="task.confirm", deed=deed)
    return said
