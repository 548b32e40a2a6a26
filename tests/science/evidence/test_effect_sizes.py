"""From what the arms of a trial reported to an effect with its variance."""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.evidence.arms import (
    Counted,
    Measured,
    counted_together,
    measured_together,
    sd_of_se,
)
from lysglimt.science.evidence.effect_sizes import (
    OF_COUNTS,
    Effect,
    Hazard,
    Measure,
    Uninformative,
    double_arcsine,
    exact_j,
    hedges_g,
    log_hazard_ratio,
    logit,
    mean_difference,
    odds_ratio,
    paired_difference,
    paired_g,
    paired_odds_ratio,
    risk_difference,
    share,
    share_of_double_arcsine,
    share_of_logit,
)
from lysglimt.science.evidence.stratified import stratified

RATIOS = [Measure.OR, Measure.RR, Measure.PETO]


def test_an_empty_cell_gets_half_a_person_and_no_other_trial_does() -> None:
    empty, full = (
        odds_ratio(Counted(0, 20), Counted(5, 20)),
        odds_ratio(Counted(2, 20), Counted(5, 20)),
    )
    assert empty.yi == pytest.approx(log((0.5 * 15.5) / (20.5 * 5.5)))
    assert full.yi == pytest.approx(log((2 * 15) / (18 * 5)))


@pytest.mark.parametrize("measure", RATIOS)
@pytest.mark.parametrize("events", [0, 20])
def test_nobody_and_everybody_tell_no_ratio(measure: Measure, events: int) -> None:
    with pytest.raises(Uninformative):
        OF_COUNTS[measure](Counted(events, 20), Counted(events, 20))


def test_a_difference_of_none_and_none_is_none() -> None:
    found = risk_difference(Counted(0, 20), Counted(0, 30))
    assert found.yi == 0
    assert found.vi > 0


def test_peto_needs_no_correction() -> None:
    found = OF_COUNTS[Measure.PETO](Counted(0, 20), Counted(5, 20))
    variance = 20 * 20 * 5 * 35 / (40**2 * 39)
    assert found.yi == pytest.approx(-2.5 / variance)
    assert found.vi == pytest.approx(1 / variance)


@given(st.integers(1, 19), st.integers(1, 19))
def test_turning_the_arms_turns_the_sign(a: int, c: int) -> None:
    one, other = Counted(a, 20), Counted(c, 20)
    for measure in (*RATIOS, Measure.RD):
        there, back = OF_COUNTS[measure](one, other), OF_COUNTS[measure](other, one)
        assert there.yi == pytest.approx(-back.yi, abs=1e-12)
        assert there.vi == pytest.approx(back.vi)


def test_the_small_sample_factor_is_exact() -> None:
    # df 2: gamma(1) / (sqrt(1) gamma(1/2)) = 1 / sqrt(pi)
    assert exact_j(2) == pytest.approx(1 / sqrt(np.pi), rel=1e-14)
    assert exact_j(10) != pytest.approx(1 - 3 / (4 * 10 - 1), rel=1e-4)


def test_a_standard_error_becomes_a_deviation_and_back() -> None:
    assert sd_of_se(1.79, 33) == pytest.approx(10.28, abs=0.01)


def test_several_arms_are_one_arm() -> None:
    people = [3.0, 5, 8, 13, 21, 34, 2, 7]
    parts = (people[:3], people[3:6], people[6:])
    arms = [Measured(float(np.mean(p)), float(np.std(p, ddof=1)), len(p)) for p in parts]
    whole = measured_together(arms)
    assert whole.mean == pytest.approx(np.mean(people))
    assert whole.sd == pytest.approx(np.std(people, ddof=1))
    assert counted_together([Counted(3, 10), Counted(4, 9)]) == Counted(7, 19)


def test_a_hazard_ratio_comes_from_its_interval() -> None:
    found = log_hazard_ratio(Hazard(0.49, 0.29, 0.84))
    assert exp(found.yi) == pytest.approx(0.49)
    assert found.se == pytest.approx(log(0.84 / 0.29) / (2 * 1.959963984540054))


@pytest.mark.parametrize(
    "hazard", [Hazard(0.49, 0.29, 1.84), Hazard(0.9, 1.1, 1.2), Hazard(0.5, 0, 1)]
)
def test_a_hazard_ratio_off_the_middle_is_a_misprint(hazard: Hazard) -> None:
    with pytest.raises(Implausible):
        log_hazard_ratio(hazard)


def test_a_crossover_needs_its_correlation() -> None:
    one, other = Measured(-14, 10, 7), Measured(0, 12, 7)
    found = paired_difference(one, other, 0.5)
    assert found.yi == -14
    assert found.vi == pytest.approx((100 + 144 - 120) / 7)
    assert paired_g(one, other, 0.9).vi < paired_g(one, other, 0.1).vi
    alone = mean_difference(one, other)
    assert paired_difference(one, other, 0.0).vi == pytest.approx(alone.vi)


def test_the_same_people_are_in_both_periods() -> None:
    with pytest.raises(Implausible, match="same people"):
        paired_difference(Measured(1, 1, 7), Measured(1, 1, 8), 0.5)
    with pytest.raises(Implausible, match="correlation"):
        paired_g(Measured(1, 1, 7), Measured(1, 1, 7), 1.0)


def test_pairs_are_compared_by_those_who_differed() -> None:
    found = paired_odds_ratio(8, 1)
    assert found.yi == pytest.approx(log(8))
    assert found.vi == pytest.approx(1 / 8 + 1)
    assert paired_odds_ratio(8, 0).yi == pytest.approx(log(8.5 / 0.5))
    with pytest.raises(Uninformative):
        paired_odds_ratio(0, 0)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_comes_back_from_its_scale(counts: tuple[int, int]) -> None:
    arm = Counted(*counts)
    arcsine = share_of_double_arcsine(double_arcsine(arm).yi, arm.n)
    assert arcsine == pytest.approx(arm.events / arm.n, abs=1e-9)
    if 0 < arm.events < arm.n:
        assert share_of_logit(logit(arm).yi) == pytest.approx(arm.events / arm.n)
    assert share(arm).yi == arm.events / arm.n
    assert share(arm).vi > 0


@pytest.mark.parametrize(
    "made",
    [
        lambda: Counted(3, 0),
        lambda: Counted(3, 2),
        lambda: Counted(-1, 2),
        lambda: Measured(0, 1, 1),
        lambda: Measured(0, 0, 9),
        lambda: Effect(0, 0),
    ],
)
def test_what_cannot_be_is_refused(made: object) -> None:
    with pytest.raises(Implausible):
        made()  # type: ignore[operator]  # each makes one value


def test_hedges_g_points_where_the_means_point() -> None:
    assert hedges_g(Measured(-15, 10, 30), Measured(-7, 11, 30)).yi < 0


def test_counts_of_nothing_are_not_pooled() -> None:
    none = [(Counted(0, 10), Counted(0, 10))]
    for measure in (Measure.OR, Measure.RR, Measure.PETO):
        with pytest.raises(Implausible):
            stratified(none, measure)
    with pytest.raises(Implausible, match="OR, RR, RD, PETO"):
        stratified(none, Measure.MD)


def test_a_trial_without_events_counts_in_nothing_but_the_people() -> None:
    pairs = [(Counted(3, 10), Counted(5, 10)), (Counted(0, 10), Counted(0, 10))]
    assert stratified(pairs, Measure.OR).k == 1
    assert stratified(pairs, Measure.RD).k == 2


def test_what_a_measure_is_of_is_known() -> None:
    assert {one for one in Measure if one.is_single} == {Measure.PLO, Measure.PFT, Measure.PR}
    assert {one for one in Measure if one.is_ratio} == {
        Measure.OR,
        Measure.RR,
        Measure.PETO,
        Measure.HR,
    }
    assert {one for one in Measure if not one.is_counted} == {
        Measure.MD,
        Measure.SMD,
        Measure.HR,
    }
