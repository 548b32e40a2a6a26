"""Whole numbers that satisfy equations at the least cost."""

import numpy as np

from lysglimt.science.whole_numbers import cheapest


def test_the_cheapest_way_is_found() -> None:
    # a = b + c, a is at least 3, c costs less than b.
    found = cheapest(
        np.array([0.0, 2.0, 1.0]),
        [{0: 1, 1: -1, 2: -1}],
        low=np.array([3.0, 0.0, 0.0]),
        high=np.array([9.0, 9.0, 2.0]),
    )
    assert found == (3, 1, 2)


def test_where_there_is_no_way_nothing_is_found() -> None:
    one = np.ones(1)
    assert cheapest(one, [{0: 2}], low=one, high=one * 4) is None


def test_without_equations_the_least_is_the_lowest() -> None:
    assert cheapest(np.ones(2), [], low=np.array([1.0, 2.0]), high=np.full(2, 5.0)) == (1, 2)
