"""What the register knows a unit by, on which legal basis it delivers, and what it has delivered."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.tenancy import OfUnit, Owned, OwnedQuerySet
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.register.code_book import code_book
from lysglimt.register.legal_basis import Basis

HIGHEST_NUMBER = 99_999


def regions() -> list[str]:
    return list(code_book().lists["region"])


class RegisteredUnitQuerySet(FactQuerySet["RegisteredUnit"]):
    def of_unit(self, unit_id: object) -> Self:
        """What the unit has said, the last first: that holds."""
        return self.in_force().filter(unit=unit_id).order_by("-happened_at", "-pk")


class RegisteredUnit(Fact, OfUnit):
    """The number that the register has given the unit, and its health region."""

    number = models.PositiveIntegerField()
    region = models.CharField(max_length=16)

    objects: ClassVar = RegisteredUnitQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="registered_unit_has_a_number_and_a_region",
                condition=Q(number__gte=1, number__lte=HIGHEST_NUMBER, region__in=regions()),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        leaves = frozenset({"number", "region"})

    def __str__(self) -> str:
        return f"{self.number} {self.region}"


class LegalBasisQuerySet(FactQuerySet["LegalBasis"]):
    def of_unit(self, unit_id: object) -> Self:
        """The last that was said holds; while it runs, and none before it afterwards."""
        return self.in_force().filter(unit=unit_id).order_by("-happened_at", "-pk")


class LegalBasis(Fact, OfUnit):
    """On which basis rows leave the unit, for which project, and who decided that, when and where.

    ``project`` is the register or the study: pseudonyms are made for it alone. ``decision`` is
    where the decision is found, ``decided_by`` the name and the office of who made it.
    ``counts_reserved``: the decision lets the number of those reserved be told, and no more.
    """

    basis = models.CharField(max_length=16)
    project = models.SlugField(max_length=40)
    decision = SealedText()
    decided_by = SealedText()
    decided_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    counts_reserved = models.BooleanField(default=False)

    objects: ClassVar = LegalBasisQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="legal_basis_is_a_known_one_decided_by_somebody",
                condition=Q(basis__in=[one.value for one in Basis])
                & ~Q(project="")
                & ~Q(decision="")
                & ~Q(decided_by=""),
            ),
            models.CheckConstraint(
                name="legal_basis_runs_from_its_decision_on",
                condition=Q(valid_from__gte=F("decided_on"))
                & (Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from"))),
            ),
        )

    class Register(Fact.Register, OfUnit.Register):
        leaves = frozenset(
            {"basis", "project", "decided_on", "valid_from", "valid_until", "counts_reserved"}
        )
        withheld = frozenset({"decision", "decided_by"})

    def __str__(self) -> str:
        return f"{self.basis}: {self.project}"

    def runs(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class DeliveryQuerySet(OwnedQuerySet["Delivery"]):
    def newest_first(self, unit_id: object) -> Self:
        """Without the digests of all rows, which are for comparing alone."""
        mine = self.filter(unit=unit_id).select_related("by", "basis", "signature__by")
        return mine.defer("digests").order_by("-prepared_at", "-pk")

    def signed(self, unit_id: object, *, project: str) -> Self:
        """The last first: with this one the next is compared."""
        mine = self.filter(unit=unit_id, basis__project=project, signature__isnull=False)
        return mine.order_by("-signature__at")


class Delivery(OfUnit):
    """All rows of a unit as they would leave, looked at before they do. This row never changes.

    The rows themselves are made anew from the facts each time; ``digest`` is of all of them,
    ``digests`` of each, by table and key, to tell two deliveries apart. Both are keyed. ``found``
    is how whole it is, as the page tells it, and ``left_out`` how many stay, by reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    basis = models.ForeignKey(LegalBasis, on_delete=models.PROTECT, related_name="deliveries")
    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_index=True)
    book_version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    digests = models.JSONField()
    found = models.JSONField()
    left_out = models.JSONField()
    since = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Register(OfUnit.Register):
        leaves = frozenset({"prepared_at", "book_version"})
        withheld = frozenset(
            {"id", "basis", "by", "digest", "digests", "found", "left_out", "since"}
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.prepared_at}"


class DeliverySignature(Owned):
    """A named person of the unit answers for a delivery as it was looked at."""

    delivery = models.OneToOneField(
        Delivery, on_delete=models.PROTECT, primary_key=True, related_name="signature"
    )
    by = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    to_unit, to_entity = "delivery__unit", "delivery__unit__entity"

    class Register:
        leaves = frozenset({"at"})
        withheld = frozenset({"delivery", "by"})

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.by_id}"
