"""Register, study, or reserved against both: nobody starts silently outside."""

from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.tenancy import OfUnit

from .history import choices, known


class RegistrationChoice(StrEnum):
    REGISTER = "register"
    STUDY = "study"
    RESERVED = "reserved"


class ReservedDecision(StrEnum):
    """What a named person decided about a patient who reserves against register and study."""

    TREAT = "treat"
    DO_NOT_TREAT = "do_not_treat"


class RegistrationQuerySet(FactQuerySet["Registration"]):
    def current(self) -> Self:
        """In force, the newest first."""
        return self.in_force().order_by("-happened_at", "-pk")

    def awaiting_decision(self) -> Self:
        """Reserved against both, and nobody has decided yet."""
        undecided = self.in_force().filter(choice=RegistrationChoice.RESERVED, decision="")
        return undecided.select_related("patient")


class Registration(Fact, OfUnit):
    """What the patient chose. Reserved against both needs a decision with a name under it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="registrations")
    choice = models.CharField(max_length=12, choices=choices(RegistrationChoice))
    study = models.CharField(max_length=100, blank=True)
    decision = models.CharField(max_length=16, blank=True, choices=choices(ReservedDecision))
    decided_by = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_grounds = models.TextField(blank=True)

    objects: ClassVar = RegistrationQuerySet.as_manager()

    class Register(Fact.Register, OfUnit.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"choice", "decision"})
        withheld = frozenset({"study", "decided_by", "decision_grounds"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="registration_is_a_known_choice",
                condition=known("choice", RegistrationChoice),
            ),
            models.CheckConstraint(
                name="registration_in_a_study_names_it",
                condition=~Q(choice="study") | ~Q(study=""),
            ),
            models.CheckConstraint(
                name="registration_decision_only_when_reserved",
                condition=Q(decision="") | Q(choice="reserved"),
            ),
            models.CheckConstraint(
                name="registration_decision_has_a_name_and_grounds",
                condition=Q(decision="", decided_by__isnull=True)
                | (
                    Q(decision__in=[decision.value for decision in ReservedDecision])
                    & Q(decided_by__isnull=False)
                    & ~Q(decision_grounds="")
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.patient_id}: {self.choice}"
