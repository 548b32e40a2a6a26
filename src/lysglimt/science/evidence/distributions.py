"""Tails and quantiles of the distributions that an interval or a test needs."""

from lysglimt.science.from_scipy import (
    Numbers,
    chi_squared_beyond,
    chi_squared_quantile,
    normal_below,
    normal_beyond,
    normal_quantile,
    t_beyond,
    t_quantile,
)
from lysglimt.science.from_scipy import f_beyond as f_above

__all__ = [
    "SURE",
    "Numbers",
    "chi_squared_above",
    "chi_squared_quantile",
    "f_above",
    "half_width",
    "normal_below",
    "normal_quantile",
    "normal_tails",
    "t_quantile",
    "t_tails",
    "tails",
]

SURE = 0.95
"""Intervals have this probability unless something else is asked for."""


def normal_tails(value: float) -> float:
    """Both tails beyond a value and its mirror image."""
    return 2 * normal_beyond(abs(value))


def t_tails(value: float, df: float) -> float:
    return 2 * t_beyond(abs(value), df)


def chi_squared_above(value: float, df: float) -> float:
    """1 without degrees of freedom: nothing could have differed."""
    return chi_squared_beyond(value, df) if df else 1.0


def tails(value: float, df: float | None) -> float:
    """Of the t distribution, or of the normal where no degrees of freedom are named."""
    return normal_tails(value) if df is None else t_tails(value, df)


def half_width(df: float | None, sure: float = SURE) -> float:
    """How many standard errors an interval reaches to each side."""
    upper = (1 + sure) / 2
    return normal_quantile(upper) if df is None else t_quantile(upper, df)
