"""How certain a unit's doctors hold an answer of the trials to be."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.science.evidence.domains import Concern, Domain


class CertaintyQuerySet(FactQuerySet["CertaintyJudgement"]):
    def said_of(self, question: str, *, unit: Unit) -> Self:
        """Every revision in the unit, in the order in which they came."""
        return self.in_unit(unit.pk).filter(question=question).order_by("received_at", "pk")


class CertaintyJudgement(Fact):
    """What a doctor of the unit concluded about one domain of one question, and why.

    ``figures`` is the fingerprint of the effects that were judged: others are judged anew.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="certainty_judgements"
    )
    question = models.SlugField(max_length=40)
    domain = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Domain])
    concern = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in Concern]
    )
    because = SealedText()
    figures = models.CharField(max_length=64)

    objects: ClassVar = CertaintyQuerySet.as_manager()

    class Register(Fact.Register):
        leaves = frozenset({"unit", "question", "domain", "concern", "figures"})
        withheld = frozenset({"because"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="certainty_domain", condition=Q(domain__in=[one.value for one in Domain])
            ),
            models.CheckConstraint(
                name="certainty_concern",
                condition=Q(concern__in=[one.value for one in Concern]),
            ),
            models.CheckConstraint(name="certainty_has_its_reason", condition=~Q(because="")),
        )

    def __str__(self) -> str:
        return f"{self.question} {self.domain}: {self.concern}"
