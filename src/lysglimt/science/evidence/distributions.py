"""Tails and quantiles of the distributions that an interval or a test needs."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Numbers = NDArray[np.float64]

SURE = 0.95
"""Intervals have this probability unless something else is asked for."""


def normal_quantile(probability: float) -> float:
    return float(special.ndtri(probability))


def normal_below(value: Numbers) -> Numbers:
    return np.asarray(special.ndtr(value))


def normal_tails(value: float) -> float:
    """Both tails beyond a value and its mirror image."""
    return float(2 * special.ndtr(-abs(value)))


def t_quantile(probability: float, df: float) -> float:
    return float(special.stdtrit(df, probability))


def t_tails(value: float, df: float) -> float:
    return float(2 * special.stdtr(df, -abs(value)))


def chi_squared_above(value: float, df: float) -> float:
    """1 without degrees of freedom: nothing could have differed."""
    return float(special.chdtrc(df, value)) if df else 1.0


def chi_squared_quantile(probability: float, df: float) -> float:
    return float(special.chdtri(df, 1 - probability))


def f_above(value: float, df: float, left: float) -> float:
    return float(special.fdtrc(df, left, value))


def tails(value: float, df: float | None) -> float:
    """Of the t distribution, or of the normal where no degrees of freedom are named."""
    return normal_tails(value) if df is None else t_tails(value, df)


def half_width(df: float | None, sure: float = SURE) -> float:
    """How many standard errors an interval reaches to each side."""
    upper = (1 + sure) / 2
    return normal_quantile(upper) if df is None else t_quantile(upper, df)
