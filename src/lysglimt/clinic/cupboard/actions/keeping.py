"""Cabinets, what comes into them and goes out of them but for a patient, and counts."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid5

from django.db import IntegrityError, transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.cupboard.models import Cabinet, Form, Holding, LedgerEntry
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import NOTHING, Posting
from lysglimt.knowledge.ledger.movements import WAYS, Movement
from lysglimt.knowledge.ledger.packages import refuse_unlike_strength
from lysglimt.knowledge.quantities import Milligrams

from .discrepancies import refuse_stopped
from .entering import Line, NotOfTheUnit, append, in_turn, pieces

BOOKED_HERE = frozenset({Movement.RECEIPT, Movement.WASTE, Movement.RETURN, Movement.LOSS})
"""In and out of the cabinet, for no patient. A transfer has two lines."""


class AlreadyThere(ClinicalError):
    """The unit has a cabinet of this name, or the drug its place in this cabinet."""

    code = "ledger.already-there"


class NoSuchMovement(ClinicalError):
    """Nothing of this kind is booked here."""

    code = "ledger.no-such-movement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What stands on the package; unknown, it is empty."""

    number: str = ""
    expires_on: date | None = None


UNKNOWN = Batch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """As it stands on the package. ``piece`` is what one vial or device holds."""

    atc: str
    name: str
    strength: str
    form: Form
    piece: Milligrams


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """``pieces`` moved, which batch, who signs too, and why where it has to be said."""

    movement: Movement
    pieces: int
    witness: Professional | None = None
    batch: Batch = UNKNOWN
    why: str = ""


@transaction.atomic
def open_cabinet(*, name: str, by: Professional, at: datetime) -> Cabinet:
    """Raises AlreadyThere."""
    row = Cabinet(unit=by.unit, name=name, opened_at=at, opened_by=by)
    stored(row, field="name", value=name)
    audit.record(by=by, at=at, operation="cabinet.open", deed=audit.Deed(after=row))
    return row


@transaction.atomic
def open_holding(
    *, cabinet: Cabinet, product: Product, by: Professional, at: datetime
) -> Holding:
    """A place for a product in the cabinet. Raises AlreadyThere, NotOfTheUnit, UnlikeItsStrength."""
    refuse_unlike_strength(product.strength, product.piece)
    if cabinet.unit_id != by.unit_id:
        raise NotOfTheUnit("Of the unit whose cabinet it is.", field="cabinet")
    row = Holding(
        cabinet=cabinet,
        atc=product.atc,
        product=product.name,
        strength=product.strength,
        form=product.form.value,
        piece_mg=product.piece.value,
    )
    stored(row, field="product", value=str(row))
    audit.record(by=by, at=at, operation="holding.open", deed=audit.Deed(after=row))
    return row


def stored(row: Cabinet | Holding, **facts: object) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as refusal:
        raise AlreadyThere("It is there already.", **facts) from refusal


@transaction.atomic
def place(
    *,
    cabinet: Cabinet,
    product: Product,
    booked: Booked,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> Holding:
    """Its place, and what lies there when the ledger begins: nothing, or an opening by two."""
    known = LedgerEntry.objects.filter(entry=entered.entry).select_related("holding").first()
    if known is not None:
        return known.holding
    holding = open_holding(cabinet=cabinet, product=product, by=by, at=at)
    if booked.pieces:
        book(holding=holding, booked=booked, entered=entered, by=by, at=at)
    return holding


@transaction.atomic
def book(
    *, holding: Holding, booked: Booked, entered: Entered, by: Professional, at: datetime
) -> LedgerEntry:
    """Raises NoSuchMovement, and what `append` raises."""
    first = booked.movement is Movement.OPENING
    [here] = in_turn(holding)
    before = LedgerEntry.objects.filter(holding=here).exclude(entry=entered.entry)
    if booked.movement not in BOOKED_HERE and (not first or before.exists()):
        raise NoSuchMovement(
            "It is booked otherwise.", field="movement", value=booked.movement.value
        )
    way = WAYS[booked.movement][0]
    line = Line(
        posting=Posting(booked.movement, way, pieces(here, booked.pieces)),
        entered=entered,
        witness=booked.witness,
        batch=booked.batch.number,
        expires_on=booked.batch.expires_on,
        why=booked.why,
    )
    return append(here, line, by=by, at=at)


@transaction.atomic
def transfer(
    *,
    holding: Holding,
    to: Cabinet,
    booked: Booked,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> tuple[LedgerEntry, LedgerEntry]:
    """Out of one cabinet and into another of the unit: two lines, or none. Raises StoppedByDiscrepancy."""
    if to.unit_id != holding.cabinet.unit_id or to.pk == holding.cabinet_id:
        raise NotOfTheUnit("Another cabinet of the unit.", field="to")
    out, into = in_turn(holding, same_in(to, holding, by=by, at=at))
    refuse_stopped(out)
    amount = pieces(out, booked.pieces)
    lines = []
    for place, movement in ((out, Movement.TRANSFER_OUT), (into, Movement.TRANSFER_IN)):
        line = Line(
            posting=Posting(movement, WAYS[movement][0], amount),
            entered=replace(entered, entry=uuid5(entered.entry, movement.value)),
            witness=booked.witness,
            batch=booked.batch.number,
            expires_on=booked.batch.expires_on,
            why=booked.why,
        )
        lines.append(append(place, line, by=by, at=at))
    return lines[0], lines[1]


def same_in(to: Cabinet, holding: Holding, *, by: Professional, at: datetime) -> Holding:
    """The place of the same product in another cabinet; where it has none, it gets one."""
    same = {name: getattr(holding, name) for name in ("product", "strength", "piece_mg")}
    there = Holding.objects.filter(cabinet=to, **same).first()
    product = Product(
        atc=holding.atc,
        name=holding.product,
        strength=holding.strength,
        form=Form(holding.form),
        piece=holding.piece,
    )
    return there or open_holding(cabinet=to, product=product, by=by, at=at)


@transaction.atomic
def count(
    *,
    holding: Holding,
    counted: int,
    witness: Professional,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> LedgerEntry:
    """What two persons found. Where it is another number than the ledger has, it stays open."""
    [here] = in_turn(holding)
    posting = Posting(Movement.COUNT, WAYS[Movement.COUNT][0], NOTHING, counted=counted)
    line = Line(posting=posting, entered=entered, witness=witness)
    return append(here, line, by=by, at=at)
