"""The two charts of the page of safety, each with its table."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext

from lysglimt.clinic.design.charts.scene import Curve, Dot, Label, Line, Scale, Scene, unbroken
from lysglimt.clinic.design.numerals import numeral
from lysglimt.science.rates import THOUSAND, GChart, Month, UChart

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, FLOOR = 56, 600, 34, 236


def one_place(value: float | Fraction) -> str:
    return numeral(Decimal(str(round(float(value), 1))))


def rate_of(month: Month) -> float | None:
    return month.events * THOUSAND / month.sessions if month.sessions else None


def u_picture(found: UChart, months: Sequence[date]) -> Scene:
    """Adverse events for a thousand sessions, month by month; a month without sessions is a gap."""
    top = top_of(found)
    up, across = Scale(0, top, FLOOR, TOP), Scale(0, len(months) - 1, LEFT, RIGHT)
    points = [
        None if (rate := rate_of(one)) is None else (across(n), up(rate))
        for n, one in enumerate(found.months)
    ]
    mean = float(found.mean * THOUSAND) if found.mean is not None else None
    return Scene(
        name="u-chart",
        width=WIDTH,
        height=HEIGHT,
        title=gettext("Adverse events for 1,000 sessions, by month"),
        description=u_words(found, months),
        columns=(
            gettext("Month"), gettext("Events"), gettext("Sessions"), gettext("For 1,000"),
            gettext("Limits of the count"),
        ),
        rows=tuple(u_rows(found, months)),
        lines=(
            *axes(),
            *([Line(LEFT, up(mean), RIGHT, up(mean), "baseline")] if mean is not None else []),
        ),
        curves=(*unbroken(points, "curve"), *limit_curves(found, up, across)),
        dots=tuple(
            Dot(*place, "past-limit" if one.outside else "point")
            for place, one in zip(points, found.months, strict=True) if place
        ),
        labels=(
            *month_labels(months, across),
            Label(LEFT - 6, TOP + 4, one_place(top), anchor="end"),
            Label(LEFT - 6, FLOOR + 4, "0", anchor="end"),
            *([mean_label(mean, up)] if mean is not None else []),
        ),
    )  # fmt: skip


def top_of(found: UChart) -> int:
    return max(1, *(round(max(rate, limit or 0)) for rate, limit in highest(found)), 1)


def highest(found: UChart) -> Iterator[tuple[float, float | None]]:
    for one in found.months:
        if (rate := rate_of(one)) is not None:
            limit = one.limits[1] * THOUSAND / one.sessions if one.limits else None
            yield rate, limit


def limit_curves(found: UChart, up: Scale, across: Scale) -> Iterator[Curve]:
    for which in (0, 1):
        places = [
            (across(n), up(one.limits[which] * THOUSAND / one.sessions)) if one.limits else None
            for n, one in enumerate(found.months)
        ]
        yield from unbroken(places, "edge-of-band")


def axes() -> tuple[Line, ...]:
    return (Line(LEFT, FLOOR, RIGHT, FLOOR, "axis"), Line(LEFT, TOP, LEFT, FLOOR, "axis"))


def mean_label(mean: float, up: Scale) -> Label:
    words = gettext("mean %(mean)s") % {"mean": one_place(mean)}
    return Label(RIGHT + 8, up(mean) + 4, words, "limit-label")


def month_labels(months: Sequence[date], across: Scale) -> Iterator[Label]:
    for n, month in enumerate(months):
        if n % 2 == 0 or n == len(months) - 1:
            yield Label(across(n), FLOOR + 22, f"{month:%m.%y}", "", "middle")


def u_rows(found: UChart, months: Sequence[date]) -> Iterator[tuple[str, ...]]:
    for month, one in zip(months, found.months, strict=True):
        rate = rate_of(one)
        limits = f"{one.limits[0]}–{one.limits[1]}" if one.limits else "–"
        if one.outside:
            limits = gettext("%(limits)s, outside") % {"limits": limits}
        yield (
            date_format(month, "F Y"),
            str(one.events),
            str(one.sessions),
            "–" if rate is None else one_place(rate),
            limits,
        )


def u_words(found: UChart, months: Sequence[date]) -> str:
    said = [
        f"{date_format(month, 'F Y')}: {one.events}/{one.sessions}"
        for month, one in zip(months, found.months, strict=True)
    ]
    return "; ".join(said)


def g_picture(found: GChart) -> Scene | None:
    """Sessions from one serious event to the next; nothing with none to draw."""
    if not found.gaps:
        return None
    top = max(*found.gaps, found.since, found.high or 0, 1)
    count = len(found.gaps)
    up, across = Scale(0, top, FLOOR, TOP), Scale(0, count, LEFT + 20, RIGHT - 20)
    points: list[tuple[int, int] | None] = [
        (across(n), up(gap)) for n, gap in enumerate(found.gaps)
    ]
    return Scene(
        name="g-chart",
        width=WIDTH,
        height=HEIGHT,
        title=gettext("Sessions from one serious event to the next"),
        description="; ".join(map(str, found.gaps)),
        columns=(gettext("Event"), gettext("Sessions since the one before")),
        rows=tuple(g_rows(found)),
        lines=(*axes(), *g_limits(found, up)),
        curves=unbroken(points, "curve"),
        dots=(
            *(
                Dot(*place, "past-limit" if n in found.too_soon else "point")
                for n, place in enumerate(points) if place
            ),
            Dot(across(count), up(found.since), "missing"),
        ),
        labels=(
            *(Label(across(n), FLOOR + 22, str(n + 1), "", "middle") for n in range(count)),
            Label(across(count), FLOOR + 22, gettext("since"), "", "middle"),
            Label(LEFT - 6, TOP + 4, str(top), anchor="end"),
            Label(LEFT - 6, FLOOR + 4, "0", anchor="end"),
            *g_labels(found, up),
        ),
    )  # fmt: skip


def levels(found: GChart) -> Iterator[tuple[float, str, str]]:
    if found.middle is None or found.low is None or found.high is None:
        return
    yield found.middle, gettext("median %(n)s"), "baseline"
    yield found.low, gettext("lower limit %(n)s"), "edge-of-band"
    yield found.high, gettext("upper limit %(n)s"), "edge-of-band"


def g_limits(found: GChart, up: Scale) -> Iterator[Line]:
    for value, _, kind in levels(found):
        yield Line(LEFT, up(value), RIGHT, up(value), kind)


def g_labels(found: GChart, up: Scale) -> Iterator[Label]:
    for value, words, _ in levels(found):
        said = words % {"n": one_place(value)}
        yield Label(RIGHT + 8, up(value) + 4, said, "limit-label")


def g_rows(found: GChart) -> Iterator[tuple[str, ...]]:
    for n, gap in enumerate(found.gaps):
        soon = gettext("%(n)s, sooner than by chance") % {"n": gap}
        yield str(n + 1), soon if n in found.too_soon else str(gap)
    yield gettext("since the last"), str(found.since)
