"""What a doctor has said of a danger sign at the chair, beside what was charted."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When

from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.treatment.models import (
    DANGER_SIGN,
    ReportedAssessment,
    SafetyTask,
    TaskAcknowledgement,
)

from .models import VitalSet
from .typed_away import typed_by_another

REPORTED, ANSWERED, TASK = "doctor_reported", "doctor_answered", "danger_task"
BY_ROLE = "by_role"


def doctors_word(patient: str) -> dict[str, Any]:
    """When a doctor last saw the patient for a danger sign, as told or as answered, and what is open.

    ``patient`` is the way from the row that is annotated. A nurse's word of the doctor counts from
    when the doctor was there; the task is open until that doctor confirms it.
    """
    of: Any = {"task__patient": OuterRef(patient), "task__rule": DANGER_SIGN}
    told = ReportedAssessment.objects.in_force().filter(**of).order_by("-happened_at")
    answered = TaskAcknowledgement.objects.filter(**of, confirms__isnull=True).order_by("-at")
    waiting = SafetyTask.objects.open().filter(patient=OuterRef(patient), rule=DANGER_SIGN)
    return {
        REPORTED: Subquery(told.values("happened_at")[:1]),
        ANSWERED: Subquery(answered.values("at")[:1]),
        TASK: Subquery(waiting.values("pk")[:1]),
    }


def said_over_by() -> Subquery:
    """As what the one works who said of a set, as it now is, which danger signs are over.

    Who corrects its pulse leaves that as it was said. Who sends what another typed, or nobody knows
    who, has said nothing.
    """
    otherwise = VitalSet.objects.filter(
        entry=OuterRef("entry"),
        revision__gt=OuterRef("revision"),
        revision__lt=OuterRef(OuterRef("revision")),
    ).exclude(signs_over=OuterRef("signs_over"))
    said = VitalSet.objects.filter(
        ~Exists(otherwise),
        entry=OuterRef("entry"),
        revision__lte=OuterRef("revision"),
        signs_over=OuterRef("signs_over"),
    )
    role = Case(When(typed_by_another(), then=Value("")), default=F("by__role"))
    return Subquery(said.order_by("revision").annotate(role=role).values("role")[:1])


def with_doctors_word(sets: QuerySet[VitalSet, VitalSet]) -> QuerySet[VitalSet, VitalSet]:
    """Each set with who said as what that a sign is over, in the same question."""
    return sets.annotate(
        **{BY_ROLE: said_over_by()}, **doctors_word("session__course__patient")
    )


def seen_last(row: object) -> datetime | None:
    """Of a row with the `doctors_word`."""
    said = vars(row)
    times = (said.get(REPORTED), said.get(ANSWERED))
    return max((one for one in times if one is not None), default=None)


def by_doctor(row: VitalSet) -> bool:
    return vars(row).get(BY_ROLE) in DOCTORS


def said_by_the_same(corrected: VitalSet, row: VitalSet) -> None:
    """A next revision, not stored yet, that leaves what is over as it was said."""
    vars(corrected)[BY_ROLE] = vars(row).get(BY_ROLE)
