"""How often something happened in so many sessions, and how sure one can be of it with few."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lysglimt.knowledge.errors import Implausible

from .from_scipy import beta_quantile, chi_squared_quantile

OUTSIDE = 0.05
"""What an interval leaves out, half on each side."""
RARELY = 0.00135
"""By chance a month lies as far out as a limit of the u chart less often than this, on each side."""
LEAST_EVENTS = 5
"""With fewer no limit is drawn: they would be drawn from nothing. Own value."""
LEAST_MONTHS = 6
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Bounds:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` events in ``sessions``; there may be several in one. Of no session there is none."""

    count: int
    sessions: int

    def __post_init__(self) -> None:
        for name, value in (("count", self.count), ("sessions", self.sessions)):
            if value < 0:
                raise Implausible.of(name, value, "0 or more")

    @property
    def per_thousand(self) -> Fraction | None:
        return Fraction(self.count * THOUSAND, self.sessions) if self.sessions else None

    @property
    def interval(self) -> Bounds | None:
        """Exact, of a Poisson count, 95 per cent, for a thousand sessions."""
        if not self.sessions:
            return None
        scale = THOUSAND / self.sessions
        low, high = poisson_bounds(self.count)
        return Bounds(low * scale, high * scale)


def poisson_bounds(count: int) -> tuple[float, float]:
    """Between which expected counts so many are not surprising: exact, 95 per cent."""
    half = OUTSIDE / 2
    low = chi_squared_quantile(half, 2 * count) / 2 if count else 0.0
    return low, chi_squared_quantile(1 - half, 2 * count + 2) / 2


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of`` had it, each counted once."""

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise Implausible.of("count", self.count, f"0-{self.of}")

    @property
    def interval(self) -> Bounds | None:
        """Clopper's and Pearson's, 95 per cent: never narrower than it says."""
        if not self.of:
            return None
        k, n, half = self.count, self.of, OUTSIDE / 2
        low = beta_quantile(half, k, n - k + 1) if k else 0.0
        high = beta_quantile(1 - half, k + 1, n - k) if k < n else 1.0
        return Bounds(low, high)


@dataclass(frozen=True, slots=True)
class Month:
    """Events and sessions of one month, and between which counts chance would leave it.

    ``limits`` is None of a month without sessions, and where there are too few to tell.
    """

    events: int
    sessions: int
    limits: tuple[int, int] | None = None

    @property
    def outside(self) -> bool:
        if self.limits is None:
            return False
        low, high = self.limits
        return not low <= self.events <= high


@dataclass(frozen=True, slots=True)
class UChart:
    """``mean`` is events in a session over all months; None without sessions."""

    months: tuple[Month, ...]
    mean: Fraction | None


def u_chart(counts: Sequence[tuple[int, int]]) -> UChart:
    """``counts`` are events and sessions, a pair a month. Limits are exact, of Poisson counts."""
    events = sum(count for count, _ in counts)
    sessions = sum(of for _, of in counts)
    if not sessions:
        return UChart(tuple(Month(*one) for one in counts), None)
    mean = Fraction(events, sessions)
    told = sum(of > 0 for _, of in counts) >= LEAST_MONTHS and events >= LEAST_EVENTS
    return UChart(
        tuple(
            Month(count, of, poisson_limits(float(mean * of)) if told and of else None)
            for count, of in counts
        ),
        mean,
    )


def poisson_limits(expected: float) -> tuple[int, int]:
    """The counts between which all but `RARELY` fall, on each side.

    The sum begins ten standard deviations below what is expected: less lies under it than a
    float can tell, and the chance of none at all is too small for one beyond some 700.
    """
    low = high = max(0, int(expected - 10 * math.sqrt(expected)))
    begun = high * math.log(expected) - math.lgamma(high + 1) if high else 0.0
    reached = term = math.exp(begun - expected)
    while reached < 1 - RARELY:
        if reached <= RARELY:
            low = high + 1
        high += 1
        term *= expected / high
        reached += term
    return low, high


@dataclass(frozen=True, slots=True)
class GChart:
    """Sessions from one event to the next, and ``since`` the last.

    ``low`` and ``high`` are the limits that 95 of 100 gaps keep within; None with few events.
    """

    gaps: tuple[int, ...]
    since: int
    middle: float | None = None
    low: int | None = None
    high: int | None = None

    @property
    def too_soon(self) -> tuple[int, ...]:
        """The places of gaps that are shorter than chance would have it."""
        return tuple(n for n, gap in enumerate(self.gaps) if self.low and gap < self.low)


def g_chart(sessions: int, places: Sequence[int]) -> GChart:
    """``places`` are after how many of the sessions each event came, in order, from 1 on.

    The gaps of events that come by chance follow a geometric distribution.
    """
    gaps = tuple(between(places))
    since = sessions - (places[-1] if places else 0)
    if len(places) < LEAST_EVENTS:
        return GChart(gaps, since)
    chance = len(places) / sessions
    middle, low, high = (gap_at(one, chance) for one in (0.5, OUTSIDE / 2, 1 - OUTSIDE / 2))
    return GChart(gaps, since, middle, math.ceil(low), math.ceil(high))


def between(places: Sequence[int]) -> Iterator[int]:
    before = 0
    for place in places:
        yield place - before
        before = place


def gap_at(share: float, chance: float) -> float:
    """So many sessions, and a share of the gaps is over."""
    return math.log1p(-share) / math.log1p(-chance) if chance < 1 else 1.0
