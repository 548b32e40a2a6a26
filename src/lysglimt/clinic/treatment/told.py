"""What was told last of a doctor's assessment, as a list of tasks has fetched it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.written import Condition, Place
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.safety.suicidality import Promptness
from lysglimt.knowledge.text import Text

from .models import ReportedAssessment, SafetyTask, TaskAcknowledgement
from .models.task import STRUCK, named


@dataclass(frozen=True, slots=True)
class ToldLast:
    """``doctor`` and ``by`` are their names.

    ``treat_today`` is None where it was not said; ``answered_since``: the patient has answered again after the doctor was there.
    """

    pk: int
    doctor_id: int
    doctor: str
    by: str
    happened_at: datetime
    plan: str
    treat_today: bool | None
    answered_since: bool


def told_last(task: SafetyTask) -> ToldLast | None:
    """Of a task that was fetched ``with_reports``; None when nothing was told."""
    return told_in(vars(task).get("told"))


def told_in(told: Any) -> ToldLast | None:
    """Of the column ``told`` of such a task, as the database lists it."""
    row = listed(told)
    if row is None:
        return None
    plan: Any = ReportedAssessment._meta.get_field("plan")
    return ToldLast(
        pk=row["pk"],
        doctor_id=row["doctor_id"],
        doctor=row["doctor"],
        by=row["by"],
        happened_at=zoned(row["happened_at"]),
        plan=plan.read_in(row["plan"], [UUID(row["entry"]), row["revision"]]),
        # SQLite writes 0 and 1.
        treat_today=None if row["treat_today"] is None else bool(row["treat_today"]),
        answered_since=bool(row["answered_since"]),
    )


def noes_on(day: date) -> QuerySet[TaskAcknowledgement]:
    return noes(**hours_of(day))


def hours_of(day: date) -> dict[str, Any]:
    midnight = datetime.combine(day, time(), tzinfo=OSLO)
    return {"since": midnight, "before": midnight + timedelta(days=1)}


def called_for(*, since: Any, before: Any) -> QuerySet[TaskAcknowledgement]:
    """What doctors who were asked for said in those hours, the newest first.

    By ``seen``, when the doctor was there: an answer that is confirmed later is of that time.
    """
    asked = TaskAcknowledgement.objects.filter(
        task__promptness=Promptness.DOCTOR_NOW.value
    ).annotate(seen=Coalesce("confirms__happened_at", "at"))
    return asked.filter(seen__gte=since, seen__lt=before).order_by("-seen", "-pk")


def noes(**hours: Any) -> QuerySet[TaskAcknowledgement]:
    """Each no of the hours of a day that stands, the newest first: its doctor has not said yes since.

    The yes of another doctor is beside it, and takes nothing away. [own-proposal]
    """
    later = Q(seen__gt=OuterRef("seen")) | Q(seen=OuterRef("seen"), at__gt=OuterRef("at"))
    own = {"by": OuterRef("by"), "task__patient": OuterRef("task__patient")}
    changed = called_for(**hours).filter(later, treat_today=True, **own)
    return called_for(**hours).filter(~Exists(changed), treat_today=False)


def no_on(day: date, *, patient: str) -> Any:
    """The newest that stands, of a row by its way to the ``patient``, for `no_in`."""
    return NO.about(patient, values=hours_of(day))


SAID = JSONObject(
    task="task_id",
    doctor="by_id",
    by=named("by"),
    at="seen",
    treat_today="treat_today",
    plan="action_taken",
)
"""An answer `called_for`, as it is listed beside a row."""
HOURS: Any = {name: Place(name, DateTimeField()) for name in ("since", "before")}


def first_said(rows: QuerySet[Any], said: JSONObject = SAID) -> Subquery:
    return Subquery(rows.annotate(said=said).values("said")[:1], output_field=JSONField())


def waiting(patient: Any) -> Subquery:
    open_tasks = SafetyTask.objects.filter(
        patient=patient, promptness=Promptness.DOCTOR_NOW.value, acknowledgement__isnull=True
    )
    return first_said(
        open_tasks.order_by("opened_at", "pk"), JSONObject(pk="pk", at="opened_at")
    )


def answered(patient: Any) -> Subquery:
    """What is struck by others than doctors ends a task, and answers nothing."""
    return first_said(called_for(**HOURS).filter(by__role__in=DOCTORS, task__patient=patient))


WAITING, ANSWERED = Condition(waiting, JSONField()), Condition(answered, JSONField())
NO = Condition(
    lambda patient: first_said(noes(**HOURS).filter(task__patient=patient)), JSONField()
)


def called_and_answered(patient: str, *, hours: Mapping[str, object]) -> dict[str, Any]:
    """Of a row, by its way to the ``patient``: which doctor-now waits, what was answered in those hours, which no stands."""
    return {
        "doctor_called": WAITING.about(patient),
        "doctor_answered": ANSWERED.about(patient, values=hours),
        "doctor_no": NO.about(patient, values=hours),
    }


@dataclass(frozen=True, slots=True)
class Called:
    """A task asks for a doctor now, since then."""

    task: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What a doctor who was asked for said that day of the ``task``; ``by`` is the name of the ``doctor``."""

    task: UUID
    doctor: int
    by: str
    at: datetime
    treat_today: bool | None
    plan: str

    @property
    def by_whom(self) -> Text:
        """As it is named among what speaks against a start."""
        clock = f"{self.at.astimezone(OSLO):%H:%M}"
        return Text(f"{self.by} kl. {clock}", f"{self.by} at {clock}")


def called_in(row: object) -> Called | None:
    """Of a row with `called_and_answered`."""
    said = listed(vars(row).get("doctor_called"))
    return None if said is None else Called(UUID(str(said["pk"])), zoned(said["at"]))


def answered_in(row: object) -> Answered | None:
    """Of a row with `called_and_answered`."""
    said = answer_listed(vars(row).get("doctor_answered"))
    return None if said and said.plan.startswith(f"{STRUCK}: ") else said


def no_in(row: object) -> Answered | None:
    """Of a row with `called_and_answered`: the no of that day that stands."""
    return answer_listed(vars(row).get("doctor_no"))


def no_of(patient: UUID, *, on: date) -> Answered | None:
    """The same of a patient who was not fetched with it."""
    return no_in(Patient.objects.annotate(doctor_no=no_on(on, patient="pk")).get(pk=patient))


def said_no(doctor: Professional | None, patient: UUID, *, on: date) -> datetime | None:
    """When this doctor said no, where that stands; of a doctor nobody has named, nothing."""
    if doctor is None:
        return None
    own = noes_on(on).filter(task__patient=patient, by=doctor).first()
    return vars(own)["seen"] if own else None


def answer_listed(column: Any) -> Answered | None:
    """Of a column of `SAID`."""
    said = listed(column)
    if said is None:
        return None
    plan: Any = TaskAcknowledgement._meta.get_field("action_taken")
    task = UUID(str(said["task"]))
    return Answered(
        task=task,
        doctor=said["doctor"],
        by=said["by"],
        at=zoned(said["at"]),
        treat_today=None if said["treat_today"] is None else bool(said["treat_today"]),
        plan=plan.read_in(said["plan"], [task]),
    )


def listed(said: Any) -> dict[str, Any] | None:
    """A row as the database lists it; SQLite lists it as text."""
    row: dict[str, Any] | None = json.loads(said) if isinstance(said, str) else said
    return row


def zoned(said: str) -> datetime:
    """SQLite writes a time without its zone."""
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def told_first(awaited: Any) -> Subquery:
    """What was told last of the task that is to be taken first; of another nothing is told."""
    first = awaited.with_reports().order_by("due_at", "pk")
    return Subquery(first.values("told")[:1])
