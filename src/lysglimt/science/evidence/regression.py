"""Does the effect follow something of the trials: dose, sessions, what the control was?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .distributions import Numbers, chi_squared_above, f_above, half_width, tails
from .heterogeneity import Look, Method, between
from .pooling import Test, inconsistency, only_rounding, refuse_test


@dataclass(frozen=True, slots=True)
class Regression:
    """Effects whose means are ``x`` times coefficients; ``x`` has one row a study."""

    y: Numbers
    v: Numbers
    x: Numbers

    @property
    def count(self) -> Numbers:
        return np.asarray(float(len(self.y)))

    @property
    def free(self) -> Numbers:
        return np.asarray(float(len(self.y) - self.x.shape[1]))

    @property
    def spread(self) -> Numbers:
        return np.asarray(self.y.var())

    def coefficients(self, w: Numbers) -> tuple[Numbers, Numbers]:
        """With these weights, and their covariance."""
        covariance = np.asarray(np.linalg.inv((self.x.T * w) @ self.x), dtype=np.float64)
        return covariance @ (self.x.T @ (w * self.y)), covariance

    def root(self, w: Numbers, covariance: Numbers) -> Numbers:
        """C, such that P = diag(w) - CC'."""
        return np.asarray((w[:, None] * self.x) @ np.linalg.cholesky(covariance))

    def look(self, tau2: Numbers) -> Look:
        w = 1 / (self.v + tau2)
        beta, covariance = self.coefficients(w)
        root = self.root(w, covariance)
        residual = self.y - self.x @ beta
        u = w * residual
        return Look(
            rss=u @ residual,
            slope=u @ u,
            bend=(w * u) @ u - np.sum((root.T @ u) ** 2),
            w1=w.sum(),
            w2=w @ w,
            trace=w.sum() - np.sum(root**2),
            trace2=squares(w, root, np.ones_like(w)),
        )

    def even(self) -> tuple[Numbers, Numbers]:
        ones = np.ones_like(self.y)
        beta, covariance = self.coefficients(ones)
        root = self.root(ones, covariance)
        residual = self.y - self.x @ beta
        return residual @ residual, self.v.sum() - self.v @ np.sum(root**2, axis=1)

    def depth(self, tau2: Numbers, *, restricted: bool) -> Numbers:
        total = self.v + tau2
        own = np.linalg.slogdet((self.x.T / total) @ self.x)[1] if restricted else 0
        return np.asarray(np.log(total).sum() + own + self.look(tau2).rss)


def squares(w: Numbers, root: Numbers, s: Numbers) -> Numbers:
    """The sum over all i, j of P_ij squared times s_i s_j, without writing P out."""
    alone = np.sum((w * s) ** 2) - 2 * np.sum(w * s**2 * np.sum(root**2, axis=1))
    return np.asarray(alone + np.sum((root.T @ (s[:, None] * root)) ** 2))


def se_of_tau2(problem: Regression, method: Method, tau2: float) -> float | None:
    """Of the variance between the studies, from the variance of the quadratic form behind it."""
    if method is Method.FE or problem.free == 0:
        return None
    free, spread, total = float(problem.free), float(problem.spread), problem.v + tau2
    weights = {
        Method.DL: 1 / problem.v,
        Method.HS: 1 / problem.v,
        Method.HE: np.ones_like(problem.v),
        Method.SJ: 1 / (problem.v + spread),
    }
    w = weights.get(method, 1 / total)
    root = problem.root(w, problem.coefficients(w)[1])
    if method is Method.ML:
        return float(np.sqrt(2 / (w @ w)))
    if method is Method.REML:
        return float(np.sqrt(2 / squares(w, root, np.ones_like(w))))
    scale = {
        Method.DL: w.sum() - np.sum(root**2),
        Method.HS: w.sum(),
        Method.HE: free,
        Method.SJ: free / spread if spread else np.inf,
    }.get(method, w.sum() * free / len(w))
    return float(np.sqrt(2 * squares(w, root, total)) / scale)


@dataclass(frozen=True, slots=True)
class Coefficient:
    name: str
    estimate: float
    se: float
    stat: float
    pval: float
    ci_lb: float
    ci_ub: float


@dataclass(frozen=True, slots=True)
class Explained:
    """``QM`` asks whether anything but the first coefficient matters; ``R2`` in per cent."""

    k: int
    p: int
    method: Method
    test: Test
    df: int | None
    coefficients: tuple[Coefficient, ...]
    tau2: float
    se_tau2: float | None
    I2: float
    H2: float
    QE: float
    QEp: float
    QM: float
    QMp: float
    R2: float | None


def regression(
    problem: Regression,
    names: Sequence[str],
    *,
    method: Method = Method.REML,
    test: Test = Test.KNHA,
) -> Explained:
    """The first column of ``x`` is the intercept.

    Raises Implausible when there are too few studies, or a column says what another says.
    """
    k, p = problem.x.shape
    refuse_columns(problem)
    refuse_test(method, test, k - p + 1)
    chosen = float(between(problem, method))
    beta, covariance = solution(problem, chosen, test)
    df = None if test is Test.Z else k - p
    coefficients = tuple(
        coefficient(name, float(one), float(se), df=df)
        for name, one, se in zip(names, beta, np.sqrt(np.diag(covariance)), strict=True)
    )
    model, probability = together(beta, covariance, df)
    plain = problem.look(np.asarray(0.0))
    i2, h2 = inconsistency(plain, chosen, k - p, method=method)
    return Explained(
        k, p, method, test, df, coefficients, chosen, se_of_tau2(problem, method, chosen), i2, h2,
        QE=float(plain.rss),
        QEp=chi_squared_above(float(plain.rss), k - p),
        QM=model,
        QMp=probability,
        R2=None if method is Method.FE else explained(problem, method, chosen),
    )  # fmt: skip


def solution(problem: Regression, tau2: float, test: Test) -> tuple[Numbers, Numbers]:
    """Coefficients, and their covariance as the test sees it."""
    w = 1 / (problem.v + tau2)
    beta, covariance = problem.coefficients(w)
    rss = float(w @ (problem.y - problem.x @ beta) ** 2)
    if test is Test.KNHA and only_rounding(rss, w, problem.y):
        raise Implausible.of(
            "test", test.value, "z or adhoc: the effects lie on the line itself"
        )
    return beta, covariance * test.inflation(rss, int(problem.free))


def together(beta: Numbers, covariance: Numbers, df: int | None) -> tuple[float, float]:
    """Do all coefficients but the first matter? The statistic and its probability."""
    count = len(beta) - 1
    if not count:
        return 0.0, 1.0
    model = float(beta[1:] @ np.linalg.solve(covariance[1:, 1:], beta[1:]))
    if df is None:
        return model, chi_squared_above(model, count)
    return model / count, f_above(model / count, count, df)


def coefficient(name: str, estimate: float, se: float, *, df: int | None) -> Coefficient:
    reach = half_width(df) * se
    stat = estimate / se
    return Coefficient(
        name, estimate, se, stat, tails(stat, df), estimate - reach, estimate + reach
    )


def explained(problem: Regression, method: Method, tau2: float) -> float | None:
    """Per cent of the variance between the studies that the columns take away."""
    alone = Regression(problem.y, problem.v, np.ones((len(problem.y), 1)))
    without = float(between(alone, method))
    return max(0.0, 100 * (without - tau2) / without) if without else None


def refuse_columns(problem: Regression) -> None:
    k, p = problem.x.shape
    if k <= p:
        raise Implausible.of("k", k, f"more than {p} studies")
    rank = int(np.linalg.matrix_rank(problem.x))
    if rank < p:
        raise Implausible.of("columns", p, f"{rank} that say different things")


def subgroups(
    y: Numbers,
    v: Numbers,
    groups: Sequence[str],
    *,
    method: Method = Method.REML,
    test: Test = Test.KNHA,
) -> Explained:
    """One variance for all groups; the first in order is the intercept; QM is the interaction."""
    names = sorted(set(groups))
    columns = [np.ones_like(y)] + [
        np.asarray([float(group == name) for group in groups]) for name in names[1:]
    ]
    problem = Regression(y, v, np.column_stack(columns))
    return regression(problem, names, method=method, test=test)
