"""A group of patients, visit by visit."""

from decimal import Decimal
from fractions import Fraction
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Unknown
from lysglimt.knowledge.outcomes.table import Rated, by_visit, spread

ROWS = [
    Rated("a", "before", 30),
    Rated("b", "before", 24),
    Rated("c", "before", None),
    Rated("d", "before", 0),
    Rated("a", "after", 10),
    Rated("b", "after", 18),
    Rated("c", "after", 4),
    Rated("d", "after", 5),
    Rated("e", "before", 40),
]


def test_a_patient_without_a_baseline_is_in_no_change_and_no_outcome() -> None:
    after = by_visit(ROWS, baseline="before", instrument="madrs")["after"]
    assert (after.n, after.missing, after.compared) == (4, 1, 2)
    assert (after.response, after.partial, after.remission["le10"]) == (1, 1, 1)
    assert after.change.mean == Fraction(-13)


def test_the_baseline_visit_has_no_change() -> None:
    before = by_visit(ROWS, baseline="before", instrument="madrs")["before"]
    assert (before.n, before.missing, before.response) == (4, 1, 0)
    assert before.change.mean == Fraction(0)


def test_visits_come_in_the_order_of_the_table() -> None:
    assert list(by_visit(ROWS, baseline="before", instrument="madrs")) == ["before", "after"]


def test_an_instrument_without_a_rule_counts_nobody_rather_than_none() -> None:
    rows = [Rated("a", "before", 30), Rated("a", "after", 3)]
    after = by_visit(rows, baseline="before", instrument="wsas")["after"]
    assert (after.response, after.partial, after.remission) == (None, None, {})


def test_a_baseline_visit_that_is_not_there_is_refused() -> None:
    with pytest.raises(Unknown, match="there are before, after"):
        by_visit(ROWS, baseline="b0", instrument="madrs")


@pytest.mark.parametrize(
    ("values", "n"), [pytest.param([], 0, id="nobody"), pytest.param([7], 1, id="one")]
)
def test_a_standard_deviation_takes_two(values: list[int], n: int) -> None:
    found = spread([Fraction(value) for value in values])
    assert (found.n, found.mean, found.sd) == (n, values[0] if values else None, None)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=50))
def test_mean_and_deviation_are_the_usual_ones(values: list[int]) -> None:
    found = spread([Fraction(value) for value in values])
    assert found.mean == mean(Fraction(value) for value in values)
    assert found.sd is not None
    assert abs(found.sd - Decimal(stdev(values))) < Decimal("1e-9")
