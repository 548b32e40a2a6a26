"""All ledgers of controlled drugs of this installation, walked through from their first lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, F, Sum, When

from lysglimt.clinic.audit.actions import digest
from lysglimt.clinic.audit.trail import digests_of
from lysglimt.clinic.cupboard.chain import Fault, faults
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.knowledge.ledger.movements import Whereabouts

LINE = LedgerEntry._meta.label_lower


@dataclass(frozen=True, slots=True)
class LookedThrough:
    ledgers: int
    lines: int
    open_counts: int
    faults: tuple[Fault, ...]


def looked_through() -> LookedThrough:
    """Each ledger by itself, all of them against the trail, and what is between two cabinets."""
    holdings = list(Holding.objects.order_by("pk"))
    found = (fault for one in holdings for fault in faults(one))
    return LookedThrough(
        ledgers=len(holdings),
        lines=LedgerEntry.objects.count(),
        open_counts=LedgerEntry.objects.disagreed().count(),
        faults=(*found, *unlike_the_trail(), *between_cabinets()),
    )


def unlike_the_trail() -> Iterator[Fault]:
    """The trail has each line, as it was written: what was cut off or written anew is found by it."""
    known = digests_of(LINE)
    for row in LedgerEntry.objects.order_by("holding", "number").iterator():
        where = f"{row.holding_id}/{row.number}"
        told = known.pop(f"{LINE}/{row.pk}", None)
        if told is None:
            yield Fault(where, "stands in no trail")
        elif told != digest(row):
            yield Fault(where, "is not as the trail has it")
    for subject in known:
        yield Fault(subject, "stands in the trail, and in no ledger")


def between_cabinets() -> Iterator[Fault]:
    """What went out of one cabinet of a unit came into another: of each product nothing is on its way."""
    away = Whereabouts.AWAY.value
    moved = Case(When(target=away, then=F("mg")), When(source=away, then=-F("mg")))
    product = ("holding__product", "holding__strength", "holding__piece_mg")
    rows = LedgerEntry.objects.order_by().values("holding__cabinet__unit", *product)
    for row in rows.annotate(away=Sum(moved)):
        if row["away"]:
            mg = Decimal(row["away"]).normalize()
            what = f"{row['holding__product']} {row['holding__strength']}"
            yield Fault(what, f"{mg:f} mg are between two cabinets")
