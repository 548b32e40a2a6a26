"""What has been charted, as lines, as a list and as a picture."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil

from django.utils.translation import gettext

from lysglimt.clinic.design.charts import PlannedRange, SessionPicture
from lysglimt.clinic.design.charts import VitalSet as Drawn
from lysglimt.clinic.design.charts.vitals_trend import Sign
from lysglimt.clinic.design.numerals import day_written, numeral
from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.monitoring.limits import (
    Light,
    Outside,
    SignLimits,
    is_danger,
    limits,
)
from lysglimt.knowledge.monitoring.vital_signs import Baseline, VitalSign

from .decided import against_said, words_of_doctors
from .device_said import use_said
from .hands import Handed, from_paper, handed
from .models import (
    ChairEvent,
    ChairEventKind,
    DeviceUse,
    PumpEvent,
    Session,
    ThrownAway,
    VitalSet,
)
from .models.vitals import MEASURES
from .sheet import Sheet, Stage
from .showing import at_clock, signs_named, written_plain
from .typed_away import typed_said
from .wordings import ACTS, BY_ITSELF, EVENTS, PAUSES
from .written import revisions

DRAWN: Mapping[str, Sign] = {
    "systolic": "pressure",
    "diastolic": "pressure",
    "heart_rate": "pulse",
    "spo2": "saturation",
}
CELLS = ("pulse", "spo2", "respiration", "sedation", "dissociation", "distress", "nausea")
SIGN_OF_CELL = {
    "pulse": {"heart_rate"},
    "spo2": {"spo2"},
    "respiration": {"respiratory_rate"},
    "sedation": {"moaas", "rass"},
    "distress": {"distress"},
    "nausea": {"nausea"},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, those it replaced, and how it lies: green in the planned range, amber or red."""

    value: str
    struck: tuple[str, ...] = ()
    light: Light = Light.GREEN


@dataclass(frozen=True, slots=True)
class Line:
    """One set in the table, with all that was said of it before."""

    row: VitalSet
    at: str
    minute: int | None
    cells: tuple[Cell, ...]
    remarks: tuple[str, ...]
    danger: tuple[str, ...] = ()
    """The danger signs of the set, told apart from the remarks; none in journal mode."""

    @property
    def struck(self) -> bool:
        return self.row.withdrawn


def lines(sheet: Sheet, *, judged: bool) -> list[Line]:
    """Newest first. What is struck out stays, struck through."""
    shown = [_line(sheet, said, judged=judged) for said in revisions(sheet.vital_rows)]
    return sorted(shown, key=lambda line: line.row.happened_at, reverse=True)


def lights(found: Iterable[Outside]) -> Mapping[str, Light]:
    """By sign, of what was read in this very set: what stands from before it is not marked anew."""
    lit: dict[str, Light] = {}
    for one in found:
        if not one.stands:
            lit[one.sign] = max(one.light, lit.get(one.sign, Light.GREEN), key=rank)
    return lit


def worst(lit: Mapping[str, Light], signs: Iterable[str]) -> Light:
    return max((lit.get(sign, Light.GREEN) for sign in signs), key=rank, default=Light.GREEN)


def rank(light: Light) -> int:
    return light.rank


def _line(sheet: Sheet, said: list[VitalSet], *, judged: bool) -> Line:
    *before, row = said
    found = sheet.outside_of[row.pk] if judged and not row.withdrawn else ()
    lit = lights(found)
    cells = [
        Cell(
            pressure_charted(row),
            _changed([pressure_charted(one) for one in before], pressure_charted(row)),
            worst(lit, {"systolic", "diastolic"}),
        )
    ]
    for column in CELLS:
        value = value_charted(row, column)
        old = _changed([value_charted(one, column) for one in before], value)
        cells.append(Cell(value, old, worst(lit, SIGN_OF_CELL.get(column, set()))))
    return Line(
        row,
        at_clock(row.happened_at),
        sheet.minute(row.happened_at),
        tuple(cells),
        (*_remarks(row, judged=judged), *typed_said(said), *from_paper(sheet.session, said)),
        tuple(signs_named(filter(is_danger, row.signs))) if judged else (),
    )


def pressure_charted(row: VitalSet) -> str:
    if row.systolic is None and row.diastolic is None:
        return "–"
    return "/".join("–" if one is None else str(one) for one in (row.systolic, row.diastolic))


def value_charted(row: VitalSet, column: str) -> str:
    value = getattr(row, column)
    return "–" if value is None else numeral(Decimal(value))


def _changed(old: list[str], value: str) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(old) if one != value)


def _remarks(row: VitalSet, *, judged: bool) -> Iterator[str]:
    yield from signs_named(name for name in row.signs if not (judged and is_danger(name)))
    for name in signs_named(row.signs_over):
        yield gettext("over: %s") % name
    if row.from_monitor_id:
        yield gettext("from the monitor")
    if row.on_oxygen:
        yield gettext("on oxygen")
    if row.not_measured:
        yield gettext("not measured: %s") % next(iter(row.not_measured.values()))
    if row.comment:
        yield row.comment
    yield from marks(row)


def marks(row: Fact) -> Iterator[str]:
    """Late, corrected, struck out: by whom and why."""
    if row.late and row.revision == 1:
        yield entered_said(row)
    if row.revision > 1:
        words = gettext("struck out") if row.withdrawn else gettext("corrected")
        reason = BY_ITSELF.get(row.reason, row.reason)
        yield f"{words}: {reason} · {row.by} {came(row)}"


def of_another_day(row: Fact) -> bool:
    return on_day(row.received_at) != on_day(row.happened_at)


def entered_said(row: Fact) -> str:
    clock = at_clock(row.received_at)
    if not of_another_day(row):
        return gettext("entered at %s") % clock
    words = gettext("entered on %(day)s at %(at)s")
    return words % {"day": day_written(on_day(row.received_at)), "at": clock}


def came(row: Fact) -> str:
    """Of another day than it happened, with its day."""
    clock = at_clock(row.received_at)
    day = f"{day_written(on_day(row.received_at))} " if of_another_day(row) else ""
    return f"{day}{clock}"


@dataclass(frozen=True, slots=True)
class Happening:
    """An act of the pump or an event, in the list of what happened."""

    at: datetime
    clock: str
    words: str
    by: str
    remarks: tuple[str, ...]
    struck: bool
    kind: str
    pk: int


def happenings(sheet: Sheet) -> list[Happening]:
    """Newest first, the pump, the devices, the events and handovers together."""
    acts = revisions(sheet.pump_rows)
    words = words_of_doctors(first for first, *_ in acts)
    session = sheet.session
    shown = [
        *(
            _happening(
                session, said, " ".join((act_said(said[-1]), *against_said(said[0], words)))
            )
            for said in acts
        ),
        *(_happening(session, said, _event(said[-1])) for said in revisions(sheet.event_rows)),
        *(
            _happening(session, said, use_said(sheet, said[-1]))
            for said in revisions(sheet.device_rows)
        ),
        *map(_handed, handed(session)),
        *thrown_away(sheet),
    ]
    return sorted(shown, key=lambda one: one.at, reverse=True)


KINDS = {PumpEvent: "pump", ChairEvent: "event", DeviceUse: "device"}


def thrown_away(sheet: Sheet) -> Iterator[Happening]:
    """What a tablet had kept and somebody threw away there; asked only where there is any."""
    if not vars(sheet.session).get("entries_thrown_away"):
        return
    words = gettext("Thrown away on the tablet, never stored")
    for row in ThrownAway.objects.filter(session=sheet.session).select_related("by"):
        said = "; ".join(f"{label}: {value}" for label, value in row.words)
        yield Happening(
            row.happened_at,
            at_clock(row.happened_at),
            f"{words}: {said}",
            str(row.by),
            (row.reason, at_clock(row.received_at)),
            struck=True,
            kind="thrown",
            pk=row.pk,
        )


def _happening(
    session: Session, said: Sequence[PumpEvent | ChairEvent | DeviceUse], words: str
) -> Happening:
    """Of an entry with all its revisions."""
    row = said[-1]
    return Happening(
        row.happened_at,
        at_clock(row.happened_at),
        words,
        str(row.by),
        (*marks(row), *typed_said(said), *from_paper(session, said)),
        row.withdrawn,
        KINDS[type(row)],
        row.pk,
    )


def _handed(one: Handed) -> Happening:
    """It is never struck: the session is handed on."""
    words = gettext("Handed over to %s") % one.taken_by
    told = f"{words}: {one.words}" if one.words else words
    return Happening(
        at=one.at,
        clock=at_clock(one.at),
        words=told,
        by=one.by,
        remarks=(),
        struck=False,
        kind="handover",
        pk=0,
    )


def act_said(row: PumpEvent) -> str:
    words = [gettext("Pump"), str(ACTS[PumpAct(row.act)]).lower()]
    if row.rate_ml_h is not None:
        words.append(f"{written_plain(row.rate_ml_h)} {gettext('ml/h')}")
    if row.pause_reason:
        words.append(f"({PAUSES[PauseReason(row.pause_reason)]})")
    if row.comment and row.act == PumpAct.START:
        words.append(gettext("– though the start check did not let it through:"))
        words.append(row.comment)
    return " ".join(words)


def _event(row: ChairEvent) -> str:
    parts = (str(EVENTS[ChairEventKind(row.kind)]), row.amount, row.comment)
    return ": ".join(part for part in parts if part)


def session_picture(sheet: Sheet, *, judged: bool) -> SessionPicture | None:
    """Since shortly before the start; before that there is nothing to set the minutes by."""
    if sheet.started is None:
        return None
    return SessionPicture(
        sets=tuple(_drawn(sheet, row, judged=judged) for row in filter(_looked, sheet.sets)),
        ranges=planned_ranges(sheet.risen_from) if judged else (),
        pauses=tuple(_pauses(sheet)),
        now=None if sheet.stage is Stage.LEFT else sheet.minute(sheet.now),
        planned_end=sheet.order.minutes if sheet.order else 0,
    )


def _looked(row: VitalSet) -> bool:
    """A danger sign tapped alone left nothing out: nothing was to be measured."""
    return bool(row.not_measured) or any(
        getattr(row, column) is not None for column in MEASURES
    )


def _drawn(sheet: Sheet, row: VitalSet, *, judged: bool) -> Drawn:
    found = lights(sheet.outside_of[row.pk] if judged else ())
    lit = {sign: light for sign, light in found.items() if sign in DRAWN}
    return Drawn(
        minute=sheet.minute(row.happened_at) or 0,
        systolic=row.systolic,
        diastolic=row.diastolic,
        pulse=row.pulse,
        saturation=row.spo2,
        outside=frozenset(DRAWN[sign] for sign in lit),
        red=frozenset(DRAWN[sign] for sign, light in lit.items() if light is Light.RED),
    )


def planned_ranges(before: Baseline) -> tuple[PlannedRange, ...]:
    """What is inside: just short of the first limit either way, a rise from ``before`` too."""
    signs: tuple[tuple[str, Sign], ...] = (
        ("systolic", "pressure"),
        ("heart_rate", "pulse"),
        ("spo2", "saturation"),
    )
    ranges = []
    for name, sign in signs:
        row = limits().during[name]
        lowest = None if row.amber_to is None else int(row.amber_to.value) + 1
        limits_up = [*_amber_from(row, before.get(VitalSign(name)))]
        highest = min(limits_up) - 1 if limits_up else None
        ranges.append(PlannedRange(sign, lowest, highest))
    return tuple(ranges)


def _amber_from(row: SignLimits, before: Fraction | None) -> Iterator[int]:
    """The lowest whole value that is outside upwards: by itself, and as a rise."""
    if row.amber_from is not None:
        yield ceil(row.amber_from.value)
    if row.amber_rise is not None and before is not None:
        yield ceil(before + Fraction(row.amber_rise.value))


def _pauses(sheet: Sheet) -> Iterator[tuple[int, int]]:
    if sheet.delivery is None:
        return
    for segment in sheet.delivery.segments(sheet.stopped or sheet.now):
        if not segment.rate.value:
            start, end = sheet.minute(segment.start), sheet.minute(segment.end)
            yield start or 0, end or 0
