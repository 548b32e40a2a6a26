"""Counts of many trials pooled without a weight for each: Mantel and Haenszel, and Peto.

They hold where events are few, and assume one common effect.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .arms import Counted
from .distributions import Numbers, chi_squared_above, half_width
from .effect_sizes import OF_COUNTS, Measure, Uninformative

Pair = tuple[Counted, Counted]


@dataclass(frozen=True, slots=True)
class Stratified:
    """As a Fit with a common effect; ``k`` are the trials that say something."""

    k: int
    measure: Measure
    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    QE: float
    QEp: float
    I2: float


@dataclass(frozen=True, slots=True)
class Tables:
    """a, b events and others of the treated; c, d of the controls."""

    a: Numbers
    b: Numbers
    c: Numbers
    d: Numbers

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> "Tables":
        rows = [(o.events, o.others, x.events, x.others) for o, x in pairs]
        a, b, c, d = np.asarray(rows, dtype=np.float64).T
        return cls(a, b, c, d)

    @property
    def treated(self) -> Numbers:
        return self.a + self.b

    @property
    def controls(self) -> Numbers:
        return self.c + self.d

    @property
    def n(self) -> Numbers:
        return self.treated + self.controls


def mantel_haenszel_or(t: Tables) -> tuple[float, float]:
    """The log odds ratio, and its standard error by Robins, Breslow and Greenland."""
    agree, disagree = (t.a + t.d) / t.n, (t.b + t.c) / t.n
    up, down = t.a * t.d / t.n, t.b * t.c / t.n
    r, s = up.sum(), down.sum()
    positive("odds ratio", r, s)
    variance = (
        (agree * up).sum() / (2 * r**2)
        + (agree * down + disagree * up).sum() / (2 * r * s)
        + (disagree * down).sum() / (2 * s**2)
    )
    return log(r / s), sqrt(variance)


def mantel_haenszel_rr(t: Tables) -> tuple[float, float]:
    """The log risk ratio, and its standard error by Greenland and Robins."""
    r, s = (t.a * t.controls / t.n).sum(), (t.c * t.treated / t.n).sum()
    positive("risk ratio", r, s)
    events = t.a + t.c
    p = (t.treated * t.controls * events / t.n**2 - t.a * t.c / t.n).sum()
    return log(r / s), sqrt(p / (r * s))


def mantel_haenszel_rd(t: Tables) -> tuple[float, float]:
    """The risk difference, and its standard error by Sato."""
    weights = (t.treated * t.controls / t.n).sum()
    found = ((t.a * t.controls - t.c * t.treated) / t.n).sum() / weights
    one, other = t.treated / t.n, t.controls / t.n
    p = (one**2 * t.c - other**2 * t.a + one * other * (t.controls - t.treated) / 2).sum()
    q = ((t.a * t.d + t.c * t.b) / t.n).sum() / 2
    return float(found), sqrt(found * p + q) / float(weights)


def peto_or(t: Tables) -> tuple[float, float]:
    events, n = t.a + t.c, t.n
    variance = t.treated * t.controls * events * (n - events) / (n**2 * (n - 1))
    total = float(variance.sum())
    if not total:
        raise Implausible.of("events", "none", "some, not all")
    return float((t.a - t.treated * events / n).sum()) / total, sqrt(1 / total)


def positive(what: str, *sums: float) -> None:
    if not min(sums) > 0:
        raise Implausible.of(what, "no events in one arm of all trials", "events in both")


WAYS: Mapping[Measure, Callable[[Tables], tuple[float, float]]] = {
    Measure.OR: mantel_haenszel_or,
    Measure.RR: mantel_haenszel_rr,
    Measure.RD: mantel_haenszel_rd,
    Measure.PETO: peto_or,
}


def stratified(pairs: Sequence[Pair], measure: Measure) -> Stratified:
    """Raises Implausible for a measure of means, and where no trial has an event in both arms."""
    if measure not in WAYS:
        raise Implausible.of("measure", measure.value, ", ".join(WAYS))
    estimate, se = WAYS[measure](Tables.of(pairs))
    said = [effect for pair in pairs if (effect := informative(pair, measure))]
    q = sum((yi - estimate) ** 2 / vi for yi, vi in said)
    free, reach = len(said) - 1, half_width(None) * se
    return Stratified(
        k=len(said),
        measure=measure,
        estimate=estimate,
        se=se,
        ci_lb=estimate - reach,
        ci_ub=estimate + reach,
        QE=q,
        QEp=chi_squared_above(q, free),
        I2=max(0.0, 100 * (q - free) / q) if q else 0.0,
    )


def informative(pair: Pair, measure: Measure) -> tuple[float, float] | None:
    try:
        effect = OF_COUNTS[measure](*pair)
    except Uninformative:
        return None
    return effect.yi, effect.vi
