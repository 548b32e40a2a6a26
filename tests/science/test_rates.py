"""Rates of what seldom happens, with intervals that hold with few."""

from fractions import Fraction
from math import comb, exp, fsum, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.rates import (
    GChart,
    Rate,
    Share,
    g_chart,
    gap_at,
    poisson_limits,
    u_chart,
)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        pytest.param(0, 0.0, 3.6889, id="none"),
        pytest.param(1, 0.0253, 5.5716, id="one"),
        pytest.param(10, 4.7954, 18.3904, id="ten"),
    ],
)
def test_a_rate_has_the_exact_interval_of_the_tables(
    count: int, low: float, high: float
) -> None:
    found = Rate(count, 1000)
    assert found.per_thousand == count
    assert found.interval is not None
    assert found.interval.low == pytest.approx(low, abs=1e-4)
    assert found.interval.high == pytest.approx(high, abs=1e-4)


def poisson_below(k: int, mean: float) -> float:
    return fsum(exp(i * log(mean) - mean - lgamma(i + 1)) for i in range(k + 1))


def binomial_below(k: int, n: int, p: float) -> float:
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


@given(count=st.integers(1, 40), sessions=st.integers(1, 2000))
def test_at_each_end_of_a_rate_what_was_found_is_just_too_far_out(
    count: int, sessions: int
) -> None:
    found = Rate(count, sessions).interval
    assert found is not None
    low, high = (one * sessions / 1000 for one in (found.low, found.high))
    assert 1 - poisson_below(count - 1, low) == pytest.approx(0.025, abs=1e-6)
    assert poisson_below(count, high) == pytest.approx(0.025, abs=1e-6)


@given(of=st.integers(1, 60), data=st.data())
def test_at_each_end_of_a_share_what_was_found_is_just_too_far_out(
    of: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, of))
    found = Share(count, of).interval
    assert found is not None
    if count:
        assert 1 - binomial_below(count - 1, of, found.low) == pytest.approx(0.025, abs=1e-6)
    else:
        assert found.low == 0
    if count < of:
        assert binomial_below(count, of, found.high) == pytest.approx(0.025, abs=1e-6)
    else:
        assert found.high == 1


def test_of_no_session_there_is_no_rate() -> None:
    assert Rate(0, 0).per_thousand is None
    assert Rate(0, 0).interval is None
    assert Share(0, 0).interval is None


@pytest.mark.parametrize(("count", "of"), [(-1, 3), (1, -3)])
def test_less_than_nothing_is_refused(count: int, of: int) -> None:
    with pytest.raises(Implausible):
        Rate(count, of)


def test_more_than_all_is_refused() -> None:
    with pytest.raises(Implausible):
        Share(4, 3)


@pytest.mark.parametrize(
    ("expected", "limits"),
    [
        pytest.param(0.5, (0, 4), id="few"),
        pytest.param(9.0, (2, 19), id="nine"),
        pytest.param(100.5, (72, 132), id="where the sum no longer begins at none"),
        pytest.param(746.0, (665, 829), id="where none at all is less than a float can tell"),
        pytest.param(20000.0, (19577, 20426), id="a country of them"),
    ],
)
def test_the_limits_of_a_month_are_those_of_its_own_sessions(
    expected: float, limits: tuple[int, int]
) -> None:
    low, high = limits
    assert poisson_limits(expected) == limits
    assert poisson_below(high, expected) >= 1 - 0.00135 > poisson_below(high - 1, expected)
    if low:
        assert poisson_below(low - 1, expected) <= 0.00135 < poisson_below(low, expected)


def test_a_month_far_out_is_told_and_one_without_sessions_is_a_gap() -> None:
    found = u_chart([(2, 40), (1, 38), (0, 0), (2, 41), (1, 40), (2, 39), (14, 40)])
    assert [one.outside for one in found.months] == [*[False] * 6, True]
    assert found.months[2].limits is None
    assert found.mean == Fraction(22, 238)


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param([(3, 20)] * 5, id="five months"),
        pytest.param([(0, 20)] * 8 + [(4, 20)], id="four events"),
    ],
)
def test_with_few_no_limit_is_drawn(counts: list[tuple[int, int]]) -> None:
    found = u_chart(counts)
    assert {one.limits for one in found.months} == {None}
    assert not any(one.outside for one in found.months)


def test_without_sessions_there_is_no_mean() -> None:
    assert u_chart([(0, 0)]).mean is None


def test_the_gaps_between_rare_events_and_the_time_since() -> None:
    assert g_chart(100, [10, 40]) == GChart((10, 30), 60)
    assert g_chart(30, []) == GChart((), 30)
    found = g_chart(1000, [190, 400, 610, 800, 803, 1000])
    assert found.gaps == (190, 210, 210, 190, 3, 197)
    assert found.low == 5
    assert found.too_soon == (4,)
    assert found.middle == pytest.approx(115.2, abs=0.1)
    assert (found.since, found.high) == (0, 613)


@given(share=st.floats(0.01, 0.99), chance=st.floats(0.001, 0.9))
def test_a_share_of_the_gaps_is_over_by_then(share: float, chance: float) -> None:
    assert 1 - (1 - chance) ** gap_at(share, chance) == pytest.approx(share)


def test_where_every_session_has_an_event_each_gap_is_one() -> None:
    assert g_chart(5, [1, 2, 3, 4, 5]).high == 1
