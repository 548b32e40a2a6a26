"""Register, study, or reserved against both: nobody starts silently outside."""

from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.eligibility.candidate import Registration as Choice


class ReservedDecision(StrEnum):
    """What a named person decided about a patient who reserves against register and study."""

    TREAT = "treat"
    DO_NOT_TREAT = "do_not_treat"


class RegistrationQuerySet(FactQuerySet["Registration"]):
    def newest_first(self) -> Self:
        return self.in_force().order_by("-happened_at", "-pk")

    def awaiting_decision(self) -> Self:
        """Reserved against both, and nobody has decided yet."""
        undecided = self.in_force().filter(choice=Choice.RESERVED, decision="")
        return undecided.select_related("patient")


class Registration(Fact):
    """What the patient chose. Reserved against both needs a decision with a name under it."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="registrations")
    choice = models.CharField(max_length=20)
    study = SealedText(blank=True)
    decision = models.CharField(max_length=16, blank=True)
    decided_by = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision_grounds = SealedText(blank=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = RegistrationQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="registration_is_a_known_choice",
                condition=Q(choice__in=[choice.value for choice in Choice]),
            ),
            models.CheckConstraint(
                name="registration_in_a_study_names_it",
                condition=~Q(choice__in=[Choice.STUDY.value, Choice.REGISTER_AND_STUDY.value])
                | ~Q(study=""),
            ),
            models.CheckConstraint(
                name="registration_decision_only_when_reserved",
                condition=Q(decision="") | Q(choice=Choice.RESERVED.value),
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

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"choice", "decision"})
        withheld = frozenset({"study", "decided_by", "decision_grounds"})

    def __str__(self) -> str:
        return f"{self.patient_id}: {self.choice}"

    @property
    def permits_start(self) -> bool:
        return self.choice != Choice.RESERVED or self.decision == ReservedDecision.TREAT
