"""A positive answer about suicide becomes a task with a receiver and a time; never a grade."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentState
from lysglimt.clinic.scheduling.rota import receiver_now
from lysglimt.clinic.treatment.models import (
    ANSWERED_ANEW,
    PUMP_AGAINST,
    Rating,
    SafetyTask,
    TaskAcknowledgement,
    TaskAddition,
)
from lysglimt.clinic.treatment.models.task import STRUCK
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.answers import Answer
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.safety.suicidality import (
    Promptness,
    SafetyAnswer,
    answered_by_a_doctor,
    in_their_time,
    task,
)
from lysglimt.knowledge.safety.suicidality import SafetyTask as Asked

RULE = "suicidality"


def safety_answers(
    name: str, answers: Mapping[str, Answer], recall: str
) -> tuple[SafetyAnswer, ...]:
    """The safety items of an instrument that were answered, in the window they were asked about."""
    scale = instrument(name)
    window = "" if recall in {"", scale.recall.default.id} else recall
    given = ((item.id, answers.get(item.id)) for item in scale.safety_items)
    return in_their_time(
        SafetyAnswer(scale.id, item, int(answer), window)
        for item, answer in given
        if answer is not None
    )


def asks_for(name: str, answers: Mapping[str, Answer], recall: str) -> Promptness | None:
    """How soon the answers ask for a clinician; None when they do not. Open tasks are not seen."""
    step = task(safety_answers(name, answers, recall))
    return step.task.act if step else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Which variant of the recall window was asked about, who is told, and what is corrected.

    Without a ``receiver`` it is whom the unit's rota names at that hour, or the leader where the
    rota has a hole; in a unit that keeps no rota, who records.
    """

    recall: str
    receiver: Professional | None = None
    corrects: Rating | None = None


def follow_up(
    *, rating: Rating, heard: Heard, by: Professional, at: datetime
) -> SafetyTask | None:
    """The task that a rating opens or is added to; None when nothing (more) in it asks for one.

    A repeated answer is added to the task that is open, so that a patient who has these
    thoughts throughout does not bring a new task with every rating. What
    happened since the last contact is never a repetition. Raises ReceiverNotADoctor when an
    answer that a doctor answers is given to another by name, or asks for a doctor now.
    """
    if followed_up(rating):
        return None
    waiting = SafetyTask.objects.open().filter(patient_id=rating.patient_id)
    rows = list(waiting.prefetch_related("additions").order_by("-opened_at", "-pk"))
    asked = [asked_by(row) for row in rows]
    before = heard.corrects.answers if heard.corrects else {}
    corrected = safety_answers(rating.instrument, before, heard.recall)
    said = safety_answers(rating.instrument, rating.answers, heard.recall)
    step = task(said, open_tasks=asked, corrected=corrected)
    if step is None:
        return None
    if step.added_to is None:
        who = receiver_of(step.task.act, named=heard.receiver, by=by, at=at)
        return _open(rating, step.task, receiver=who, by=by, at=at)
    row = rows[asked.index(step.added_to)]
    TaskAddition.objects.create(
        task=row, rating=rating, signs=written(step.task.answers), at=at
    )
    deed = audit.Deed(patients=[rating.patient_id], after=row)
    audit.record(by=by, at=at, operation="task.add", deed=deed)
    return row


def receiver_of(
    act: Promptness, *, named: Professional | None, by: Professional, at: datetime
) -> tuple[Professional, str]:
    """Whom somebody named, else by the rota of the unit, else who records; and how it was found.

    The leader who receives where the rota has a hole may be no doctor: a doctor answers all
    the same. Raises ReceiverNotADoctor.
    """
    needs_doctor = answered_by_a_doctor(act)
    found = None if named else receiver_now(by.unit_id, at=at, doctor=needs_doctor)
    if found is not None:
        return found.person, found.way.value
    receiver = named or by
    if (named and needs_doctor) or act is Promptness.DOCTOR_NOW:
        refuse_receiver(receiver)
    return receiver, ""


class ReceiverNotADoctor(ClinicalError):
    """What a doctor is to answer is given to a doctor."""

    code = "task.receiver-not-a-doctor"


def refuse_receiver(receiver: Professional) -> None:
    if receiver.role not in DOCTORS:
        raise ReceiverNotADoctor(
            f"{receiver} is not a doctor",
            field="receiver",
            value=str(receiver),
            allowed="a doctor",
        )


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
    rating: Rating,
    asked: Asked,
    *,
    receiver: tuple[Professional, str],
    by: Professional,
    at: datetime,
) -> SafetyTask:
    person, routed = receiver
    opened = SafetyTask(
        unit=by.unit,
        patient_id=rating.patient_id,
        rating=rating,
        receiver=person,
        routed=routed,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Who is asked. ``routed`` is how it was found, where nobody named one.

    ``by_name``: named for this, and is asked though another was asked before.
    """

    person: Professional
    routed: str = ""
    by_name: bool = False


@transaction.atomic
def ask_for_a_doctor(
    *,
    patient: Patient,
    rule: str,
    receiver: Professional | Whom,
    by: Professional,
    at: datetime,
    since: datetime | None = None,
) -> SafetyTask:
    """A checklist, or a chart, asks for a doctor now, ``since`` when it says. Once while it is open.

    Unless somebody has told of a doctor who was there: that was before this was asked.
    """
    whom = receiver if isinstance(receiver, Whom) else Whom(person=receiver)
    Patient.objects.select_for_update().get(pk=patient.pk)
    same = SafetyTask.objects.open().filter(patient=patient, rule=rule)
    open_tasks = same.filter(reports__isnull=True)
    waiting = (open_tasks.filter(receiver=whom.person) if whom.by_name else open_tasks).first()
    if waiting is not None:
        return waiting
    opened = SafetyTask(
        unit=by.unit,
        patient=patient,
        receiver=whom.person,
        routed=whom.routed,
        rule=rule,
        promptness=Promptness.DOCTOR_NOW.value,
        opened_at=since or at,
        due_at=since or at,
    )
    opened.save(force_insert=True)
    deed = audit.Deed(patients=[patient.pk], after=opened)
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
    *,
    safety_task: SafetyTask,
    action_taken: str,
    by: Professional,
    at: datetime,
    treat_today: bool | None = None,
    next_contact_on: date | None = None,
) -> TaskAcknowledgement:
    """Who looked at the patient, and what was done. What asks for a doctor a doctor answers.

    So does what is to be looked at the same day: not who rated the patient, unless a doctor.
    ``treat_today`` is whether the patient may be given the drug that day, where it was asked;
    ``next_contact_on`` the day that was agreed with the patient.
    Raises Acknowledged, NothingSaid, NotADoctor.
    """
    if answered_by_a_doctor(Promptness(safety_task.promptness)):
        refuse_all_but_doctors(by, field="by")
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
    told = {"treat_today": treat_today, "next_contact_on": next_contact_on}
    said = TaskAcknowledgement(task=locked, by=by, at=at, action_taken=action_taken, **told)
    said.save(force_insert=True)
    deed = audit.Deed(patients=[locked.patient_id], after=said)
    audit.record(by=by, at=at, operation="task.acknowledge", deed=deed)
    return said


@transaction.atomic
def answer_anew(
    *,
    before: TaskAcknowledgement,
    action_taken: str,
    treat_today: bool,
    by: Professional,
    at: datetime,
) -> TaskAcknowledgement:
    """A doctor who has said whether the patient may be treated that day says it once more.

    What was said ``before`` stays on record. Raises NothingSaid, NotADoctor, and AnotherDay
    where it was another who said it, or not today.
    """
    if before.by_id != by.pk or on_day(before.at) != on_day(at):
        raise AnotherDay("said by another, or on another day", by=str(before.by), at=before.at)
    asked = SafetyTask(
        unit=by.unit,
        patient_id=before.task.patient_id,
        receiver=by,
        rule=ANSWERED_ANEW,
        promptness=Promptness.DOCTOR_NOW.value,
        opened_at=at,
        due_at=at,
    )
    asked.save(force_insert=True)
    deed = audit.Deed(patients=[asked.patient_id], after=asked)
    audit.record(by=by, at=at, operation="task.open", deed=deed)
    return acknowledge_task(
        safety_task=asked, action_taken=action_taken, treat_today=treat_today, by=by, at=at
    )


class AnotherDay(ClinicalError):
    """What was said is not the reader's own of today."""

    code = "task.another-day"


@transaction.atomic
def end_with_what_was_struck(
    *, safety_task: SafetyTask, reason: str, by: Professional, at: datetime
) -> TaskAcknowledgement | None:
    """What asked for a doctor was charted by mistake and is struck: nothing was there to see.

    Who strikes an act of the pump ends what was asked of it, for it was not done; a danger sign
    is struck by a doctor. Ended already, nothing happens. Raises NotADoctor.
    """
    if safety_task.rule != PUMP_AGAINST:
        refuse_all_but_doctors(by, field="by")
    Patient.objects.select_for_update().get(pk=safety_task.patient_id)
    locked = SafetyTask.objects.select_for_update().get(pk=safety_task.pk)
    if TaskAcknowledgement.objects.filter(task=locked).exists():
        return None
    words = f"{STRUCK}: {reason}"
    said = TaskAcknowledgement(task=locked, by=by, at=at, action_taken=words)
    said.save(force_insert=True)
    deed = audit.Deed(patients=[locked.patient_id], after=said)
    audit.record(by=by, at=at, operation="task.acknowledge", deed=deed)
    return said


class NothingSaid(ClinicalError):
    """A task is not closed by a click alone."""

    code = "task.nothing-said"
