"""Whole numbers that satisfy equations at the least cost, by SciPy's solver.

Apart from `from_scipy`, for its solver takes longer to load than all the rest of it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from .from_scipy import Numbers

Equation = Mapping[int, int]
"""Variable to coefficient; the sum is zero."""


def cheapest(
    cost: Numbers, equations: Sequence[Equation], *, low: Numbers, high: Numbers
) -> tuple[int, ...] | None:
    """The whole numbers within ``low`` and ``high`` that satisfy all; None where there are none."""
    places = [
        (row, column, number)
        for row, equation in enumerate(equations)
        for column, number in equation.items()
    ]
    rows, columns, numbers = np.array(places, dtype=np.int64).reshape(-1, 3).T
    matrix = coo_array(
        (numbers.astype(np.float64), (rows, columns)), shape=(len(equations), len(cost))
    )
    done = milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(matrix.tocsr(), 0, 0) if len(equations) else (),
    )
    return None if done.x is None else tuple(round(float(one)) for one in done.x)
