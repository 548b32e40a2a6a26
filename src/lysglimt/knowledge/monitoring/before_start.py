"""What was measured before a start, and how much of it still counts."""

from collections.abc import Sequence

from .limits import Light, light, outside_before
from .observation import observation_rules
from .vital_signs import VitalSet, VitalSign

GATE_SIGNS = (
    VitalSign.SYSTOLIC,
    VitalSign.DIASTOLIC,
    VitalSign.HEART_RATE,
    VitalSign.OXYGEN,
)
PRESSURES = {VitalSign.SYSTOLIC, VitalSign.DIASTOLIC}


def apart(sets: Sequence[VitalSet]) -> bool:
    """Are there two pressures, five minutes apart?"""
    rule = observation_rules().before
    taken = [one.at for one in sets if one.values.keys() >= PRESSURES]
    enough = len(taken) >= rule.readings.value
    return enough and taken[-1] - taken[0] >= rule.apart.value


def accepted(before: Sequence[VitalSet], *, age: int) -> tuple[VitalSet, ...]:
    """The sets since the last one that was red at the gate; all, if none was."""
    found: list[VitalSet] = []
    for one in before:
        found = [] if red_signs(one, age=age) else [*found, one]
    return tuple(found)


def red_signs(vitals: VitalSet, *, age: int) -> tuple[VitalSign, ...]:
    """What of a set forbids a start."""
    return tuple(
        sign
        for sign in GATE_SIGNS
        if (value := vitals.value(sign)) is not None
        and light(outside_before(sign, value, age=age)) is Light.RED
    )
