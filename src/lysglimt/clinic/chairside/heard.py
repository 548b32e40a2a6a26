"""What a doctor has said of a danger sign at the chair, beside what was charted."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    JSONField,
    OuterRef,
    PositiveSmallIntegerField,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)

from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.treatment.models import (
    DANGER_SIGN,
    ReportedAssessment,
    SafetyTask,
    TaskAcknowledgement,
)

from .models import VitalSet
from .typed_away import typed_by_another

ENTRY, REVISION, SIGNS_OVER = OuterRef("entry"), OuterRef("revision"), OuterRef("signs_over")
FURTHER_OUT = OuterRef(REVISION)
REPORTED, ANSWERED, TASK = "doctor_reported", "doctor_answered", "danger_task"
BY_ROLE = "by_role"


def last_told(patient: Any) -> Subquery:
    told = ReportedAssessment.objects.in_force().filter(
        task__patient=patient, task__rule=DANGER_SIGN
    )
    return Subquery(told.order_by("-happened_at").values("happened_at")[:1])


def last_answered(patient: Any) -> Subquery:
    answered = TaskAcknowledgement.objects.filter(
        task__patient=patient, task__rule=DANGER_SIGN, confirms__isnull=True
    )
    return Subquery(answered.order_by("-at").values("at")[:1])


def waiting(patient: Any) -> Subquery:
    open_tasks = SafetyTask.objects.open().filter(patient=patient, rule=DANGER_SIGN)
    return Subquery(open_tasks.values("pk")[:1])


WORD = {
    REPORTED: Condition(last_told, DateTimeField()),
    ANSWERED: Condition(last_answered, DateTimeField()),
    TASK: Condition(waiting, UUIDField()),
}


def doctors_word(patient: str) -> dict[str, Any]:
    """When a doctor last saw the patient for a danger sign, as told or as answered, and what is open.

    ``patient`` is the way from the row that is annotated. A nurse's word of the doctor counts from
    when the doctor was there; the task is open until that doctor confirms it.
    """
    return {name: one.about(patient) for name, one in WORD.items()}


def said_over_by(
    entry: Any = ENTRY,
    revision: Any = REVISION,
    signs_over: Any = SIGNS_OVER,
    *,
    further_out: Any = FURTHER_OUT,
) -> Subquery:
    """As what the one works who said of a set, as it now is, which danger signs are over.

    Who corrects its pulse leaves that as it was said. Who sends what another typed, or nobody knows
    who, has said nothing.
    """
    otherwise = VitalSet.objects.filter(
        entry=OuterRef("entry"),
        revision__gt=OuterRef("revision"),
        revision__lt=further_out,
    ).exclude(signs_over=OuterRef("signs_over"))
    said = VitalSet.objects.filter(
        ~Exists(otherwise), entry=entry, revision__lte=revision, signs_over=signs_over
    )
    role = Case(When(typed_by_another(), then=Value("")), default=F("by__role"))
    return Subquery(said.order_by("revision").annotate(role=role).values("role")[:1])


def of_columns(entry: Any, revision: Any, signs_over: Any) -> Subquery:
    return said_over_by(entry, revision, signs_over, further_out=revision)


SAID_OVER = Condition(
    of_columns, CharField(), of=(UUIDField(), PositiveSmallIntegerField(), JSONField())
)


def with_doctors_word(sets: QuerySet[VitalSet, VitalSet]) -> QuerySet[VitalSet, VitalSet]:
    """Each set with who said as what that a sign is over, in the same question."""
    by_role = SAID_OVER.about("entry", "revision", "signs_over")
    return sets.annotate(**{BY_ROLE: by_role}, **doctors_word("session__course__patient"))


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
