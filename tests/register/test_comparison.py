"""Units beside each other and one month after another: what is chance, and what is a question."""

from fractions import Fraction
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.register.comparison.funnel import (
    Limits,
    Place,
    chance_limits,
    dispersion,
    exact,
    funnel,
    winsorised,
)
from lysglimt.register.comparison.over_time import (
    Signal,
    p_prime,
    run_chart,
    t_chart,
    u_prime,
)
from lysglimt.register.proportions import Proportion


def below(count: int, of: int, chance: Fraction) -> Fraction:
    """Exactly: so many or fewer."""
    terms = (comb(of, n) * chance**n * (1 - chance) ** (of - n) for n in range(count + 1))
    return sum(terms, Fraction(0))


@given(st.integers(1, 60), st.integers(1, 19), st.sampled_from([Fraction(5, 100), Fraction(2, 1000)]))  # fmt: skip
def test_limits_are_exact(of: int, twentieths: int, outside: Fraction) -> None:
    chance = Fraction(twentieths, 20)
    low, high = exact(of, float(chance), outside=float(outside))
    assert below(low, of, chance) > outside / 2
    assert low == 0 or below(low - 1, of, chance) <= outside / 2
    assert 1 - below(high - 1, of, chance) > outside / 2
    assert high == of or 1 - below(high, of, chance) <= outside / 2


def test_limits_by_hand() -> None:
    # Of 20 with a half: 6 or fewer come in 5.77 %, 5 or fewer in 2.07; 3 or fewer in 0.13, 2 in 0.02.
    around = chance_limits(20, 0.5)
    assert around.warning == Limits(0.3, 0.7)
    assert around.alarm == Limits(0.15, 0.85)
    assert around.place(0.3) is Place.INSIDE
    assert around.place(0.25) is Place.WARNING
    assert around.place(0.1) is Place.ALARM


@pytest.mark.parametrize(("target", "limits"), [(0.0, (0.0, 0.0)), (1.0, (1.0, 1.0))])
def test_where_all_or_none_are_expected_the_funnel_is_a_line(
    target: float, limits: tuple[float, float]
) -> None:
    assert chance_limits(12, target).alarm == Limits(*limits)


UNITS = {"B": Proportion(12, 30), "A": Proportion(3, 9), "C": Proportion(25, 50), "D": Proportion(0, 0)}  # fmt: skip


def test_units_are_told_in_the_order_they_came_and_those_with_nobody_are_not() -> None:
    found = funnel(UNITS)
    assert [one.unit for one in found.points] == ["B", "A", "C"]
    assert found.target == Fraction(40, 89)
    assert found.dispersion is None
    assert {one.place for one in found.points} == {Place.INSIDE}


def test_a_stated_target_is_what_units_are_compared_with() -> None:
    found = funnel(UNITS, target=Fraction(9, 10))
    assert {one.unit: one.place for one in found.points} == {
        "B": Place.ALARM,
        "A": Place.ALARM,
        "C": Place.ALARM,
    }
    with pytest.raises(Implausible, match="target"):
        funnel(UNITS, target=Fraction(3, 2))


def test_of_nobody_there_is_no_funnel() -> None:
    found = funnel({"A": Proportion(0, 0)})
    assert (found.target, found.points) == (None, ())


ALIKE = {f"u{n}": Proportion(20 + n % 3, 50) for n in range(8)}
UNLIKE = {f"u{n}": Proportion(8 if n % 2 else 42, 50) for n in range(8)}


def test_units_that_differ_by_chance_have_the_limits_of_chance() -> None:
    found = funnel(ALIKE)
    assert found.dispersion
    assert found.dispersion.ratio < 1
    assert not found.dispersion.beyond_chance
    assert not [one for one in found.points if one.widened]


def test_units_that_differ_by_more_have_wider_limits_and_both_are_told() -> None:
    found = funnel(UNLIKE)
    assert found.dispersion
    assert found.dispersion.beyond_chance
    for one in found.points:
        assert one.widened
        assert one.around.place(one.found.count / 50) is Place.ALARM
        assert one.place is Place.INSIDE
        assert one.widened.alarm.low < one.around.alarm.low
        assert one.widened.alarm.high > one.around.alarm.high


def test_the_spread_between_units_by_hand() -> None:
    # Arcsines of the roots of 0.16 and 0.84 lie 0.3739 from that of a half; in standard errors of
    # 1 / (2 * sqrt 50) that is 5.287, squared 27.96 for each of eight. Beyond chance:
    # (8 * 27.96 - 7) / (8 * 200 - 200) = 0.15475.
    found = dispersion(list(UNLIKE.values()), Fraction(1, 2))
    assert found
    assert round(found.ratio, 2) == 27.96
    assert round(found.between, 4) == 0.1548


def test_few_units_or_a_target_of_none_say_nothing_of_spread() -> None:
    assert dispersion(list(UNLIKE.values())[:4], Fraction(1, 2)) is None
    assert dispersion(list(UNLIKE.values()), Fraction(0)) is None


def test_one_unit_far_away_does_not_hide_itself() -> None:
    units = {f"u{n:02}": Proportion(20 + n % 5, 50) for n in range(19)} | {"odd": Proportion(49, 50)}  # fmt: skip
    places = {one.unit: one.place for one in funnel(units).points}
    assert places.pop("odd") is Place.ALARM
    assert set(places.values()) == {Place.INSIDE}
    assert winsorised([5.0, 1.0, 2.0, 3.0, 9.0, 4.0, 6.0, 7.0, 8.0, 99.0], 0.1) == [
        5.0, 2.0, 2.0, 3.0, 9.0, 4.0, 6.0, 7.0, 8.0, 9.0,
    ]  # fmt: skip


@given(st.lists(st.integers(1, 80).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))), max_size=9))  # fmt: skip
def test_outer_limits_never_lie_within_inner_ones(pairs: list[tuple[int, int]]) -> None:
    for one in funnel({str(n): Proportion(*pair) for n, pair in enumerate(pairs)}).points:
        for around in (one.around, one.widened or one.around):
            assert 0 <= around.alarm.low <= around.warning.low + 1e-12
            assert around.warning.high - 1e-12 <= around.alarm.high <= 1


def test_a_run_chart_has_the_limits_that_were_published() -> None:
    # 13 points, of which one is the median itself: 12 that count. [anhoej] [run-length]
    rising = run_chart(list(range(13)))
    assert (rising.useful, rising.longest, rising.crossings) == (12, 6, 1)
    assert (rising.longest_limit, rising.crossings_limit) == (7, 3)
    assert rising.beyond_chance
    for points, longest in ((10, 6), (12, 7), (22, 7), (24, 8), (46, 9), (92, 10)):
        found = run_chart([n % 2 for n in range(points)])
        assert (found.useful, found.longest_limit) == (points, longest)
        assert not found.beyond_chance


def test_a_long_run_alone_is_enough() -> None:
    shifted = run_chart([*(1.0, -1.0) * 5, *(1.0,) * 9, *(-1.0, 1.0) * 4, *(-1.0,) * 9])
    assert shifted.longest == 9
    assert shifted.longest_limit == 8
    assert shifted.beyond_chance


def test_few_points_have_no_verdict() -> None:
    assert not run_chart([1, 2, 3, 4]).beyond_chance
    assert run_chart([]).centre is None


def test_shares_by_month_have_limits_by_the_size_of_the_month() -> None:
    found = p_prime([(5, 10), (10, 20), (0, 0), (20, 40), (10, 20)])
    assert (found.centre, found.sigma_z) == (0.5, 1.0)
    assert found.points[2].value is None
    first, large = found.points[0], found.points[3]
    assert first.low is not None
    assert large.low is not None
    assert round(first.low, 4) == round(0.5 - 3 * sqrt(0.25 / 10), 4)
    assert first.low < large.low


def test_spread_between_months_widens_the_limits() -> None:
    # Shares 0.2 and 0.8 in turn, of 100: 6 errors from the middle, a step of 12, over 1.128.
    found = p_prime([(20, 100), (80, 100)] * 4)
    assert found.sigma_z
    assert round(found.sigma_z, 3) == round(12 / 1.128, 3)
    assert not [one for one in found.points if one.signals]


def test_a_month_far_away_is_outside() -> None:
    found = p_prime([(10, 100)] * 11 + [(60, 100)])
    assert [one.signals for one in found.points][-1] == {Signal.OUTSIDE}
    events = u_prime(
        [(2, 100), (3, 100), (0, 0), (2, 100), (3, 100), (2, 100), (3, 100), (30, 100)]
    )
    assert Signal.OUTSIDE in events.points[-1].signals
    assert events.points[2].value is None


def test_seven_on_one_side_are_a_shift_and_five_that_rise_a_trend() -> None:
    shifted = p_prime([(40, 100), (41, 100)] * 4 + [(60, 100), (61, 100)] * 4)
    assert all(Signal.SHIFT in one.signals for one in shifted.points)
    six = p_prime([(40, 100), (41, 100)] * 3 + [(60, 100), (61, 100)] * 3)
    assert not [one for one in six.points if Signal.SHIFT in one.signals]
    rising = u_prime([(n, 100) for n in (10, 9, 10, 11, 12, 13, 12)])
    assert [Signal.TREND in one.signals for one in rising.points] == [
        False, True, True, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("counts", [[], [(0, 0)], [(0, 10), (0, 20)], [(10, 10), (3, 3)]])
def test_where_nothing_varies_there_are_no_limits(counts: list[tuple[int, int]]) -> None:
    assert p_prime(counts).sigma_z is None
    assert not [one for one in p_prime(counts).points if one.signals]


def test_times_between_rare_events_are_made_even_first() -> None:
    found = t_chart([40, 60, 50, 45, 55, 48, 2000])
    assert found.centre
    assert 40 < found.centre < 200
    assert [bool(one.signals) for one in found.points] == [False] * 6 + [True]
    assert t_chart([30]).points[0].low is None
    assert t_chart([]).points == ()


@pytest.mark.parametrize("chart", [p_prime, u_prime])
def test_less_than_nothing_is_refused(chart: object) -> None:
    assert callable(chart)
    with pytest.raises(Implausible):
        chart([(-1, 3)])
    with pytest.raises(Implausible):
        t_chart([3, -1])
