"""What is taken from SciPy's functions, with types: `lowest` has its search, `whole_numbers` its solver; no other module imports it.

SciPy has none of its own, so that a wrong argument elsewhere would pass every check.
"""

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


def beta_quantile(probability: float, a: float, b: float) -> float:
    return float(special.betaincinv(a, b, probability))


def f_beyond(value: float, df: float, left: float) -> float:
    return float(special.fdtrc(df, left, value))


def binomial_up_to(count: int, of: int, chance: float) -> float:
    """So many or fewer."""
    return float(special.bdtr(count, of, chance))
