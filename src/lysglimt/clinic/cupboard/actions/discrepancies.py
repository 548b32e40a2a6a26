"""A count that did not agree: withdrawals go on by somebody's name, and the leader settles it."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid5

from django.db import transaction

from lysglimt.clinic.cupboard.models import DiscrepancyAct, DiscrepancyStep, LedgerEntry
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import Posting
from lysglimt.knowledge.ledger.movements import FOUND, LOST, STOCK, Movement

from .entering import Line, append, in_turn
from .keeping import pieces


class NotThisCount(ClinicalError):
    """It agreed, or is settled."""

    code = "ledger.not-this-count"


class NotRecounted(ClinicalError):
    """Only a later count that agrees shows that the first was miscounted."""

    code = "ledger.not-recounted"


@transaction.atomic
def override(
    *, count: LedgerEntry, words: str, entered: Entered, by: Professional, at: datetime
) -> DiscrepancyStep:
    """Withdrawals go on before it is settled, by the name and reason of ``by``."""
    in_turn(count.holding)
    refuse_settled(count)
    return stepped(count, DiscrepancyAct.OVERRIDDEN, words, entered=entered, by=by, at=at)


@transaction.atomic
def settle_discrepancy(
    *,
    count: LedgerEntry,
    words: str,
    witness: Professional | None,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> DiscrepancyStep:
    """What it was. With a ``witness`` the difference is booked, found or lost.

    Without one it was a miscount, which a later count has shown. Raises NotRecounted.
    """
    [here] = in_turn(count.holding)
    refuse_settled(count)
    later = LedgerEntry.objects.of_holding(here).filter(
        movement=Movement.COUNT, number__gt=count.number
    )
    if witness is None and not any(one.counted == one.stock_after for one in later):
        raise NotRecounted("Count again first, or book the difference.", field="how")
    if witness is not None:
        short = count.stock_after - (count.counted or 0)
        line = Line(
            posting=Posting(
                Movement.LOSS if short > 0 else Movement.CORRECTION,
                (STOCK, LOST) if short > 0 else (FOUND, STOCK),
                pieces(here, abs(short)),
            ),
            entered=replace(entered, entry=uuid5(entered.entry, "booked")),
            witness=witness,
            corrects=count,
            why=words,
        )
        append(here, line, by=by, at=at)
    return stepped(count, DiscrepancyAct.SETTLED, words, entered=entered, by=by, at=at)


def refuse_settled(count: LedgerEntry) -> None:
    if not LedgerEntry.objects.disagreed().filter(pk=count.pk).exists():
        raise NotThisCount("It agreed, or is settled.", field="count", value=count.number)


def stepped(
    count: LedgerEntry,
    act: DiscrepancyAct,
    words: str,
    *,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> DiscrepancyStep:
    """Of two at once the first stands."""
    known = DiscrepancyStep.objects.filter(count=count, act=act).first()
    if known is not None:
        return known
    row = DiscrepancyStep(
        count=count, act=act.value, words=words, **stamped(entered, by=by, at=at)
    )
    return people.enter(row, operation=f"discrepancy.{act}")
