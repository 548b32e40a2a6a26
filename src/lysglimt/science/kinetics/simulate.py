"""Concentrations after doses: of the typical person, and the band of many made-up ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .curve import Curve, amounts
from .giving import Given, entries
from .model import KineticModel
from .network import Array, Values
from .people import Person, drawn, of_part, values
from .tally import Moments, Spread, Tally

PER_LITRE = 1000.0
"""From mg/l to ng/ml."""
BLOCK = 1024
"""So many people at a time: their curves stay where the processor finds them at once."""
DAY = 24.0
PERCENTILES = (5.0, 50.0, 95.0)
SPARSE, ZOOMS = 1 / 60, 4


def concentration(
    model: KineticModel, given: Given, of: Values, *, lagging: float | None = None
) -> Curve:
    """Of the substance itself, its parts together, in ng/ml.

    ``lagging`` is what an effect site sees that follows by that rate.
    """
    return reduce(
        add,
        (
            _of_one(model, given, own, share=share, seen=model.seen, lagging=lagging)
            for own, share in _substances(model, of)
        ),
    )


def metabolite(model: KineticModel, given: Given, of: Values) -> Curve | None:
    """What the first part turns into, in ng/ml; None where the source does not support it."""
    if model.metabolite is None:
        return None
    own, share = next(_substances(model, of))
    return _of_one(model, given, own, share=share, seen=model.metabolite.compartment)


def _substances(model: KineticModel, of: Values) -> Iterator[tuple[Values, float]]:
    """What a dose consists of: the parameters of each, and its share."""
    if not model.parts:
        yield of, 1.0
    for part in model.parts:
        yield of_part(of, part), part.share.reckoned


def _of_one(
    model: KineticModel,
    given: Given,
    own: Values,
    *,
    share: float,
    seen: str,
    lagging: float | None = None,
) -> Curve:
    doses = entries(model, given, own, share=share)
    curve = amounts(model.network, own, doses, seen=seen, lagging=lagging)
    return curve.times(PER_LITRE / own[model.network.volume(seen)])


@dataclass(frozen=True, slots=True)
class Peak:
    value: float
    hour: float


def peak(curve: Curve, *, until: float = DAY) -> Peak:
    """The highest of one person's curve: from minute to minute, then closer and closer."""
    grid = np.union1d(np.arange(0.0, until, SPARSE), [*curve.edges, until])
    best = Peak(0.0, 0.0)
    for _ in range(ZOOMS):
        seen = curve.at(grid)[:, 0]
        top = int(np.argmax(seen))
        low, high = grid[max(top - 1, 0)], grid[min(top + 1, len(grid) - 1)]
        best = Peak(float(seen[top]), float(grid[top]))
        # The best so far stays among those compared, also when it is the end of an infusion.
        grid = np.union1d(np.linspace(low, high, 41), [best.hour])
    return best


def virtual_people(
    model: KineticModel, person: Person, *, people: int, seed: int, clinic: bool = True
) -> Iterator[Values]:
    """Made-up people like that person, block by block; the same from the same seed.

    ``clinic`` spreads them more widely, where the model says that its volunteers were too alike.
    """
    if not model.spread:
        raise Implausible.of(
            "population", people, f"none with {model.id}: no source tells how people differ"
        )
    chance = np.random.default_rng(seed)
    for first in range(0, people, BLOCK):
        count = min(BLOCK, people - first)
        yield values(model, person, drawn(model, count, chance, clinic=clinic))


@dataclass(frozen=True, slots=True)
class Band:
    """Between which the true level of nine in ten lies; errors of measuring are not in it."""

    people: int
    low: Array
    middle: Array
    high: Array
    cmax: Spread
    auc24: Spread


def population(
    blocks: Iterator[Values], model: KineticModel, given: Given, *, times: Array
) -> Band:
    """The band of made-up people at those times, one block in memory after another."""
    tally, tops, areas = Tally(len(times)), Moments(), Moments()
    for of in blocks:
        curve = concentration(model, given, of)
        seen = curve.at(times)
        tally.add(seen)
        tops.add(seen.max(axis=0))
        areas.add(curve.area(DAY))
    low, middle, high = (tally.percentile(percent) for percent in PERCENTILES)
    return Band(tally.people, low, middle, high, tops.spread, areas.spread)
