"""A published kinetic model as its file states it: structure, numbers, and for whom it was made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent, Unknown
from lysglimt.knowledge.text import Text

from .figures import Number, Unit
from .network import Array, Compartment, Flow, Network


class Route(StrEnum):
    INTRAVENOUS = "iv"
    INTRANASAL = "intranasal"


class Sampling(StrEnum):
    """Where the blood was drawn: in an artery the level during an infusion is far higher."""

    VENOUS = "venous"
    ARTERIAL = "arterial"


class Ancestry(StrEnum):
    CAUCASIAN = "caucasian"
    ASIAN = "asian"
    JAPANESE = "japanese"


SPREADS = {Unit.CV_PERCENT, Unit.LOG_VARIANCE, Unit.LOGIT_SD}


@dataclass(frozen=True, slots=True)
class Door:
    """How a dose comes in by a route: the shares it is multiplied with, and over what time."""

    route: Route
    into: str
    shares: tuple[str, ...] = ()
    rest_of: tuple[str, ...] = ()
    over: str = ""


@dataclass(frozen=True, slots=True)
class Devices:
    """How a spray is given: so much in a device, and what the later ones do."""

    each: Number
    lowest: Number
    highest: Number
    apart: Number
    later_on: str
    later: Number


@dataclass(frozen=True, slots=True)
class WeightEffect:
    """Multiplied with (weight / ``per``) to that power."""

    on: tuple[str, ...]
    per: Number
    power: Number


@dataclass(frozen=True, slots=True)
class AncestryEffect:
    who: tuple[Ancestry, ...]
    on: str
    factor: Number


@dataclass(frozen=True, slots=True)
class AgeEffect:
    """So much is added for each year above that age."""

    on: str
    above: Number
    each_year: Number


@dataclass(frozen=True, slots=True)
class Joint:
    """The covariance of two spreads, both of logarithms."""

    first: str
    second: str
    covariance: Number


@dataclass(frozen=True, slots=True)
class Factor:
    on: tuple[str, ...]
    factor: Number


@dataclass(frozen=True, slots=True)
class Part:
    """One of the substances that a dose consists of, with the same network."""

    name: Text
    share: Number
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True)
class Metabolite:
    """Formed from the first part alone. ``caution`` says what is not to be read from it."""

    name: Text
    compartment: str
    caution: Text | None = None


@dataclass(frozen=True, slots=True)
class Studied:
    """In whom it was made; outside of it the model was never tried."""

    people: Text
    ages: tuple[Number, ...] = ()
    weights: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class KineticModel:
    """``not_default`` gives the reason why the product shows it for comparison alone.

    ``effects_linked``: what effects.toml says was set for the concentrations of this model.
    """

    id: str
    version: str
    name: Text
    substance: Text
    sampling: Sampling | None
    studied: Studied
    seen: str
    default_for: tuple[Route, ...]
    compartments: tuple[Compartment, ...]
    flows: tuple[Flow, ...]
    doors: tuple[Door, ...]
    parameters: Mapping[str, Number]
    parts: tuple[Part, ...] = ()
    metabolite: Metabolite | None = None
    devices: Devices | None = None
    spread: Mapping[str, Number] = field(default_factory=dict)
    joint: tuple[Joint, ...] = ()
    clinic_spread: Mapping[str, Number] = field(default_factory=dict)
    weight: tuple[WeightEffect, ...] = ()
    ancestry: tuple[AncestryEffect, ...] = ()
    age: tuple[AgeEffect, ...] = ()
    effects_linked: bool = False
    not_default: Text | None = None
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """Refuses what cannot be reckoned with, before anybody is shown a curve."""
        if bool(self.default_for) is bool(self.not_default):
            raise Inconsistent("it is the default for a route, or says why it is not")
        for name in self._named():
            if name not in self.parameters:
                nearest = get_close_matches(name, self.parameters, n=1, cutoff=0)[0]
                raise Inconsistent(
                    f"no parameter is called '{name}', the nearest is '{nearest}'"
                )
        self._refuse_nowhere()
        self._refuse_spread()

    def _refuse_nowhere(self) -> None:
        """What is looked at needs a volume; what is dosed needs to be there."""
        seen = {self.seen, *((self.metabolite.compartment,) if self.metabolite else ())}
        if unknown := (seen | {door.into for door in self.doors}) - set(self.network.names):
            raise Inconsistent(f"there is no compartment '{min(unknown)}'")
        if without := [name for name in sorted(seen) if not self.network.volume(name)]:
            raise Inconsistent(f"'{without[0]}' has no volume, so no concentration")

    def _refuse_spread(self) -> None:
        for stated in (*self.spread.values(), *self.clinic_spread.values()):
            if stated.unit not in SPREADS:
                raise Inconsistent(f"a spread is stated as {', '.join(sorted(SPREADS))}")
        joined = {name for joint in self.joint for name in (joint.first, joint.second)}
        if lone := (joined | set(self.clinic_spread)) - set(self.spread):
            raise Inconsistent(f"'{min(lone)}' has no spread of its own")
        if self.spread and np.linalg.eigvalsh(self.covariance(clinic=True)).min() <= 0:
            raise Inconsistent("the spreads cannot have these covariances")

    def _named(self) -> Iterator[str]:
        """Every parameter that something of the model rests on."""
        for compartment in self.compartments:
            yield from filter(None, (compartment.volume,))
        for flow in self.flows:
            yield from filter(None, (flow.rate, flow.clearance))
        for door in self.doors:
            yield from (*door.shares, *door.rest_of, *filter(None, (door.over,)))
        yield from (*self.spread, *self.clinic_spread)
        for joint in self.joint:
            yield from (joint.first, joint.second)
        for weight in self.weight:
            yield from weight.on
        for factor in (factor for part in self.parts for factor in part.factors):
            yield from factor.on
        yield from (effect.on for effect in self.ancestry)
        yield from (effect.on for effect in self.age)
        if self.devices:
            yield self.devices.later_on

    @property
    def network(self) -> Network:
        return Network(self.compartments, self.flows)

    @property
    def routes(self) -> tuple[Route, ...]:
        return tuple(dict.fromkeys(door.route for door in self.doors))

    def covariance(self, *, clinic: bool) -> Array:
        """Of the spreads in their order; ``clinic`` takes the wider ones where they are stated."""
        wide = self.clinic_spread if clinic else {}
        names = list(self.spread)
        matrix = np.diag([_variance(wide.get(name, self.spread[name])) for name in names])
        for joint in self.joint:
            one, two = names.index(joint.first), names.index(joint.second)
            matrix[one, two] = matrix[two, one] = joint.covariance.reckoned
        return matrix


def _variance(stated: Number) -> float:
    """On the scale on which it is normal: of the logarithm, or of the logit."""
    number = float(stated.value)
    match stated.unit:
        case Unit.CV_PERCENT:
            return float(np.log1p((number / 100) ** 2))
        case Unit.LOGIT_SD:
            return number**2
        case _:
            return number


def load(file: Traversable) -> KineticModel:
    """Raises Misstated with the file, the path of the key and the nearest known word."""
    return read(KineticModel, file)


@cache
def models() -> Mapping[str, KineticModel]:
    """Every model shipped, by its id."""
    shelf = files("lysglimt.science.kinetics") / "catalogue"
    loaded = [load(file) for file in shelf.iterdir() if file.name.endswith(".toml")]
    return {one.id: one for one in sorted(loaded, key=lambda one: one.id)}


def kinetic_model(name: str) -> KineticModel:
    """Raises Unknown with the nearest name there is."""
    if name not in models():
        nearest = get_close_matches(name, models(), n=1, cutoff=0)[0]
        raise Unknown(
            f"model: {name!r} is unknown, the nearest is '{nearest}'; "
            f"there are {', '.join(models())}",
            field="model",
            value=name,
            nearest=nearest,
        )
    return models()[name]


def default_for(route: Route) -> KineticModel:
    return next(one for one in models().values() if route in one.default_for)
