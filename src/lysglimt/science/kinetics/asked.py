"""A simulation as somebody asked for it, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible, Inconsistent
from lysglimt.knowledge.text import Text

from .effects import Illustration, Treated, illustrated, occupancy
from .figures import Number
from .giving import Given, infusion, sprays
from .model import KineticModel, Route
from .network import Array, Values
from .people import Person, values
from .simulate import (
    DAY,
    Band,
    Peak,
    concentration,
    metabolite,
    peak,
    population,
    virtual_people,
)

STEP_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Range:
    lowest: Number
    highest: Number

    def __post_init__(self) -> None:
        if self.lowest.unit is not self.highest.unit or self.lowest.value > self.highest.value:
            raise Inconsistent("a range runs from its lowest to its highest, in one unit")

    def __str__(self) -> str:
        return f"{self.lowest.value}-{self.highest.value} {self.lowest.unit}"

    def holds(self, value: float) -> bool:
        return float(self.lowest.value) <= value <= float(self.highest.value)


@dataclass(frozen=True, slots=True)
class AskedRanges:
    dose_mg_iv: Range
    minutes_iv: Range
    minutes_intranasal: Range
    devices: Range
    weight_kg: Range
    age: Range
    population: Range
    session: Range
    usual_minutes_iv: Number


@cache
def asked_ranges() -> AskedRanges:
    return read(AskedRanges, files("lysglimt.science.kinetics") / "asked.toml")


@dataclass(frozen=True, slots=True)
class Asked:
    """``people`` is none for the typical person alone."""

    model: KineticModel
    given: Given
    treated: Treated
    people: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Simulated:
    """What came of it. ``untried`` says where the model was never tried in such a person."""

    asked: Asked
    times: Array
    typical: Array
    highest: Peak
    auc24: float
    metabolite_highest: Peak | None
    band: Band | None
    effects: Mapping[str, Illustration] | None
    occupied: tuple[Array, Array] | None
    untried: tuple[Text, ...]


def simulated(asked: Asked) -> Simulated:
    """From the first dose over a day, each five minutes."""
    person, model, given = asked.treated.person, asked.model, asked.given
    times = np.arange(0, DAY * 60 + STEP_MINUTES, STEP_MINUTES) / 60
    of = values(model, person)
    curve, of_metabolite = concentration(model, given, of), metabolite(model, given, of)
    return Simulated(
        asked=asked,
        times=times,
        typical=curve.at(times)[:, 0],
        highest=peak(curve),
        auc24=float(curve.area(DAY)[0]),
        metabolite_highest=peak(of_metabolite) if of_metabolite else None,
        band=population(made_up(asked), model, given, times=times) if asked.people else None,
        effects=illustrated(
            model,
            asked.treated,
            given,
            times=times,
            blocks=made_up(asked) if asked.people else None,
            seed=asked.seed,
        ),
        occupied=occupancy(curve.at(times)[:, 0]) if model.effects_linked else None,
        untried=tuple(untried(model, person)),
    )


def made_up(asked: Asked) -> Iterator[Values]:
    return virtual_people(
        asked.model, asked.treated.person, people=asked.people, seed=asked.seed
    )


def untried(model: KineticModel, person: Person) -> list[Text]:
    """Weight and age outside of those in whom the model was made."""
    said = []
    for stated, value, text in (
        (model.studied.weights, person.weight_kg, WEIGHT_UNTRIED),
        (model.studied.ages, person.age_years, AGE_UNTRIED),
    ):
        if stated and not stated[0].value <= value <= stated[-1].value:
            lowest, highest = stated[0].value, stated[-1].value
            said.append(text.filled(lowest=lowest, highest=highest))
    return said


WEIGHT_UNTRIED = Text(
    nb="Modellen er laget av personer på {lowest}-{highest} kg.",
    en="The model was made from people of {lowest}-{highest} kg.",
)
AGE_UNTRIED = Text(
    nb="Modellen er laget av personer på {lowest}-{highest} år.",
    en="The model was made from people of {lowest}-{highest} years.",
)


def within(name: str, value: float, allowed: Range) -> float:
    """The value; raises Implausible with the name, the value and what is allowed."""
    if not allowed.holds(value):
        raise Implausible.of(name, f"{value:g}", str(allowed))
    return value


def infused(milligrams: float, minutes: float) -> Given:
    """By vein. Zero minutes is at once."""
    ranges = asked_ranges()
    return infusion(
        within("dose_mg", milligrams, ranges.dose_mg_iv),
        within("minutes", minutes, ranges.minutes_iv),
    )


def sprayed(
    model: KineticModel, milligrams: float, *, devices: int | None, apart: float | None
) -> Given:
    """Into the nose: as few devices as hold the dose, unless their number is said."""
    rules, ranges = model.devices, asked_ranges()
    if rules is None:
        routes = " or ".join(route.value for route in model.routes)
        raise Implausible.of("route", Route.INTRANASAL.value, f"{routes} with {model.id}")
    each = rules.each.reckoned
    within("dose_mg", milligrams, Range(rules.lowest, rules.highest))
    fewest = int(np.ceil(milligrams / each))
    number = int(within("devices", devices or fewest, ranges.devices))
    if number < fewest:
        raise Implausible.of("devices", number, f"{fewest} or more for {milligrams:g} mg")
    minutes = rules.apart.reckoned * 60 if apart is None else apart
    return sprays(milligrams, number, within("minutes", minutes, ranges.minutes_intranasal))
