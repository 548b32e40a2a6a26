"""The ledger of one drug in one cabinet, on paper: every line, with who signed it."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import Line, lines, milligrams
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.models import PatientCard
from lysglimt.knowledge.ledger.movements import ledger_rules

from .parts import LATE, QUIET, Cell, Document, Part, Piece, cell, facts, say
from .whole import Printing, foot, when

Cards = Mapping[UUID, PatientCard]


def ledger(
    holding: Holding, rows: list[LedgerEntry], by: Printing, *, cards: Cards
) -> Document:
    """``cards`` are the patients whom the reader may see, by their keys."""
    told = [
        (say("ledger_stock"), f"{rows[-1].stock_after if rows else 0}"),
        (say("ledger_piece"), milligrams(holding.piece_mg)),
        ("ATC", holding.atc),
        (say("ledger_period"), period(rows)),
        (say("ledger_kept"), say("ledger_years", n=ledger_rules().retention.value)),
    ]
    columns = (
        *("ledger_no", "ledger_when", "ledger_what", "ledger_pieces", "ledger_mg"),
        *("ledger_after", "ledger_batch", "ledger_signers"),
    )
    return Document(
        title=say("ledger"),
        whom=[str(holding)],
        what=f"{holding.cabinet} · {holding.cabinet.unit}",
        foot=foot(by),
        landscape=True,
        parts=[
            Part(heading=str(holding), facts=facts(told)),
            Part(
                heading=say("ledger_lines"),
                head=tuple(map(say, columns)),
                widths=(1, 3, 6, 1.4, 1.8, 1.6, 2.4, 4),
                rows=[tuple(cells(one, cards)) for one in lines(rows)],
                notes=[] if rows else cell(say("none")),
            ),
        ],
    )


def period(rows: list[LedgerEntry]) -> str:
    """From the first line to the last, and how many: nobody has to ask what the print leaves out."""
    told = sorted(row.happened_at for row in rows)
    if not told:
        return say("none")
    return say("ledger_from_to", since=when(told[0]), until=when(told[-1]), n=len(rows))


def cells(line: Line, cards: Cards) -> Iterator[Cell]:
    row = line.row
    late = cell(say("entered", at=when(row.received_at)), kind=LATE) if row.late else []
    yield cell(row.number)
    yield [*cell(when(row.happened_at)), *late]
    yield [*cell(line.name), *about(line, cards)]
    yield cell("" if line.change is None else line.change)
    yield cell("" if row.counted is not None else milligrams(row.mg))
    yield cell(row.stock_after)
    yield cell(row.batch, day_written(row.expires_on) if row.expires_on else "")
    yield cell(row.by, row.witness or "")


def about(line: Line, cards: Cards) -> Iterator[Piece]:
    """For whom, by birth date and initials; by whose order; what was counted; why."""
    row = line.row
    if row.session is not None:
        card = cards.get(row.session.course.patient_id)
        whom = (
            f"{initials(card)} {day_written(card.birth_date)}" if card else say("ledger_closed")
        )
        yield from cell(
            f"{say('session_of', day=day_written(row.session.planned_on))} · {whom}"
        )
    if row.prescriber is not None and row.ordered_mg is not None:
        said = say("ledger_ordered", dose=milligrams(row.ordered_mg), by=row.prescriber)
        yield from cell(said, kind=QUIET)
    if row.counted is not None:
        counted = say("ledger_counted", n=row.counted)
        yield from cell(counted, kind=LATE if line.disagrees else "")
    if line.takes_back:
        yield from cell(say("ledger_of", n=line.takes_back), kind=QUIET)
    if row.session is None or row.session.course.patient_id in cards:
        # What was written of a patient may tell of her.
        yield from cell(row.why, kind=QUIET)


def initials(card: PatientCard) -> str:
    return "".join(part[0] for part in card.name.split() if part)
