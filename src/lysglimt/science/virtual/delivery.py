"""What a dose does to pressure, pulse, senses and wakefulness, by the links of the kinetics."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from lysglimt.science.kinetics.effects import effect_rules
from lysglimt.science.kinetics.giving import infusion
from lysglimt.science.kinetics.model import KineticModel, kinetic_model
from lysglimt.science.kinetics.network import Array, Values
from lysglimt.science.kinetics.people import Person, values
from lysglimt.science.kinetics.simulate import concentration

from .chance import stream
from .figures import reckoned
from .people import MadeUp

MODEL, MINUTES = "racemic-iv", 40.0
TIMES = np.array([10.0, 20.0, 30.0, 40.0, 55.0, 70.0, 85.0, 100.0]) / 60
"""When readings are taken: what lies between them nobody sees."""
TYPICAL = Person(70.0)
OF_KINETICS = 1
"""The purpose of the stream from which bodies are drawn."""
AWAKE, UNCONSCIOUS = 5, 1
FULL_SCALE = 92
"""Of the CADSS with 23 items."""


@dataclass(frozen=True, slots=True)
class Body:
    """Highest concentration at each effect site for each mg given over 40 minutes (ng/ml), and when.

    The rest is the person's own: how much pressure and senses follow, how easily one sleeps.
    """

    pressure_site: float
    senses_site: float
    peak_minute: int
    pressed: float
    felt: float
    sleepy: float


@dataclass(frozen=True, slots=True)
class Reaction:
    systolic: int
    diastolic: int
    pulse: int
    dissociation: int
    moaas: int
    """Wakefulness at its lowest, 5 is awake."""


def bodies(people: Sequence[MadeUp], seed: int) -> list[Body]:
    """How these people take up and feel a dose; each from a stream of their own."""
    model = kinetic_model(MODEL)
    own = [stream(seed, one.number, purpose=OF_KINETICS) for one in people]
    spread = np.array([chance.standard_normal(len(model.spread)) for chance in own]).T
    of = weighed(model, np.linalg.cholesky(model.covariance(clinic=True)) @ spread, people)
    sites = {link: at_site(model, of, half) for link, half in halves().items()}
    wide = log_spread()
    return [
        Body(
            pressure_site=float(sites["pressure"][:, n].max()),
            senses_site=float(sites["senses"][:, n].max()),
            peak_minute=round(float(TIMES[sites["pressure"][:, n].argmax()] * 60)),
            # The mean is what was observed, so the person's factor is one in the mean.
            pressed=float(
                np.exp(wide["pressure"] * chance.standard_normal() - wide["pressure"] ** 2 / 2)
            ),
            felt=float(np.exp(wide["senses"] * chance.standard_normal())),
            sleepy=float(chance.standard_normal()),
        )
        for n, chance in enumerate(own)
    ]


def weighed(model: KineticModel, far: Array, people: Sequence[MadeUp]) -> Values:
    """Parameters of everybody. What weight does is a factor, so it may come after the spread."""
    of = dict(values(model, TYPICAL, dict(zip(model.spread, far, strict=True))))
    weights = np.array([one.weight_kg for one in people])
    for each in model.weight:
        for name in each.on:
            of[name] = of[name] * (weights / TYPICAL.weight_kg) ** each.power.reckoned
    return of


def at_site(model: KineticModel, of: Values, half_time: float) -> Array:
    """For each mg: the levels at a site that lags by this half-time in hours (time, person)."""
    lagging = float(np.log(2)) / half_time
    return concentration(model, infusion(1.0, MINUTES), of, lagging=lagging).at(TIMES)


@cache
def halves() -> dict[str, float]:
    rules = effect_rules()
    return {
        "pressure": rules.pressure.half_time.reckoned,
        "senses": rules.dissociation.half_time.reckoned,
    }


@cache
def log_spread() -> dict[str, float]:
    rules = effect_rules()
    stated = {"pressure": rules.pressure.spread, "senses": rules.dissociation.spread}
    return {
        name: float(np.sqrt(np.log1p((one.reckoned / 100) ** 2)))
        for name, one in stated.items()
    }


@cache
def slopes() -> dict[str, float]:
    """Per ng/ml, scaled so that the mean rise is the observed one."""
    f, rules = reckoned(), effect_rules()
    one, two = rules.pressure.slopes, rules.dissociation
    return {
        "systolic": one.systolic.reckoned * f["systolic_scale"],
        "diastolic": one.diastolic.reckoned * f["diastolic_scale"],
        "pulse": one.pulse.reckoned * f["pulse_scale"],
        "senses": two.median.reckoned / two.at.reckoned,
        "repeated": two.each_session.reckoned,
        "hypertension": rules.pressure.hypertension.reckoned,
        "older": rules.pressure.older.reckoned,
        "older_from": rules.pressure.older_from.reckoned,
    }


@cache
def sleepy_from() -> tuple[float, ...]:
    """From where on, on a scale with a spread of one, wakefulness falls by another step."""
    f = reckoned()
    shares = (f["sedated"], f["sedated_more"], f["sedated_deeply"], f["unconscious"])
    return tuple(NormalDist().inv_cdf(1 - share) for share in shares)


class Taken(NamedTuple):
    milligrams: float
    session: int
    age: int


def reaction(body: Body, person: MadeUp, taken: Taken, *, chance: Generator) -> Reaction:
    """The highest readings of the session of that number, at that age."""
    milligrams, session, age = taken
    f, slope = reckoned(), slopes()
    day = float(np.exp(f["session_spread"] * chance.standard_normal()))
    level = body.pressure_site * milligrams * body.pressed * day
    level *= slope["hypertension"] if person.hypertension else 1.0
    level *= slope["older"] if age >= slope["older_from"] else 1.0
    felt = body.senses_site * milligrams * body.felt * slope["senses"]
    felt *= slope["repeated"] ** (session - 1)
    felt *= float(np.exp(f["session_spread"] * chance.standard_normal()))
    noise = chance.standard_normal(3) * f["reading_spread"]
    own = f["sedation_of_person"]
    asleep = own * body.sleepy + np.sqrt(1 - own * own) * chance.standard_normal()
    return Reaction(
        systolic=round(slope["systolic"] * level + noise[0]),
        diastolic=round(slope["diastolic"] * level + noise[1]),
        pulse=round(slope["pulse"] * level + noise[2]),
        dissociation=min(FULL_SCALE, round(felt)),
        moaas=AWAKE - sum(bool(asleep > limit) for limit in sleepy_from()),
    )
