"""How a line comes into the ledger: in its turn, with the next number, bound to the line before."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Sum

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard.chain import NOTHING_BEFORE, digest_over
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import NOTHING, Posting, refuse_unfit
from lysglimt.knowledge.ledger.movements import Whereabouts
from lysglimt.knowledge.ledger.persons import Signer, refuse_one_person
from lysglimt.knowledge.quantities import Milligrams

KEPT = Decimal("0.001")
"""Milligrams are kept to the microgram, as what the pump gave."""


class NotOfTheUnit(ClinicalError):
    """Who signs, and what is taken, is of the unit whose cabinet it is."""

    code = "ledger.not-of-the-unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is to be written; the rest follows from the lines before it."""

    posting: Posting
    entered: Entered
    witness: Professional | None = None
    session: Session | None = None
    batch: str = ""
    expires_on: date | None = None
    prescriber: Professional | None = None
    ordered_mg: Decimal | None = None
    corrects: LedgerEntry | None = None
    why: str = ""


def in_turn(*holdings: Holding) -> list[Holding]:
    """Locked for this transaction, always in one order, so that no two wait for each other."""
    keys = [one.pk for one in holdings]
    rows = Holding.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys]


def append(holding: Holding, line: Line, *, by: Professional, at: datetime) -> LedgerEntry:
    """Of a holding that is locked `in_turn`. The same entry again is the same line.

    Raises OnePerson, NotOfTheUnit, NotThere, NotWhole, and Contradicted.
    """
    known = LedgerEntry.objects.filter(entry=line.entered.entry).first()
    if known is not None:
        return agreeing(known, holding, line, by=by)
    refuse_signers(holding, line, by=by)
    last = LedgerEntry.objects.of_holding(holding).last()
    stock = last.stock_after if last else 0
    refuse_unfit(
        line.posting,
        piece=holding.piece,
        stock=Milligrams(stock * holding.piece_mg),
        hand=hand_of(holding, line.session),
    )
    row = LedgerEntry(
        holding=holding,
        number=last.number + 1 if last else 1,
        stock_after=stock + int(line.posting.change(Whereabouts.STOCK) / holding.piece_mg),
        previous=last.digest if last else NOTHING_BEFORE,
        **columns(line),
        **stamped(as_kept(line.entered), by=by, at=at.astimezone(UTC)),
    )
    row.digest = digest_over(row)
    patients = [line.session.course.patient_id] if line.session else []
    return people.enter(row, operation=f"ledger.{line.posting.movement}", patients=patients)


def as_kept(entered: Entered) -> Entered:
    """In the hours of the database, so that the trail's digest is that of the line as it is read."""
    return replace(
        entered,
        happened_at=entered.happened_at.astimezone(UTC),
        entered_at=entered.entered_at.astimezone(UTC),
    )


def columns(line: Line) -> dict[str, object]:
    posting = line.posting
    source, target = posting.way
    return {
        "movement": posting.movement.value,
        "source": source.value,
        "target": target.value,
        "mg": posting.amount.value.quantize(KEPT),
        "hand_change": posting.change(Whereabouts.HAND).quantize(KEPT),
        "counted": posting.counted,
        "batch": line.batch,
        "expires_on": line.expires_on,
        "session": line.session,
        "prescriber": line.prescriber,
        "ordered_mg": line.ordered_mg and line.ordered_mg.quantize(KEPT),
        "witness": line.witness,
        "corrects": line.corrects,
        "why": line.why,
    }


def agreeing(
    known: LedgerEntry, holding: Holding, line: Line, *, by: Professional
) -> LedgerEntry:
    """Said twice: the same content, by the same. Raises Contradicted."""
    said = columns(line) | {"holding": holding, "by": by}
    if any(getattr(known, name) != value for name, value in said.items()):
        raise Contradicted(
            f"entry {known.entry} is stored with other content", entry=str(known.entry)
        )
    return known


def refuse_signers(holding: Holding, line: Line, *, by: Professional) -> None:
    """Raises OnePerson, NotOfTheUnit."""
    unit = holding.cabinet.unit_id
    signing = [one for one in (by, line.witness) if one]
    if any(one.unit_id != unit or not one.is_active for one in signing):
        raise NotOfTheUnit("Of the unit whose cabinet it is.", field="witness")
    if line.session and line.session.unit_id != unit:
        raise NotOfTheUnit("For a session of the unit whose cabinet it is.", field="session")
    witness = signer(line.witness) if line.witness else None
    refuse_one_person(line.posting.movement, signer(by), witness)


def signer(who: Professional) -> Signer:
    return Signer(account=who.pk, number=who.hpr_number, name=who.display_name)


def hand_of(holding: Holding, session: Session | None) -> Milligrams:
    """Drawn from this holding for the session and not accounted for."""
    if session is None:
        return NOTHING
    rows = LedgerEntry.objects.filter(holding=holding, session=session)
    return Milligrams(rows.aggregate(sum=Sum("hand_change"))["sum"] or Decimal(0))


def pieces(holding: Holding, number: int) -> Milligrams:
    return Milligrams(number * holding.piece_mg)
