"""One laboratory value through the months, with the limit that its laboratory wrote beside it."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.charts.scene import Dot, Label, Line, Scale, Scene, unbroken
from lysglimt.clinic.design.numerals import day_written, numeral, without_zeros
from lysglimt.knowledge.safety.analytes import Analyte, analytes

from .forms.results import unit_said
from .models import LabResult

WIDTH, HEIGHT = 560, 190
LEFT, RIGHT, TOP, FLOOR = 52, 450, 30, 140


def trends(rows: Iterable[LabResult]) -> Iterator[Scene]:
    """Of each amount that was taken twice or more, in the order of the panels."""
    taken = [row for row in rows if row.value is not None]
    for analyte in analytes().values():
        mine = sorted((row for row in taken if row.analyte == analyte.id), key=when)
        if len(mine) > 1:
            yield trend(analyte, mine)


def when(row: LabResult) -> tuple[object, int]:
    return row.taken_on, row.pk


def trend(analyte: Analyte, rows: Sequence[LabResult]) -> Scene:
    name = analyte.name.in_language(get_language() or "nb")
    first, last = rows[0].taken_on, rows[-1].taken_on
    across = Scale(first.toordinal(), last.toordinal(), LEFT + 20, RIGHT)
    top = max(amount for row in rows for amount in (row.value, row.upper_limit) if amount)
    up = Scale(0, int(top) + 1, FLOOR, TOP)
    points = [(across(row.taken_on.toordinal()), up(float(row.value or 0))) for row in rows]
    limits = [
        None
        if row.upper_limit is None
        else (across(row.taken_on.toordinal()), up(float(row.upper_limit)))
        for row in rows
    ]
    unit = unit_said(analyte.unit)
    return Scene(
        name=f"trend-{analyte.id}",
        width=WIDTH,
        height=HEIGHT,
        title=f"{name} ({unit})",
        description="; ".join(
            f"{day_written(row.taken_on)}: {written(row.value)}" for row in rows
        ),
        columns=(gettext("Taken on"), f"{name} ({unit})", gettext("The laboratory's limits")),
        rows=tuple(
            (day_written(row.taken_on), written(row.value), limits_of(row)) for row in rows
        ),
        lines=(
            Line(LEFT, FLOOR, RIGHT, FLOOR, "axis"),
            Line(LEFT, TOP, LEFT, FLOOR, "axis"),
        ),
        curves=(*unbroken(points, "curve"), *unbroken(limits, "edge-of-band")),
        dots=tuple(
            Dot(*place, "past-limit" if above(row) else "point", 4)
            for place, row in zip(points, rows, strict=True)
        ),
        labels=tuple(labels(rows, points, limit=limits[-1] and limits[-1][1])),
    )


def above(row: LabResult) -> bool:
    return row.value is not None and row.upper_limit is not None and row.value > row.upper_limit


def labels(
    rows: Sequence[LabResult], points: Sequence[tuple[int, int]], *, limit: int | None
) -> Iterator[Label]:
    """The first and last day, and each value that does not touch the one before it."""
    drawn: list[Label] = []
    for row, (x, y) in zip(rows, points, strict=True):
        label = Label(x, y - 9, written(row.value), "", "middle").within(WIDTH)
        if not any(label.touches(one) for one in drawn):
            drawn.append(label)
    yield from drawn
    ends = ((rows[0], "start", LEFT), (rows[-1], "end", RIGHT))
    for row, anchor, x in ends:
        yield Label(x, FLOOR + 24, day_written(row.taken_on), "", anchor)
    yield Label(LEFT - 6, FLOOR + 4, "0", anchor="end")
    if limit is not None:
        words = gettext("limit %(high)s") % {"high": written(rows[-1].upper_limit)}
        yield Label(RIGHT + 10, limit + 5, words, "limit-label")


def written(value: Decimal | None) -> str:
    return "–" if value is None else numeral(without_zeros(value))


def limits_of(row: LabResult) -> str:
    """An open end is written as such; a limit that nobody has written is not known."""
    low, high = row.lower_limit, row.upper_limit
    if low is None and high is None:
        return gettext("not written")
    if low is None:
        return gettext("up to %(high)s") % {"high": written(high)}
    return (
        f"{written(low)}–{written(high)}"
        if high is not None
        else gettext("from %(low)s") % {"low": written(low)}
    )
