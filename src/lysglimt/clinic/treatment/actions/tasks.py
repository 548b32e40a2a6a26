"""A positive answer about suicide becomes a task with a receiver and a time; never a grade."""

from datetime import datetime, time, timedelta

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentState
from lysglimt.clinic.treatment.models import (
    Rating,
    SafetyTask,
    TaskAcknowledgement,
    TaskAddition,
)
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.suicidality import PositiveItem, Promptness, Task, task

POSITIVE = {"review", "urgent"}
RULE = "suicidality"


def positive_items(rating: Rating) -> frozenset[PositiveItem]:
    """The items of a rating that ask for a clinician, with the answers as given."""
    return frozenset(
        PositiveItem(rating.instrument, item, int(rating.answers[item]))
        for item, attention in rating.attention.items()
        if attention in POSITIVE
    )


def follow_up(
    *, rating: Rating, receiver: Professional, by: Professional, at: datetime
) -> SafetyTask | None:
    """The task that a rating opens or is added to; None when nothing in it asks for one.

    An unchanged answer is added to the open task, so that a patient who has these thoughts
    throughout does not bring a new task with every rating.
    """
    asked = task(positive_items(rating))
    if asked is None:
        return None
    signs = written(asked)
    for open_task in SafetyTask.objects.open().filter(patient_id=rating.patient_id):
        if signs.items() <= open_task.signs.items():
            TaskAddition.objects.create(task=open_task, rating=rating, at=at)
            deed = audit.Deed(patients=[rating.patient_id], after=open_task)
            audit.record(by=by, at=at, operation="task.add", deed=deed)
            return open_task
    return _open(rating, asked, receiver=receiver, by=by, at=at)


def written(asked: Task) -> dict[str, int]:
    """``{"madrs/i10": 4}``"""
    return {f"{item.instrument}/{item.item}": item.value for item in asked.items}


def _open(
    rating: Rating, asked: Task, *, receiver: Professional, by: Professional, at: datetime
) -> SafetyTask:
    opened = SafetyTask(
        unit=by.unit,
        patient_id=rating.patient_id,
        rating=rating,
        receiver=receiver,
        rule=RULE,
        promptness=asked.promptness.name.lower(),
        signs=written(asked),
        opened_at=at,
        due_at=due_at(rating, asked.promptness, at=at),
    )
    opened.save(force_insert=True)
    deed = audit.Deed(patients=[rating.patient_id], after=opened)
    audit.record(by=by, at=at, operation="task.open", deed=deed)
    return opened


def due_at(rating: Rating, promptness: Promptness, *, at: datetime) -> datetime:
    """Now, before the day ends in Norway, or at the next appointment if there is one."""
    tonight = datetime.combine(on_day(at) + timedelta(days=1), time(), tzinfo=OSLO)
    match promptness:
        case Promptness.DOCTOR_NOW:
            return at
        case Promptness.SAME_DAY:
            return tonight
        case Promptness.NEXT_CONTACT:
            planned = Appointment.objects.in_force().filter(
                patient_id=rating.patient_id, state=AppointmentState.PLANNED, starts_at__gt=at
            )
            # Without an appointment there is no next contact to wait for.
            coming = planned.order_by("starts_at").values_list("starts_at", flat=True).first()
            return coming or tonight


class Acknowledged(ClinicalError):
    """Another has taken the task already."""

    code = "task.acknowledged"


@transaction.atomic
def acknowledge_task(
    *, safety_task: SafetyTask, action_taken: str, by: Professional, at: datetime
) -> TaskAcknowledgement:
    """Who looked at the patient, and what was done. Raises Acknowledged, NothingSaid."""
    if not action_taken.strip():
        raise NothingSaid(
            "action_taken: say what was done", field="action_taken", value="", allowed="words"
        )
    locked = SafetyTask.objects.select_for_update().get(pk=safety_task.pk)
    taken = TaskAcknowledgement.objects.filter(task=locked).select_related("by").first()
    if taken is not None:
        raise Acknowledged(f"{taken.by} has taken this task", by=str(taken.by), at=taken.at)
    said = TaskAcknowledgement(task=locked, by=by, at=at, action_taken=action_taken)
    said.save(force_insert=True)
    deed = audit.Deed(patients=[locked.patient_id], after=said)
    audit.record(by=by, at=at, operation="task.acknowledge", deed=deed)
    return said


class NothingSaid(ClinicalError):
    """A task is not closed by a click alone."""

    code = "task.nothing-said"
