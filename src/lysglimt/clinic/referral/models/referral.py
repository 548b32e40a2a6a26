"""A referral: who sent the patient, when an answer is owed, what was found and decided."""

import uuid
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, Subquery, Value, When

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import DecisionSupportStatement, Patient, Professional
from lysglimt.clinic.people.tenancy import Insider, OfUnit, OwnedQuerySet
from lysglimt.clinic.people.written import Beside, Condition
from lysglimt.clinic.sealing.fields import SealedText


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


class DecisionKind(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    WAIT = "wait"


SENDERS = [(sender.value, sender.name.title()) for sender in Sender]
KINDS = [(kind.value, kind.name.title()) for kind in DecisionKind]


def decided_and_due(referral: Any) -> dict[str, Subquery]:
    letter = ReferralLetter.objects.in_force().filter(referral=referral)
    decision = EligibilityDecision.objects.standing().filter(referral=referral)
    newest = decision.order_by("-happened_at", "-pk")
    columns = ("assessment_due", "start_due", "received_on")
    return {
        "decided": Subquery(newest.values("kind")[:1]),
        **{name: Subquery(letter.values(name)[:1]) for name in columns},
    }


def supported_in(unit: Any) -> Subquery:
    said = DecisionSupportStatement.objects.in_force().filter(unit=unit)
    return Subquery(said.order_by("-happened_at", "-pk").values("on")[:1])


BESIDE, SUPPORTED = Beside(decided_and_due), Condition(supported_in)


class ReferralQuerySet(OwnedQuerySet["Referral"]):
    def with_state(self) -> Self:
        """Each with ``state`` (ReferralState), ``assessment_due`` and ``start_due``."""
        return self.annotate(
            **BESIDE.about("pk"),
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

    to_patient = "patient"
    objects: ClassVar = ReferralQuerySet.as_manager()

    class Register(OfUnit.Register):
        pseudonymised = frozenset({"id", "patient"})

    def __str__(self) -> str:
        return f"referral/{self.pk}"


class ReferralLetter(Fact):
    """What the sender wrote and the dates that follow from the day it came."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="letters")
    sender_kind = models.CharField(max_length=16, choices=SENDERS)
    sender_name = SealedText()
    received_on = models.DateField()
    assessment_due = models.DateField()
    start_due = models.DateField(null=True, blank=True)
    question = SealedText(blank=True)

    to_unit, to_entity = "referral__unit", "referral__unit__entity"
    to_patient = "referral__patient"
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
                condition=Q(assessment_due__gt=F("received_on")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.received_on}"


class AssessmentQuerySet(FactQuerySet["Assessment"]):
    def newest_first(self) -> Self:
        return self.order_by("-happened_at", "-pk")


class Assessment(Fact):
    """The answers to the criteria as they were on a day, and the verdict computed from them.

    ``candidate`` holds the answers in the shape of ``candidate_version``; ``verdict`` the
    findings as the rules of ``rule_version`` gave them. Both are kept, so that a later rule
    can be compared with what was known and said then.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="assessments")
    candidate = models.JSONField()
    candidate_version = models.CharField(max_length=16)
    verdict = models.JSONField()
    standing = models.PositiveSmallIntegerField()
    rule_version = models.CharField(max_length=16)

    to_unit, to_entity = "referral__unit", "referral__unit__entity"
    to_patient = "referral__patient"
    objects: ClassVar = AssessmentQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"referral"})
        leaves = frozenset(
            {"candidate", "candidate_version", "verdict", "standing", "rule_version"}
        )

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="assessment_has_a_known_standing", condition=Q(standing__lte=5)
            ),
            models.CheckConstraint(
                name="assessment_says_by_which_rules",
                condition=~Q(rule_version="") & ~Q(candidate_version=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.standing}"


class EligibilityDecisionQuerySet(FactQuerySet["EligibilityDecision"]):
    def for_professional(self, professional: Insider) -> Self:
        """With whether the unit has decision support on."""
        supported = SUPPORTED.about("referral__unit")
        return super().for_professional(professional).annotate(supported=supported)

    def standing(self) -> Self:
        """In force, and signed by as many as it takes."""
        return self.in_force().filter(Q(needs_second=False) | Q(second_signature__isnull=False))

    def awaiting_second_signature(self) -> Self:
        pending = self.in_force().filter(needs_second=True, second_signature__isnull=True)
        return pending.select_related("assessment__referral__patient")


class EligibilityDecision(Fact):
    """Accept, refuse or wait. Against a hard exclusion it stands only when a second has signed."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="decisions"
    )
    kind = models.CharField(max_length=8, choices=KINDS)
    grounds = SealedText(blank=True)
    needs_second = models.BooleanField()

    to_unit, to_entity = "referral__unit", "referral__unit__entity"
    to_patient = "referral__patient"
    objects: ClassVar = EligibilityDecisionQuerySet.as_manager()

    class Register(Fact.Register):
        pseudonymised = frozenset({"referral"})
        leaves = frozenset({"kind", "needs_second"})
        withheld = frozenset({"assessment", "grounds"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="eligibility_decision_is_of_a_known_kind",
                condition=Q(kind__in=[kind.value for kind in DecisionKind]),
            ),
            models.CheckConstraint(
                name="eligibility_second_signature_only_to_accept",
                condition=Q(needs_second=False) | Q(kind="accept"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.kind}"


class Override(models.Model):
    """A criterion that speaks against treatment, and why the patient is treated all the same."""

    decision = models.ForeignKey(
        EligibilityDecision, on_delete=models.PROTECT, related_name="overrides"
    )
    criterion = models.CharField(max_length=16)
    standing = models.PositiveSmallIntegerField()
    reason = SealedText(by=("decision_id", "criterion"))

    class Register:
        leaves = frozenset({"criterion", "standing", "reason"})
        withheld = frozenset({"id", "decision"})

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="override_one_a_criterion", fields=("decision", "criterion")
            ),
            models.CheckConstraint(name="override_has_a_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return self.criterion


class SecondSignature(models.Model):
    """Another doctor agrees that a hard exclusion is set aside."""

    decision = models.OneToOneField(
        EligibilityDecision,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="second_signature",
    )
    # Copied from the decision so that the database can say that two people signed.
    first = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Register:
        leaves = frozenset({"at"})
        withheld = frozenset({"decision", "first", "by"})

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="second_signature_is_by_another", condition=~Q(by=F("first"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.by_id}"
