"""Each set since the start as the way back from a pause reads it: green, red or neither."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from lysglimt.knowledge.dosing.delivery import BedsideReading

from .limits import Light, Outside, light, limits, with_symptoms
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


Found = tuple[VitalSet, tuple[Outside, ...]]


def red_with_symptoms(
    sets: Sequence[Found], complaints: Iterable[datetime], *, until: datetime
) -> bool:
    """Was anything red together with a danger sign, or with a complaint? Then nobody resumes.

    ``sets`` in time order. A complaint counts from five minutes before the red set to the next
    that is not red. [own-proposal]
    """
    told, before = tuple(complaints), limits().held.apart.value
    read = [one for one in sets if one[0].at <= until]
    ends = [*(one.at for one, _ in read[1:]), until]
    return any(
        with_symptoms(found) or any(red.at - before <= at <= end for at in told)
        for (red, found), end in zip(read, ends, strict=False)
        if light(found) is Light.RED
    )
