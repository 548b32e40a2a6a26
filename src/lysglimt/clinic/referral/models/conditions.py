"""On which conditions the treatment may be given: a record that a legal entity keeps itself."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import LegalEntity, Unit
from lysglimt.clinic.sealing.fields import SealedText


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


class ComplaintRouteQuerySet(FactQuerySet["ComplaintRoute"]):
    def of_unit(self, unit: Unit) -> Self:
        """What the unit has said, the last first: that holds."""
        return self.in_force().filter(unit=unit).order_by("-happened_at", "-pk")


class ComplaintRoute(Fact):
    """How a patient of the unit complains, in the unit's own words: who takes it, and until when."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="complaint_routes")
    route = SealedText()

    objects: ClassVar = ComplaintRouteQuerySet.as_manager()

    class Register(Fact.Register):
        leaves = frozenset({"unit"})
        withheld = frozenset({"route"})

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="complaint_route_says_where_to", condition=~Q(route="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.happened_at}"
