"""A count that did not agree: withdrawals go on by somebody's name, and the leader settles it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import uuid5

from django.db import transaction

from lysglimt.clinic.cupboard.models import (
    DiscrepancyAct,
    DiscrepancyStep,
    Holding,
    LedgerEntry,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import Posting
from lysglimt.knowledge.ledger.movements import FOUND, LOST, STOCK, Movement

from .entering import Line, append, in_turn, pieces


class NotThisCount(ClinicalError):
    """It agreed, or is settled."""

    code = "ledger.not-this-count"


class NotRecounted(ClinicalError):
    """Only a later count that agrees shows that the first was miscounted."""

    code = "ledger.not-recounted"


class CountedSince(ClinicalError):
    """A later count takes over: the difference is booked by that one, or by none."""

    code = "ledger.counted-since"


class BookedSince(ClinicalError):
    """By what was booked since, the ledger has what was counted."""

    code = "ledger.booked-since"


class StoppedByDiscrepancy(ClinicalError):
    """A count did not agree: nothing is drawn or moved until it is settled, or somebody answers for it."""

    code = "ledger.stopped"


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

    Without one it was a miscount, which a later count has shown. Older counts of the holding that
    are open are settled with it. Raises NotRecounted, CountedSince, BookedSince.
    """
    [here] = in_turn(count.holding)
    sent = DiscrepancyStep.objects.filter(entry=entered.entry, count=count).first()
    if sent is not None:
        return sent
    refuse_settled(count)
    later = LedgerEntry.objects.of_holding(here).filter(
        movement=Movement.COUNT, number__gt=count.number
    )
    if witness is None and not any(one.counted == one.stock_after for one in later):
        raise NotRecounted("Count again first, or book the difference.", field="how")
    if witness is not None:
        newest = later.last()
        if newest is not None:
            raise CountedSince("It was counted again.", field="how", value=newest.number)
        line = booked_of(
            count,
            replace(entered, entry=uuid5(entered.entry, "booked")),
            witness=witness,
            why=words,
        )
        append(here, line, by=by, at=at)
    for one in LedgerEntry.objects.of_holding(here).disagreed().filter(number__lt=count.number):
        older = replace(entered, entry=uuid5(entered.entry, str(one.number)))
        stepped(one, DiscrepancyAct.SETTLED, words, entered=older, by=by, at=at)
    return stepped(count, DiscrepancyAct.SETTLED, words, entered=entered, by=by, at=at)


def booked_of(count: LedgerEntry, entered: Entered, *, witness: Professional, why: str) -> Line:
    """What the ledger has and the cabinet has not, or the other way round. Raises BookedSince."""
    short = missing(count)
    if not short:
        raise BookedSince("It is booked already.", field="how", value=count.number)
    return Line(
        posting=Posting(
            Movement.LOSS if short > 0 else Movement.CORRECTION,
            (STOCK, LOST) if short > 0 else (FOUND, STOCK),
            pieces(count.holding, abs(short)),
        ),
        entered=entered,
        witness=witness,
        corrects=count,
        why=why,
    )


def missing(count: LedgerEntry) -> int:
    """Pieces that the ledger has now, less those that were counted and what has moved since.

    A loss booked since, a line taken back, and what is told late of before the count, moved
    nothing since: they say what was wrong with the ledger.
    """
    rows = LedgerEntry.objects.of_holding(count.holding_id)
    there, stock = count.counted or 0, count.stock_after
    moved: set[int] = set()
    for one in rows.filter(number__gt=count.number).select_related("corrects"):
        change, stock = one.stock_after - stock, one.stock_after
        if has_moved(one, count, moved):
            moved.add(one.number)
            there += change
    return stock - there


def has_moved(line: LedgerEntry, count: LedgerEntry, moved: Collection[int]) -> bool:
    if line.corrects is not None:
        return line.corrects.number in moved
    return line.movement != Movement.LOSS and line.happened_at >= count.happened_at


def refuse_stopped(holding: Holding) -> None:
    """Raises StoppedByDiscrepancy, unless somebody has answered for each count that is open."""
    opened = LedgerEntry.objects.disagreed().filter(holding=holding)
    answered = DiscrepancyStep.objects.filter(act=DiscrepancyAct.OVERRIDDEN).values("count")
    stopped = opened.exclude(pk__in=answered).order_by("number").first()
    if stopped is not None:
        raise StoppedByDiscrepancy(
            "A count did not agree.", field="holding", value=stopped.number
        )


@transaction.atomic
def see_loss(
    *, line: LedgerEntry, words: str, entered: Entered, by: Professional, at: datetime
) -> DiscrepancyStep:
    """What two booked as lost, the leader has seen, and says what was done. Raises NotThisCount."""
    in_turn(line.holding)
    if not LedgerEntry.objects.losses().filter(pk=line.pk).exists():
        raise NotThisCount("Nothing is lost by it.", field="count", value=line.number)
    return stepped(line, DiscrepancyAct.SEEN, words, entered=entered, by=by, at=at)


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
