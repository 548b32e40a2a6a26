"""What went wrong, and what keeps it from happening: events, blood tests, questions, medicines."""

from collections.abc import Iterator
from uuid import UUID

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.delivery.scope import Row, Scope
from lysglimt.clinic.exposure.models import LabResult
from lysglimt.clinic.incidents.models import Incident
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.suicidality.models import SafetyPlan
from lysglimt.clinic.treatment.models import SafetyTask

from .rows import code, day, newest


def event(scope: Scope) -> Iterator[Row]:
    """Of the unit: those of nobody, and those of people whose rows leave."""
    sessions: dict[UUID | None, UUID] = dict(
        Session.objects.filter(course__in=scope.courses).values_list("pk", "course")
    )
    rows = Incident.objects.in_force().in_unit(scope.unit.pk)
    for row in rows.defer("words").order_by("pk"):
        if row.patient_id is not None and row.patient_id not in scope.people:
            continue
        yield {
            "event": scope.names.name("event", row.entry),
            "unit": scope.known_as.number,
            "person": scope.person(row.patient_id) if row.patient_id else None,
            "course": scope.course(sessions.get(row.session_id)),
            "kind": row.kind,
            "term": code(row.term),
            "grade": int(row.grade) if row.grade.isdigit() else None,
            "transient": row.transient,
            **days_of(row),
            "progress": code(row.course),
            "serious": code(row.serious),
            "criteria": list(row.criteria),
            "expected": code(row.expected),
            "causality": code(row.causality),
        }


def days_of(row: Incident) -> Row:
    return {
        "onset_on": on_day(row.happened_at),
        "known_on": on_day(row.known_at),
        "ended_on": day(row.ended_at),
    }


def lab(scope: Scope) -> Iterator[Row]:
    """Amounts alone, the last entered of a day. A sign, and what was not taken, is no amount."""
    theirs = LabResult.objects.in_force().in_unit(scope.unit.pk)
    measured = theirs.filter(patient__in=scope.people, value__isnull=False)
    rows = newest(
        ((row.patient_id, row.analyte, row.taken_on), row)
        for row in measured.defer("not_taken").order_by("pk")
    )
    for (patient, analyte, taken_on), row in rows.items():
        yield {
            "person": scope.person(patient),
            "analyte": analyte,
            "taken_on": taken_on,
            "value": row.value,
            "upper_limit": row.upper_limit,
        }


def suicidality(scope: Scope) -> Iterator[Row]:
    """That a question was opened and when it was taken care of; no answer, and no grade."""
    plans = SafetyPlan.objects.in_force().filter(patient__in=scope.people)
    planned = frozenset(plans.values_list("patient_id", flat=True))
    tasks = SafetyTask.objects.in_unit(scope.unit.pk).filter(patient__in=scope.people)
    for task in tasks.select_related("acknowledgement").order_by("pk"):
        taken = getattr(task, "acknowledgement", None)
        yield {
            "task": scope.names.name("task", task.pk),
            "person": scope.person(task.patient_id),
            "opened_on": on_day(task.opened_at),
            "promptness": task.promptness,
            "taken_on": day(taken.at if taken else None),
            "safety_plan": task.patient_id in planned,
        }


def medication(scope: Scope) -> Iterator[Row]:
    """Those with a code. What was written in words alone stays: a name says too much."""
    theirs = Medicine.objects.in_force().filter(patient__in=scope.people).exclude(atc="")
    for row in theirs.defer("name"):
        yield {
            "medicine": scope.names.name("medicine", row.entry),
            "person": scope.person(row.patient_id),
            "atc": row.atc,
            "mg_per_day": row.mg_per_day,
            "as_needed": row.as_needed,
            "started_on": row.started_on,
            "stopped_on": row.stopped_on,
        }
