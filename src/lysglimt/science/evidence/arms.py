"""What one arm of a trial reported, and several arms taken as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import sqrt

from lysglimt.knowledge.errors import Implausible


@dataclass(frozen=True, slots=True)
class Counted:
    """``events`` of ``n`` people."""

    events: float
    n: float

    def __post_init__(self) -> None:
        if not self.n > 0:
            raise Implausible.of("n", self.n, "1 or more")
        if not 0 <= self.events <= self.n:
            raise Implausible.of("events", self.events, f"0-{self.n:g}")

    @property
    def others(self) -> float:
        return self.n - self.events


@dataclass(frozen=True, slots=True)
class Measured:
    """Mean and standard deviation (never a standard error) of ``n`` people."""

    mean: float
    sd: float
    n: float

    def __post_init__(self) -> None:
        if not self.n > 1:
            raise Implausible.of("n", self.n, "2 or more")
        if not self.sd > 0:
            raise Implausible.of("sd", self.sd, "above 0")


def counted_together(arms: Sequence[Counted]) -> Counted:
    return Counted(sum(arm.events for arm in arms), sum(arm.n for arm in arms))


def measured_together(arms: Sequence[Measured]) -> Measured:
    """As though all had been in one arm: also the distance between the means is spread."""
    return reduce(_merged, arms)


def _merged(one: Measured, other: Measured) -> Measured:
    n = one.n + other.n
    within = (one.n - 1) * one.sd**2 + (other.n - 1) * other.sd**2
    apart = one.n * other.n / n * (one.mean - other.mean) ** 2
    mean = (one.n * one.mean + other.n * other.mean) / n
    return Measured(mean, sqrt((within + apart) / (n - 1)), n)


def sd_of_se(se: float, n: float) -> float:
    """Of an arm's own mean. Never of a least-squares mean or an adaptive design."""
    return se * sqrt(n)
