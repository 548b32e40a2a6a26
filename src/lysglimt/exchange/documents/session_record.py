"""The record of one session on paper: what was ordered, checked, given, measured, decided and signed."""

from collections.abc import Iterator
from datetime import datetime

from lysglimt.clinic.chairside.after import totals_now
from lysglimt.clinic.chairside.charted import (
    CELLS,
    Line,
    act_said,
    happenings,
    lines,
    marks,
    pressure_charted,
)
from lysglimt.clinic.chairside.device_said import use_said
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.hands import who_checked
from lysglimt.clinic.chairside.models import (
    Capacity,
    ChairEvent,
    ChairEventKind,
    DeviceUse,
    Handover,
    MonitoringForm,
    PaperChart,
    PumpEvent,
    Session,
    VitalSet,
    Waste,
)
from lysglimt.clinic.chairside.monitoring_answers import answers_shown
from lysglimt.clinic.chairside.ribbon import ribbon
from lysglimt.clinic.chairside.sheet import Sheet, Stage, to_a_tenth
from lysglimt.clinic.chairside.showing import at_clock, written_plain
from lysglimt.clinic.chairside.wordings import CELL_NAMES, EVENTS
from lysglimt.clinic.design.templatetags.design import basis_note, decimal
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.monitoring.limits import Light

from .of_order import (
    FINDING_WIDTHS,
    checks_part,
    finding_row,
    gate_parts,
    order_parts,
)
from .parts import (
    DUE,
    LATE,
    QUIET,
    Cell,
    Document,
    Part,
    Piece,
    cell,
    facts,
    language,
    say,
    text,
)
from .whole import (
    Printing,
    foot,
    judged,
    protocol_said,
    unsigned_because,
    what,
    when,
    whole_sheet,
    whom,
)

LOOK = {Light.RED: LATE, Light.AMBER: DUE, Light.GREEN: ""}


def session_record(session: Session, printing: Printing) -> Document:
    sheet = whole_sheet(session, printing)
    because = list(unsigned_because(sheet))
    return Document(
        title=say("record"),
        whom=whom(session),
        what=what(session),
        foot=foot(printing, protocol_said(session)),
        draft=say("draft", why=", ".join(because)) if because else "",
        watermark=say("watermark") if because else "",
        parts=[
            overview(sheet),
            *order_parts(sheet),
            checks_part(sheet),
            *gate_parts(sheet, printing),
            *infusion_part(sheet),
            observations(sheet),
            happened(sheet),
            *handover_part(session),
            *spoke_part(sheet),
            home_part(sheet),
            *monitoring_part(sheet),
            *added_part(sheet),
        ],
    )


def overview(sheet: Sheet) -> Part:
    session = sheet.session
    left = sheet.discharge.left_at if sheet.discharge else None
    here = next(
        (
            one
            for one in ribbon(sheet, judged=judged(sheet))
            if one["state"] in {"now", "paused"}
        ),
        None,
    )
    told: list[tuple[str, object]] = [
        (say("unit"), session.unit),
        (say("chair"), session.chair or "–"),
        (say("stands"), f"{here['label']} {here['note']}".strip() if here else "–"),
        (say("started"), when(sheet.started)),
        (say("stopped"), when(sheet.stopped)),
        (say("left"), when(left)),
    ]
    return Part(
        heading=say("overview"),
        notes=[] if judged(sheet) else cell(say("journal"), kind=DUE),
        facts=[*facts(told), *amounts(sheet), *hands(sheet), *on_paper(session)],
    )


def amounts(sheet: Sheet) -> Iterator[tuple[str, Cell]]:
    given = to_a_tenth(sheet)
    if sheet.order:
        yield say("prescribed"), cell(f"{written_plain(sheet.order.dose_mg)} mg")
    if given is not None:
        yield say("given"), cell(f"{written_plain(given)} mg")
    recorded = SessionGiven.objects.in_force().filter(entry=sheet.session.pk).first()
    if recorded and recorded.ended_early:
        yield say("not_given_whole"), cell(recorded.ended_early)
    for row in (
        Waste.objects.in_force().filter(session=sheet.session).select_related("by", "witness")
    ):
        told = {"by": who_checked(sheet.session, row, row.witness), "at": when(row.happened_at)}
        yield say("wasted"), cell(say("wasted_said", mg=written_plain(row.wasted_mg), **told))


def hands(sheet: Sheet) -> Iterator[tuple[str, Cell]]:
    """Who signed, and whose signature something that was charted since has voided."""
    names = {Capacity.NURSE: say("signed_nurse"), Capacity.DOCTOR: say("signed_doctor")}
    for capacity, name in names.items():
        signed = [one for one in sheet.hands if one.capacity is capacity]
        told = [
            Piece(say("by_at", by=one.name, at=when(one.at)))
            if sheet.holds(one.at)
            else Piece(say("no_longer", by=one.name, at=when(one.at)), LATE, struck=True)
            for one in sorted(signed, key=lambda one: one.at)
        ]
        yield name, told or cell(say("not_signed"), kind=LATE)


def on_paper(session: Session) -> Iterator[tuple[str, Cell]]:
    for row in PaperChart.objects.in_force().filter(session=session).select_related("by"):
        times = {"from": when(row.happened_at), "until": when(row.until)}
        told = say("paper_said", **times, why=row.why, by=row.by, at=when(row.received_at))
        yield say("paper"), cell(told, kind=DUE)


def infusion_part(sheet: Sheet) -> Iterator[Part]:
    """Each segment as the pump stood, to the stop or to now."""
    if sheet.delivery is None:
        return
    until = sheet.stopped or sheet.now
    strength = sheet.delivery.plan.order.concentration.value
    rows: list[tuple[Cell, ...]] = []
    for one in sheet.delivery.segments(until):
        so_far = sheet.delivery.pumped(one.end).value
        volume = so_far - sheet.delivery.pumped(one.start).value
        still = not one.rate.value
        rows.append(
            (
                cell(when(one.start)),
                cell(when(one.end)),
                cell(
                    say("pause") if still else decimal(one.rate, 1), kind=DUE if still else ""
                ),
                cell(decimal(volume, 2)),
                cell(decimal(volume * strength, 2)),
                cell(decimal(so_far * strength, 2)),
            )
        )
    head = tuple(map(say, ("from", "until", "rate", "volume", "amount", "so_far")))
    yield Part(heading=say("infusion"), head=head, widths=(3, 3, 2, 2, 2, 2), rows=rows)


def observations(sheet: Sheet) -> Part:
    """In the order of the clock; who entered each first, and when."""
    charted = sorted(lines(sheet, judged=judged(sheet)), key=lambda one: one.row.happened_at)
    entered = {row.entry: row for row in sheet.vital_rows if row.revision == 1}
    names = [str(name) for name in CELL_NAMES]
    return Part(
        heading=say("observations"),
        notes=cell(say("measured_columns"), kind=QUIET) if charted else cell(say("none")),
        head=(say("time"), say("minute"), *names, say("remark"), say("by")),
        widths=(1.8, 1.4, 2.4, *[1.8] * len(CELLS), 4.4, 3),
        rows=[observation_row(one, entered[one.row.entry]) for one in charted],
    )


def observation_row(line: Line, first: VitalSet) -> tuple[Cell, ...]:
    struck, late = line.struck, DUE if first.late else QUIET
    values: list[Cell] = [
        [
            Piece(light_worded(one.value, one.light), LOOK[one.light], struck=struck),
            *(Piece(old, QUIET, struck=True) for old in one.struck),
        ]
        for one in line.cells
    ]
    danger = [Piece(name, LATE, struck=struck) for name in line.danger]
    told = say("entered", at=clock_of(first.received_at, beside=line.row.happened_at))
    return (
        [Piece(line.at, struck=struck)],
        cell("–" if line.minute is None else line.minute),
        *values,
        [*danger, *cell(*line.remarks)],
        [Piece(str(first.by)), Piece(told, late)],
    )


def clock_of(at: datetime, *, beside: datetime) -> str:
    """With its day where that is another."""
    return at_clock(at) if on_day(at) == on_day(beside) else when(at)


def light_worded(value: str, light: Light) -> str:
    """Colour is never alone."""
    marks = {Light.RED: f"{value} {say('red')}", Light.AMBER: f"{value} {say('amber')}"}
    return marks.get(light, value)


def happened(sheet: Sheet) -> Part:
    rows = [
        (
            [Piece(one.clock, struck=one.struck)],
            [Piece(one.words, struck=one.struck)],
            cell(*one.remarks),
            cell(one.by, kind=QUIET),
        )
        for one in reversed(happenings(sheet))
    ]
    head = tuple(map(say, ("time", "what", "remark", "by")))
    notes = [] if rows else cell(say("none"))
    return Part(heading=say("happened"), notes=notes, head=head, widths=(1, 7, 4, 2), rows=rows)


def handover_part(session: Session) -> Iterator[Part]:
    rows = Handover.objects.in_force().filter(session=session).select_related("by", "taken_by")
    told = [pair for row in rows for pair in handed_over(row)]
    if told:
        yield Part(heading=say("handovers"), facts=told)


def handed_over(row: Handover) -> Iterator[tuple[str, Cell]]:
    head = say("handed", at=when(row.happened_at), by=row.by, taken_by=row.taken_by)
    yield head, cell(row.words and f"{say('added_words')}: {row.words}")
    looks = {"late": LATE, "due": DUE}
    points = [Piece(one[language()], looks.get(one["kind"], "")) for one in row.open_points]
    yield say("was_open"), points or cell(say("nothing_open"))


def spoke_part(sheet: Sheet) -> Iterator[Part]:
    """What the rules said when it was charted; nothing in journal mode."""
    if not judged(sheet):
        return
    rows: list[tuple[Cell, ...]] = []
    for row in sheet.sets:
        for one in sheet.outside_of[row.pk]:
            if not one.stands:
                word = say("red") if one.light is Light.RED else say("amber")
                rows.append(
                    (
                        cell(word, kind=LOOK[one.light]),
                        cell(
                            f"{say('spoke_of', at=when(row.happened_at))}: {text(one.reason)}"
                        ),
                        cell(f"{one.sign} · {basis_note(one.basis)}", kind=QUIET),
                    )
                )
    for name, found in (("resumed", sheet.resumed_against), ("deviation", sheet.deviations)):
        for finding in found:
            _, told, basis = finding_row(finding)
            rows.append((cell(say(name), kind=LATE), told, basis))
    if rows:
        head = tuple(map(say, ("standing", "what", "rests_on")))
        yield Part(heading=say("spoke"), head=head, widths=FINDING_WIDTHS, rows=rows)


def home_part(sheet: Sheet) -> Part:
    record = sheet.discharge
    if record is None:
        return Part(heading=say("home"), notes=cell(say("no_list"), kind=DUE))
    found = [finding_as_read(one) for one in record.findings]
    said = (record.escort_name, record.escort_telephone)
    told: list[tuple[str, Cell]] = [(say("escort"), cell(" ".join(said).strip() or "–"))]
    scores = [
        say("score", name=one.name, points=one.points, most=one.most, least=one.least)
        for one in totals_now(sheet, record)
    ]
    told += [(say("scores"), cell(*scores))] if scores else []
    told += [(say("decision"), cell(record.deviation))] if record.deviation else []
    if record.decided_by:
        told.append((say("left"), cell(say("left_early", by=record.decided_by), kind=LATE)))
    elif record.no_doctor_reached:
        told.append((say("left"), cell(say("nobody_reached"), kind=LATE)))
    for one in sheet.departures:
        struck = {"by": one.struck.by, "struck": when(one.struck.received_at)}
        words = say("left_struck", at=when(one.left_at), **struck, why=one.struck.reason)
        told.append((say("left"), cell(words, kind=DUE)))
    return Part(
        heading=say("home"),
        facts=told,
        head=tuple(map(say, ("standing", "what", "rests_on"))),
        widths=FINDING_WIDTHS,
        rows=[finding_row(one) for one in found],
    )


def monitoring_part(sheet: Sheet) -> Iterator[Part]:
    """Of a session by nose: the label's minimum, each field with where its answer is from."""
    if not sheet.nasal or sheet.stage is Stage.BEFORE:
        return
    known = MonitoringForm.objects.in_force().filter(session=sheet.session).first()
    shown = answers_shown(sheet, gate=sheet.gate, typed=known.answers if known else {})
    rows = [
        (
            cell(one.name),
            cell(one.said) if one.said else cell(say("not_answered"), kind=DUE),
            cell(one.origin, kind=QUIET),
        )
        for one in shown
    ]
    head = tuple(map(say, ("question", "answer", "origin")))
    yield Part(heading=say("monitoring"), head=head, widths=(4, 4, 2), rows=rows)


def added_part(sheet: Sheet) -> Iterator[Part]:
    """What came after both had signed: the record goes on, and says so."""
    if len(sheet.signatures) < len(Capacity):
        return
    signed = max(one.at for one in sheet.hands if sheet.holds(one.at))
    rows = [
        (
            cell(when(row.received_at)),
            cell(when(row.happened_at)),
            cell(words, *marks(row)),
            cell(row.by, kind=QUIET),
        )
        for row, words in sorted(charted(sheet), key=lambda one: one[0].received_at)
        if row.received_at > signed
    ]
    head = tuple(map(say, ("added_at", "of_time", "what", "by")))
    notes = [] if rows else cell(say("added_none"))
    yield Part(heading=say("added"), notes=notes, head=head, widths=(2, 2, 4, 2), rows=rows)


def charted(
    sheet: Sheet,
) -> Iterator[tuple[VitalSet | PumpEvent | ChairEvent | DeviceUse, str]]:
    """Everything that was entered at the chair, corrections too, in a few words."""
    for row in sheet.vital_rows:
        yield row, f"{say('an_observation')} {pressure_charted(row)}"
    for act in sheet.pump_rows:
        yield act, act_said(act)
    for event in sheet.event_rows:
        yield event, str(EVENTS[ChairEventKind(event.kind)])
    for used in sheet.device_rows:
        yield used, use_said(sheet, used)
