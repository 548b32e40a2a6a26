"""Has something changed, or is it chance? Run chart, p', u' and t; u and g are in `science.rates`.

Rules are few and stated: a point outside the limits, a shift, a trend. [anhoej] [laney]
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from statistics import fmean, median

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.from_scipy import binomial_up_to
from lysglimt.science.rates import OUTSIDE

from .rules import comparison_rules

MOVING_RANGE = 1.128
"""Mean range of two, in standard deviations. [unverified-memory]"""
TO_SYMMETRY = 3.6
"""Times between rare events, raised to one over it, are nearly symmetrical. [unverified-memory]"""


class Signal(StrEnum):
    OUTSIDE = "outside"
    SHIFT = "shift"
    TREND = "trend"


@dataclass(frozen=True, slots=True)
class Point:
    """``value`` is None of a month with nobody to count; it has no limits and breaks no run."""

    value: float | None
    low: float | None = None
    high: float | None = None
    signals: frozenset[Signal] = frozenset()


@dataclass(frozen=True, slots=True)
class ControlChart:
    """``sigma_z`` says how many times wider than by chance the limits are; 1 is by chance."""

    centre: float | None
    points: tuple[Point, ...]
    sigma_z: float | None


@dataclass(frozen=True, slots=True)
class RunChart:
    """``longest`` and ``crossings`` with the limits that chance keeps within; None with few points.

    Points on the middle count for neither.
    """

    centre: float | None
    useful: int
    longest: int
    crossings: int
    longest_limit: int | None
    crossings_limit: int | None

    @property
    def beyond_chance(self) -> bool:
        if self.longest_limit is None or self.crossings_limit is None:
            return False
        return self.longest > self.longest_limit or self.crossings < self.crossings_limit


def run_chart(values: Sequence[float]) -> RunChart:
    """Around the median. The longest run has the limit of [run-length], crossings that of [anhoej]."""
    if not values:
        return RunChart(None, 0, 0, 0, None, None)
    centre = median(values)
    above = [value > centre for value in values if value != centre]
    longest = max((len(list(run)) for _, run in groupby(above)), default=0)
    crossings = sum(before is not after for before, after in pairwise(above))
    if len(above) < comparison_rules().least_points.value:
        return RunChart(centre, len(above), longest, crossings, None, None)
    pairs = len(above) - 1
    fewest = next(n for n in range(pairs + 1) if binomial_up_to(n, pairs, 0.5) >= OUTSIDE)
    most = round(math.log2(len(above)) + 3)
    return RunChart(centre, len(above), longest, crossings, most, fewest)


def p_prime(counts: Sequence[tuple[int, int]]) -> ControlChart:
    """Shares by month, ``(with, of)``; limits follow the size of each month and the spread between."""
    for count, of in counts:
        if not 0 <= count <= of:
            raise Implausible.of("count", count, f"0-{of}")
    whole = sum(of for _, of in counts)
    centre = sum(count for count, _ in counts) / whole if whole else None
    return _prime(
        counts, centre, own=0.0 if centre is None else centre * (1 - centre), most=1.0
    )


def u_prime(counts: Sequence[tuple[int, int]]) -> ControlChart:
    """Events for each session by month, ``(events, sessions)``; there may be several in one."""
    for count, of in counts:
        if count < 0 or of < 0:
            raise Implausible.of("count", min(count, of), "0 or more")
    whole = sum(of for _, of in counts)
    centre = sum(count for count, of in counts if of) / whole if whole else None
    return _prime(counts, centre, own=centre or 0.0, most=math.inf)


def _prime(
    counts: Sequence[tuple[int, int]], centre: float | None, *, own: float, most: float
) -> ControlChart:
    """``own`` is the variance of one: over it stands how many there are."""
    values = [count / of if of else None for count, of in counts]
    if centre is None or not own:
        return ControlChart(centre, tuple(Point(value) for value in values), None)
    errors = [math.sqrt(own / of) if of else None for _, of in counts]
    far = [
        (value - centre) / error
        for value, error in zip(values, errors, strict=True)
        if value is not None and error
    ]
    # Never narrower than chance: a few quiet months are no reason to see signals everywhere.
    wide = max(1.0, _between(far) or 1.0)
    sigmas = float(comparison_rules().sigmas.value) * wide
    limits = [
        (max(0.0, centre - sigmas * error), min(most, centre + sigmas * error))
        if error
        else None
        for error in errors
    ]
    return ControlChart(centre, tuple(_points(values, centre, limits)), wide)


def t_chart(days: Sequence[int]) -> ControlChart:
    """Days from one rare event to the next; they are made symmetrical before limits are drawn."""
    if any(one < 0 for one in days):
        raise Implausible.of("days", min(days), "0 or more")
    even = [one ** (1 / TO_SYMMETRY) for one in days]
    spread = _between(even)
    if spread is None:
        return ControlChart(None, tuple(Point(float(one)) for one in days), None)
    middle, reach = fmean(even), float(comparison_rules().sigmas.value) * spread
    limits = (max(0.0, middle - reach) ** TO_SYMMETRY, (middle + reach) ** TO_SYMMETRY)
    points = _points([float(one) for one in days], middle**TO_SYMMETRY, [limits] * len(days))
    return ControlChart(middle**TO_SYMMETRY, tuple(points), None)


def _between(values: Sequence[float]) -> float | None:
    """The standard deviation, from one to the next; None of fewer than two."""
    steps = [abs(after - before) for before, after in pairwise(values)]
    return fmean(steps) / MOVING_RANGE if steps else None


def _points(
    values: Sequence[float | None],
    centre: float,
    limits: Sequence[tuple[float, float] | None],
) -> Iterator[Point]:
    found = _rows_of_points(values, centre)
    for place, value in enumerate(values):
        around = limits[place]
        if value is None or around is None:
            yield Point(value)
            continue
        beyond = {Signal.OUTSIDE} if not around[0] <= value <= around[1] else set[Signal]()
        yield Point(value, *around, frozenset(found[place] | beyond))


def _rows_of_points(values: Sequence[float | None], centre: float) -> Mapping[int, set[Signal]]:
    """The signals that take several points, by the place of each point that is one of them."""
    rules = comparison_rules()
    there = [(place, value) for place, value in enumerate(values) if value is not None]
    found: dict[int, set[Signal]] = {place: set() for place, _ in there}
    off = [(place, value > centre) for place, value in there if value != centre]
    told = (
        *((Signal.SHIFT, run, rules.shift.value) for run in runs(off)),
        *((Signal.TREND, run, rules.trend.value) for run in slopes(there)),
    )
    for signal, run, least in told:
        for place in run if len(run) >= least else ():
            found[place].add(signal)
    return found


def runs(sides: Sequence[tuple[int, bool]]) -> Iterator[list[int]]:
    """Places of those that follow each other on one side."""
    for _, run in groupby(sides, key=lambda one: one[1]):
        yield [place for place, _ in run]


def slopes(there: Sequence[tuple[int, float]]) -> Iterator[list[int]]:
    """Places of those that rise all the way, or fall; the first of them is counted."""
    ways = [
        (before[0], after[0], (after[1] > before[1]) - (after[1] < before[1]))
        for before, after in pairwise(there)
    ]
    for way, steps in groupby(ways, key=lambda one: one[2]):
        listed = list(steps)
        if way:
            yield [listed[0][0], *(after for _, after, _ in listed)]
