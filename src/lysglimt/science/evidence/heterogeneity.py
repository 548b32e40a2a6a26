"""How much the trials differ beyond chance: eight ways to estimate the variance between them.

Each way asks the same few sums of the studies at a given variance between them (`Look`), whether
the studies share one mean (`Studies`) or follow a regression (`regression.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .distributions import Numbers

QUICK, ROUNDS, HALVES = 60, 4_000, 12
SETTLED = 1e-14
"""Relative to the variance itself: below this a step changes nothing."""


class Method(StrEnum):
    FE = "FE"
    """One common effect: no variance between the trials."""
    DL = "DL"
    """DerSimonian and Laird."""
    PM = "PM"
    """Paule and Mandel."""
    REML = "REML"
    """Restricted maximum likelihood."""
    ML = "ML"
    """Maximum likelihood."""
    EB = "EB"
    """Empirical Bayes; its solution is that of Paule and Mandel."""
    SJ = "SJ"
    """Sidik and Jonkman."""
    HE = "HE"
    """Hedges, also called variance component."""
    HS = "HS"
    """Hunter and Schmidt."""


class Look(NamedTuple):
    """With weights w = 1 / (v + tau2) and P the matrix that takes the fitted mean out.

    ``rss`` y'Py; ``slope`` y'PPy; ``bend`` y'PPPy; ``w1`` sum of w; ``w2`` of its squares;
    ``trace`` tr P; ``trace2`` tr PP.
    """

    rss: Numbers
    slope: Numbers
    bend: Numbers
    w1: Numbers
    w2: Numbers
    trace: Numbers
    trace2: Numbers


class Problem(Protocol):
    """Studies with a model of their means."""

    @property
    def free(self) -> Numbers:
        """Studies less coefficients."""

    @property
    def count(self) -> Numbers: ...

    @property
    def spread(self) -> Numbers:
        """Mean squared distance of the effects from their mean."""

    def look(self, tau2: Numbers) -> Look: ...

    def even(self) -> tuple[Numbers, Numbers]:
        """With the same weight for all: the residual sum of squares, and its mean by chance."""

    def depth(self, tau2: Numbers, *, restricted: bool) -> Numbers:
        """Minus twice the (restricted) log-likelihood, but for a constant."""


Climb = tuple[Numbers, Numbers]
"""The slope of what is to be largest, and the step that it suggests."""


def dot(left: Numbers, right: Numbers) -> Numbers:
    """Along each row; of one row by its own method, which is asked a hundred times for a pool."""
    one = left.ndim == right.ndim == 1
    product: Numbers = left.dot(right) if one else np.vecdot(left, right)
    return product


def whole(numbers: Numbers) -> Numbers:
    """Along each row; the plain reduction, since a pool asks for it thirty times."""
    total: Numbers = np.add.reduce(numbers, -1)
    return total


@dataclass(frozen=True, slots=True)
class Studies:
    """Effects with one common mean. Many problems at once: one a row.

    A study that is left out of a row has an infinite variance there, so its weight is 0.
    """

    y: Numbers
    v: Numbers

    @property
    def there(self) -> Numbers:
        return np.isfinite(self.v).astype(np.float64)

    @property
    def count(self) -> Numbers:
        return np.asarray(self.there.sum(-1))

    @property
    def free(self) -> Numbers:
        return self.count - 1

    @property
    def spread(self) -> Numbers:
        there, count = self.there, self.count
        off = (self.y - (dot(there, self.y) / count)[..., None]) * there
        return dot(off, off) / count

    def weights(self, tau2: Numbers) -> Numbers:
        return 1 / (self.v + (np.asarray(tau2)[..., None] if np.ndim(tau2) else tau2))

    def mean(self, tau2: Numbers) -> tuple[Numbers, Numbers]:
        """The weighted mean, and its standard error were the variances known."""
        weights = self.weights(tau2)
        total = whole(weights)
        return dot(weights, self.y) / total, 1 / np.sqrt(total)

    def look(self, tau2: Numbers) -> Look:
        w = self.weights(tau2)
        w1 = whole(w)
        residual = self.y - (dot(w, self.y) / w1)[..., None]
        u = w * residual
        wu, square = w * u, w * w
        w2 = whole(square)
        return Look(
            rss=dot(u, residual),
            slope=dot(u, u),
            bend=dot(wu, u) - whole(wu) ** 2 / w1,
            w1=w1,
            w2=w2,
            trace=w1 - w2 / w1,
            trace2=w2 - 2 * dot(square, w) / w1 + (w2 / w1) ** 2,
        )

    def even(self) -> tuple[Numbers, Numbers]:
        there = np.isfinite(self.v)
        count = whole(there.astype(np.float64))
        off = (self.y - (dot(there, self.y) / count)[..., None]) * there
        chance = whole(np.where(there, self.v, 0)) * (1 - 1 / count)
        return dot(off, off), chance

    def depth(self, tau2: Numbers, *, restricted: bool) -> Numbers:
        look = self.look(tau2)
        total = np.where(np.isfinite(self.v), self.v + np.asarray(tau2)[..., None], 1)
        own = np.log(look.w1) if restricted else 0
        return np.asarray(np.log(total).sum(-1) + own + look.rss)


def fixed(problem: Problem) -> Numbers:
    return np.zeros_like(problem.free)


def dersimonian_laird(problem: Problem) -> Numbers:
    look = problem.look(fixed(problem))
    return np.maximum(0, (look.rss - problem.free) / look.trace)


def hedges(problem: Problem) -> Numbers:
    found, chance = problem.even()
    return np.maximum(0, (found - chance) / problem.free)


def hunter_schmidt(problem: Problem) -> Numbers:
    look = problem.look(fixed(problem))
    return np.maximum(0, (look.rss - problem.count) / look.w1)


def sidik_jonkman(problem: Problem) -> Numbers:
    guess = problem.spread
    return np.asarray(guess * problem.look(guess).rss / problem.free)


def paule_mandel(problem: Problem) -> Numbers:
    """Where the residual sum of squares is what chance alone would make it.

    The sum falls and is convex in the variance, so Newton's steps from 0 never pass the answer.
    """
    free = problem.free
    return solved(problem, fixed(problem), lambda look: (look.rss - free, descent(look, free)))


def descent(look: Look, target: Numbers) -> Numbers:
    """Newton's step to where the residual sum of squares is ``target``. Equal effects have no slope."""
    with np.errstate(over="ignore", divide="ignore"):
        return np.asarray((look.rss - target) / np.where(look.slope > 0, look.slope, 1))


def restricted(problem: Problem) -> Numbers:
    return highest(problem, restricted_score, restricted=True)


def restricted_score(look: Look) -> Climb:
    score = look.slope - look.trace
    return score, newton(score, 2 * look.bend - look.trace2, look.trace2)


def likelihood(problem: Problem) -> Numbers:
    return highest(problem, likelihood_score, restricted=False)


def highest(problem: Problem, score: Callable[[Look], Climb], *, restricted: bool) -> Numbers:
    """The most likely of the top uphill from Hedges' estimate, of the one farthest from 0, and of 0.

    A few trials, one of them far off, can make two tops.
    """
    top = solved(problem, hedges(problem), score)
    none, flat = np.zeros_like(top), top == 0
    if flat.any():
        rival = farthest(problem, score)
        top = likelier(problem, top, np.where(flat, rival, top), restricted=restricted)
    falling = (top > 0) & (score(problem.look(none))[0] < 0)
    if falling.any():
        top = likelier(problem, top, np.where(falling, none, top), restricted=restricted)
    return top


def farthest(problem: Problem, score: Callable[[Look], Climb]) -> Numbers:
    """The top farthest from 0; 0 where none is found. Looked for from above, by halves.

    Beyond twice the spread of the effects everything falls.
    """
    low, high = fixed(problem), 2 * problem.spread
    rising, at = np.zeros_like(low, dtype=bool), high
    for _ in range(HALVES):
        at = at / 2
        here = ~rising & (score(problem.look(at))[0] > 0)
        low = np.where(here, at, low)
        rising |= here
        high = np.where(rising, high, at)
    if not rising.any():
        return fixed(problem)
    found = bracketed(problem, low, score, high=np.where(rising, high, np.inf))
    return np.where(rising, found, 0)


def likelier(problem: Problem, one: Numbers, other: Numbers, *, restricted: bool) -> Numbers:
    depth, rival = (problem.depth(each, restricted=restricted) for each in (one, other))
    return np.where(rival < depth - SETTLED * np.abs(depth), other, one)


def likelihood_score(look: Look) -> Climb:
    score = look.slope - look.w1
    return score, newton(score, 2 * look.bend - look.w2, look.w2)


def newton(score: Numbers, observed: Numbers, expected: Numbers) -> Numbers:
    """By the observed information near the top, by the expected where that would lead downhill."""
    near = observed > expected / 10
    if not near.ndim:
        return score / (observed if near else expected)
    return score / np.where(near, observed, expected)


def solved(problem: Problem, start: Numbers, score: Callable[[Look], Climb]) -> Numbers:
    """Where the score is 0, uphill from the start; 0 where it falls already there."""
    tau2 = np.asarray(start, dtype=np.float64)
    if not tau2.ndim and (found := alone(problem, float(tau2), score)) is not None:
        return np.asarray(found)
    settled = np.zeros_like(tau2, dtype=bool)
    for _ in range(QUICK):
        after = np.maximum(0, tau2 + score(problem.look(tau2))[1])
        change = np.abs(after - tau2)
        tau2 = after
        settled = change <= SETTLED * after
        if settled.all():
            return tau2
    return np.where(
        settled, tau2, bracketed(problem, np.asarray(start, dtype=np.float64), score)
    )


def alone(problem: Problem, tau2: float, score: Callable[[Look], Climb]) -> float | None:
    """The steps of one problem in plain numbers, half the time; None where they do not settle."""
    for _ in range(QUICK):
        before = tau2
        # In this order, so that what is no number stays none and never settles.
        tau2 = max(tau2 + float(score(problem.look(np.asarray(tau2)))[1]), 0.0)
        if abs(tau2 - before) <= SETTLED * tau2:
            return tau2
    return None


def bracketed(
    problem: Problem,
    start: Numbers,
    score: Callable[[Look], Climb],
    *,
    high: Numbers | None = None,
) -> Numbers:
    """The same where steps alone go to and fro, or creep: between bounds that close in.

    At ``high`` it falls.
    """
    tau2, low = start, np.zeros_like(start)
    high = np.full_like(start, np.inf) if high is None else high
    zero = np.zeros_like(start, dtype=bool)
    for turn in range(ROUNDS):
        climb, step = score(problem.look(tau2))
        up = climb > 0
        low, high = np.where(up, tau2, low), np.where(up, high, tau2)
        done = (~up & (tau2 == 0)) | (high - low <= SETTLED * np.where(np.isinf(high), 0, high))
        if done.all():
            return tau2
        zero |= tau2 == 0
        after = tau2 + step
        half = np.where(np.isinf(high), 2 * tau2 + 1, (low + high) / 2)
        fits = (after > low) & (after < high) & (turn % 2 == 0)
        after = np.where(fits, after, half)
        after = np.where((low == 0) & ~zero & ~up, 0, after)
        tau2 = np.where(done, tau2, np.where(up | (tau2 > 0), after, tau2))
    raise Implausible.of(
        "yi, vi", "the variance between the studies", "effects and variances that it settles on"
    )


ESTIMATORS: Mapping[Method, Callable[[Problem], Numbers]] = {
    Method.FE: fixed,
    Method.DL: dersimonian_laird,
    Method.PM: paule_mandel,
    Method.REML: restricted,
    Method.ML: likelihood,
    Method.EB: paule_mandel,
    Method.SJ: sidik_jonkman,
    Method.HE: hedges,
    Method.HS: hunter_schmidt,
}


def between(problem: Problem, method: Method) -> Numbers:
    """The variance between the studies; 0 where there is nothing left to tell it from."""
    return ESTIMATORS[method](problem)
