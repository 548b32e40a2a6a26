"""Whose it is: nobody sees what belongs to another legal entity."""

from collections.abc import Mapping
from functools import reduce
from typing import Any, ClassVar, Protocol, Self, TypeVar

from django.db import models

AnOwned = TypeVar("AnOwned", bound="Owned")


class Insider(Protocol):
    """Someone who belongs to a unit, and with it to a legal entity."""

    @property
    def unit_id(self) -> Any: ...
    @property
    def entity_id(self) -> Any: ...


class OwnedQuerySet(models.QuerySet[AnOwned]):
    """Rows that have an owner. A page asks through `for_professional`, never around it."""

    def for_professional(self, professional: Insider) -> Self:
        """What belongs to the legal entity of the one who asks; of others it does not exist."""
        return self.asked_by({"entity": professional.entity_id})

    def asked_by(self, values: Mapping[str, Any]) -> Self:
        """As `for_professional`, for whom the ``values`` say."""
        owner, _, _ = self.model.to_entity.rpartition("__")
        theirs = self.filter(**{self.model.to_entity: values["entity"]})
        return theirs.select_related(owner) if owner else theirs

    def in_unit(self, unit_id: object) -> Self:
        return self.filter(**{self.model.to_unit: unit_id})


class Owned(models.Model):
    """A row that belongs to a legal entity, most often by way of a unit.

    The paths are those of a query: ``to_unit = "course__unit"``. A row of no unit in
    particular, as a patient is, has an empty ``to_unit``; a row about no patient has an empty
    ``to_patient``.
    """

    to_unit: ClassVar[str] = "unit"
    to_entity: ClassVar[str] = "unit__entity"
    to_patient: ClassVar[str] = ""
    made_once: ClassVar[bool] = False
    """Opened all day: a page asks for it in SQL that is made once, by `asked_by`."""

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


def followed(row: models.Model, path: str) -> object:
    """The key at the end of a path, without fetching the row it is the key of."""
    *steps, last = path.split("__")
    return getattr(reduce(getattr, steps, row), f"{last}_id")


class OfUnit(Owned):
    """What belongs to a unit, so that the policy can tell whose it is."""

    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset({"unit"})
        withheld: ClassVar[frozenset[str]] = frozenset()
