"""What was measured before a start, and how much of it still counts."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .gate_conditions import gate_rules
from .limits import Light, danger, is_danger, light, outside_before
from .observation import observation_rules
from .vital_signs import Baseline, VitalSet, VitalSign, baseline, provisional

GATE_SIGNS = (
    VitalSign.SYSTOLIC,
    VitalSign.DIASTOLIC,
    VitalSign.HEART_RATE,
    VitalSign.OXYGEN,
)
PRESSURES = {VitalSign.SYSTOLIC, VitalSign.DIASTOLIC}

DO_NOT_START = Text("Ikke start", "Do not start")


def apart(sets: Sequence[VitalSet]) -> bool:
    """Are there two pressures, five minutes apart?"""
    rule = observation_rules().before
    taken = [one.at for one in sets if one.values.keys() >= PRESSURES]
    enough = len(taken) >= rule.readings.value
    return enough and taken[-1] - taken[0] >= rule.apart.value


def accepted(before: Sequence[VitalSet], *, age: int) -> tuple[VitalSet, ...]:
    """The sets since the last that was red at the gate or told a danger sign; all, if none was."""
    found: list[VitalSet] = []
    for one in before:
        found = [] if red_signs(one, age=age) or dangers(one) else [*found, one]
    return tuple(found)


def baseline_of(before: Sequence[VitalSet], *, age: int) -> Baseline:
    """Of the sets that the gate accepts; of all, where a doctor answered for starting."""
    return baseline(accepted(before, age=age) or before)


def risen_from(before: Sequence[VitalSet], *, age: int) -> Baseline:
    """What a rise is judged from: the baseline; where it lacks a sign, the one sound reading.

    One reading alone is provisional: nobody goes home by it. [own-proposal]
    """
    return {**provisional(accepted(before, age=age)), **baseline_of(before, age=age)}


def dangers(vitals: VitalSet) -> tuple[str, ...]:
    """The danger signs that a set tells: as a red pressure, they are rested and measured after."""
    return tuple(sorted(filter(is_danger, vitals.signs)))


def red_signs(vitals: VitalSet, *, age: int) -> tuple[VitalSign, ...]:
    """What of a set forbids a start."""
    return tuple(
        sign
        for sign in GATE_SIGNS
        if (value := vitals.value(sign)) is not None
        and light(outside_before(sign, value, age=age)) is Light.RED
    )


def rest_after(red: VitalSet, *, age: int) -> timedelta:
    """After a pressure or a danger sign there is rest; a pulse or a saturation is measured anew."""
    rested = PRESSURES & set(red_signs(red, age=age)) or dangers(red)
    return gate_rules().pressure.rest.value if rested else timedelta(0)


def told_danger(before: Sequence[VitalSet]) -> Iterator[Finding]:
    """Each danger sign told before the start that nobody has said is over."""
    for one in danger(before):
        stands = Text(f"{one.reason.nb}, ikke over", f"{one.reason.en}, not over")
        yield Finding(
            f"gate:{one.sign}", Standing.EXCLUDED, stands, one.basis, action=DO_NOT_START
        )
