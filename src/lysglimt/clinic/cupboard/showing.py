"""The ledger as it is read: lines in words, balances, what is about to expire, and the month."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.people.models import Patient, PatientCard, Professional, Unit
from lysglimt.clinic.people.permissions import chapters_of
from lysglimt.clinic.people.standing import closed_among
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.ledger.movements import Movement, Whereabouts, ledger_rules
from lysglimt.knowledge.quantities import plain

from .actions import ACCOUNTED
from .models import Cabinet, Form, Holding, LedgerEntry
from .wordings import MOVEMENTS, PLACES

NOT_ALONE = frozenset(
    {Movement.CORRECTION, Movement.COUNT, Movement.TRANSFER_OUT, Movement.TRANSFER_IN}
)
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
    why: str

    @property
    def may_be_taken_back(self) -> bool:
        """One by one: not half a transfer, a line of an account, or what settles a count."""
        row = self.row
        of_account = row.session_id is not None and row.movement in ACCOUNTED
        return not (row.movement in NOT_ALONE or of_account or row.corrects_id)

    @property
    def takes_back(self) -> int | None:
        return self.row.corrects.number if self.row.corrects else None


def lines(
    rows: Iterable[LedgerEntry], *, shown: Collection[UUID] | None = None
) -> Iterator[Line]:
    """What was written of a patient is told where she is ``shown``; of nobody left out, None."""
    for row in rows:
        moved = int(row.mg / row.holding.piece_mg)
        signs = {(True, False): moved, (False, True): -moved}
        counted = row.movement == Movement.COUNT
        yield Line(
            row=row,
            name=MOVEMENTS[Movement(row.movement)],
            change=signs.get((row.target == OUT, row.source == OUT)),
            disagrees=counted and row.counted != row.stock_after,
            why=row.why if told(row, shown) else "",
        )


def told(row: LedgerEntry, shown: Collection[UUID] | None) -> bool:
    return shown is None or row.session is None or row.session.course.patient_id in shown


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


def by_patient(unit: Unit, *, since: datetime, until: datetime) -> list[GivenTo]:
    """Milligrams given and sessions, by patient and product."""
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
        if to or of:
            sums[key] += one["sum"] * (to - of)
            days[key].add(one["session"])
    return [GivenTo(*key, mg, len(days[key])) for key, mg in sums.items()]


def open_discrepancies(unit: Unit) -> list[LedgerEntry]:
    """The oldest first, each with its holding and the answers so far."""
    rows = LedgerEntry.objects.disagreed().in_unit(unit.pk)
    found = rows.select_related("holding__cabinet", "by", "witness").order_by("happened_at")
    return list(found.prefetch_related("steps__by"))


def unseen_losses(unit: Unit) -> list[Line]:
    """The oldest first."""
    rows = LedgerEntry.objects.unseen_losses().in_unit(unit.pk).order_by("happened_at")
    named = rows.select_related(
        "holding__cabinet", "by", "witness", "corrects", "session__course"
    )
    # The page is about no patient: what was written of one is read on the page of her session.
    return list(lines(named, shown=()))


def left_behind(unit: UUID, *, on: date) -> QuerySet[Session]:
    """Sessions of earlier days of which something drawn is not accounted for."""
    rows = LedgerEntry.objects.in_hand(OuterRef("pk")).filter(in_hand__gt=0)
    found: QuerySet[Session] = Session.objects.filter(
        Exists(rows), unit=unit, planned_on__lt=on
    ).order_by()
    return found


def not_accounted_for(unit: Unit, holdings: Collection[Holding], *, on: date) -> list[Session]:
    """Sessions of earlier days, ``in_hand`` or given by the chart without a line of the ledger.

    Of what is given only what the unit had a ledger of. One question.
    """
    if not holdings:
        return []
    since = min(one.cabinet.opened_at for one in holdings)
    given = SessionGiven.objects.in_force().filter(
        course__unit=unit,
        delivered_mg__gt=0,
        started_at__gte=since,
        started_at__lt=start_of(on),
    )
    booked = LedgerEntry.objects.in_unit(unit.pk).filter(
        target=Whereabouts.GIVEN, session__isnull=False
    )
    waiting = Q(pk__in=left_behind(unit.pk, on=on).values("pk"))
    unbooked = Q(pk__in=given.order_by().values("entry")) & ~Q(
        pk__in=booked.order_by().values("session")
    )
    rows = Session.objects.filter(waiting | unbooked, unit=unit).annotate(
        in_hand=Exists(LedgerEntry.objects.in_hand(OuterRef("pk")).filter(in_hand__gt=0))
    )
    found = rows.select_related("course").order_by("planned_on")
    return [one for one in found if vars(one)["in_hand"] or kept_then(one, holdings)]


def kept_then(session: Session, holdings: Iterable[Holding]) -> bool:
    """On the day of the session there was a ledger of what its course gives."""
    atc, after = protocol_of(session.course).product.atc, session.planned_on + timedelta(days=1)
    return any(one.atc == atc and one.cabinet.opened_at < start_of(after) for one in holdings)


def cabinets_of(unit: Unit) -> list[Cabinet]:
    return list(Cabinet.objects.in_unit(unit.pk).order_by("name"))


def keeps_its_drug(session: Session) -> bool:
    """On the day of the session the unit kept a ledger of what its course gives."""
    rows = Holding.objects.in_unit(session.unit_id).select_related("cabinet")
    return kept_then(session, rows)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=OSLO)


def cards_shown(
    patients: Collection[UUID], by: Professional, *, at: datetime
) -> dict[UUID, PatientCard]:
    """Of these, whom ``by`` may see here: the sessions of a patient are a part of the record that may be closed."""
    closed = closed_among(patients, by, chapters=chapters_of("session.drugs"), at=at)
    theirs = Patient.objects.for_professional(by).filter(pk__in=set(patients) - closed)
    return {one.pk: one.card() for one in theirs}
