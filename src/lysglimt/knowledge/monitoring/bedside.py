"""Each set since the start as the way back from a pause reads it: green, red or neither."""

from collections.abc import Iterable, Iterator

from lysglimt.knowledge.dosing.delivery import BedsideReading

from .limits import Light, Outside, light
from .vital_signs import VitalSet


def bedside(sets: Iterable[tuple[VitalSet, tuple[Outside, ...]]]) -> Iterator[BedsideReading]:
    """``sets`` in time order, each with what of it was outside the planned range.

    A set that leaves out a sign that has been red is not green: nobody looked.
    """
    been_red: set[str] = set()
    for one, found in sets:
        measured = {*map(str, one.values)}
        been_red |= {out.sign for out in found if out.light is Light.RED} & measured
        worst = light(found)
        yield BedsideReading(
            one.at,
            green=worst is Light.GREEN and been_red <= measured,
            red=worst is Light.RED,
        )
