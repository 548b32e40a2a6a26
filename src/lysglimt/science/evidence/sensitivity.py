"""Does the answer hang on one trial, and how did it grow as the trials came?"""

from dataclasses import dataclass

import numpy as np

from lysglimt.knowledge.errors import Implausible

from .distributions import Numbers, normal_quantile
from .heterogeneity import Method, Studies, between, dot


@dataclass(frozen=True, slots=True)
class Series:
    """One pool in each place."""

    estimate: Numbers
    se: Numbers
    tau2: Numbers
    I2: Numbers
    Q: Numbers


def many(studies: Studies, method: Method) -> Series:
    """All rows at once; a row of one study has nothing between its studies."""
    free = studies.free
    alone = free == 0
    tau2 = np.zeros_like(free)
    rest = Studies(studies.y[~alone], studies.v[~alone])
    if rest.v.size:
        tau2[~alone] = between(rest, method)
    estimate, se = studies.mean(tau2)
    plain = studies.look(np.zeros_like(free))
    trace = np.where(alone, 1, plain.trace)
    typical = np.where(alone, 1, free) / trace
    if method is Method.FE:
        q = np.where(plain.rss > 0, plain.rss, 1)
        share = np.maximum(0, 100 * (plain.rss - free) / q)
    else:
        share = 100 * tau2 / (tau2 + typical)
    return Series(estimate, se, tau2, share, np.where(alone, 0, plain.rss))


def leave_one_out(studies: Studies, method: Method = Method.REML) -> Series:
    """The pool without each study in turn. Raises Implausible for a single study."""
    k = len(studies.y)
    if k < 2:
        raise Implausible.of("k", k, "2 studies or more")
    without = np.broadcast_to(studies.v, (k, k)).copy()
    np.fill_diagonal(without, np.inf)
    return many(Studies(np.broadcast_to(studies.y, (k, k)), without), method)


def cumulative(studies: Studies, method: Method = Method.REML) -> Series:
    """The pool of the first one, two, three studies: in the order given, as by date."""
    k = len(studies.y)
    so_far = np.where(np.tri(k) > 0, studies.v, np.inf)
    return many(Studies(np.broadcast_to(studies.y, (k, k)), so_far), method)


@dataclass(frozen=True, slots=True)
class Influence:
    """Of each study: how far it lies from the others, and how far it moves the pool.

    ``rstudent`` its distance from the pool of the others, in standard errors; ``dffits`` and
    ``cookd`` how far it moves the pool; ``hat`` its share of the weight; ``weight`` in per cent.
    """

    rstudent: Numbers
    dffits: Numbers
    cookd: Numbers
    hat: Numbers
    weight: Numbers


def influence(studies: Studies, method: Method = Method.REML) -> Influence:
    others = leave_one_out(studies, method)
    tau2 = between(studies, method)
    mean, se = studies.mean(tau2)
    weights = studies.weights(tau2)
    hat = weights / weights.sum()
    moved = mean - others.estimate
    return Influence(
        rstudent=(studies.y - others.estimate)
        / np.sqrt(studies.v + others.tau2 + others.se**2),
        dffits=moved / np.sqrt(hat * (studies.v + others.tau2)),
        cookd=(moved / se) ** 2,
        hat=hat,
        weight=100 * hat,
    )


def fail_safe(studies: Studies, alpha: float = 0.05) -> int:
    """Rosenthal: how many trials without any effect would take the significance away."""
    together = dot(studies.y, 1 / np.sqrt(studies.v)) / np.sqrt(len(studies.y))
    needed = len(studies.y) * ((float(together) / normal_quantile(1 - alpha)) ** 2 - 1)
    return max(0, int(np.ceil(needed)))
