"""What may follow a concentration: illustrations of dissociation, pressure and receptors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Basis, Mark
from lysglimt.knowledge.sources.citation import Citation
from lysglimt.knowledge.text import Text

from .figures import Number
from .giving import Given
from .model import KineticModel
from .network import Array, Values
from .people import Person, values
from .simulate import PERCENTILES, concentration
from .tally import Tally


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen in people, and where."""

    said: Text
    mark: Mark
    source: Citation

    def __post_init__(self) -> None:
        Basis(self.mark, self.source)


@dataclass(frozen=True, slots=True)
class Dissociation:
    name: Text
    at: Number
    median: Number
    spread: Number
    each_session: Number
    half_time: Number
    observed: tuple[Observed, ...]
    not_known: Text


@dataclass(frozen=True, slots=True)
class Slopes:
    systolic: Number
    diastolic: Number
    pulse: Number


@dataclass(frozen=True, slots=True)
class Pressure:
    slopes: Slopes
    half_time: Number
    spread: Number
    hypertension: Number
    older: Number
    older_from: Number
    observed: tuple[Observed, ...]
    not_known: Text


@dataclass(frozen=True, slots=True)
class Receptors:
    name: Text
    ki: Number
    free_lowest: Number
    free_highest: Number
    molar_mass: Number
    observed: tuple[Observed, ...]
    not_known: Text


@dataclass(frozen=True, slots=True)
class Plasticity:
    """In words alone: there is no curve to draw."""

    name: Text
    observed: tuple[Observed, ...]
    not_known: Text


@dataclass(frozen=True, slots=True)
class EffectRules:
    version: str
    label: Text
    dissociation: Dissociation
    pressure: Pressure
    nmda: Receptors
    plasticity: Plasticity


@cache
def effect_rules() -> EffectRules:
    return read(EffectRules, files("lysglimt.science.kinetics") / "effects.toml")


@dataclass(frozen=True, slots=True)
class Treated:
    """Beside the person: what the links ask for."""

    person: Person
    hypertension: bool = False
    session: int = 1

    def __post_init__(self) -> None:
        if self.session < 1:
            raise Implausible.of("session", self.session, "1 or more")


@dataclass(frozen=True, slots=True)
class Illustration:
    """Of the typical person; the band of made-up people, where they were asked for."""

    typical: Array
    low: Array | None = None
    high: Array | None = None


def occupancy(concentration: Array) -> tuple[Array, Array]:
    """The share of receptors by competition alone: with the least and with the most unbound."""
    rule = effect_rules().nmda
    micromolar = concentration / rule.molar_mass.reckoned
    lowest, highest = (
        micromolar * free.reckoned / (micromolar * free.reckoned + rule.ki.reckoned)
        for free in (rule.free_lowest, rule.free_highest)
    )
    return lowest, highest


def illustrated(
    model: KineticModel,
    treated: Treated,
    given: Given,
    *,
    times: Array,
    blocks: Iterator[Values] | None = None,
    seed: int = 0,
) -> Mapping[str, Illustration] | None:
    """Dissociation, pressures and pulse at those times; None where no link was set for the model."""
    if not model.effects_linked:
        return None
    factors = _factors(treated)
    felt = _felt(model, given, values(model, treated.person), times=times)
    middle = {name: factor * felt[_link(name)][:, 0] for name, factor in factors.items()}
    if blocks is None:
        return {name: Illustration(seen) for name, seen in middle.items()}
    tallies = {name: Tally(len(times)) for name in factors}
    chance = np.random.default_rng([seed, 1])
    for of in blocks:
        felt = _felt(model, given, of, times=times)
        for link in LINKS:
            felt[link] *= np.exp(_log_sd(link) * chance.standard_normal(felt[link].shape[1]))
        for name, tally in tallies.items():
            tally.add(factors[name] * felt[_link(name)])
    return {
        name: Illustration(
            middle[name], tally.percentile(PERCENTILES[0]), tally.percentile(PERCENTILES[-1])
        )
        for name, tally in tallies.items()
    }


LINKS = ("dissociation", "pressure")


def _link(name: str) -> str:
    """Pressures and pulse of one person rise together; dissociation is a trait of its own."""
    return "dissociation" if name == "dissociation" else "pressure"


def _factors(treated: Treated) -> Mapping[str, float]:
    """What the concentration at the effect site is multiplied with."""
    rules = effect_rules()
    one, two = rules.dissociation, rules.pressure
    session = one.each_session.reckoned ** (treated.session - 1)
    body = (two.hypertension.reckoned if treated.hypertension else 1.0) * (
        two.older.reckoned if treated.person.age_years >= two.older_from.reckoned else 1.0
    )
    return {
        "dissociation": one.median.reckoned / one.at.reckoned * session,
        "systolic": two.slopes.systolic.reckoned * body,
        "diastolic": two.slopes.diastolic.reckoned * body,
        "pulse": two.slopes.pulse.reckoned * body,
    }


def _felt(model: KineticModel, given: Given, of: Values, *, times: Array) -> dict[str, Array]:
    """The concentration at each effect site, which lags behind the blood."""
    rules = effect_rules()
    halves = {
        "dissociation": rules.dissociation.half_time.reckoned,
        "pressure": rules.pressure.half_time.reckoned,
    }
    return {
        link: concentration(model, given, of, lagging=float(np.log(2)) / half).at(times)
        for link, half in halves.items()
    }


def _log_sd(link: str) -> float:
    rules = effect_rules()
    stated = rules.dissociation.spread if link == "dissociation" else rules.pressure.spread
    return float(np.sqrt(np.log1p((float(stated.value) / 100) ** 2)))
