"""A positive answer about suicide: a task for a named person, never a grade of risk."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.tenancy import OfUnit, OwnedQuerySet
from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.scheduling.rota import Routed
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.safety.suicidality import Promptness

from .rating import Rating

DANGER_SIGN, PUMP_AGAINST = "danger-sign", "pump-against"
"""Rules of the chair that open a task: a danger sign, and a pump that was set against the rules."""
STRUCK = "struck"
"""An answer that begins so is no doctor's: what had asked for one was taken out of the chart."""
STARTED_AGAINST, FOUND_AT_GATE = "started-against", "gate-suicidality"
"""And a start that nothing let through; something new about suicide said at the start check."""
ANSWERED_ANEW = "answered-anew"
"""Asked by the doctor of themselves, who had said no for the day and answers otherwise."""


def named(column: str) -> Coalesce:
    return Coalesce(NullIf(f"{column}__display_name", Value("")), f"{column}__username")


TOLD: dict[str, Any] = {
    **{
        name: name
        for name in (
            *("pk", "entry", "revision", "happened_at", "plan", "treat_today", "doctor_id"),
        )
    },
    "doctor": named("doctor"),
    "by": named("by"),
}
"""Of a doctor's assessment as it was told; the plan as it is sealed."""


def signs_added(task: Any) -> Subquery:
    rows = TaskAddition.objects.filter(task=task).order_by()
    listed: Any = Listed("signs")
    return Subquery(rows.values("task").annotate(all=listed).values("all"))


def last_told(task: Any) -> Subquery:
    rows = ReportedAssessment.objects.in_force().filter(task=task)
    since = TaskAddition.objects.filter(task=OuterRef("task"), at__gt=OuterRef("happened_at"))
    said: Any = JSONObject(**TOLD, answered_since=Exists(since))
    last = rows.order_by("-pk").annotate(told=said).values("told")
    return Subquery(last[:1], output_field=models.JSONField())


ADDED, LAST_TOLD = Condition(signs_added), Condition(last_told)


class SafetyTaskQuerySet(OwnedQuerySet["SafetyTask"]):
    def open(self) -> Self:
        """Nobody has acknowledged it yet: a doctor now before all else, then by its time."""
        waiting = self.filter(acknowledgement__isnull=True).by_urgency()
        return waiting.select_related("patient", "receiver")

    def by_urgency(self) -> Self:
        at_once = Case(
            When(promptness=Promptness.DOCTOR_NOW.value, then=Value(0)), default=Value(1)
        )
        return self.order_by(at_once, "due_at", "pk")

    def with_answers(self) -> Self:
        """The answered too, each with who answered; ``of_ratings`` holds the ratings added to it."""
        rows = TaskAddition.objects.filter(task=OuterRef("pk")).order_by()
        listed: Any = Listed("rating__entry")
        found = self.annotate(
            of_ratings=Subquery(rows.values("task").annotate(all=listed).values("all"))
        )
        beside = ("patient", "receiver", "rating", "acknowledgement__by")
        return found.by_urgency().select_related(*beside)

    def for_a_doctor_now(self) -> Self:
        """Open, and it asks for a doctor at once."""
        return self.open().filter(promptness=Promptness.DOCTOR_NOW.value)

    def with_additions(self) -> Self:
        """``added`` holds the signs of each rating that was added to the task."""
        return self.annotate(added=ADDED.about("pk"))

    def with_reports(self) -> Self:
        """``told`` holds what was told last of a doctor's assessment, in the same question."""
        return self.annotate(told=LAST_TOLD.about("pk"))

    def overdue(self, at: datetime) -> Self:
        return self.open().filter(due_at__lt=at)


class SafetyTask(OfUnit):
    """Look at this patient: who is to, by when, and which answer asks for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="safety_tasks")
    # None when a checklist asked for it and no rating did.
    rating = models.ForeignKey(
        Rating, on_delete=models.PROTECT, null=True, blank=True, related_name="safety_tasks"
    )
    receiver = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    # Which rule opened it, how soon it asks for a clinician, and what it saw.
    rule = models.CharField(max_length=40)
    promptness = models.CharField(max_length=20)
    signs = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    # How the receiver was found, where nobody named one; empty where somebody did.
    routed = models.CharField(max_length=8, blank=True)

    to_patient = "patient"
    objects: ClassVar = SafetyTaskQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="safety_task_is_due_when_opened_or_later",
                condition=Q(due_at__gte=F("opened_at")),
            ),
            models.UniqueConstraint(name="safety_task_one_a_rating", fields=("rating",)),
            models.CheckConstraint(
                name="safety_task_is_routed_in_a_known_way",
                condition=Q(routed__in=["", *(way.value for way in Routed)]),
            ),
        )

    class Register(OfUnit.Register):
        pseudonymised = frozenset({"id", "patient"})
        leaves = frozenset({"opened_at", "due_at", "promptness"})
        withheld = frozenset({"rating", "receiver", "rule", "signs", "routed"})

    def __str__(self) -> str:
        return f"{self.patient_id}: {self.promptness}"


class TaskAddition(models.Model):
    """The same answer came again, unchanged, while the task was open: it is added to it."""

    task = models.ForeignKey(SafetyTask, on_delete=models.PROTECT, related_name="additions")
    rating = models.OneToOneField(
        Rating, on_delete=models.PROTECT, related_name="task_addition"
    )
    signs = models.JSONField(default=list)
    at = models.DateTimeField()

    class Register:
        withheld = frozenset({"id", "task", "rating", "signs", "at"})

    def __str__(self) -> str:
        return f"{self.task_id} + {self.rating_id}"


class ReportedAssessmentQuerySet(FactQuerySet["ReportedAssessment"]):
    def newest_first(self) -> Self:
        return self.select_related("doctor", "by").order_by("-pk")


class ReportedAssessment(Fact):
    """Which doctor saw the patient, when, and the plan, as another tells it; it closes nothing."""

    task = models.ForeignKey(SafetyTask, on_delete=models.PROTECT, related_name="reports")
    doctor = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    plan = SealedText()
    # None where it was not said.
    treat_today = models.BooleanField(null=True, blank=True)

    to_unit, to_entity = "task__unit", "task__unit__entity"
    to_patient = "task__patient"
    objects: ClassVar = ReportedAssessmentQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="reported_assessment_says_the_plan", condition=~Q(plan="")
            ),
        )

    class Register(Fact.Register):
        withheld = frozenset({"task", "doctor", "plan", "treat_today"})

    def __str__(self) -> str:
        return f"{self.task_id}: {self.doctor_id}"


class TaskAcknowledgement(models.Model):
    """Someone has taken the task: who, when, and what was done."""

    task = models.OneToOneField(
        SafetyTask,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="acknowledgement",
    )
    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    action_taken = SealedText(by=("task_id",))
    # May the patient be given the drug on that day? None where it was not asked.
    treat_today = models.BooleanField(null=True, blank=True)
    # The day of the next contact that was agreed with the patient; None where none was.
    next_contact_on = models.DateField(null=True, blank=True)
    # What a doctor confirms that another had written down; None when they wrote it themselves.
    confirms = models.OneToOneField(
        ReportedAssessment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmation",
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="acknowledgement_says_what_was_done", condition=~Q(action_taken="")
            ),
        )

    class Register:
        leaves = frozenset({"at", "next_contact_on"})
        withheld = frozenset({"task", "by", "action_taken", "treat_today", "confirms"})

    def __str__(self) -> str:
        return f"{self.task_id}: {self.by_id}"
