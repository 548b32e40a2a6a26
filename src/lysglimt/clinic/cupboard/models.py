"""The cabinets of a unit, what lies in them, and the ledger of every movement."""

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people.facts import Fact, FactQuerySet
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.tenancy import OfUnit, Owned, OwnedQuerySet
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.ledger.balance import Posting
from lysglimt.knowledge.ledger.movements import Movement, Whereabouts
from lysglimt.knowledge.quantities import Milligrams

COUNT, WITHDRAWAL, RECEIPT = (
    one.value for one in (Movement.COUNT, Movement.WITHDRAWAL, Movement.RECEIPT)
)
LOSS, DIFFERENCE = Movement.LOSS.value, Movement.DIFFERENCE.value


class Form(StrEnum):
    """What one piece is: it is counted, never split."""

    VIAL = "vial"
    DEVICE = "device"


class Cabinet(OfUnit):
    """A locked cabinet of a unit. A unit keeps the ledger from when it has opened one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(name="cabinet_one_name_a_unit", fields=("unit", "name")),
            models.CheckConstraint(name="cabinet_has_a_name", condition=~Q(name="")),
        )

    class Register(OfUnit.Register):
        withheld = frozenset({"id", "name", "opened_at", "opened_by"})

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(OwnedQuerySet["Holding"]):
    def with_balance(self) -> Self:
        """Each with what the ledger says of it: pieces, the last number, when it was counted.

        ``open_count`` is the number of a count that did not agree and is not settled.
        """
        rows: Any = LedgerEntry.objects.filter(holding=OuterRef("pk"))
        last = rows.order_by("-number")
        counted = rows.filter(movement=COUNT).order_by("-number")
        disagreed = LedgerEntry.objects.disagreed().filter(holding=OuterRef("pk"))
        return self.annotate(
            pieces=Subquery(last.values("stock_after")[:1]),
            last_number=Subquery(last.values("number")[:1]),
            counted_at=Subquery(counted.values("happened_at")[:1]),
            open_count=Subquery(disagreed.order_by("number").values("number")[:1]),
        )


class Holding(Owned):
    """One product at one strength in one cabinet. ``piece_mg`` is what one vial or device holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cabinet = models.ForeignKey(Cabinet, on_delete=models.PROTECT, related_name="holdings")
    atc = models.CharField(max_length=7)
    product = models.CharField(max_length=60)
    strength = models.CharField(max_length=40)
    form = models.CharField(max_length=8)
    piece_mg = models.DecimalField(max_digits=9, decimal_places=3)

    to_unit, to_entity = "cabinet__unit", "cabinet__unit__entity"
    objects: ClassVar = HoldingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="holding_one_a_cabinet_and_strength",
                fields=("cabinet", "product", "strength", "piece_mg"),
            ),
            models.CheckConstraint(
                name="holding_is_of_whole_pieces",
                condition=Q(piece_mg__gt=0, form__in=[one.value for one in Form]),
            ),
        )

    class Register:
        pseudonymised: ClassVar[frozenset[str]] = frozenset()
        leaves: ClassVar[frozenset[str]] = frozenset()
        withheld = frozenset(
            {"id", "cabinet", "atc", "product", "strength", "form", "piece_mg"}
        )

    def __str__(self) -> str:
        return f"{self.product} {self.strength}"

    @property
    def piece(self) -> Milligrams:
        return Milligrams(self.piece_mg)


class LedgerEntryQuerySet(FactQuerySet["LedgerEntry"]):
    def of_holding(self, holding: object) -> Self:
        """In the order of their numbers."""
        return self.filter(holding=holding).order_by("number")

    def disagreed(self) -> Self:
        """Counts that found another number than the ledger, and that nobody has settled."""
        settled = DiscrepancyStep.objects.filter(
            count=OuterRef("pk"), act=DiscrepancyAct.SETTLED
        )
        return self.unlike_the_ledger().filter(~Exists(settled))

    def unlike_the_ledger(self) -> Self:
        return self.filter(movement=COUNT).exclude(counted=F("stock_after"))

    def losses(self) -> Self:
        """Lost, or missing or too much at an account beyond what is allowed: it says why, and else not."""
        booked = Q(movement=LOSS, corrects=None) | (Q(movement=DIFFERENCE) & ~Q(why=""))
        return self.filter(booked, corrections=None)

    def unseen_losses(self) -> Self:
        """Which the leader has not seen."""
        seen = DiscrepancyStep.objects.filter(count=OuterRef("pk"), act=DiscrepancyAct.SEEN)
        return self.losses().filter(~Exists(seen))

    def in_hand(self, session: Any) -> Any:
        """Milligrams drawn for a session and not accounted for, by holding."""
        rows = self.filter(session=session).order_by().values("holding")
        return rows.annotate(in_hand=Sum("hand_change"))


class LedgerEntry(Fact):
    """One line of the ledger. It is never changed: a correction is another line.

    ``number`` runs without gaps in each holding; ``stock_after`` is computed, and ``digest``
    binds the line to the one before it.
    """

    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    movement = models.CharField(max_length=16)
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    mg = models.DecimalField(max_digits=12, decimal_places=3)
    stock_after = models.PositiveIntegerField()
    hand_change = models.DecimalField(max_digits=12, decimal_places=3)
    counted = models.PositiveIntegerField(null=True, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    prescriber = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ordered_mg = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    witness = models.ForeignKey(
        Professional, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    why = SealedText(blank=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    to_unit, to_entity = "holding__cabinet__unit", "holding__cabinet__unit__entity"
    to_patient = "session__course__patient"
    objects: ClassVar = LedgerEntryQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="ledger_entry_one_a_number", fields=("holding", "number")
            ),
            models.UniqueConstraint(
                name="ledger_entry_is_corrected_once",
                fields=("corrects",),
                condition=Q(corrects__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_entry_is_never_revised",
                condition=Q(revision=1, withdrawn=False, number__gte=1),
            ),
            models.CheckConstraint(
                name="ledger_entry_moves_or_counts",
                condition=Q(movement=COUNT, mg=0, counted__isnull=False)
                | (~Q(movement=COUNT) & Q(mg__gt=0, counted__isnull=True)),
            ),
            models.CheckConstraint(
                name="ledger_entry_is_a_known_movement",
                condition=Q(
                    movement__in=[one.value for one in Movement],
                    source__in=[one.value for one in Whereabouts],
                    target__in=[one.value for one in Whereabouts],
                ),
            ),
            models.CheckConstraint(
                name="ledger_entry_is_signed_by_two",
                # A check that compares with nothing passes, so that nothing is named.
                condition=(Q(witness__isnull=False) & ~Q(witness=F("by")))
                | Q(movement=RECEIPT, witness__isnull=True),
            ),
            models.CheckConstraint(
                name="ledger_withdrawal_is_for_a_session",
                condition=~Q(movement=WITHDRAWAL)
                | Q(session__isnull=False, prescriber__isnull=False, ordered_mg__gt=0),
            ),
        )

    class Register(Fact.Register):
        pseudonymised = frozenset({"session"})
        leaves = frozenset({"movement", "mg"})
        withheld = frozenset(
            {
                *("holding", "number", "source", "target", "stock_after", "hand_change"),
                *("counted", "batch", "expires_on", "prescriber", "ordered_mg", "witness"),
                *("corrects", "why", "previous", "digest"),
            }
        )

    def __str__(self) -> str:
        return f"{self.holding_id}/{self.number}: {self.movement}"

    @property
    def posting(self) -> Posting:
        """As the rules read it; ``corrects`` fetched, if there is one."""
        undoes = self.corrects is not None and self.corrects.movement != COUNT
        return Posting(
            Movement(self.movement),
            (Whereabouts(self.source), Whereabouts(self.target)),
            Milligrams(self.mg),
            session=self.session_id,
            counted=self.counted,
            takes_back=self.corrects.number if self.corrects and undoes else None,
        )


class DiscrepancyAct(StrEnum):
    """``OVERRIDDEN``: withdrawals go on in spite of it. ``SETTLED``: it is known what it was.

    ``SEEN``: the leader has seen what two booked as lost.
    """

    OVERRIDDEN = "overridden"
    SETTLED = "settled"
    SEEN = "seen"


class DiscrepancyStep(Fact):
    """What somebody answered for when a count did not agree with the ledger, or something was lost."""

    count = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12)
    words = SealedText()

    to_unit = "count__holding__cabinet__unit"
    to_entity = "count__holding__cabinet__unit__entity"
    objects: ClassVar = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = (
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="discrepancy_step_one_of_each", fields=("count", "act")
            ),
            models.CheckConstraint(
                name="discrepancy_step_is_a_known_act",
                condition=Q(act__in=[one.value for one in DiscrepancyAct]) & ~Q(words=""),
            ),
        )

    class Register(Fact.Register):
        withheld = frozenset({"count", "act", "words"})

    def __str__(self) -> str:
        return f"{self.count_id}: {self.act}"
