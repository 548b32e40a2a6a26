"""All that is taken from SciPy, with types: no other module imports it.

SciPy has none of its own, so that a wrong argument elsewhere would pass every check.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Numbers = NDArray[np.float64]


def normal_quantile(probability: float) -> float:
    return float(special.ndtri(probability))


def normal_below(value: Numbers) -> Numbers:
    return np.asarray(special.ndtr(value), dtype=np.float64)


def normal_beyond(value: float) -> float:
    """Below the mirror image: one tail."""
    return float(special.ndtr(-value))


def t_quantile(probability: float, df: float) -> float:
    return float(special.stdtrit(df, probability))


def t_beyond(value: float, df: float) -> float:
    return float(special.stdtr(df, -value))


def chi_squared_beyond(value: float, df: float) -> float:
    return float(special.chdtrc(df, value))


def chi_squared_quantile(probability: float, df: float) -> float:
    return float(special.chdtri(df, 1 - probability))


def f_beyond(value: float, df: float, left: float) -> float:
    return float(special.fdtrc(df, left, value))


@dataclass(frozen=True, slots=True)
class Lowest:
    """Where a function was found to be lowest, and how low it is there."""

    at: Numbers
    value: float


def lowest(
    of: Callable[[Numbers], float], *, start: Numbers, simplex: Numbers, steps: int
) -> Lowest:
    """By Nelder and Mead, from the corners of ``simplex``; at most so many looks."""
    # Half the time that SciPy takes to load is this part, which only a fit needs.
    from scipy.optimize import minimize  # noqa: PLC0415 - see above

    options: Mapping[str, object] = {
        "maxfev": steps,
        "initial_simplex": simplex,
        "adaptive": True,
    }
    done = minimize(of, start, method="Nelder-Mead", options=options)
    return Lowest(np.asarray(done.x, dtype=np.float64), float(done.fun))
