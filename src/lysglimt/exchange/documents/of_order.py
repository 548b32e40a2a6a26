"""Of the record: the order with its inputs and formula, what two checked, and the start check."""

from collections.abc import Iterator, Mapping

from lysglimt.clinic.chairside.checked import late_check
from lysglimt.clinic.chairside.device_card import milligrams_said, order_facts
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.hands import from_paper, who_checked
from lysglimt.clinic.chairside.models import (
    AnOrder,
    DeviceCheck,
    DeviceOrder,
    PreparationCheck,
    Session,
    SessionOrder,
    StartGateRecord,
)
from lysglimt.clinic.chairside.sheet import Sheet
from lysglimt.clinic.chairside.showing import (
    dose_facts,
    dose_figures,
    doses_by_basis,
    overridden,
    reckoning,
    speaking,
    written_plain,
)
from lysglimt.clinic.chairside.untold import as_told
from lysglimt.clinic.chairside.written import in_force, revisions
from lysglimt.clinic.design.templatetags.design import basis_note, standing_word
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .parts import DUE, LATE, QUIET, Cell, Part, Piece, cell, facts, say, text
from .whole import Printing, when

FINDING_WIDTHS = (2, 6, 4)


def order_parts(sheet: Sheet) -> Iterator[Part]:
    order = sheet.ordered
    if order is None:
        yield Part(heading=say("order"), notes=cell(say("no_order"), kind=DUE))
        return
    yield Part(heading=say("order"), facts=[*dose(order, sheet), *of_hands(order, sheet)])
    if isinstance(order, SessionOrder) and order.plan["reckoning"]:
        yield Part(
            heading=say("reckoned"),
            facts=facts(doses_by_basis(order)),
            head=(say("step"), say("formula")),
            widths=(1, 3),
            rows=[(cell(name), cell(formula)) for name, formula in reckoning(order)],
        )


def dose(order: AnOrder, sheet: Sheet) -> Iterator[tuple[str, Cell]]:
    if isinstance(order, DeviceOrder):
        yield say("devices"), cell(milligrams_said(order.devices))
        yield from facts(order_facts(order))
        if order.why:
            yield say("why"), cell(order.why, kind=LATE)
        against = order.card["against"]
    else:
        yield from facts(dose_figures(order))
        yield from facts(dose_facts(order, session_on=sheet.session.planned_on))
        for step in overridden(order):
            yield say("why"), cell(say("answers_for", by=step.by, why=step.reason), kind=LATE)
        against = [*order.plan["findings"], *order.plan.get("against", ())]
    for one, word in speaking([finding_as_read(said) for said in against]):
        yield word or standing_word(one.standing), cell(text(one.reason), basis_note(one.basis))


def of_hands(order: AnOrder, sheet: Sheet) -> Iterator[tuple[str, Cell]]:
    """Who wrote and signed it, and each order that it replaced."""
    signature = getattr(order, "signature", None)
    yield say("written"), cell(say("by_at", by=order.by, at=when(order.received_at)))
    if signature:
        yield say("signed"), cell(say("by_at", by=signature.by, at=when(signature.at)))
    else:
        yield say("signed"), cell(say("not_signed"), kind=LATE)
    orders: list[AnOrder] = [*sheet.device_orders, *sheet.orders]
    for one in orders:
        if one.pk != order.pk:
            told = say("before_change", dose=amount(one), by=one.by, at=when(one.received_at))
            yield say("changed"), [Piece(told, QUIET, struck=True)]
    if order.reason:
        yield say("why"), cell(order.reason)


def amount(order: AnOrder) -> str:
    if isinstance(order, DeviceOrder):
        return milligrams_said(order.devices)
    return f"{written_plain(order.dose_mg)} mg"


def checks_part(sheet: Sheet) -> Part:
    rows: list[PreparationCheck | DeviceCheck] = [
        *in_force(sheet.preparations),
        *in_force(sheet.device_checks),
    ]
    order = sheet.ordered
    of_now = {row.pk for row in rows if order and row.order_id == order.pk}
    told = [
        pair for row in rows for pair in check_told(sheet.session, row, now=row.pk in of_now)
    ]
    late = late_check(sheet.order, sheet.pump_rows)
    notes = cell(say("none"), kind=DUE) if not rows else []
    if late is not None:
        words = say("checked_late", told=late.entered) if late.entered else say("no_check")
        notes = cell(words, kind=LATE)
    return Part(heading=say("checks"), notes=notes, facts=told)


def check_told(
    session: Session, row: PreparationCheck | DeviceCheck, *, now: bool
) -> Iterator[tuple[str, Cell]]:
    """Who typed it from paper has not checked it: the two who did stand on the paper."""
    hands = say("by_at", by=who_checked(session, row, row.checked_by), at=when(row.happened_at))
    earlier = [] if now else [Piece(say("of_earlier"), DUE)]
    yield say("checks"), [*cell(hands), *earlier]
    if isinstance(row, PreparationCheck):
        batch = f"{row.product} {row.batch}".strip()
        drawn = f"{written_plain(row.drawn_mg)} mg, {batch}"
        yield say("drawn"), cell(drawn, row.drawn_reason)
        yield say("lines"), lines_told(row.lines, TWO_PERSON_CHECK)
    else:
        yield say("drawn"), cell(say("laid_out", n=row.laid_out))
        yield say("lines"), lines_told(row.lines, DEVICE_CHECK)


def lines_told(lines: list[str], of: Mapping[str, Text]) -> Cell:
    lacking = [text(words) for name, words in of.items() if name not in lines]
    if lacking:
        return cell(say("lacking_lines", lines=", ".join(lacking)), kind=LATE)
    return cell(f"{say('all_lines')}: {', '.join(map(text, of.values()))}")


def gate_parts(sheet: Sheet, printing: Printing) -> Iterator[Part]:
    """Each time that somebody went through it, the first first; what is closed stays untold."""
    entries = revisions(sheet.gates)
    if not entries:
        yield Part(heading=say("gate"), notes=cell(say("none"), kind=DUE))
    for first, *later in sorted(entries, key=lambda rows: rows[0].received_at):
        newest = later[-1] if later else first
        found = [finding_as_read(one) for one in newest.findings]
        told = as_told(found, by=printing.by, session=sheet.session)
        yield Part(
            heading=say("gate"),
            notes=gate_notes(sheet.session, first, newest),
            head=(say("standing"), say("what"), say("rests_on")),
            widths=FINDING_WIDTHS,
            rows=[finding_row(one) for one in told],
        )


def gate_notes(
    session: Session, first: StartGateRecord, newest: StartGateRecord
) -> list[Piece]:
    doctor = newest.doctor or say("nobody")
    who = next(from_paper(session, [first]), first.by)
    by = say("gate_by", by=who, at=when(first.happened_at), doctor=doctor)
    if newest.override_by is None:
        return cell(by)
    opened = {"by": newest.override_by, "at": when(newest.received_at)}
    words = say("opened_by", **opened, why=newest.override_reason)
    return [*cell(by), Piece(words, LATE)]


def finding_row(one: Finding) -> tuple[Cell, Cell, Cell]:
    """A criterion, how it stands, and on what it rests. Of a session nobody is excluded by it."""
    words = {
        Standing.EXCLUDED: (say("not_met"), LATE),
        Standing.NEEDS_SPECIALIST: (say("doctor_decides"), DUE),
        Standing.MET: (standing_word(Standing.MET), ""),
    }
    word, kind = words.get(one.standing, (standing_word(one.standing), DUE))
    asked = [text(one.question)] if one.question else []
    return (
        cell(word, kind=kind),
        cell(text(one.reason), *asked),
        cell(f"{one.criterion} · {basis_note(one.basis)}", kind=QUIET),
    )
