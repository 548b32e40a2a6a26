"""How many have had it by a day, when some were not followed so long? Kaplan and Meier's estimate."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from lysglimt.science.from_scipy import normal_quantile
from lysglimt.science.rates import OUTSIDE, Bounds


@dataclass(frozen=True, slots=True)
class Step:
    """On this day: so many were still followed, so many had the event; ``free`` is who had none by then."""

    day: int
    at_risk: int
    events: int
    free: Fraction


@dataclass(frozen=True, slots=True)
class Curve:
    """``had`` is the share with the event by the day asked for; None when nobody was followed so long."""

    n: int
    steps: tuple[Step, ...]
    until: int
    had: Fraction | None
    bounds: Bounds | None


def curve(followed: Iterable[tuple[int, bool]], *, until: int) -> Curve:
    """``followed`` are days, and whether they ended with the event. Exact; the bounds are not.

    Who leaves on the day of an event is still counted among those who could have had it. The
    bounds are 95 per cent, of the complementary log-log, with Greenwood's variance.
    """
    return curve_of(Counter(followed), until=until)


def curve_of(followed: Mapping[tuple[int, bool], int], *, until: int) -> Curve:
    """As `curve`, of how many had each number of days with and without the event."""
    people, leaving = sum(followed.values()), Counter[int]()
    for (day, _), number in followed.items():
        leaving[day] += number
    steps, free, variance, at_risk = list[Step](), Fraction(1), Fraction(0), people
    for day in sorted(one for one in leaving if one <= until):
        if events := followed.get((day, True), 0):
            left = at_risk - events
            free *= Fraction(left, at_risk)
            if left:
                variance += Fraction(events, at_risk * left)
            steps.append(Step(day, at_risk, events, free))
        at_risk -= leaving[day]
    reached = free == 0 or any(day >= until for day in leaving)
    if not people or not reached:
        return Curve(people, tuple(steps), until, None, None)
    return Curve(people, tuple(steps), until, 1 - free, _bounds(free, variance))


def _bounds(free: Fraction, variance: Fraction) -> Bounds | None:
    """None where nobody or everybody had it: the estimate has no spread there."""
    if free in {0, 1}:
        return None
    log = math.log(free)
    reach = normal_quantile(1 - OUTSIDE / 2) * math.sqrt(variance) / abs(log)
    low, high = (1 - float(free) ** math.exp(sign * reach) for sign in (-1, 1))
    return Bounds(low, high)
