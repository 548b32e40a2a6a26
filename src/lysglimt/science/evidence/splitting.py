"""Where trials compare two treatments directly and others compare them by a detour: do they agree?"""

from dataclasses import dataclass
from itertools import combinations
from math import sqrt

import numpy as np

from .distributions import half_width, normal_tails
from .network import Network


@dataclass(frozen=True, slots=True)
class Split:
    """One comparison. ``proportion`` of the evidence is direct; None where there is no such part.

    ``difference`` is direct less indirect.
    """

    comparison: str
    proportion: float
    direct: float | None
    se_direct: float | None
    indirect: float | None
    se_indirect: float | None
    difference: float | None = None
    se_difference: float | None = None
    lower: float | None = None
    upper: float | None = None
    z: float | None = None
    p: float | None = None


ALL = 1 - 1e-10
"""Of the evidence: above this share nothing is indirect."""


def split(network: Network, tau2: float) -> tuple[Split, ...]:
    """Every pair of treatments, in the order of the network."""
    found = network.compared(tau2)
    direct = directly(network, tau2)
    rows = []
    for (i, one), (j, other) in combinations(enumerate(network.treatments), 2):
        te, se = float(found.te[i, j]), float(found.se[i, j])
        rows.append(apart(f"{one}:{other}", te, se, direct=direct.get((one, other))))
    return tuple(rows)


def directly(network: Network, tau2: float) -> dict[tuple[str, str], tuple[float, float]]:
    """Of each pair that was compared in a trial: the pool of those trials, with this variance."""
    sums: dict[tuple[str, str], tuple[float, float]] = {}
    for trial in network.trials:
        effects = np.concatenate([[0.0], trial.effects])
        size = len(effects)
        spread = np.zeros((size, size))
        spread[1:, 1:] = trial.covariance
        for (i, one), (j, other) in combinations(enumerate(trial.arms), 2):
            variance = spread[i, i] + spread[j, j] - 2 * spread[i, j] + tau2
            weight, score = sums.get((one, other), (0.0, 0.0))
            te = effects[i] - effects[j]
            sums[one, other] = (weight + float(1 / variance), score + float(te / variance))
    return {pair: (score / weight, sqrt(1 / weight)) for pair, (weight, score) in sums.items()}


def apart(
    comparison: str, te: float, se: float, *, direct: tuple[float, float] | None
) -> Split:
    if direct is None:
        return Split(comparison, 0.0, None, None, te, se)
    mean, error = direct
    share = min(1.0, (se / error) ** 2)
    if share > ALL:
        return Split(comparison, 1.0, mean, error, None, None)
    indirect, spread = (te - share * mean) / (1 - share), se / sqrt(1 - share)
    difference, width = mean - indirect, sqrt(error**2 + spread**2)
    reach = half_width(None) * width
    z = difference / width
    return Split(
        comparison, share, mean, error, indirect, spread,
        difference, width, difference - reach, difference + reach, z, normal_tails(z),
    )  # fmt: skip
