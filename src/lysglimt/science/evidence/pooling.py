"""One estimate from many trials: how large, how sure, and what a next trial may show."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .distributions import (
    SURE,
    Numbers,
    chi_squared_above,
    chi_squared_quantile,
    half_width,
    tails,
)
from .heterogeneity import Look, Method, Studies, between, descent


class Test(StrEnum):
    __test__ = False  # no test of ours, for pytest

    Z = "z"
    """The normal distribution, as though the variances were known."""
    KNHA = "knha"
    """Knapp and Hartung: the t distribution, and the spread that the studies show."""
    ADHOC = "adhoc"
    """The same, never narrower than without it (the floored variant)."""

    def inflation(self, rss: float, free: int) -> float:
        """By what the variance of the estimate is multiplied."""
        if self is Test.Z or not free:
            return 1.0
        return max(1.0, rss / free) if self is Test.ADHOC else rss / free


FEWEST_FOR_KNAPP_HARTUNG = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """A pool. ``I2`` in per cent; ``df`` and ``pi_df`` None stand for the normal distribution.

    The prediction interval uses t with k - 1 degrees of freedom beside Knapp-Hartung, and the
    normal distribution beside z. A common effect (FE) predicts nothing of a next trial.
    """

    k: int
    method: Method
    test: Test
    estimate: float
    se: float
    stat: float
    df: int | None
    pval: float
    ci_lb: float
    ci_ub: float
    tau2: float
    I2: float
    H2: float
    QE: float
    QEp: float
    pi_lb: float | None
    pi_ub: float | None
    pi_df: int | None


def checked(yi: Sequence[float] | Numbers, vi: Sequence[float] | Numbers) -> Studies:
    """Raises Implausible for an effect or a variance that is none, naming its place."""
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    if y.shape != v.shape or y.ndim != 1 or not y.size:
        raise Implausible.of("yi, vi", f"{y.size}, {v.size}", "as many of each, 1 or more")
    for number, (effect, variance) in enumerate(zip(y, v, strict=True), start=1):
        if not np.isfinite(effect):
            raise Implausible.of(f"yi {number}", effect, "a number")
        if not (np.isfinite(variance) and variance > 0):
            raise Implausible.of(f"vi {number}", variance, "a number above 0")
    return Studies(y, v)


def refuse_test(method: Method, test: Test, k: int) -> None:
    if test is Test.Z:
        return
    if method is Method.FE:
        raise Implausible.of("test", test.value, "z, with a common effect (FE)")
    if k < FEWEST_FOR_KNAPP_HARTUNG:
        raise Implausible.of(
            "test",
            test.value,
            f"z: with {k} studies the interval of Knapp and Hartung says nothing, "
            f"it needs {FEWEST_FOR_KNAPP_HARTUNG}",
        )


def usual_test(method: Method, k: int) -> Test:
    """Knapp-Hartung wherever it can be used."""
    few = k < FEWEST_FOR_KNAPP_HARTUNG
    return Test.Z if few or method is Method.FE else Test.KNHA


def pool(
    studies: Studies,
    *,
    method: Method = Method.REML,
    test: Test | None = None,
    sure: float = SURE,
) -> Fit:
    """The pooled estimate with everything that belongs to it.

    Raises Implausible for a test that these studies are too few for.
    """
    k = len(studies.y)
    chosen = usual_test(method, k) if test is None else test
    refuse_test(method, chosen, k)
    tau2 = float(between(studies, method)) if k > 1 else 0.0
    estimate, error = map(float, studies.mean(np.asarray(tau2)))
    rss = float(studies.look(np.asarray(tau2)).rss)
    if chosen is Test.KNHA and only_rounding(rss, studies.weights(np.asarray(tau2)), studies.y):
        chosen = alike(test)
    se = error * float(np.sqrt(chosen.inflation(rss, k - 1)))
    return described(studies, estimate, se, tau2=tau2, how=(method, chosen, sure))


def described(
    studies: Studies,
    estimate: float,
    se: float,
    *,
    tau2: float,
    how: tuple[Method, Test, float],
) -> Fit:
    """The intervals, the tests and the measures of inconsistency that belong to an estimate."""
    method, test, sure = how
    free = len(studies.y) - 1
    plain = studies.look(np.asarray(0.0))
    df = None if test is Test.Z else free
    reach = half_width(df, sure)
    i2, h2 = inconsistency(plain, tau2, free, method=method)
    predicts = method is not Method.FE and free > 0
    far = reach * float(np.hypot(se, np.sqrt(tau2)))
    return Fit(
        k=free + 1,
        method=method,
        test=test,
        estimate=estimate,
        se=se,
        stat=estimate / se,
        df=df,
        pval=tails(estimate / se, df),
        ci_lb=estimate - reach * se,
        ci_ub=estimate + reach * se,
        tau2=tau2,
        I2=i2,
        H2=h2,
        QE=float(plain.rss),
        QEp=chi_squared_above(float(plain.rss), free),
        pi_lb=estimate - far if predicts else None,
        pi_ub=estimate + far if predicts else None,
        pi_df=df,
    )


ROUNDING = 1e-13
"""Of the effects themselves: what is nearer to nothing than this the sums made, not the trials."""


def only_rounding(rss: float, weights: Numbers, effects: Numbers) -> bool:
    """Do the effects lie where the model says, but for the last digits of the sums?"""
    return rss <= ROUNDING**2 * float(weights @ effects**2)


def alike(asked: Test | None) -> Test:
    """Where all effects are the same, Knapp and Hartung would give an interval without width."""
    if asked is None:
        return Test.ADHOC
    raise Implausible.of("test", asked.value, "z or adhoc: all effects are the same")


def inconsistency(
    plain: Look, tau2: float, free: int, *, method: Method
) -> tuple[float, float]:
    """I2 in per cent and H2. Of a random-effects model they follow from its own tau2."""
    if not free:
        return 0.0, 1.0
    q = float(plain.rss)
    if method is Method.FE:
        return (max(0.0, 100 * (q - free) / q) if q else 0.0), q / free
    typical = free / float(plain.trace)
    return 100 * tau2 / (tau2 + typical), tau2 / typical + 1


@dataclass(frozen=True, slots=True)
class Profile:
    """An interval for the variance between the studies, and for what follows from it."""

    tau2: tuple[float, float]
    I2: tuple[float, float]
    H2: tuple[float, float]


def q_profile(studies: Studies, *, sure: float = SURE) -> Profile:
    """Where Cochran's Q, taken as a function of tau2, meets the quantiles of its distribution."""
    free = len(studies.y) - 1
    if free < 1:
        raise Implausible.of("k", len(studies.y), "2 studies or more")
    above = chi_squared_quantile((1 + sure) / 2, free)
    below = chi_squared_quantile((1 - sure) / 2, free)
    low, high = (where_q_is(studies, value) for value in (above, below))
    typical = free / float(studies.look(np.asarray(0.0)).trace)
    return Profile(
        tau2=(low, high),
        I2=(100 * low / (low + typical), 100 * high / (high + typical)),
        H2=(low / typical + 1, high / typical + 1),
    )


def where_q_is(studies: Studies, value: float) -> float:
    """Q falls and is convex in tau2: Newton's steps from 0 rise to the answer. 0 if Q is below."""
    tau2 = np.asarray(0.0)
    for _ in range(400):
        look = studies.look(tau2)
        after = np.maximum(0, tau2 + descent(look, np.asarray(value)))
        if abs(float(after - tau2)) <= 1e-14 * float(after):
            return float(after)
        tau2 = after
    return float(tau2)
