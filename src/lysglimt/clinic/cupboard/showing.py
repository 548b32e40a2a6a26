"""The ledger as it is read: lines in words, balances, what is about to expire, and the month."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils.functional import Promise

from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.ledger.movements import Movement, Whereabouts, ledger_rules
from lysglimt.knowledge.quantities import plain

from .models import Cabinet, Form, Holding, LedgerEntry
from .wordings import MOVEMENTS, PLACES

IN, OUT = Whereabouts.SUPPLY.value, Whereabouts.STOCK.value


def milligrams(amount: Decimal) -> str:
    """Without the noughts that the column keeps: 200,000 is read as another number."""
    return f"{numeral(Decimal(plain(amount)))} mg"


@dataclass(frozen=True, slots=True)
class Line:
    """``change`` are the pieces in or out of the cabinet, None where they stay."""

    row: LedgerEntry
    name: Promise
    change: int | None
    disagrees: bool

    @property
    def takes_back(self) -> int | None:
        return self.row.corrects.number if self.row.corrects else None


def lines(rows: Iterable[LedgerEntry]) -> Iterator[Line]:
    for row in rows:
        moved = int(row.mg / row.holding.piece_mg)
        signs = {(True, False): moved, (False, True): -moved}
        counted = row.movement == Movement.COUNT
        yield Line(
            row=row,
            name=MOVEMENTS[Movement(row.movement)],
            change=signs.get((row.target == OUT, row.source == OUT)),
            disagrees=counted and row.counted != row.stock_after,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A holding on the page of the cupboard. ``late``: in use, and not counted for too long."""

    holding: Holding
    pieces: int
    mg: Decimal
    counted_at: datetime | None
    late: bool
    open_count: int | None
    device: bool


def shown(holdings: Iterable[Holding], *, at: datetime) -> Iterator[Shown]:
    """Of holdings `with_balance`."""
    within = ledger_rules().count_within.value
    for one in holdings:
        found = vars(one)
        counted, pieces = found["counted_at"], found["pieces"] or 0
        yield Shown(
            holding=one,
            pieces=pieces,
            mg=pieces * one.piece_mg,
            counted_at=counted,
            late=pieces > 0 and (counted is None or at - counted > within),
            open_count=found["open_count"],
            device=one.form == Form.DEVICE,
        )


@dataclass(frozen=True, slots=True)
class Expiring:
    holding: Holding
    batch: str
    expires_on: date
    over: bool


def expiring(holdings: Iterable[Holding], *, at: datetime) -> list[Expiring]:
    """Batches that came in and run out soon, as long as any of their holding lies there."""
    there = {one.pk: one for one in holdings if vars(one).get("pieces")}
    today = on_day(at)
    last = today + ledger_rules().expiring_within.value
    rows = LedgerEntry.objects.filter(
        holding__in=there, target=OUT, expires_on__lte=last
    ).exclude(batch="")
    batches = rows.order_by().values("holding", "batch", "expires_on").distinct()
    left = batches_left(there)
    found = [
        Expiring(
            there[one["holding"]], one["batch"], one["expires_on"], one["expires_on"] < today
        )
        for one in batches
        if one["expires_on"] and left[one["holding"], one["batch"]] > 0
    ]
    return sorted(found, key=lambda one: one.expires_on)


def batches_left(holdings: Iterable[UUID]) -> defaultdict[tuple[UUID, str], Decimal]:
    """Milligrams in stock by what was written of each batch; what has no batch is of none."""
    left: defaultdict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    rows = LedgerEntry.objects.filter(holding__in=list(holdings)).order_by()
    moved = rows.values("holding", "batch", "source", "target").annotate(sum=Sum("mg"))
    for one in moved:
        sign = (one["target"] == OUT) - (one["source"] == OUT)
        left[one["holding"], one["batch"]] += sign * one["sum"]
    return left


@dataclass(frozen=True, slots=True)
class Moved:
    """Of one product in a period, in milligrams, by where it went."""

    product: str
    amounts: tuple[tuple[Promise, Decimal], ...]


def moved(unit: Unit, *, since: datetime, until: datetime) -> list[Moved]:
    """Purchase against use: of each product, over all cabinets."""
    rows = LedgerEntry.objects.in_unit(unit.pk).filter(
        happened_at__gte=since, happened_at__lt=until
    )
    sums: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(
        lambda: defaultdict(Decimal)
    )
    grouped = rows.order_by().values(
        "holding__product", "holding__strength", "source", "target"
    )
    for one in grouped.annotate(sum=Sum("mg")):
        name = f"{one['holding__product']} {one['holding__strength']}"
        sums[name][one["target"]] += one["sum"]
        sums[name][one["source"]] -= one["sum"]
    return [Moved(name, tuple(by_place(found))) for name, found in sorted(sums.items())]


def by_place(found: defaultdict[str, Decimal]) -> Iterator[tuple[Promise, Decimal]]:
    """What came in is written above nothing, too."""
    for place, name in PLACES.items():
        came = place in {Whereabouts.SUPPLY, Whereabouts.FOUND}
        yield name, found[place.value] * (-1 if came else 1)


@dataclass(frozen=True, slots=True)
class GivenTo:
    patient: UUID
    product: str
    mg: Decimal
    sessions: int


def by_patient(
    unit: Unit, *, since: datetime, until: datetime, but: frozenset[UUID]
) -> list[GivenTo]:
    """Milligrams given and sessions, by patient and product; not of those closed to the reader."""
    given = LedgerEntry.objects.in_unit(unit.pk).filter(
        happened_at__gte=since, happened_at__lt=until, session__isnull=False
    )
    sums: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    days: dict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    grouped = given.order_by().values(
        "session", "session__course__patient", "holding__product", "source", "target"
    )
    for one in grouped.annotate(sum=Sum("mg")):
        key = (one["session__course__patient"], one["holding__product"])
        to, of = (one[name] == Whereabouts.GIVEN for name in ("target", "source"))
        if key[0] not in but and (to or of):
            sums[key] += one["sum"] * (to - of)
            days[key].add(one["session"])
    return [GivenTo(*key, mg, len(days[key])) for key, mg in sums.items()]


def open_discrepancies(unit: Unit) -> list[LedgerEntry]:
    """The oldest first, each with its holding and the answers so far."""
    rows = LedgerEntry.objects.disagreed().in_unit(unit.pk)
    found = rows.select_related("holding__cabinet", "by", "witness").order_by("happened_at")
    return list(found.prefetch_related("steps__by"))


def cabinets_of(unit: Unit) -> list[Cabinet]:
    return list(Cabinet.objects.in_unit(unit.pk).order_by("name"))
