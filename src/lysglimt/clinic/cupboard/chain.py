"""Each line of the ledger is bound to the one before it, so that no change goes unseen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from lysglimt.clinic.audit.chain import NOTHING_BEFORE, Fault, digest_of
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import RunningLedger

from .models import Holding, LedgerEntry

__all__ = ["NOTHING_BEFORE", "Fault", "digest_over", "faults"]

KEPT = Decimal("0.001")
BOUND = (
    *("holding_id", "number", "movement", "source", "target", "mg", "stock_after"),
    *("hand_change", "counted", "batch", "expires_on", "session_id", "prescriber_id"),
    *("ordered_mg", "witness_id", "corrects_id", "entry", "happened_at", "entered_at"),
    *("received_at", "by_id", "previous"),
)
"""The columns that a digest is taken over; what was written in words, as it is sealed."""


def written(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.quantize(KEPT), "f")
    return value if value is None or hasattr(value, "astimezone") else str(value)


def digest_over(row: LedgerEntry) -> str:
    """Of a line as it is stored, or as it is to be stored next."""
    why = row._meta.get_field("why").pre_save(row, add=False)
    said = {name: written(getattr(row, name)) for name in BOUND}
    return digest_of(said | {"why": str.__str__(why or "")})


@dataclass(slots=True)
class Walk:
    """Along one holding from its first line. The rules are asked again at each."""

    ledger: RunningLedger
    number: int = 0
    digest: str = NOTHING_BEFORE
    found: list[Fault] = field(default_factory=list)

    def step(self, row: LedgerEntry) -> None:
        if row.number != self.number + 1:
            self.fault(row, f"missing: the next is {row.number}", number=self.number + 1)
        if row.previous != self.digest:
            self.fault(row, "does not follow the line before it")
        if row.digest != digest_over(row):
            self.fault(row, "was changed")
        try:
            self.ledger.post(row.posting)
        except ClinicalError as refusal:
            self.fault(row, f"cannot be: {refusal}")
        if row.stock_after != self.ledger.pieces:
            self.fault(row, f"says {row.stock_after} in stock, not {self.ledger.pieces}")
        self.number, self.digest = row.number, row.digest

    def fault(self, row: LedgerEntry, what: str, *, number: int | None = None) -> None:
        self.found.append(Fault(f"{row.holding_id}/{number or row.number}", what))


def faults(holding: Holding, rows: Iterable[LedgerEntry] | None = None) -> Iterator[Fault]:
    """What is not as it was written, line by line."""
    walk = Walk(RunningLedger(holding.piece))
    lines = rows if rows is not None else LedgerEntry.objects.of_holding(holding)
    if rows is None:
        lines = LedgerEntry.objects.of_holding(holding).select_related("corrects")
    for row in lines:
        walk.step(row)
    yield from walk.found
