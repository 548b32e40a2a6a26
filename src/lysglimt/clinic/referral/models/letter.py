"""A referral: who sent the patient, when, and by when the clinic owes an answer."""

import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.tenancy import OfUnit


class Sender(StrEnum):
    GP = "gp"
    PSYCHIATRIST = "psychiatrist"
    OTHER_CLINIC = "other_clinic"


class ReferralState(StrEnum):
    """Never typed: it follows from the decisions."""

    RECEIVED = "received"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


SENDERS = [(sender.value, sender.name.title()) for sender in Sender]


class ReferralQuerySet(models.QuerySet["Referral"]):
    def in_unit(self, unit_id: uuid.UUID) -> Self:
        return self.filter(unit_id=unit_id)

    def with_state(self) -> Self:
        """Each with ``state`` (ReferralState), ``assessment_due`` and ``start_due``."""
        letter = ReferralLetter.objects.in_force().filter(referral=OuterRef("pk"))
        decisions = self.model.decisions.rel.related_model.objects
        kind = (
            decisions.standing().filter(referral=OuterRef("pk")).order_by("-happened_at", "-pk")
        )
        return self.annotate(
            decided=Subquery(kind.values("kind")[:1]),
            assessment_due=Subquery(letter.values("assessment_due")[:1]),
            start_due=Subquery(letter.values("start_due")[:1]),
            received_on=Subquery(letter.values("received_on")[:1]),
            state=Case(
                When(decided="accept", then=Value(ReferralState.ACCEPTED.value)),
                When(decided="refuse", then=Value(ReferralState.REFUSED.value)),
                When(decided="wait", then=Value(ReferralState.WAITING.value)),
                default=Value(ReferralState.RECEIVED.value),
                output_field=models.CharField(),
            ),
        )

    def awaiting_assessment(self) -> Self:
        """Received and not yet decided, the most pressing first."""
        undecided = self.with_state().filter(state=ReferralState.RECEIVED)
        return undecided.order_by("assessment_due").select_related("patient")

    def assessment_overdue(self, on: date) -> Self:
        return self.awaiting_assessment().filter(assessment_due__lt=on)


class Referral(OfUnit):
    """One way into the clinic for one patient. This row never changes; its letter may."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")

    objects: ClassVar = ReferralQuerySet.as_manager()

    class Register(OfUnit.Register):
        pseudonymised = frozenset({"id", "patient"})

    def __str__(self) -> str:
        return f"referral/{self.pk}"


class ReferralLetter(Fact):
    """What the sender wrote and the dates that follow from the day it came."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="letters")
    sender_kind = models.CharField(max_length=16, choices=SENDERS)
    sender_name = models.CharField(max_length=200)
    received_on = models.DateField()
    assessment_due = models.DateField()
    start_due = models.DateField(null=True, blank=True)
    question = models.TextField(blank=True)

    to_unit, to_entity = "referral__unit", "referral__unit__entity"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"referral"})
        leaves = frozenset({"sender_kind", "received_on", "assessment_due", "start_due"})
        withheld = frozenset({"sender_name", "question"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="referral_letter_has_a_known_sender",
                condition=Q(sender_kind__in=[sender.value for sender in Sender]),
            ),
            models.CheckConstraint(
                name="referral_letter_names_its_sender", condition=~Q(sender_name="")
            ),
            models.CheckConstraint(
                name="referral_letter_is_assessed_after_it_came",
                condition=Q(assessment_due__gt=models.F("received_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.received_on}"
