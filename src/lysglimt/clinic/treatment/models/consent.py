"""What the patient agreed to, and the work-up before the first session."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.sealing.fields import SealedText


class ConsentQuerySet(FactQuerySet["Consent"]):
    def given(self) -> Self:
        """In force and not taken back, the newest first."""
        taken_back = ConsentWithdrawal.objects.in_force().filter(
            consent__entry=OuterRef("entry")
        )
        return self.in_force().filter(~Exists(taken_back)).order_by("-happened_at", "-pk")


class Consent(Fact):
    """Every point of the checklist was gone through; patient and doctor signed.

    ``items`` are the ids of the points confirmed; ``by`` is the doctor who signed.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    items = models.JSONField(default=list)
    signed_by_patient_on = models.DateField()

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = ConsentQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(name="consent_names_its_version", condition=~Q(version="")),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"version", "signed_by_patient_on"})
        withheld = frozenset({"items", "language"})

    def __str__(self) -> str:
        return f"{self.patient_id}: {self.version}"


class ConsentWithdrawal(Fact):
    """The patient takes a consent back. No reason is asked for."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="withdrawals")
    note = SealedText(blank=True)

    to_unit, to_entity = "", "consent__patient__entity"
    to_patient = "consent__patient"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"consent"})
        withheld = frozenset({"note"})

    def __str__(self) -> str:
        return f"{self.consent_id}: taken back"


class WorkUpResultQuerySet(FactQuerySet["WorkUpResult"]):
    def since(self, day: date) -> Self:
        return self.in_force().filter(done_on__gte=day)


class WorkUpResult(Fact):
    """One point of the work-up was done: a value with its unit, or a finding in words."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="work_up")
    item = models.SlugField(max_length=60)
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    unit_of_value = models.CharField(max_length=20, blank=True)
    text = SealedText(blank=True)
    done_on = models.DateField(db_index=True)

    to_unit, to_entity = "", "patient__entity"
    to_patient = "patient"
    objects: ClassVar = WorkUpResultQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="work_up_result_says_something",
                condition=Q(value__isnull=False) | ~Q(text=""),
            ),
            models.CheckConstraint(
                name="work_up_value_has_a_unit",
                condition=Q(value__isnull=True) | ~Q(unit_of_value=""),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"patient"})
        leaves = frozenset({"item", "value", "unit_of_value", "done_on"})
        withheld = frozenset({"text"})

    def __str__(self) -> str:
        return f"{self.item}: {self.done_on}"
