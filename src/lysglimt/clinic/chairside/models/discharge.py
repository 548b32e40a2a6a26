"""Ready for home: the criteria, the escort, and two signatures."""

from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Q, Subquery

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.tenancy import Owned
from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.sealing.fields import SealedText

from .session import Session


class Capacity(StrEnum):
    """As what someone signs a discharge."""

    NURSE = "nurse"
    DOCTOR = "doctor"


def signed_as(record: Any, capacity: Capacity, column: str) -> Subquery:
    hands = DischargeSignature.objects.filter(record=record, capacity=capacity)
    return Subquery(hands.values(column))


SIGNERS = {
    f"{capacity}{when}": Condition(
        partial(signed_as, capacity=capacity, column=column),
        field,
        of=(models.BigIntegerField(),),
    )
    for capacity in Capacity
    for when, column, field in (
        ("", "by__display_name", models.CharField()),
        ("_at", "at", models.DateTimeField()),
    )
}


class DischargeQuerySet(FactQuerySet["DischargeRecord"]):
    def signed_by_both(self) -> Self:
        return self.in_force().annotate(hands=Count("signatures")).filter(hands=2)

    def with_signers(self) -> Self:
        """Each with the name of the ``nurse`` and of the ``doctor`` who signed it, or none.

        ``nurse_at`` and ``doctor_at`` are when.
        """
        said = {name: one.about("pk") for name, one in SIGNERS.items()}
        return self.annotate(**said).select_related("by", "decided_by")


class DischargeRecord(Fact):
    """The answers to the discharge criteria, what the rules found, and when the patient left."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="discharges")
    answers = models.JSONField()
    standing = models.PositiveSmallIntegerField()
    findings = models.JSONField()
    rule_version = models.CharField(max_length=16)
    escort_name = SealedText(blank=True)
    escort_telephone = SealedText(blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    deviation = SealedText(blank=True)
    # Who decided that the patient may leave in spite of a criterion; or nobody could be reached.
    decided_by = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    no_doctor_reached = models.BooleanField(default=False)

    to_unit, to_entity = "session__unit", "session__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = DischargeQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="discharge_one_a_session", fields=("session",), condition=Q(revision=1)
            ),
            models.CheckConstraint(
                name="discharge_without_an_escort_has_a_reason",
                condition=Q(left_at__isnull=True) | ~Q(escort_name="") | ~Q(deviation=""),
            ),
            models.CheckConstraint(
                name="discharge_doctor_is_named_or_not_reached",
                condition=Q(decided_by__isnull=True) | Q(no_doctor_reached=False),
            ),
            models.CheckConstraint(
                name="discharge_has_a_known_standing", condition=Q(standing__lte=5)
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"standing", "rule_version", "left_at"})
        withheld = frozenset(
            {
                *("answers", "findings", "escort_name", "escort_telephone", "deviation"),
                *("decided_by", "no_doctor_reached"),
            }
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.left_at}"


class DischargeSignature(Owned):
    """A nurse and a doctor sign the same revision; they are two people."""

    record = models.ForeignKey(
        DischargeRecord, on_delete=models.PROTECT, related_name="signatures"
    )
    capacity = models.CharField(max_length=8)
    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    to_unit, to_entity = "record__session__unit", "record__session__unit__entity"
    to_patient = "record__session__course__patient"

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="discharge_signature_one_a_capacity", fields=("record", "capacity")
            ),
            models.UniqueConstraint(
                name="discharge_signature_two_people", fields=("record", "by")
            ),
            models.CheckConstraint(
                name="discharge_signature_in_a_known_capacity",
                condition=Q(capacity__in=[capacity.value for capacity in Capacity]),
            ),
        )

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves = frozenset({"capacity", "at"})
        withheld = frozenset({"id", "record", "by"})

    def __str__(self) -> str:
        return f"{self.record_id}: {self.capacity}"
