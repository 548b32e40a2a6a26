"""Blood pressure, pulse and saturation through a session, each on a scale of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext

from lysglimt.clinic.design.numerals import numeral

from .scene import Box, Curve, Dot, Label, Line, Scale, Scene, spread, stacked, unbroken

Sign = Literal["pressure", "pulse", "saturation"]

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT = 56, 670
CLOCK_AT = 392
ABOVE, BELOW, OUTSIDE = "▲", "▼", "!"


@dataclass(frozen=True, slots=True)
class Panel:
    """One sign's strip of the picture: its scale's ends and where it stands."""

    lowest: int
    highest: int
    top: int
    floor: int
    ticks: tuple[int, ...]

    def y(self, value: int) -> int:
        """A value beyond the scale is drawn at its edge; its number is written all the same."""
        scale = Scale(self.lowest, self.highest, self.floor, self.top)
        return scale(min(max(value, self.lowest), self.highest))


PANELS: dict[Sign, Panel] = {
    "pressure": Panel(40, 220, 30, 200, (60, 100, 140, 180)),
    "pulse": Panel(30, 180, 226, 286, (60, 120)),
    "saturation": Panel(80, 100, 312, 366, (85, 95)),
}


@dataclass(frozen=True, slots=True)
class VitalSet:
    """One set of signs, minutes from the start of the drug; a sign not measured is None.

    ``outside`` names the signs that lie outside the planned range, ``red`` those of them that
    are red and not amber: the rules said so.
    """

    minute: int
    systolic: int | None = None
    diastolic: int | None = None
    pulse: int | None = None
    saturation: int | None = None
    outside: frozenset[Sign] = frozenset()
    red: frozenset[Sign] = frozenset()

    def limit_passed(self, sign: Sign) -> str:
        """How the sign is marked: red, amber, or not at all."""
        if sign in self.red:
            return "past-limit"
        return "near-limit" if sign in self.outside else ""


@dataclass(frozen=True, slots=True)
class PlannedRange:
    """For ``pressure`` it is the range of the systolic pressure. None: no limit that way."""

    sign: Sign
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class SessionPicture:
    """``pauses`` from minute to minute; ``now`` is missing when the session is over.

    Without ``ranges`` nothing is judged: the picture shows values alone.
    """

    sets: tuple[VitalSet, ...]
    ranges: tuple[PlannedRange, ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()
    now: int | None = None
    planned_end: int = 40

    @property
    def first_minute(self) -> int:
        return min(0, *(each.minute for each in self.sets), 0)

    @property
    def last_minute(self) -> int:
        pauses = (end for _, end in self.pauses)
        sets = (each.minute for each in self.sets)
        return max(self.planned_end, self.now or 0, *pauses, *sets)


def minutes_across(picture: SessionPicture) -> Scale:
    """Also for what stands under it: the same minute is at the same place."""
    return Scale(picture.first_minute, picture.last_minute, LEFT + 34, RIGHT - 10)


def vitals_trend(picture: SessionPicture) -> Scene:
    across = minutes_across(picture)
    sets = sorted(picture.sets, key=lambda each: each.minute)
    return Scene(
        name="vitals-trend",
        width=WIDTH,
        height=HEIGHT,
        title=gettext("Vital signs against the planned ranges")
        if picture.ranges
        else gettext("Vital signs"),
        description=_in_words(picture),
        columns=(
            gettext("Minute"),
            gettext("BP"),
            gettext("Pulse"),
            gettext("SpO₂"),
            *([gettext("Outside the planned range")] if picture.ranges else []),
        ),
        rows=tuple(_row(each, judged=bool(picture.ranges)) for each in sets),
        boxes=(*_bands(picture), *_pauses(picture, across)),
        lines=(*_frames(), *_pressures(sets, across), *_now(picture, across)),
        curves=(
            *_through(sets, "pressure", across, values=[each.systolic for each in sets]),
            *_through(sets, "pressure", across, values=[each.diastolic for each in sets]),
            *_through(sets, "pulse", across, values=[each.pulse for each in sets]),
            *_through(sets, "saturation", across, values=[each.saturation for each in sets]),
        ),
        dots=_dots(sets, across),
        labels=(
            *_scales(),
            *_planned(picture),
            *_numbers(picture, across),
            *_clock(picture, across),
        ),
    )


def _bands(picture: SessionPicture) -> tuple[Box, ...]:
    bands = []
    for planned in picture.ranges:
        panel = PANELS[planned.sign]
        top = panel.top if planned.highest is None else panel.y(planned.highest)
        floor = panel.floor if planned.lowest is None else panel.y(planned.lowest)
        bands.append(Box(LEFT, top, RIGHT - LEFT, floor - top, "range"))
    return tuple(bands)


def _pauses(picture: SessionPicture, across: Scale) -> tuple[Box, ...]:
    return tuple(
        Box(across(start), 22, max(across(end) - across(start), 2), 344, "pause")
        for start, end in picture.pauses
    )


def _frames() -> tuple[Line, ...]:
    floors = tuple(Line(LEFT, p.floor, RIGHT, p.floor, "axis") for p in PANELS.values())
    sides = tuple(Line(LEFT, p.top, LEFT, p.floor, "axis") for p in PANELS.values())
    return floors + sides


def _pressures(sets: Sequence[VitalSet], across: Scale) -> tuple[Line, ...]:
    panel = PANELS["pressure"]
    return tuple(
        Line(
            across(s.minute),
            panel.y(s.systolic),
            across(s.minute),
            panel.y(s.diastolic),
            _kind(s, "pressure"),
        )
        for s in sets
        if s.systolic is not None and s.diastolic is not None
    )


def _kind(given: VitalSet, sign: Sign) -> str:
    return f"{sign} {given.limit_passed(sign)}".rstrip()


def _value(given: VitalSet, sign: Sign) -> int | None:
    match sign:
        case "pressure":
            return given.systolic
        case "pulse":
            return given.pulse
        case "saturation":
            return given.saturation


def _through(
    sets: Sequence[VitalSet], sign: Sign, across: Scale, *, values: Sequence[int | None]
) -> tuple[Curve, ...]:
    """One curve for each of the two pressures, and for each other sign."""
    points = [
        None if value is None else (across(each.minute), PANELS[sign].y(value))
        for each, value in zip(sets, values, strict=True)
    ]
    return unbroken(points, "curve")


def _dots(sets: Sequence[VitalSet], across: Scale) -> tuple[Dot, ...]:
    signs: tuple[Sign, ...] = ("pressure", "pulse", "saturation")
    return tuple(
        _dot(each, sign, across)
        for each in sets
        for sign in signs
        if sign != "pressure" or each.systolic is None or each.diastolic is None
    )


def _dot(given: VitalSet, sign: Sign, across: Scale) -> Dot:
    value = _value(given, sign)
    if value is None:
        return Dot(across(given.minute), PANELS[sign].floor, "missing", 4)
    kind = f"point {given.limit_passed(sign)}".rstrip()
    return Dot(across(given.minute), PANELS[sign].y(value), kind, 4)


def _scales() -> tuple[Label, ...]:
    named: dict[Sign, str] = {
        "pressure": gettext("BP (mmHg)"),
        "pulse": gettext("Pulse (/min)"),
        "saturation": gettext("SpO₂ (%)"),
    }
    heads = tuple(
        Label(4, PANELS[sign].top - 10, words, "value") for sign, words in named.items()
    )
    ticks = tuple(
        Label(LEFT - 6, panel.y(tick) + 4, str(tick), anchor="end")
        for panel in PANELS.values()
        for tick in panel.ticks
    )
    return heads + ticks


def _planned(picture: SessionPicture) -> tuple[Label, ...]:
    """The ends of each planned range, right of it."""
    labels: list[Label] = []
    for planned in picture.ranges:
        panel = PANELS[planned.sign]
        ends = [end for end in (planned.highest, planned.lowest) if end is not None]
        at = [Label(RIGHT + 6, panel.y(end) + 4, str(end), "limit-label") for end in ends]
        labels += spread(at, lowest_y=panel.floor + 4)
    head = Label(
        WIDTH, PANELS["pressure"].top - 2, gettext("planned range"), "limit-label", "end"
    )
    return (head.within(WIDTH), *labels) if labels else ()


def _numbers(picture: SessionPicture, across: Scale) -> tuple[Label, ...]:
    """Newest first: where two would cover each other, the newer one is written."""
    newest_first = sorted(picture.sets, key=lambda each: each.minute, reverse=True)
    planned = {each.sign: each for each in picture.ranges}
    labels: list[Label] = []
    for sign in PANELS:
        wanted = [
            _number(each, sign, x=across(each.minute), planned=planned.get(sign))
            for each in newest_first
        ]
        labels += stacked(wanted, WIDTH, lanes=1)
    return tuple(labels)


def _number(given: VitalSet, sign: Sign, *, x: int, planned: PlannedRange | None) -> Label:
    panel = PANELS[sign]
    value = _value(given, sign)
    if value is None:
        return Label(x, panel.floor - 7, gettext("missing"), "", "middle")
    both = sign == "pressure" and given.diastolic is not None
    shown = f"{value}/{given.diastolic}" if both else str(value)
    if sign not in given.outside:
        return Label(x, panel.y(value) - 9, shown, "value", "middle")
    words = f"{_mark(value, planned)} {shown}"
    return Label(x, panel.y(value) - 9, words, given.limit_passed(sign), "middle")


def _mark(value: int, planned: PlannedRange | None) -> str:
    """Which way it lies outside; a rule of another kind (the diastolic, a change) just marks it."""
    if planned and planned.highest is not None and value > planned.highest:
        return ABOVE
    if planned and planned.lowest is not None and value < planned.lowest:
        return BELOW
    return OUTSIDE


def _now(picture: SessionPicture, across: Scale) -> tuple[Line, ...]:
    if picture.now is None:
        return ()
    return (Line(across(picture.now), 22, across(picture.now), 370, "today"),)


def _clock(picture: SessionPicture, across: Scale) -> tuple[Label, ...]:
    ends = (picture.first_minute, picture.last_minute)
    step = next(s for s in (5, 10, 15, 30, 60, 120, 1440) if (ends[1] - ends[0]) // s <= 12)
    minutes = range(ends[0] - ends[0] % -step, ends[1] + 1, step)
    ticks = [
        Label(across(m), CLOCK_AT, f"{m} min" if m == 0 else numeral(Decimal(m)), "", "middle")
        for m in minutes
    ]
    above = [
        Label(
            across(start), 14, gettext("pause %(from)s–%(to)s min") % {"from": start, "to": end}
        )
        for start, end in picture.pauses
    ]
    if picture.now is not None:
        now = gettext("now, minute %(minute)s") % {"minute": picture.now}
        above.insert(0, Label(across(picture.now), 14, now, "value"))
    return (*stacked(above, WIDTH, lanes=1), *stacked(ticks, WIDTH, lanes=1))


def _or_missing(value: int | None) -> str:
    return gettext("missing") if value is None else str(value)


def _row(given: VitalSet, *, judged: bool) -> tuple[str, ...]:
    pressure = (given.systolic, given.diastolic)
    names: dict[Sign, str] = {
        "pressure": gettext("BP"),
        "pulse": gettext("Pulse"),
        "saturation": gettext("SpO₂"),
    }
    outside = ", ".join(
        gettext("%(sign)s red") % {"sign": words} if sign in given.red else words
        for sign, words in names.items()
        if sign in given.outside
    )
    return (
        numeral(Decimal(given.minute)),
        gettext("missing")
        if pressure == (None, None)
        else "/".join(map(_or_missing, pressure)),
        _or_missing(given.pulse),
        _or_missing(given.saturation),
        *([outside] if judged else []),
    )


def _in_words(picture: SessionPicture) -> str:
    counted = gettext("%(count)s sets of vital signs.") % {"count": len(picture.sets)}
    if not picture.ranges:
        return " ".join((counted, gettext("The table holds every value.")))
    outside = sum(bool(each.outside) for each in picture.sets)
    beyond = gettext("%(count)s of them outside the planned range.") % {"count": outside}
    return " ".join((counted, beyond, gettext("The table holds every value.")))
