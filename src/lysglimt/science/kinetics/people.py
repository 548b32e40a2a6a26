"""The parameters of one typical person, or of many made-up ones who differ as people do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from .figures import Unit
from .model import Ancestry, KineticModel, Part
from .network import Array, Values


@dataclass(frozen=True, slots=True)
class Person:
    """What a model may ask of the one who is treated."""

    weight_kg: float = 70.0
    age_years: float = 40.0
    ancestry: Ancestry = Ancestry.CAUCASIAN


def typical(model: KineticModel, person: Person) -> Mapping[str, float]:
    """Each parameter without chance: for this weight, age and ancestry."""
    values = {
        name: stated.reckoned
        * (person.weight_kg if stated.unit is Unit.LITRES_PER_KILOGRAM else 1.0)
        for name, stated in model.parameters.items()
    }
    for older in model.age:
        years = max(0.0, person.age_years - older.above.reckoned)
        values[older.on] += older.each_year.reckoned * years
    for weight in model.weight:
        factor = (person.weight_kg / weight.per.reckoned) ** weight.power.reckoned
        for name in weight.on:
            values[name] *= factor
    return values


def ancestral(model: KineticModel, person: Person) -> Mapping[str, float]:
    """What ancestry multiplies, after chance: a share is spread on its own scale first."""
    factors: dict[str, float] = {}
    for effect in model.ancestry:
        if person.ancestry in effect.who:
            factors[effect.on] = factors.get(effect.on, 1.0) * effect.factor.reckoned
    return factors


Draws = Mapping[str, Array]


def drawn(model: KineticModel, people: int, chance: Generator, *, clinic: bool) -> Draws:
    """How far each made-up person is from the typical one, for every parameter that differs."""
    lower = np.linalg.cholesky(model.covariance(clinic=clinic))
    far = lower @ chance.standard_normal((len(lower), people))
    return dict(zip(model.spread, far, strict=True))


def values(model: KineticModel, person: Person, draws: Draws | None = None) -> Values:
    """Every parameter, one value for each who was drawn; for one typical person without draws."""
    draws = draws or {}
    people = len(next(iter(draws.values()))) if draws else 1
    middle, factors = typical(model, person), ancestral(model, person)
    found = {}
    for name, value in middle.items():
        spread = model.spread.get(name)
        far = draws.get(name, np.zeros(people))
        of_each = MOVED[spread.unit](value, far) if spread else np.full(people, value)
        found[name] = of_each * factors.get(name, 1.0)
    for name in shares(model):
        found[name] = np.minimum(found[name], 1.0)
    return found


def shares(model: KineticModel) -> frozenset[str]:
    """The parameters that are shares of a dose: more than all of it never comes in."""
    return frozenset(name for door in model.doors for name in (*door.shares, *door.rest_of))


def of_part(values: Values, part: Part) -> Values:
    """As this part of the substance has them."""
    changed = dict(values)
    for each in part.factors:
        for name in each.on:
            changed[name] = changed[name] * each.factor.reckoned
    return changed


def _by_logarithm(value: float, far: Array) -> Array:
    moved: Array = value * np.exp(far)
    return moved


def _by_logit(value: float, far: Array) -> Array:
    moved: Array = 1 / (1 + (1 - value) / value * np.exp(-far))
    return moved


MOVED: Mapping[Unit, Callable[[float, Array], Array]] = {
    Unit.CV_PERCENT: _by_logarithm,
    Unit.LOG_VARIANCE: _by_logarithm,
    Unit.LOGIT_SD: _by_logit,
}
