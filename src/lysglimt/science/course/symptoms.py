"""How depression scores run after doses: a calibrated description of groups, in closed form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Unknown
from lysglimt.knowledge.text import Text
from lysglimt.science.kinetics.figures import Number
from lysglimt.science.kinetics.network import Array

HIGHEST_SCORE = 60

LABEL = Text(
    nb="Befolkningsmodell: beskriver grupper, aldri utsiktene til en pasient. Tilpasningen er delvis ubestemt; avstanden mellom forvalgene er den ærlige usikkerheten.",
    en="Population model: it describes groups, never the prospects of a patient. The fit is partly unidentified; the distance between the presets is the honest uncertainty.",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Relief comes and goes in days; a slow pool builds up with repetition and lasts.

    The slow pool keeps the books of lasting benefit: it is no count of synapses.
    """

    on_fast: Number
    off_fast: Number
    hill: Number
    sens: Number
    a_high: Number
    a_low: Number
    sd_a: Number
    w_slow: Number
    on_slow: Number
    off_slow: Number
    sd_off: Number
    sd_slow: Number
    conc: Number
    on_ns: Number
    off_ns: Number
    sd_ou: Number
    tau_ou: Number
    sd_rater: Number
    sd_baseline: Number
    lowest_baseline: Number
    shortest_slow: Number
    longest_slow: Number


@dataclass(frozen=True, slots=True)
class ByPlace:
    """One number for each setting in which people are treated."""

    saline_crossover: Number
    active_placebo: Number
    open_label: Number
    clinic: Number


@dataclass(frozen=True, slots=True)
class Preset:
    id: str
    version: str
    name: Text
    note: Text
    figures: Figures
    expectancy: ByPlace
    care: ByPlace

    @property
    def reckoned(self) -> Mapping[str, float]:
        """Every figure by its name; expectancy and care by that of the setting too."""
        figures = {f.name: getattr(self.figures, f.name).reckoned for f in fields(Figures)}
        for kind in ("expectancy", "care"):
            stated = getattr(self, kind)
            for place in fields(ByPlace):
                figures[f"{kind}.{place.name}"] = getattr(stated, place.name).reckoned
        return figures


@cache
def presets() -> Mapping[str, Preset]:
    shelf = files("lysglimt.science.course") / "presets"
    loaded = [read(Preset, file) for file in shelf.iterdir() if file.name.endswith(".toml")]
    return {one.id: one for one in sorted(loaded, key=lambda one: one.id)}


def preset(name: str) -> Preset:
    """Raises Unknown with the nearest there is."""
    if name not in presets():
        nearest = get_close_matches(name, presets(), n=1, cutoff=0)[0]
        raise Unknown(f"preset: {name!r} is unknown, the nearest is '{nearest}'", value=name)
    return presets()[name]


class Treatment(NamedTuple):
    """Days of the sessions; a ``dose`` of 1 is 0.5 mg/kg over 40 minutes, 0 is placebo."""

    sessions: Sequence[float]
    dose: float
    expectancy: float
    care: float


class Scores(NamedTuple):
    """Before treatment (person), and after it (day, person)."""

    before: Array
    after: Array


def scores(
    figures: Mapping[str, float],
    treatment: Treatment,
    days: Sequence[float],
    *,
    baseline: float,
    people: int,
    chance: Generator,
) -> Scores:
    """Whole MADRS totals of made-up people on those days."""
    f, at = figures, np.asarray(days, dtype=np.float64)
    before = np.maximum(chance.normal(baseline, f["sd_baseline"], people), f["lowest_baseline"])
    much = chance.random(people) < f["sens"]
    strength = np.where(much, f["a_high"], f["a_low"])
    strength = strength * np.exp(f["sd_a"] * chance.standard_normal(people))
    fading = f["off_fast"] * np.exp(f["sd_off"] * chance.standard_normal(people))
    lasting = f["off_slow"] * np.exp(f["sd_slow"] * chance.standard_normal(people))
    lasting = np.clip(lasting, f["shortest_slow"], f["longest_slow"])
    noise = wandering(f, at, people, chance=chance)
    noise += chance.normal(0, f["sd_rater"], noise.shape)
    # Drawn last: how many numbers it takes depends on the figures, and a fit wants the same people.
    hope = f["conc"] * treatment.expectancy, f["conc"] * (1 - treatment.expectancy)
    hoped = chance.beta(*hope, people)
    relief = pool(at, treatment, rise=f["on_fast"], fall=fading)
    if treatment.care:
        relief += (
            treatment.care * f["w_slow"] * pool(at, treatment, rise=f["on_slow"], fall=lasting)
        )
    moved = (strength * relief) ** f["hill"]
    left = before * (1 - hoped * waiting(f, treatment, at)[:, None]) / (1 + moved)
    return Scores(before, np.clip(np.round(left + noise), 0, HIGHEST_SCORE))


def pool(at: Array, treatment: Treatment, *, rise: float, fall: Array) -> Array:
    """Doses that rise and die away, each at its highest the size of the dose (day, person)."""
    top = np.log(fall / rise) * rise * fall / (fall - rise)
    highest = np.exp(-top / fall) - np.exp(-top / rise)
    held = np.zeros((len(at), len(fall)))
    for day in treatment.sessions:
        since = np.maximum(at - day, 0)[:, None]
        held += treatment.dose * (np.exp(-since / fall) - np.exp(-since / rise))
    held /= highest
    return held


def waiting(figures: Mapping[str, float], treatment: Treatment, at: Array) -> Array:
    """The share of what is hoped for that is there: from the first session, fading after the last."""
    first, last = treatment.sessions[0], treatment.sessions[-1]
    come: Array = 1 - np.exp(-np.maximum(at - first, 0) / figures["on_ns"])
    return come * np.exp(-np.maximum(at - last, 0) / figures["off_ns"])


def wandering(
    figures: Mapping[str, float], at: Array, people: int, *, chance: Generator
) -> Array:
    """Good and bad weeks: what is near in time is alike."""
    found = np.empty((len(at), people))
    found[0] = chance.normal(0, figures["sd_ou"], people)
    for number, step in enumerate(np.diff(at), start=1):
        kept = np.exp(-step / figures["tau_ou"])
        anew = figures["sd_ou"] * np.sqrt(1 - kept * kept)
        found[number] = kept * found[number - 1] + anew * chance.standard_normal(people)
    return found
