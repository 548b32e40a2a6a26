"""Do small trials show more than large ones, as they do when failures stay in the drawer?

None of these proves it: control, dose and population differ between small and large trials too.
With fewer than ten trials they say nothing, and `shown` refuses them.
"""

from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .distributions import Numbers, normal_tails, t_tails
from .heterogeneity import Method, Studies
from .pooling import Fit, Test, pool
from .regression import Regression, regression

FEWEST = 10
"""Under this many trials no test of small-study effects is shown. Cochrane's rule of thumb."""


def shown(k: int) -> bool:
    return k >= FEWEST


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """``stat`` is t where ``df`` says so, else z. ``limit`` is the effect of a trial of no error."""

    stat: float
    df: int | None
    pval: float
    limit: float


def refuse_few(k: int) -> None:
    if k < 3:
        raise Implausible.of("k", k, "3 studies or more")


def egger(studies: Studies) -> Asymmetry:
    """Weighted regression of the effect on its standard error; the spread comes from the residuals."""
    refuse_few(len(studies.y))
    return weighted(studies.y, np.sqrt(studies.v), 1 / studies.v)


def weighted(y: Numbers, predictor: Numbers, weights: Numbers) -> Asymmetry:
    x = np.column_stack([np.ones_like(predictor), predictor])
    beta, covariance = Regression(y, 1 / weights, x).coefficients(weights)
    df = len(y) - 2
    residual = y - x @ beta
    se = sqrt(float(covariance[1, 1]) * float(weights @ residual**2) / df)
    if se <= 1e-12 * abs(float(beta[1])):
        raise Implausible.of("yi", "on one line", "effects that scatter")
    stat = float(beta[1]) / se
    return Asymmetry(stat, df, t_tails(stat, df), float(beta[0]))


def egger_mixed(studies: Studies, method: Method = Method.REML) -> Asymmetry:
    """The same with a variance between the trials."""
    refuse_few(len(studies.y))
    x = np.column_stack([np.ones_like(studies.y), np.sqrt(studies.v)])
    found = regression(
        Regression(studies.y, studies.v, x), ("limit", "se"), method=method, test=Test.Z
    )
    limit, slope = found.coefficients
    return Asymmetry(slope.stat, None, slope.pval, limit.estimate)


def peters(y: Numbers, events: Numbers, people: Numbers) -> Asymmetry:
    """For odds ratios, whose standard error follows from the effect itself: on 1 / people."""
    refuse_few(len(y))
    weights = events * (people - events) / people
    if np.any(weights <= 0):
        raise Implausible.of("events", "none or all of a trial", "some, not all")
    return weighted(y, 1 / people, weights)


@dataclass(frozen=True, slots=True)
class Rank:
    tau: float
    pval: float


def begg(studies: Studies) -> Rank:
    """Rank correlation of effect and variance, by the normal distribution."""
    refuse_few(len(studies.y))
    y, v = studies.y, studies.v
    mean, se = studies.mean(np.asarray(0.0))
    distance = (y - mean) / np.sqrt(v - se**2)
    return kendall(v, distance)


def kendall(one: Numbers, other: Numbers) -> Rank:
    """Tau b, and the probability of one as far from 0."""
    n = len(one)
    signs = [
        float(np.sign(one[i] - one[j]) * np.sign(other[i] - other[j]))
        for i, j in combinations(range(n), 2)
    ]
    pairs, score = n * (n - 1) / 2, sum(signs)
    tied = [counts(one), counts(other)]
    lost = [sum(t * (t - 1) / 2 for t in ties) for ties in tied]
    tau = score / sqrt((pairs - lost[0]) * (pairs - lost[1]))
    return Rank(tau, normal_tails(score / sqrt(tied_variance(n, *tied))))


def counts(values: Numbers) -> list[int]:
    return [int(t) for t in np.unique(values, return_counts=True)[1]]


def tied_variance(n: int, xs: list[int], ys: list[int]) -> float:
    def total(ties: list[int], power: int) -> float:
        steps = {
            1: lambda t: t * (t - 1),
            2: lambda t: t * (t - 1) * (t - 2),
            3: lambda t: t * (t - 1) * (2 * t + 5),
        }
        return float(sum(steps[power](t) for t in ties))

    plain = n * (n - 1) * (2 * n + 5) - total(xs, 3) - total(ys, 3)
    return (
        plain / 18
        + total(xs, 1) * total(ys, 1) / (2 * n * (n - 1))
        + total(xs, 2) * total(ys, 2) / (9 * n * (n - 1) * (n - 2))
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """The pool with ``k0`` mirrored studies added on ``side``: sensitivity, never the result."""

    k0: int
    side: str
    fit: Fit


def trim_and_fill(
    studies: Studies,
    *,
    side: str,
    estimator: str = "L0",
    method: Method = Method.DL,
    test: Test = Test.Z,
) -> Filled:
    """How many trials are missing on one side ("left", "right"), and the pool with them.

    Raises Implausible for another side, or an estimator that is neither L0 nor R0.
    """
    if side not in {"left", "right"}:
        raise Implausible.of("side", side, "left, right")
    if estimator not in {"L0", "R0"}:
        raise Implausible.of("estimator", estimator, "L0, R0")
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * studies.y, kind="stable")
    y, v = sign * studies.y[order], studies.v[order]
    k0, centre = missing(Studies(y, v), estimator, method)
    if k0:
        y = np.concatenate([y, 2 * centre - y[-k0:]])
        v = np.concatenate([v, v[-k0:]])
    fit = pool(Studies(y, v), method=method, test=test)
    return Filled(k0, side, fit if sign > 0 else mirrored(fit))


def missing(studies: Studies, estimator: str, method: Method) -> tuple[int, float]:
    """Of effects in ascending order: how many lack a mirror image below, and the centre."""
    k, k0, centre = len(studies.y), 0, 0.0
    for _ in range(100):
        kept = Studies(studies.y[: k - k0], studies.v[: k - k0])
        centre = pool(kept, method=method, test=Test.Z).estimate
        off = studies.y - centre
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(off), kind="stable")] = np.arange(1, k + 1)
        if estimator == "R0":
            below = ranks[off < 0]
            found = k - (float(below.max()) if below.size else 0.0) - 1
        else:
            found = (4 * float(ranks[off > 0].sum()) - k * (k + 1)) / (2 * k - 1)
        after = min(max(0, round(found)), k - 1)
        if after == k0:
            return k0, centre
        k0 = after
    return k0, centre


def mirrored(fit: Fit) -> Fit:
    """The same of effects with the other sign."""
    none = fit.pi_lb is None or fit.pi_ub is None
    return replace(
        fit,
        estimate=-fit.estimate,
        stat=-fit.stat,
        ci_lb=-fit.ci_ub,
        ci_ub=-fit.ci_lb,
        pi_lb=None if none else -(fit.pi_ub or 0.0),
        pi_ub=None if none else -(fit.pi_lb or 0.0),
    )
