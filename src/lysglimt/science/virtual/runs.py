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
from lysglimt.science.course.symptoms import Preset

from .chance import MOST_SEED
from .planning import WhatIf
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
