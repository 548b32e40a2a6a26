"""Where a function is lowest, by SciPy's search: what a fit needs, and nothing else does.

Apart from `from_scipy`, for it is half of what SciPy takes to load.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from .from_scipy import Numbers


@dataclass(frozen=True, slots=True)
class Lowest:
    """Where a function was found to be lowest, and how low it is there."""

    at: Numbers
    value: float


def lowest(
    of: Callable[[Numbers], float], *, start: Numbers, simplex: Numbers, steps: int
) -> Lowest:
    """By Nelder and Mead, from the corners of ``simplex``; at most so many looks."""
    options: Mapping[str, object] = {
        "maxfev": steps,
        "initial_simplex": simplex,
        "adaptive": True,
    }
    done = minimize(of, start, method="Nelder-Mead", options=options)
    return Lowest(np.asarray(done.x, dtype=np.float64), float(done.fun))
