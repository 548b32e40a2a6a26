"""On which conditions the treatment may be given: a record that a legal entity keeps itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import LegalEntity


class PolicyConditions(Fact):
    """A decision by the authorities, its conditions and where that was read."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="conditions")
    decision = models.CharField(max_length=200)
    decided_on = models.DateField(null=True, blank=True)
    conditions = models.JSONField(default=list)
    review_by = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    to_unit, to_entity = "", "entity"
    objects: ClassVar = FactQuerySet.as_manager()

    class Register(Fact.Register):
        leaves = frozenset(
            {"entity", "decision", "decided_on", "conditions", "review_by", "source"}
        )

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="policy_conditions_name_their_source",
                condition=~Q(source="") & ~Q(decision=""),
            ),
        )

    def __str__(self) -> str:
        return self.decision
