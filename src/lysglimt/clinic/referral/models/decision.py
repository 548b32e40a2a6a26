"""May the patient be treated? What was asked, what the rules answered, and who decided."""

from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional

from .history import choices, known
from .letter import Referral


class DecisionKind(StrEnum):
    ACCEPT = "accept"
    REFUSE = "refuse"
    WAIT = "wait"


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
    kind = models.CharField(max_length=8, choices=choices(DecisionKind))
    grounds = models.TextField(blank=True)
    needs_second = models.BooleanField()

    to_unit, to_entity = "referral__unit", "referral__unit__entity"
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
                condition=known("kind", DecisionKind),
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
    reason = models.TextField()

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
