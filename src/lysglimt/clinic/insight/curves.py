"""Two doses side by side: the curves of a simulation as a picture with its table."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import floor

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.charts.scene import (
    Curve,
    Label,
    Line,
    Scale,
    Scene,
    stacked,
    unbroken,
)
from lysglimt.clinic.design.numerals import numeral
from lysglimt.knowledge.text import Text
from lysglimt.science.kinetics.asked import STEP_MINUTES, Simulated
from lysglimt.science.kinetics.network import Array
from lysglimt.science.kinetics.picture import nice_step

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, FLOOR = 56, 744, 40, 280
LONGEST = 240
"""Minutes that are drawn; the table holds the same."""
AT = (0, 10, 20, 30, 40, 60, 80, 110, 120, 150, 180, 210, 240)
KINDS = ("first", "second")


def compared(doses: Sequence[Simulated]) -> Scene:
    """The first unbroken, the second dashed; the ends of a band as thin lines."""
    top = max(float((one.band.high if one.band else one.typical).max()) for one in doses)
    step = nice_step(top)
    highest = round(step * (floor(top / step) + 1))
    across, up = Scale(0, LONGEST, LEFT, RIGHT), Scale(0, highest, FLOOR, TOP)
    ticks = [round(step * n, 6) for n in range(round(highest / step) + 1)]
    return Scene(
        name="concentration-curves",
        width=WIDTH,
        height=HEIGHT,
        title=gettext("Concentration in the blood after two doses"),
        description=". ".join(
            in_words(one, name) for one, name in zip(doses, names(), strict=True)
        ),
        columns=(gettext("Minutes"), *(f"{name} (ng/ml)" for name in names())),
        rows=tuple(row(doses, minute) for minute in AT),
        lines=(
            *(Line(LEFT, up(tick), RIGHT, up(tick), "axis") for tick in ticks),
            *(
                Line(across(hour * 60), FLOOR, across(hour * 60), FLOOR + 5, "axis")
                for hour in range(5)
            ),
        ),
        curves=tuple(
            curve
            for kind, one in zip(KINDS, doses, strict=True)
            for curve in drawn(one, kind, across=across, up=up)
        ),
        labels=labels(doses, ticks, across=across, up=up),
    )


def rounded(value: float) -> str:
    """To three figures, as the reader writes a number: more would say more than a model knows."""
    return numeral(Decimal(f"{value:.3g}") + 0)


def names() -> tuple[str, str]:
    return gettext("First dose"), gettext("Second dose")


def drawn(one: Simulated, kind: str, *, across: Scale, up: Scale) -> tuple[Curve, ...]:
    ends = (one.band.low, one.band.high) if one.band else ()
    edges = [over_time(end, f"edge-of-band {kind}", across=across, up=up) for end in ends]
    middle = over_time(one.typical, f"curve {kind}", across=across, up=up)
    return tuple(curve for line in (*edges, middle) for curve in line)


def over_time(
    levels: Array, kind: str, *, across: Scale, up: Callable[[float], int]
) -> tuple[Curve, ...]:
    """Over the hours that are drawn, one point each five minutes."""
    return unbroken(
        [
            (across(minute), up(float(levels[minute // STEP_MINUTES])))
            for minute in range(0, LONGEST + 1, STEP_MINUTES)
        ],
        kind,
    )


def labels(
    doses: Sequence[Simulated], ticks: Sequence[float], *, across: Scale, up: Scale
) -> tuple[Label, ...]:
    peaks = [
        Label(
            across(min(one.highest.hour * 60, LONGEST)),
            14,
            f"{name}: {rounded(one.highest.value)} ng/ml",
            "value",
            "middle",
        )
        for one, name in zip(doses, names(), strict=True)
    ]
    return (
        *stacked(peaks, WIDTH, lanes=2),
        *(Label(LEFT - 8, up(tick) + 4, rounded(tick), anchor="end") for tick in ticks),
        Label(LEFT - 8, TOP - 16, "ng/ml", anchor="end").within(WIDTH),
        *(
            Label(across(hour * 60), FLOOR + 22, str(hour), "", "middle").within(WIDTH)
            for hour in range(5)
        ),
        Label(RIGHT, FLOOR + 46, gettext("hours from the start"), anchor="end"),
    )


def row(doses: Sequence[Simulated], minute: int) -> tuple[str, ...]:
    """The typical person, and where nine in ten lie."""
    at, cells = minute // STEP_MINUTES, []
    for one in doses:
        cell = rounded(float(one.typical[at]))
        ends = between(one.band.low, one.band.high, at) if one.band else ""
        cells.append(f"{cell} ({ends})" if ends else cell)
    return (str(minute), *cells)


def between(low: Array, high: Array, at: int) -> str:
    return "–".join(rounded(float(end[at])) for end in (low, high))


def in_words(one: Simulated, name: str) -> str:
    return gettext("%(name)s: highest %(cmax)s ng/ml after %(minutes)s minutes") % {
        "name": name,
        "cmax": rounded(one.highest.value),
        "minutes": rounded(one.highest.hour * 60),
    }


def said(one: Simulated) -> dict[str, object]:
    """Beside the picture: the model, its figures, and what is to be known of it."""
    language = get_language() or "nb"
    model, formed = one.asked.model, one.asked.model.metabolite
    notes: list[Text] = [*one.untried, *model.notes]
    if model.not_default:
        notes.insert(0, model.not_default)
    figures = [
        (gettext("Highest"), f"{rounded(one.highest.value)} ng/ml"),
        (gettext("After"), f"{rounded(one.highest.hour * 60)} min"),
        (gettext("Area over 24 hours"), f"{rounded(one.auc24)} ng·h/ml"),
    ]
    if formed and one.metabolite_highest:
        words = gettext("Highest of %(metabolite)s") % {
            "metabolite": formed.name.in_language(language)
        }
        figures.append((words, f"{rounded(one.metabolite_highest.value)} ng/ml"))
        notes += [formed.caution] if formed.caution else []
    return {
        "model": model.name.in_language(language),
        "figures": figures,
        "notes": [note.in_language(language) for note in notes],
        "people": one.band.people if one.band else None,
    }
