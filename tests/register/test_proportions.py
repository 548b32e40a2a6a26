"""How sure one can be of so many out of so many."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.register.proportions import Interval, Proportion

counts = st.integers(0, 500).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of)).filter(lambda pair: pair[1] > 0)
)


def bounds(proportion: Proportion) -> Interval:
    assert proportion.interval is not None
    return proportion.interval


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        pytest.param(78, 135, "0.4934", "0.6578", id="58 % of 135, as a clinic reported"),
        pytest.param(58, 135, "0.3492", "0.5139", id="43 % of 135"),
        pytest.param(5, 10, "0.2366", "0.7634", id="half of ten"),
        pytest.param(0, 10, "0", "0.2775", id="none of ten"),
        pytest.param(10, 10, "0.7225", "1", id="all of ten"),
        pytest.param(1, 1, "0.2065", "1", id="one of one says little"),
    ],
)
def test_the_interval_is_wilsons(count: int, of: int, low: str, high: str) -> None:
    found = bounds(Proportion(count, of))
    assert abs(found.low - Decimal(low)) < Decimal("0.00006")
    assert abs(found.high - Decimal(high)) < Decimal("0.00006")


def test_of_nobody_there_is_no_share() -> None:
    assert Proportion(0, 0).share is None
    assert Proportion(0, 0).interval is None


@pytest.mark.parametrize(
    ("count", "of"), [pytest.param(3, 2, id="more than all"), (-1, 2), (0, -1)]
)
def test_an_impossible_count_is_refused(count: int, of: int) -> None:
    with pytest.raises(Implausible):
        Proportion(count, of)


def test_few_are_said_to_be_few() -> None:
    assert Proportion(3, 9).few
    assert not Proportion(3, 10).few


@given(counts)
def test_the_share_lies_within_its_interval(pair: tuple[int, int]) -> None:
    proportion = Proportion(*pair)
    found = bounds(proportion)
    share = proportion.share
    assert share is not None
    assert 0 <= Fraction(found.low) <= share <= Fraction(found.high) <= 1


@given(counts)
def test_the_interval_of_the_others_is_its_mirror(pair: tuple[int, int]) -> None:
    count, of = pair
    one, other = bounds(Proportion(count, of)), bounds(Proportion(of - count, of))
    assert abs(one.low - (1 - other.high)) < Decimal("1e-25")
