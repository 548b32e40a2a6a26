"""Whether a unit shows a reckoned concentration beside what is measured at the chair."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Subquery

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.people.written import Condition


class ConcentrationQuerySet(FactQuerySet["ConcentrationSetting"]):
    def said_in(self, unit: Unit) -> Self:
        """What the unit has said, the last first: that decides. Until it has, it is off."""
        return self.in_force().filter(unit=unit).order_by("-happened_at", "-pk")

    def on_in(self, unit: Unit) -> bool:
        return bool(self.said_in(unit).values_list("on", flat=True).first())


class ConcentrationSetting(Fact):
    """A doctor of the unit turned the reckoned concentration on or off, at all its chairs."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="concentrations")
    on = models.BooleanField()

    objects: ClassVar = ConcentrationQuerySet.as_manager()

    class Register(Fact.Register):
        leaves = frozenset({"unit", "on"})


def turned_on(unit: Any) -> Subquery:
    said = ConcentrationSetting.objects.in_force().filter(unit=unit)
    return Subquery(said.order_by("-happened_at", "-pk").values("on")[:1])


TURNED_ON = Condition(turned_on, models.BooleanField())


def concentration_on() -> Any:
    """Of a session, asked with it: no question of its own."""
    return TURNED_ON.about("unit")
