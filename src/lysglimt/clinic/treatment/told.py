"""What was told last of a doctor's assessment, as a list of tasks has fetched it."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Subquery

from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.safety.suicidality import Promptness

from .models import ReportedAssessment, SafetyTask, TaskAcknowledgement


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
    if told is None:
        return None
    row: dict[str, Any] = json.loads(told) if isinstance(told, str) else told
    plan: Any = ReportedAssessment._meta.get_field("plan")
    at = datetime.fromisoformat(row["happened_at"])
    return ToldLast(
        pk=row["pk"],
        doctor_id=row["doctor_id"],
        doctor=row["doctor"],
        by=row["by"],
        # SQLite writes the time without its zone.
        happened_at=at if at.tzinfo else at.replace(tzinfo=UTC),
        plan=plan.read_in(row["plan"], [UUID(row["entry"]), row["revision"]]),
        # SQLite writes 0 and 1.
        treat_today=None if row["treat_today"] is None else bool(row["treat_today"]),
        answered_since=bool(row["answered_since"]),
    )


def answered_on(day: date) -> QuerySet[TaskAcknowledgement, TaskAcknowledgement]:
    """What doctors who were asked for answered that day of treating the patient, the newest first."""
    midnight = datetime.combine(day, time(), tzinfo=OSLO)
    asked = TaskAcknowledgement.objects.filter(
        task__promptness=Promptness.DOCTOR_NOW.value, treat_today__isnull=False
    )
    of_day = asked.filter(at__gte=midnight, at__lt=midnight + timedelta(days=1))
    return of_day.order_by("-at", "-pk")


def told_first(awaited: Any) -> Subquery:
    """What was told last of the task that is to be taken first; of another nothing is told."""
    first = awaited.with_reports().order_by("due_at", "pk")
    return Subquery(first.values("told")[:1])
