"""Plans of a clinic side by side: each run again and again, with the band of what comes out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np

from lysglimt.knowledge.text import Text
from lysglimt.science.course.symptoms import LABEL, Preset

from .chance import MOST_SEED
from .planning import WhatIf, need
from .whatif import Outcome, costs, coverage, outcome

BAND = (5.0, 50.0, 95.0)
SEEDS_APART = 1_000_003
"""Runs of one seed and of the next share none."""
CAUTION = Text(
    nb="Regnet på oppdiktede mennesker og egne antakelser: til å sammenligne planer, ikke til å forutsi en klinikk. Forskjellen mellom forvalgene er den ærlige usikkerheten.",
    en="Reckoned with made-up people and own assumptions: for comparing plans, not for predicting a clinic. The difference between the presets is the honest uncertainty.",
)


class Band(NamedTuple):
    """Nine in ten runs lie between; None where no run had a figure."""

    low: float | None
    middle: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Often:
    """How many years, how many runs, from which seed, and how many processes side by side."""

    years: int
    seed: int
    count: int
    processes: int = 1


Play = Callable[[int], Outcome]
Bands = Mapping[str, Mapping[str, Band]]
"""Of every plan by its name, of every figure by its name."""


def compared(
    asked: WhatIf, preset: Preset, often: Often, *, done: Callable[[int], object]
) -> Bands:
    """Every plan by its name; ``done`` is told of each run."""
    found = {}
    with ExitStack() as stack:
        each = spread(often.processes, stack)
        for name in asked.plans:
            play = partial(played, asked=asked, name=name, preset=preset, years=often.years)
            outcomes = []
            for one in each(play, seeds(often.seed, often.count)):
                outcomes.append(one)
                done(1)
            found[name] = banded(outcomes)
    return found


def spread(many: int, stack: ExitStack) -> Callable[[Play, Iterable[int]], Iterable[Outcome]]:
    """What runs each seed, in their order: here, or in processes of their own."""
    if many == 1:
        return map
    pool = ProcessPoolExecutor(many, mp_context=get_context("spawn"))
    return stack.enter_context(pool).map


def played(seed: int, *, asked: WhatIf, name: str, preset: Preset, years: int) -> Outcome:
    """One run, with what it costs and covers where that was asked for."""
    plan = asked.plans[name]
    found = outcome(seed, plan=plan, preset=preset, years=years)
    money = costs(plan, asked.prices, found, years=years) if asked.prices else {}
    covered = coverage(asked.population, found, years=years) if asked.population else {}
    return {**found, **money, **covered}


def seeds(seed: int, count: int) -> list[int]:
    """One for each run: the same for every plan, so that plans meet the same people."""
    return [(seed + number * SEEDS_APART) % MOST_SEED for number in range(count)]


def banded(outcomes: Sequence[Outcome]) -> Mapping[str, Band]:
    return {name: band([one[name] for one in outcomes]) for name in outcomes[0]}


def band(values: Sequence[float | None]) -> Band:
    known = [value for value in values if value is not None]
    if not known:
        return Band(None, None, None)
    low, middle, high = (round(float(one), 4) for one in np.percentile(known, BAND))
    return Band(low, middle, high)


class Span(NamedTuple):
    """From the lowest end of any preset to the highest: what is honestly not known."""

    low: float | None
    high: float | None


def spanned(by_preset: Sequence[Bands]) -> Mapping[str, Mapping[str, Span]]:
    """Of plans that every preset was asked about."""
    return {
        plan: {name: span([one[plan][name] for one in by_preset]) for name in figures}
        for plan, figures in by_preset[0].items()
    }


def span(bands: Sequence[Band]) -> Span:
    lows = [one.low for one in bands if one.low is not None]
    highs = [one.high for one in bands if one.high is not None]
    return Span(min(lows, default=None), max(highs, default=None))


def beside(
    asked: WhatIf, often: Often, found: Sequence[tuple[Preset, Bands]]
) -> Mapping[str, object]:
    """One preset as it is; more of them each as it is, and what they span together."""
    each = [document(asked, preset, often, found=bands) for preset, bands in found]
    if len(each) == 1:
        return each[0]
    together = spanned([bands for _, bands in found])
    return {
        "label": LABEL,
        "caution": CAUTION,
        "presets": each,
        "span": {
            plan: {name: one._asdict() for name, one in figures.items()}
            for plan, figures in together.items()
        },
    }


def document(
    asked: WhatIf, preset: Preset, often: Often, *, found: Bands
) -> Mapping[str, object]:
    return {
        "label": LABEL,
        "caution": CAUTION,
        "preset": preset.id,
        "preset_version": preset.version,
        "years": often.years,
        "seed": often.seed,
        "runs": often.count,
        "currency": asked.prices.currency if asked.prices else None,
        "need": need(asked.population)._asdict() if asked.population else None,
        "plans": {
            name: {
                "plan": plan,
                "bands": {key: band._asdict() for key, band in found[name].items()},
            }
            for name, plan in asked.plans.items()
        },
    }
