"""All ledgers of controlled drugs of this installation, walked through from their first lines."""

from dataclasses import dataclass

from lysglimt.clinic.cupboard.chain import Fault, faults
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry


@dataclass(frozen=True, slots=True)
class LookedThrough:
    ledgers: int
    lines: int
    open_counts: int
    faults: tuple[Fault, ...]


def looked_through() -> LookedThrough:
    """That a ledger was cut off at its end is found by the trail: each line stands in it, too."""
    holdings = list(Holding.objects.order_by("pk"))
    return LookedThrough(
        ledgers=len(holdings),
        lines=LedgerEntry.objects.count(),
        open_counts=LedgerEntry.objects.disagreed().count(),
        faults=tuple(fault for one in holdings for fault in faults(one)),
    )
