"""A positive answer about suicide becomes a task with a receiver and a time; never a grade."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, time, timedelta
from itertools import chain

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentState
from lysglimt.clinic.treatment.models import (
    Rating,
    SafetyTask,
    TaskAcknowledgement,
    TaskAddition,
)
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.item import Attention
from lysglimt.knowledge.safety.suicidality import Promptness, SafetyAnswer, task
from lysglimt.knowledge.safety.suicidality import SafetyTask as Asked

RULE = "suicidality"


def safety_answers(rating: Rating) -> tuple[SafetyAnswer, ...]:
    """The safety items of a rating that were answered, as they were answered."""
    return tuple(
        SafetyAnswer(rating.instrument, item, int(rating.answers[item]))
        for item, attention in rating.attention.items()
        if attention != Attention.NOT_ASKED
    )


def follow_up(
    *, rating: Rating, receiver: Professional, by: Professional, at: datetime
) -> SafetyTask | None:
    """The task that a rating opens or is added to; None when nothing (more) in it asks for one.

    A repeated answer is added to the open task, so that a patient who has these thoughts
    throughout does not bring a new task with every rating.
    """
    if followed_up(rating):
        return None
    waiting = SafetyTask.objects.open().filter(patient_id=rating.patient_id)
    newest = waiting.prefetch_related("additions").order_by("-opened_at", "-pk").first()
    step = task(safety_answers(rating), open_task=asked_by(newest) if newest else None)
    if step is None:
        return None
    if step.opened or newest is None:
        return _open(rating, step.task, receiver=receiver, by=by, at=at)
    TaskAddition.objects.create(
        task=newest, rating=rating, signs=written(step.task.answers), at=at
    )
    deed = audit.Deed(patients=[rating.patient_id], after=newest)
    audit.record(by=by, at=at, operation="task.add", deed=deed)
    return newest


def followed_up(rating: Rating) -> bool:
    """It was sent twice, and once is enough."""
    opened = SafetyTask.objects.filter(rating=rating)
    return opened.exists() or TaskAddition.objects.filter(rating=rating).exists()


def asked_by(row: SafetyTask) -> Asked:
    """A stored task as the rule reads it: all answers so far, those added too."""
    additions = list(row.additions.all())
    signs = chain(row.signs, *(addition.signs for addition in additions))
    answers = dict.fromkeys(SafetyAnswer(**sign) for sign in signs)
    return Asked(Promptness(row.promptness), tuple(answers))


def written(answers: Iterable[SafetyAnswer]) -> list[dict[str, object]]:
    return [asdict(answer) for answer in answers]


def _open(
    rating: Rating, asked: Asked, *, receiver: Professional, by: Professional, at: datetime
) -> SafetyTask:
    opened = SafetyTask(
        unit=by.unit,
        patient_id=rating.patient_id,
        rating=rating,
        receiver=receiver,
        rule=RULE,
        promptness=asked.act.value,
        signs=written(asked.answers),
        opened_at=at,
        due_at=due_at(rating, asked.act, at=at),
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
    # A rating that adds to the task at this moment is added before it is closed, or opens another.
    Patient.objects.select_for_update().get(pk=safety_task.patient_id)
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
