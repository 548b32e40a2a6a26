"""What may follow the two doses, as illustrations: senses, pressure, receptors; and what nobody knows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from lysglimt.clinic.design.charts.scene import Curve, Label, Line, Scale, Scene
from lysglimt.clinic.design.numerals import numeral, without_zeros
from lysglimt.knowledge.figures import Basis
from lysglimt.science.kinetics.asked import STEP_MINUTES, Simulated
from lysglimt.science.kinetics.effects import (
    Dissociation,
    Plasticity,
    Pressure,
    Receptors,
    Slopes,
    effect_rules,
)
from lysglimt.science.kinetics.figures import Number
from lysglimt.science.kinetics.network import Array
from lysglimt.science.kinetics.picture import nice_step

from .curves import AT, KINDS, LEFT, LONGEST, RIGHT, WIDTH, between, names, over_time, rounded

HEIGHT, TOP, FLOOR = 250, 40, 190
WHOLE = 100
"""Shares of receptors are shown in per cent."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One effect: its picture, what was seen in people, what is assumed, and what nobody knows."""

    name: str
    heading: str
    scenes: tuple[Scene, ...]
    observed: tuple[tuple[str, Basis], ...]
    assumed: tuple[tuple[str, str, Basis], ...]
    not_known: str
    unlinked: tuple[str, ...] = ()
    """The doses that are not drawn, since no link was set for their model."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Of one dose: ``middle`` is the typical person; of receptors nobody is typical."""

    name: str
    kind: str
    middle: Array | None
    low: Array | None
    high: Array | None

    @property
    def lines(self) -> tuple[Array, ...]:
        return tuple(one for one in (self.low, self.high, self.middle) if one is not None)

    @property
    def ends(self) -> tuple[Array, Array] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)


Stated = Dissociation | Pressure | Receptors | Plasticity


def effects_of(doses: Sequence[Simulated]) -> Iterator[Shown]:
    """Nothing is drawn where no link was set for a model; what is known is said all the same."""
    rules = effect_rules()
    one, two, three = rules.dissociation, rules.pressure, rules.nmda
    links = (*assumed(SLOPES, two.slopes), *assumed(PRESSURE, two))
    for name, stated, assumptions, seen in (
        ("dissociation", one, tuple(assumed(DISSOCIATION, one)), ("dissociation",)),
        ("pressure", two, links, ("systolic", "diastolic")),
        ("nmda", three, tuple(assumed(RECEPTORS, three)), ("nmda",)),
    ):
        told = shown(name, stated, assumptions=assumptions, drawn=scenes(seen, doses))
        yield replace(told, unlinked=tuple(unlinked(doses)))
    yield shown("plasticity", rules.plasticity)


def unlinked(doses: Sequence[Simulated]) -> Iterator[str]:
    for name, one in zip(names(), doses, strict=True):
        if one.effects is None:
            yield name


def shown(
    name: str,
    stated: Stated,
    *,
    assumptions: Iterable[tuple[str, str, Basis]] = (),
    drawn: tuple[Scene, ...] = (),
) -> Shown:
    language = get_language() or "nb"
    return Shown(
        name=name,
        heading=str(HEADINGS[name]),
        scenes=drawn,
        observed=tuple(
            (one.said.in_language(language), Basis(one.mark, one.source))
            for one in stated.observed
        ),
        assumed=tuple(assumptions),
        not_known=stated.not_known.in_language(language),
    )


HEADINGS: Mapping[str, Promise] = {
    "dissociation": gettext_lazy("Dissociation"),
    "pressure": gettext_lazy("Blood pressure"),
    "nmda": gettext_lazy("NMDA receptors"),
    "plasticity": gettext_lazy("Synapses and plasticity"),
}
TITLES: Mapping[str, Promise] = {
    "dissociation": gettext_lazy(
        "Illustration: dissociation after the two doses (CADSS points)"
    ),
    "systolic": gettext_lazy("Illustration: rise of the systolic pressure (mmHg)"),
    "diastolic": gettext_lazy("Illustration: rise of the diastolic pressure (mmHg)"),
    "nmda": gettext_lazy("Illustration: estimated share of NMDA receptors occupied (%)"),
}
UNITS: Mapping[str, Promise | str] = {
    "dissociation": gettext_lazy("points"),
    "systolic": "mmHg",
    "diastolic": "mmHg",
    "nmda": "%",
}
DISSOCIATION: Mapping[str, Promise] = {
    "median": gettext_lazy("Middle of the CADSS points, at the concentration below"),
    "at": gettext_lazy("Concentration at which they are reached"),
    "spread": gettext_lazy("How far people differ"),
    "half_time": gettext_lazy("How far it lags behind the blood (half-time)"),
    "each_session": gettext_lazy("Left of it from session to session"),
}
SLOPES: Mapping[str, Promise] = {
    "systolic": gettext_lazy("Systolic rise"),
    "diastolic": gettext_lazy("Diastolic rise"),
}
PRESSURE: Mapping[str, Promise] = {
    "spread": gettext_lazy("How far people differ"),
    "half_time": gettext_lazy("How far it lags behind the blood (half-time)"),
    "hypertension": gettext_lazy("Times as much with hypertension"),
    "older": gettext_lazy("Times as much when older"),
    "older_from": gettext_lazy("Older is from"),
}
RECEPTORS: Mapping[str, Promise] = {
    "ki": gettext_lazy("Binding in a test tube (Ki)"),
    "free_lowest": gettext_lazy("Unbound share in the blood, at least"),
    "free_highest": gettext_lazy("Unbound share in the blood, at most"),
    "molar_mass": gettext_lazy("Molar mass"),
}
WRITTEN: Mapping[str, Promise | str] = {
    "ratio": "",
    "umol/l": "µmol/l",
    "points": gettext_lazy("points"),
    "years": gettext_lazy("years"),
    "mmHg per ng/ml": gettext_lazy("mmHg for each ng/ml"),
}
"""Units that are words; the rest is written alike in both languages."""


def assumed(
    words: Mapping[str, Promise], stated: Stated | Slopes
) -> Iterator[tuple[str, str, Basis]]:
    """Term, value with its unit, and on what it rests."""
    for name, term in words.items():
        one: Number = getattr(stated, name)
        unit = str(WRITTEN.get(one.unit.value, one.unit.value))
        yield str(term), f"{numeral(without_zeros(one.value))} {unit}".strip(), one.basis


def scenes(effects: Sequence[str], doses: Sequence[Simulated]) -> tuple[Scene, ...]:
    """Only of the doses whose model has a link; none where neither has."""
    found = []
    for effect in effects:
        followed = [
            seen
            for name, kind, one in zip(names(), KINDS, doses, strict=True)
            if (seen := followed_by(effect, one, (name, kind))) is not None
        ]
        if followed:
            found.append(scene(effect, followed))
    return tuple(found)


def followed_by(effect: str, one: Simulated, named: tuple[str, str]) -> Followed | None:
    """Of receptors the span between the least and the most that may be unbound."""
    if effect == "nmda":
        if one.occupied is None:
            return None
        low, high = (WHOLE * share for share in one.occupied)
        return Followed(*named, None, low, high)
    seen = (one.effects or {}).get(effect)
    return None if seen is None else Followed(*named, seen.typical, seen.low, seen.high)


def scene(effect: str, followed: Sequence[Followed]) -> Scene:
    top = max(float(line.max()) for one in followed for line in one.lines) or 1.0
    step = nice_step(top)
    limit = round(step * (floor(top / step) + 1), 6)
    across, up = Scale(0, LONGEST, LEFT, RIGHT), scaled(limit)
    ticks = [round(step * n, 6) for n in range(round(limit / step) + 1)]
    return Scene(
        name=f"effect-{effect}",
        width=WIDTH,
        height=HEIGHT,
        title=str(TITLES[effect]),
        description=". ".join(in_words(one, str(UNITS[effect])) for one in followed),
        columns=(gettext("Minutes"), *(f"{one.name} ({UNITS[effect]})" for one in followed)),
        rows=tuple(row(followed, minute) for minute in AT),
        lines=tuple(Line(LEFT, up(tick), RIGHT, up(tick), "axis") for tick in ticks),
        curves=tuple(curves(followed, across=across, up=up)),
        labels=(
            *(Label(LEFT - 8, up(tick) + 4, rounded(tick), anchor="end") for tick in ticks),
            Label(LEFT - 8, TOP - 16, str(UNITS[effect]), anchor="end").within(WIDTH),
            *hours(across),
        ),
    )


def scaled(limit: float) -> Callable[[float], int]:
    """Of a scale that may end at less than one."""
    return lambda value: round(FLOOR + value / limit * (TOP - FLOOR))


def hours(across: Scale) -> Iterator[Label]:
    for hour in range(LONGEST // 60 + 1):
        yield Label(across(hour * 60), FLOOR + 20, str(hour), "", "middle").within(WIDTH)
    yield Label(RIGHT, FLOOR + 42, gettext("hours from the start"), anchor="end")


def curves(
    followed: Iterable[Followed], *, across: Scale, up: Callable[[float], int]
) -> Iterator[Curve]:
    for one in followed:
        for end in one.ends or ():
            yield from over_time(end, f"edge-of-band {one.kind}", across=across, up=up)
        if one.middle is not None:
            yield from over_time(one.middle, f"curve {one.kind}", across=across, up=up)


def row(followed: Iterable[Followed], minute: int) -> tuple[str, ...]:
    """The typical person and where nine in ten lie; of receptors the span alone."""
    return (str(minute), *(cell(one, minute // STEP_MINUTES) for one in followed))


def cell(one: Followed, at: int) -> str:
    span = between(*one.ends, at) if one.ends else ""
    if one.middle is None:
        return span
    middle = rounded(float(one.middle[at]))
    return f"{middle} ({span})" if span else middle


def in_words(one: Followed, unit: str) -> str:
    line = one.lines[-1]
    top = int(line.argmax())
    return gettext("%(name)s: highest about %(value)s %(unit)s after %(minutes)s minutes") % {
        "name": one.name,
        "value": cell(one, top),
        "unit": unit,
        "minutes": top * STEP_MINUTES,
    }
