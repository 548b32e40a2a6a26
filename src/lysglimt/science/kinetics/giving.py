"""What was given, when: infusions with their pauses, spray devices, injections at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .curve import Entry
from .model import KineticModel, Route
from .network import Array, Values

MINUTES = 60


@dataclass(frozen=True, slots=True)
class Dose:
    """So many milligrams from that hour on, evenly over some hours; at once when they are none.

    ``number`` counts the devices of one occasion: a later one is taken up differently.
    """

    start: float
    hours: float
    milligrams: float
    number: int = 1

    def __post_init__(self) -> None:
        if self.start < 0 or self.hours < 0 or self.milligrams < 0:
            raise Implausible.of("dose", self, "no negative time or amount")

    def delivered(self, hour: float) -> float:
        """How much of it by that hour."""
        if self.hours == 0:
            return self.milligrams if hour >= self.start else 0.0
        share = min(1.0, max(0.0, (hour - self.start) / self.hours))
        return self.milligrams * share


@dataclass(frozen=True, slots=True)
class Given:
    route: Route
    doses: tuple[Dose, ...]

    @property
    def milligrams(self) -> float:
        return sum(dose.milligrams for dose in self.doses)

    def delivered(self, hour: float) -> float:
        """Milligrams in the patient by that hour; a pause holds it, nothing lowers it."""
        return sum(dose.delivered(hour) for dose in self.doses)


def infusion(
    milligrams: float, minutes: float, pauses: Sequence[tuple[float, float]] = ()
) -> Given:
    """By vein at an even rate. Each pause (from and to, minutes) moves the rest later."""
    if minutes == 0:
        return Given(Route.INTRAVENOUS, (Dose(0.0, 0.0, milligrams),))
    running = tuple(_running(minutes, pauses))
    return Given(
        Route.INTRAVENOUS,
        tuple(
            Dose(start / MINUTES, (end - start) / MINUTES, milligrams * (end - start) / minutes)
            for start, end in running
        ),
    )


def _running(
    minutes: float, pauses: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """From and to when the pump runs; a pause after its end changes nothing."""
    _refuse_tangled(pauses)
    at, left = 0.0, minutes
    for start, end in sorted(pauses):
        if start - at >= left:
            break
        if start > at:
            yield at, start
        left -= start - at
        at = end
    yield at, at + left


def _refuse_tangled(pauses: Sequence[tuple[float, float]]) -> None:
    for pause in pauses:
        if not 0 <= pause[0] <= pause[1]:
            raise Implausible.of("pause", pause, "a beginning from 0 on, and an end after it")
    for (_, end), (start, _) in pairwise(sorted(pauses)):
        if start < end:
            raise Implausible.of("pause", start, f"{end} or later, after the pause before")


def sprays(milligrams: float, devices: int, apart_minutes: float) -> Given:
    """Into the nose: the same from each device, one after another."""
    return Given(
        Route.INTRANASAL,
        tuple(
            Dose(number * apart_minutes / MINUTES, 0.0, milligrams / devices, number + 1)
            for number in range(devices)
        ),
    )


def entries(model: KineticModel, given: Given, values: Values, *, share: float) -> list[Entry]:
    """What of the doses comes into which compartment; ``share`` of them is this substance."""
    doors = [door for door in model.doors if door.route is given.route]
    if not doors:
        routes = " or ".join(route.value for route in model.routes)
        raise Implausible.of("route", given.route.value, f"{routes} with {model.id}")
    found = []
    for dose in given.doses:
        of_dose = _of_device(model, values, dose.number)
        for door in doors:
            part: Array = np.full(_people(values), dose.milligrams * share)
            for name in door.shares:
                part = part * of_dose[name]
            for name in door.rest_of:
                part = part * (1 - of_dose[name])
            hours = float(values[door.over][0]) if door.over else dose.hours
            found.append(Entry(door.into, dose.start, hours, part))
    return found


def _people(values: Values) -> int:
    return len(next(iter(values.values())))


def _of_device(model: KineticModel, values: Values, number: int) -> Values:
    if model.devices is None or number == 1:
        return values
    name = model.devices.later_on
    return {**values, name: values[name] * model.devices.later.reckoned}
