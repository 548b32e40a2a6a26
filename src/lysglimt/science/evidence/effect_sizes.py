"""The difference between two arms, or the share in one, on a scale that can be pooled.

Ratios are on the log scale. In each, the first arm is the treatment and the second its control.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import asin, exp, isclose, lgamma, log, sin, sqrt

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .arms import Counted, Measured
from .distributions import SURE, half_width

HALF = 0.5
"""Added to every cell of a trial that has an empty one; to no other trial."""


class Measure(StrEnum):
    OR = "OR"
    RR = "RR"
    RD = "RD"
    PETO = "PETO"
    MD = "MD"
    SMD = "SMD"
    """Hedges' g."""
    HR = "HR"
    PLO = "PLO"
    """Logit of one share."""
    PFT = "PFT"
    """Freeman and Tukey's double arcsine of one share."""
    PR = "PR"
    """One share as it is."""

    @property
    def is_ratio(self) -> bool:
        return self in {Measure.OR, Measure.RR, Measure.PETO, Measure.HR}

    @property
    def is_single(self) -> bool:
        """Of one arm, without a control."""
        return self in {Measure.PLO, Measure.PFT, Measure.PR}

    @property
    def is_counted(self) -> bool:
        return self not in {Measure.MD, Measure.SMD, Measure.HR}


@dataclass(frozen=True, slots=True)
class Effect:
    """``yi`` with its variance ``vi``."""

    yi: float
    vi: float

    def __post_init__(self) -> None:
        if not self.vi > 0:
            raise Implausible.of("vi", self.vi, "above 0")

    @property
    def se(self) -> float:
        return sqrt(self.vi)


class Uninformative(Implausible):
    """A trial where nobody, or everybody, in both arms had the event: no ratio tells of it."""


Cells = tuple[float, float, float, float]


def cells(one: Counted, other: Counted) -> Cells:
    """Events and others of both arms; half a person is added to each where one is empty.

    Raises Uninformative when neither arm has an event, or neither anyone without.
    """
    found = (one.events, one.others, other.events, other.others)
    if one.events == other.events == 0 or one.others == other.others == 0:
        raise Uninformative.of(
            "events", f"{one.events:g} and {other.events:g}", "not none or all in both"
        )
    if min(found) > 0:
        return found
    a, b, c, d = (cell + HALF for cell in found)
    return a, b, c, d


def odds_ratio(one: Counted, other: Counted) -> Effect:
    a, b, c, d = cells(one, other)
    return Effect(log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)


def risk_ratio(one: Counted, other: Counted) -> Effect:
    a, b, c, d = cells(one, other)
    return Effect(
        log(a / (a + b)) - log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    )


def risk_difference(one: Counted, other: Counted) -> Effect:
    """The shares as they are; where one is none or all, half a person keeps the variance above 0."""
    difference = one.events / one.n - other.events / other.n
    found = (one.events, one.others, other.events, other.others)
    a, b, c, d = (cell + (0 if min(found) > 0 else HALF) for cell in found)
    return Effect(difference, a * b / (a + b) ** 3 + c * d / (c + d) ** 3)


def peto(one: Counted, other: Counted) -> Effect:
    """One-step odds ratio from observed less expected: no cell is corrected."""
    n, events = one.n + other.n, one.events + other.events
    variance = one.n * other.n * events * (n - events) / (n**2 * (n - 1))
    if not variance:
        raise Uninformative.of("events", f"{events:g} of {n:g}", "some, not all")
    return Effect((one.events - one.n * events / n) / variance, 1 / variance)


def mean_difference(one: Measured, other: Measured) -> Effect:
    return Effect(one.mean - other.mean, one.sd**2 / one.n + other.sd**2 / other.n)


def exact_j(df: float) -> float:
    """What Cohen's d is multiplied with to be free of bias: by gamma functions, no approximation."""
    return exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2))


def hedges_g(one: Measured, other: Measured) -> Effect:
    df = one.n + other.n - 2
    pooled = sqrt(((one.n - 1) * one.sd**2 + (other.n - 1) * other.sd**2) / df)
    g = exact_j(df) * (one.mean - other.mean) / pooled
    return Effect(g, 1 / one.n + 1 / other.n + g**2 / (2 * (one.n + other.n)))


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazard ratio as printed, with its interval."""

    ratio: float
    low: float
    high: float
    sure: float = SURE


ROUNDING = 0.05
"""How far a printed ratio may lie from the middle of its interval, on the log scale. Own value."""


def log_hazard_ratio(hazard: Hazard) -> Effect:
    """Raises Implausible for a ratio that is not in the middle of its interval: a misprint."""
    if not 0 < hazard.low < hazard.ratio < hazard.high:
        raise Implausible.of("ratio", hazard.ratio, f"{hazard.low}-{hazard.high}, above 0")
    middle = (log(hazard.low) + log(hazard.high)) / 2
    width = log(hazard.high) - log(hazard.low)
    if abs(log(hazard.ratio) - middle) > max(ROUNDING, ROUNDING * width):
        raise Implausible.of(
            "ratio", hazard.ratio, f"the middle of its interval, {exp(middle):.3g}"
        )
    se = width / (2 * half_width(None, hazard.sure))
    return Effect(log(hazard.ratio), se**2)


def paired_difference(one: Measured, other: Measured, correlation: float) -> Effect:
    """Of a crossover: the same people twice. The correlation is stated by the caller, never assumed."""
    refuse_pairs(one, other, correlation)
    variance = one.sd**2 + other.sd**2 - 2 * correlation * one.sd * other.sd
    return Effect(one.mean - other.mean, variance / one.n)


def paired_g(one: Measured, other: Measured, correlation: float) -> Effect:
    """Of a crossover, on the spread between people, so that it stands beside parallel trials."""
    refuse_pairs(one, other, correlation)
    g = exact_j(one.n - 1) * (one.mean - other.mean) / sqrt((one.sd**2 + other.sd**2) / 2)
    return Effect(g, (1 / one.n + g**2 / (2 * one.n)) * 2 * (1 - correlation))


def refuse_pairs(one: Measured, other: Measured, correlation: float) -> None:
    if one.n != other.n:
        raise Implausible.of("n", f"{one.n:g} and {other.n:g}", "the same people in both")
    if not -1 < correlation < 1:
        raise Implausible.of("correlation", correlation, "between -1 and 1")


def paired_odds_ratio(only_one: float, only_other: float) -> Effect:
    """Of a crossover: people with the event under the one alone, and under the other alone."""
    if only_one < 0 or only_other < 0 or only_one + only_other == 0:
        raise Uninformative.of(
            "pairs", f"{only_one:g} and {only_other:g}", "someone who differed"
        )
    add = 0 if only_one and only_other else HALF
    b, c = only_one + add, only_other + add
    return Effect(log(b / c), 1 / b + 1 / c)


def share(one: Counted) -> Effect:
    a, b = (one.events, one.others) if one.events and one.others else _halved(one)
    return Effect(one.events / one.n, a * b / (a + b) ** 3)


def logit(one: Counted) -> Effect:
    a, b = (one.events, one.others) if one.events and one.others else _halved(one)
    return Effect(log(a / b), 1 / a + 1 / b)


def _halved(one: Counted) -> tuple[float, float]:
    return one.events + HALF, one.others + HALF


def double_arcsine(one: Counted) -> Effect:
    angle = asin(sqrt(one.events / (one.n + 1))) + asin(sqrt((one.events + 1) / (one.n + 1)))
    return Effect(angle / 2, 1 / (4 * one.n + 2))


def share_of_logit(value: float) -> float:
    return 1 / (1 + exp(-value))


def share_of_double_arcsine(value: float, n: float) -> float:
    """Miller's inverse; ``n`` is the harmonic mean of the trials' sizes."""
    low = double_arcsine(Counted(0, n)).yi
    high = double_arcsine(Counted(n, n)).yi
    if value <= low or isclose(value, low):
        return 0.0
    if value >= high or isclose(value, high):
        return 1.0
    sine = sin(2 * value)
    inner = sine + (sine - 1 / sine) / n
    root = sqrt(max(0.0, 1 - inner**2))
    return float((1 - np.sign(np.cos(2 * value)) * root) / 2)


OF_COUNTS: Mapping[Measure, Callable[[Counted, Counted], Effect]] = {
    Measure.OR: odds_ratio,
    Measure.RR: risk_ratio,
    Measure.RD: risk_difference,
    Measure.PETO: peto,
}
OF_MEANS: Mapping[Measure, Callable[[Measured, Measured], Effect]] = {
    Measure.MD: mean_difference,
    Measure.SMD: hedges_g,
}
OF_PAIRS: Mapping[Measure, Callable[[Measured, Measured, float], Effect]] = {
    Measure.MD: paired_difference,
    Measure.SMD: paired_g,
}
OF_ONE: Mapping[Measure, Callable[[Counted], Effect]] = {
    Measure.PLO: logit,
    Measure.PFT: double_arcsine,
    Measure.PR: share,
}
