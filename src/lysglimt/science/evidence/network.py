"""Treatments that were never compared, compared through those that were.

A frequentist network: each trial gives contrasts, a trial of several arms correlated ones, whose
covariance follows from the variances of its pairs. The weighted graph of treatments (its
Laplacian) then gives every comparison, direct or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .distributions import Numbers, chi_squared_above, normal_below

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Contrast:
    """``treat1`` against ``treat2`` in one trial; ``te`` its effect, ``se`` its standard error."""

    study: str
    treat1: str
    treat2: str
    te: float
    se: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: its arms in order, every arm but the first against the first."""

    study: str
    arms: tuple[str, ...]
    effects: Numbers
    covariance: Numbers

    @property
    def design(self) -> tuple[str, ...]:
        return self.arms

    @property
    def shared(self) -> Numbers:
        """The covariance that a variance of 1 between trials adds."""
        size = len(self.arms) - 1
        return (np.eye(size) + np.ones((size, size))) / 2

    def inverse(self, tau2: float) -> Numbers:
        return np.asarray(np.linalg.inv(self.covariance + tau2 * self.shared))


def trials_of(contrasts: Sequence[Contrast]) -> tuple[Trial, ...]:
    """Every pair of a trial's arms once. Raises Implausible, naming the study."""
    studies: dict[str, dict[Pair, tuple[float, float]]] = {}
    for one in contrasts:
        if one.treat1 == one.treat2:
            raise Implausible.of(
                f"study {one.study}: treat2", one.treat2, "another than treat1"
            )
        if not (np.isfinite(one.te) and np.isfinite(one.se) and one.se > 0):
            raise Implausible.of(
                f"study {one.study}: te, se", f"{one.te}, {one.se}", "numbers, se above 0"
            )
        first, second = sorted((one.treat1, one.treat2))
        te = one.te if one.treat1 == first else -one.te
        pairs = studies.setdefault(one.study, {})
        if (first, second) in pairs:
            raise Implausible.of(f"study {one.study}", f"{first}:{second}", "each pair once")
        pairs[first, second] = (te, one.se**2)
    return tuple(_trial(study, pairs) for study, pairs in studies.items())


CONSISTENT = 0.01
"""How far the sums of a trial's own contrasts may be apart, for their rounding. Own value."""


def _trial(study: str, pairs: Mapping[Pair, tuple[float, float]]) -> Trial:
    arms = tuple(sorted({arm for pair in pairs for arm in pair}))
    wanted = list(combinations(arms, 2))
    if absent := [pair for pair in wanted if pair not in pairs]:
        said = ", ".join(":".join(pair) for pair in absent)
        raise Implausible.of(f"study {study}", f"without {said}", "every pair of its arms")
    first, others = arms[0], arms[1:]
    effects = np.asarray([-pairs[first, arm][0] for arm in others])
    variance = {pair: found[1] for pair, found in pairs.items()}
    size = len(others)
    covariance = np.empty((size, size))
    for i, one in enumerate(others):
        for j, other in enumerate(others):
            apart = 0.0 if one == other else variance[min(one, other), max(one, other)]
            covariance[i, j] = (variance[first, one] + variance[first, other] - apart) / 2
    for (i, one), (j, other) in combinations(enumerate(others), 2):
        loop = effects[i] - effects[j] - pairs[one, other][0]
        if abs(loop) > CONSISTENT * (1 + abs(pairs[one, other][0])):
            raise Implausible.of(
                f"study {study}", f"{one}:{other} off by {loop:.3g}", "contrasts that add up"
            )
    if np.linalg.eigvalsh(covariance).min() <= 0:
        raise Implausible.of(
            f"study {study}: se", "of its pairs", "variances that can be together"
        )
    return Trial(study, arms, effects, covariance)


@dataclass(frozen=True)
class Model:
    """Generalised least squares: one block of rows a trial, ``x`` its part of the design."""

    trials: tuple[Trial, ...]
    x: tuple[Numbers, ...]

    def solved(self, tau2: float) -> tuple[Numbers, Numbers]:
        """Coefficients and their covariance."""
        width = self.x[0].shape[1]
        information, score = np.zeros((width, width)), np.zeros(width)
        for trial, x in zip(self.trials, self.x, strict=True):
            weight = trial.inverse(tau2)
            information += x.T @ weight @ x
            score += x.T @ weight @ trial.effects
        covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
        return covariance @ score, covariance

    @property
    def free(self) -> int:
        return sum(len(trial.effects) for trial in self.trials) - int(self.x[0].shape[1])

    def q(self, tau2: float) -> float:
        """The residual sum of squares. Without freedom nothing is left over but rounding."""
        if not self.free:
            return 0.0
        beta, _ = self.solved(tau2)
        offs = [trial.effects - x @ beta for trial, x in zip(self.trials, self.x, strict=True)]
        return float(
            sum(
                off @ trial.inverse(tau2) @ off
                for trial, off in zip(self.trials, offs, strict=True)
            )
        )

    def tau2(self) -> float:
        """DerSimonian and Laird's, for blocks."""
        if not self.free:
            return 0.0
        _, covariance = self.solved(0.0)
        trace, middle = 0.0, np.zeros_like(covariance)
        for trial, x in zip(self.trials, self.x, strict=True):
            weight = trial.inverse(0.0)
            trace += float(np.trace(weight @ trial.shared))
            middle += x.T @ weight @ trial.shared @ weight @ x
        trace -= float(np.trace(covariance @ middle))
        return max(0.0, (self.q(0.0) - self.free) / trace)


@dataclass(frozen=True, slots=True)
class Comparisons:
    """``te[i, j]``: treatment i against treatment j, in the order of the network's treatments."""

    te: Numbers
    se: Numbers


@dataclass(frozen=True)
class Network:
    treatments: tuple[str, ...]
    trials: tuple[Trial, ...]

    @classmethod
    def of(cls, contrasts: Sequence[Contrast]) -> "Network":
        """Raises Implausible when there is nothing, or treatments that nothing links."""
        trials = trials_of(contrasts)
        if not trials:
            raise Implausible.of("contrasts", "none", "1 or more")
        treatments = tuple(sorted({arm for trial in trials for arm in trial.arms}))
        network = cls(treatments, trials)
        if apart := set(treatments) - network.reached:
            said = ", ".join(sorted(apart))
            raise Implausible.of(
                "network", f"nothing links {treatments[0]} with {said}", "one network"
            )
        return network

    @property
    def reached(self) -> set[str]:
        """From the first treatment, along trials."""
        found: set[str] = set()
        further = {self.treatments[0]}
        while further - found:
            found |= further
            further = {arm for one in self.trials if found & set(one.arms) for arm in one.arms}
        return found

    @cached_property
    def consistent(self) -> Model:
        """Each treatment but the first has one effect, wherever it was tried."""
        size = len(self.treatments)
        unit = dict(zip(self.treatments, np.eye(size)[:, 1:], strict=True))
        x = tuple(
            np.asarray([unit[arm] - unit[trial.arms[0]] for arm in trial.arms[1:]])
            for trial in self.trials
        )
        return Model(self.trials, x)

    @cached_property
    def by_design(self) -> Model:
        """Each design (set of arms) has effects of its own: what then differs is within designs."""
        designs = sorted({trial.design for trial in self.trials})
        starts, width = {}, 0
        for design in designs:
            starts[design] = width
            width += len(design) - 1
        x = []
        for trial in self.trials:
            part = np.zeros((len(trial.effects), width))
            start = starts[trial.design]
            part[:, start : start + len(trial.effects)] = np.eye(len(trial.effects))
            x.append(part)
        return Model(self.trials, tuple(x))

    @property
    def designs(self) -> int:
        return len({trial.design for trial in self.trials})

    @property
    def pairs(self) -> int:
        return sum(len(trial.arms) * (len(trial.arms) - 1) // 2 for trial in self.trials)

    @cached_property
    def tau2(self) -> float:
        return self.consistent.tau2()

    def compared(self, tau2: float) -> Comparisons:
        beta, covariance = self.consistent.solved(tau2)
        size = len(self.treatments)
        effect, spread = np.zeros(size), np.zeros((size, size))
        effect[1:], spread[1:, 1:] = beta, covariance
        variance = np.diag(spread)
        te = effect[:, None] - effect[None, :]
        squares = variance[:, None] + variance[None, :] - 2 * spread
        return Comparisons(te, np.sqrt(np.maximum(0, squares)))


def p_scores(network: Network, found: Comparisons, *, small_is_good: bool) -> dict[str, float]:
    """How sure it is that a treatment is better than another, over all others.

    A rank without its uncertainty misleads: where the league table spans both sides, say so.
    """
    size = len(network.treatments)
    sign = -1.0 if small_is_good else 1.0
    se = np.where(found.se > 0, found.se, 1)
    better = np.asarray(normal_below(sign * found.te / se))
    np.fill_diagonal(better, 0)
    scores = better.sum(axis=1) / max(size - 1, 1)
    return dict(zip(network.treatments, map(float, scores), strict=True))


@dataclass(frozen=True, slots=True)
class Consistency:
    """Cochran's Q of the network, split: within designs and between them.

    ``Q_random`` and ``p_random`` ask for a difference between designs given the variance that
    trials of one design show among themselves (``tau_within``).
    """

    Q: float
    df: int
    pval: float
    Q_heterogeneity: float
    df_heterogeneity: int
    pval_heterogeneity: float
    Q_inconsistency: float
    df_inconsistency: int
    pval_inconsistency: float
    tau_within: float
    Q_random: float
    p_random: float


def consistency(network: Network) -> Consistency:
    whole, within = network.consistent, network.by_design
    q, q_within = whole.q(0.0), within.q(0.0)
    between_df = whole.free - within.free
    tau2 = within.tau2()
    q_random = max(0.0, whole.q(tau2) - within.q(tau2))
    return Consistency(
        Q=q,
        df=whole.free,
        pval=chi_squared_above(q, whole.free),
        Q_heterogeneity=q_within,
        df_heterogeneity=within.free,
        pval_heterogeneity=chi_squared_above(q_within, within.free),
        Q_inconsistency=max(0.0, q - q_within),
        df_inconsistency=between_df,
        pval_inconsistency=chi_squared_above(max(0.0, q - q_within), between_df),
        tau_within=float(np.sqrt(tau2)),
        Q_random=q_random,
        p_random=chi_squared_above(q_random, between_df),
    )
