"""Who the made-up people are: born when, how tall, how heavy, with which pressure."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import gcd

import numpy as np
from numpy.random import Generator

from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.errors import Implausible
from lysglimt.science.kinetics.network import Array

from .asked import DAYS_A_YEAR, Asked, VirtualUnit
from .chance import happens
from .figures import reckoned

OLDER = 50
LEAST_MASS, LEAST_SYSTOLIC, LEAST_DIASTOLIC, LEAST_PULSE = 17.0, 95, 55, 50
HIGHEST_SYSTOLIC, HIGHEST_DIASTOLIC = 150, 94
"""Whose pressure is higher before the dose is not treated that day."""
MOST_A_DAY = 3
AGES = ((30, 2), (60, 3), (70, 2), (200, 1))
"""Up to which age how many are born on a day, beside each other: most are between 30 and 60."""


@dataclass(frozen=True, slots=True)
class MadeUp:
    """``serial`` tells those apart who share a birth date: it makes the identity number."""

    number: int
    unit: VirtualUnit
    sex: Sex
    born: date
    serial: int
    height_cm: int
    weight_kg: float
    hypertension: bool
    systolic: int
    diastolic: int
    pulse: int

    @property
    def id(self) -> str:
        return f"SYNTHETIC-{self.number:07d}"

    def age(self, on: date) -> int:
        born = self.born
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def made_up(asked: Asked, number: int, chance: Generator) -> MadeUp:
    f = reckoned()
    unit = asked.all_units[int(np.searchsorted(asked.shares, chance.random(), side="right"))]
    born, serial = birthday(asked, number)
    woman = happens(chance, f["women"])
    height = chance.normal(f["height_women" if woman else "height_men"], f["height_spread"])
    mass = max(LEAST_MASS, chance.normal(f["body_mass"], f["body_mass_spread"]))
    old = asked.until.year - born.year >= OLDER
    high = happens(chance, f["hypertension_older" if old else "hypertension"])
    systolic = chance.normal(f["systolic"], f["systolic_spread"])
    systolic += f["systolic_hypertension"] * high
    return MadeUp(
        number=number,
        unit=unit,
        sex=Sex.FEMALE if woman else Sex.MALE,
        born=born,
        serial=serial,
        height_cm=round(height),
        weight_kg=round(mass * (height / 100) ** 2, 1),
        hypertension=high,
        systolic=min(HIGHEST_SYSTOLIC, max(LEAST_SYSTOLIC, round(systolic))),
        diastolic=min(
            HIGHEST_DIASTOLIC,
            max(LEAST_DIASTOLIC, round(chance.normal(f["diastolic"], f["diastolic_spread"]))),
        ),
        pulse=max(LEAST_PULSE, round(chance.normal(f["pulse"], f["pulse_spread"]))),
    )


def birthday(asked: Asked, number: int) -> tuple[date, int]:
    """Nobody shares both with anybody: people are dealt out over a table of days, round by round."""
    f = reckoned()
    first = asked.until - timedelta(days=round(f["oldest"] * DAYS_A_YEAR))
    last = asked.start - timedelta(days=round((f["youngest"] + 1) * DAYS_A_YEAR))
    if last <= first:
        raise Implausible.of("years", asked.years, "fewer, so that all are of age")
    days, occurrence = dealt(first, last)
    step = apart(len(days))
    rounds, place = divmod(number - 1, len(days))
    at = (place * step + asked.seed) % len(days)
    return first + timedelta(days=int(days[at])), rounds * MOST_A_DAY + int(occurrence[at])


@cache
def dealt(first: date, last: date) -> tuple[Array, Array]:
    """Days after the first, each as often as people of that age are many; and which time it is."""
    span = (last - first).days
    days = np.arange(span)
    ages = (span - days) / DAYS_A_YEAR + reckoned()["youngest"]
    many = np.select([ages < age for age, _ in AGES], [times for _, times in AGES])
    occurrence = np.concatenate([np.arange(times) for times in many])
    return np.repeat(days, many), occurrence


@cache
def apart(size: int) -> int:
    """A step that visits every place once, and leaves neighbours far from each other."""
    step = int(size * 0.618)
    while gcd(step, size) != 1:
        step += 1
    return step
