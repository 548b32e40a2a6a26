"""What must hold for any trials at all: sign, scale, order, splitting a study."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.science.evidence.heterogeneity import Method, Studies, between
from lysglimt.science.evidence.network import Contrast, Network, p_scores
from lysglimt.science.evidence.pooling import Fit, Test, checked, pool, q_profile
from lysglimt.science.evidence.regression import (
    Regression,
    regression,
    se_of_tau2,
    subgroups,
)
from lysglimt.science.evidence.sensitivity import cumulative, leave_one_out, many
from lysglimt.science.evidence.stratified import stratified

from .known import vaccinated

effects = st.lists(
    st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=3, max_size=12
).map(lambda pairs: checked([one[0] for one in pairs], [one[1] for one in pairs]))
methods = st.sampled_from(Method)
REL, ABS = 1e-6, 1e-7


def same(one: float, other: float) -> bool:
    return one == pytest.approx(other, rel=REL, abs=ABS)


def said(fit: Fit) -> tuple[float, ...]:
    return (fit.estimate, fit.se, fit.tau2, fit.I2, fit.QE)


@given(effects, methods)
def test_turning_every_sign_turns_the_estimate_and_nothing_else(
    one: Studies, method: Method
) -> None:
    there, back = (
        pool(studies, method=method, test=Test.Z) for studies in (one, Studies(-one.y, one.v))
    )
    assert same(back.estimate, -there.estimate)
    assert same(back.ci_lb, -there.ci_ub)
    assert all(map(same, said(back)[1:], said(there)[1:]))


@given(effects, methods, st.floats(0.1, 10))
def test_another_unit_stretches_the_estimate_and_leaves_the_shares(
    one: Studies, method: Method, factor: float
) -> None:
    there = pool(one, method=method, test=Test.Z)
    stretched = pool(Studies(factor * one.y, factor**2 * one.v), method=method, test=Test.Z)
    assert same(stretched.estimate, factor * there.estimate)
    assert same(stretched.se, factor * there.se)
    assert stretched.tau2 == pytest.approx(factor**2 * there.tau2, rel=1e-6, abs=1e-6)
    assert abs(stretched.I2 - there.I2) < 1e-4


@given(effects, methods, st.randoms())
def test_the_order_of_trials_is_nothing(one: Studies, method: Method, dice: object) -> None:
    order = list(range(len(one.y)))
    dice.shuffle(order)  # type: ignore[attr-defined]  # a random.Random of hypothesis
    there = pool(one, method=method, test=Test.Z)
    mixed = pool(Studies(one.y[order], one.v[order]), method=method, test=Test.Z)
    assert all(map(same, said(mixed), said(there)))


@given(effects, st.integers(0, 2), st.integers(2, 5))
def test_a_study_split_in_equal_parts_weighs_the_same(
    one: Studies, which: int, parts: int
) -> None:
    """With a common effect: k parts with k times the variance are one study."""
    y = np.concatenate([np.delete(one.y, which), np.repeat(one.y[which], parts)])
    v = np.concatenate([np.delete(one.v, which), np.repeat(one.v[which] * parts, parts)])
    whole, split = (pool(s, method=Method.FE, test=Test.Z) for s in (one, Studies(y, v)))
    assert same(split.estimate, whole.estimate)
    assert same(split.se, whole.se)
    assert same(split.QE, whole.QE)


@given(effects, methods)
def test_the_estimate_lies_among_the_trials(one: Studies, method: Method) -> None:
    fit = pool(one, method=method, test=Test.Z)
    assert one.y.min() - 1e-9 <= fit.estimate <= one.y.max() + 1e-9
    assert fit.tau2 >= 0
    assert 0 <= fit.I2 <= 100


@given(effects, methods.filter(lambda m: m is not Method.FE))
def test_the_floored_interval_is_never_the_narrower(one: Studies, method: Method) -> None:
    assume(np.ptp(one.y) > 1e-6)
    plain, floored = (pool(one, method=method, test=test) for test in (Test.KNHA, Test.ADHOC))
    assert floored.ci_ub - floored.ci_lb >= plain.ci_ub - plain.ci_lb - 1e-12
    assert floored.pi_lb is not None
    assert floored.pi_ub is not None
    assert floored.pi_lb <= floored.ci_lb + 1e-12 <= floored.ci_ub <= floored.pi_ub + 1e-12


@given(effects, methods)
def test_a_regression_on_nothing_is_a_pool(one: Studies, method: Method) -> None:
    there = pool(one, method=method, test=Test.Z)
    ones = np.ones((len(one.y), 1))
    found = regression(Regression(one.y, one.v, ones), ["mean"], method=method, test=Test.Z)
    [mean] = found.coefficients
    assert same(mean.estimate, there.estimate)
    assert same(mean.se, there.se)
    assert found.tau2 == pytest.approx(there.tau2, rel=1e-5, abs=1e-6)
    assert found.QM == 0


@given(effects)
def test_left_out_one_by_one_is_as_pooled_without_it(one: Studies) -> None:
    found = leave_one_out(one)
    for number in range(len(one.y)):
        rest = Studies(np.delete(one.y, number), np.delete(one.v, number))
        alone = pool(rest, test=Test.Z)
        assert same(found.estimate[number], alone.estimate)
        assert found.tau2[number] == pytest.approx(alone.tau2, rel=1e-5, abs=1e-6)


def test_of_two_tops_the_same_is_found_alone_and_among_many() -> None:
    """Without the first the likelihood has a top at 0 and a higher one beyond a shallow valley."""
    y = [*[0.0] * 7, 0.001953125, 1.578125, 2.65625, 0.9009511025068946, -2.671875]
    v = [
        1,
        1.5,
        1.5,
        1.5625,
        0.375,
        0.375,
        0.1796875,
        1.71875,
        0.9296875,
        1.1875,
        1.578125,
        1.15625,
    ]
    alone = between(checked(y[1:], v[1:]), Method.REML)
    assert float(alone) == pytest.approx(0.15132244246, abs=1e-9)
    assert leave_one_out(checked(y, v)).tau2[0] == pytest.approx(float(alone), rel=1e-9)


@given(effects)
def test_the_last_of_the_growing_pools_is_the_pool(one: Studies) -> None:
    found, whole = cumulative(one), pool(one, test=Test.Z)
    assert same(found.estimate[-1], whole.estimate)
    assert same(found.estimate[0], one.y[0])
    assert (found.tau2[0], found.Q[0]) == (0, 0)


@given(effects)
def test_the_interval_of_the_variance_is_in_order(one: Studies) -> None:
    low, high = q_profile(one).tau2
    assert 0 <= low <= high


def test_one_trial_is_its_own_pool() -> None:
    fit = pool(checked([0.4], [0.09]))
    assert (fit.estimate, fit.tau2, fit.QE, fit.QEp, fit.I2, fit.H2) == (0.4, 0, 0, 1, 0, 1)
    assert fit.se == pytest.approx(0.3)
    assert (fit.test, fit.pi_lb) == (Test.Z, None)


def test_equal_trials_do_not_differ() -> None:
    fit = pool(checked([0.5] * 4, [0.1] * 4), method=Method.FE)
    assert (fit.I2, fit.QE) == (0, 0)
    assert fit.test is Test.Z


def test_with_two_trials_knapp_hartung_is_refused_and_not_used() -> None:
    two = checked([0.1, 0.9], [0.1, 0.1])
    for test in (Test.KNHA, Test.ADHOC):
        with pytest.raises(Implausible, match="with 2 studies"):
            pool(two, test=test)
    assert pool(two).test is Test.Z


@pytest.mark.parametrize(
    "effect",
    [
        pytest.param(0.5, id="whose sums are exact"),
        pytest.param(0.3, id="whose sums are rounded"),
        pytest.param(0.0, id="none at all"),
    ],
)
def test_trials_that_are_all_alike_have_no_knapp_hartung_interval(effect: float) -> None:
    alike = checked([effect] * 3, [0.1, 0.2, 0.3])
    assert pool(alike).test is Test.ADHOC
    with pytest.raises(Implausible, match="all effects are the same"):
        pool(alike, test=Test.KNHA)
    x = np.column_stack([np.ones(4), np.arange(4.0)])
    line = Regression(np.arange(4.0), np.ones(4), x)
    with pytest.raises(Implausible, match="the line itself"):
        regression(line, "ab", test=Test.KNHA)


def test_a_common_effect_has_no_knapp_hartung() -> None:
    with pytest.raises(Implausible, match="common effect"):
        pool(checked([1, 2, 3], [1, 1, 1]), method=Method.FE, test=Test.KNHA)


@pytest.mark.parametrize(
    ("yi", "vi", "named"),
    [
        pytest.param([1, 2], [1, 0], "vi 2", id="no variance"),
        pytest.param([1, float("nan")], [1, 1], "yi 2", id="no number"),
        pytest.param([1, 2], [1, float("inf")], "vi 2", id="infinite"),
        pytest.param([1], [1, 2], "yi, vi", id="unequal"),
        pytest.param([], [], "yi, vi", id="nothing"),
    ],
)
def test_what_is_no_effect_is_refused_by_its_place(
    yi: list[float], vi: list[float], named: str
) -> None:
    with pytest.raises(Implausible, match=named):
        checked(yi, vi)


def test_too_few_for_what_is_asked_is_refused() -> None:
    one = checked([1], [1])
    for ask in (q_profile, leave_one_out):
        with pytest.raises(Implausible, match="2 studies"):
            ask(one)


def test_a_pool_of_one_in_a_row_of_pools_has_a_common_effect_too() -> None:
    found = many(Studies(np.asarray([[1.0, 2]]), np.asarray([[1.0, np.inf]])), Method.FE)
    assert (found.estimate[0], found.I2[0]) == (1, 0)


def test_a_regression_needs_more_trials_than_coefficients() -> None:
    with pytest.raises(Implausible, match="more than 2 studies"):
        regression(Regression(np.ones(2), np.ones(2), np.eye(2)), "ab", test=Test.Z)


def test_columns_that_say_the_same_are_refused() -> None:
    x = np.column_stack([np.ones(5), np.ones(5)])
    with pytest.raises(Implausible, match="different things"):
        regression(Regression(np.arange(5.0), np.ones(5), x), "ab")


def test_a_common_effect_by_groups_names_no_variance() -> None:
    y, v = np.asarray([0.1, 0.2, 0.9, 1.1]), np.full(4, 0.1)
    found = subgroups(y, v, ["a", "a", "b", "b"], method=Method.FE, test=Test.Z)
    assert (found.tau2, found.se_tau2, found.R2) == (0, None, None)
    assert found.QMp < 0.05


def test_groups_explain_nothing_where_nothing_differs() -> None:
    y, v = np.asarray([0.1, 0.1, 0.1, 0.1]), np.full(4, 0.1)
    assert subgroups(y, v, ["a", "a", "b", "b"], test=Test.Z).R2 is None
    alone = Regression(y[:1], v[:1], np.ones((1, 1)))
    assert se_of_tau2(alone, Method.REML, 0.0) is None


def test_a_variance_that_never_settles_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lysglimt.science.evidence.heterogeneity.QUICK", 0)
    monkeypatch.setattr("lysglimt.science.evidence.heterogeneity.ROUNDS", 1)
    with pytest.raises(Implausible, match="settles"):
        between(checked([1, 2, 9], [0.1, 0.5, 2]), Method.REML)


@given(effects, st.sampled_from([Method.REML, Method.ML, Method.PM]))
def test_between_bounds_a_top_is_found_too(one: Studies, method: Method) -> None:
    """The slow way, which is taken where quick steps go to and fro, ends on a top like them."""
    for quick in (60, 0):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("lysglimt.science.evidence.heterogeneity.QUICK", quick)
            tau2 = float(between(one, method))
        look = one.look(np.asarray(tau2))
        left, right = {
            Method.REML: (look.slope, look.trace),
            Method.ML: (look.slope, look.w1),
            Method.PM: (look.rss, one.free),
        }[method]
        rise = float((left - right) / right)
        assert abs(rise) < 1e-9 if tau2 else rise < 1e-9


def test_where_quick_steps_creep_the_top_is_found_all_the_same() -> None:
    one = checked([0, 0, -2.9375, -0.625], [1 / 3, 0.015625, 1.53125, 2])
    tau2 = between(one, Method.REML)
    look = one.look(tau2)
    assert tau2 > 0
    assert float(look.slope) == pytest.approx(float(look.trace), rel=1e-12)


def test_of_two_tops_the_more_likely_is_taken() -> None:
    """Three trials alike and one far off: by steps alone one would end on either."""
    low = checked([0, 0, 0, 1.5], [1, 0.03125, 0.03125, 0.34375])
    far = checked([0, 0, 0, 2.5], [1, 0.03125, 0.03125, 0.34375])
    found = [float(between(one, Method.REML)) for one in (low, far)]
    for one, tau2 in zip((low, far), found, strict=True):
        ladder = np.concatenate([[0.0], np.geomspace(1e-4, 10, 400)])
        depths = [float(one.depth(np.asarray(step), restricted=True)) for step in ladder]
        assert float(one.depth(np.asarray(tau2), restricted=True)) <= min(depths) + 1e-9


def test_splitting_a_trial_in_two_halves_leaves_mantel_haenszel_nearly_alone() -> None:
    from lysglimt.science.evidence.effect_sizes import Measure  # noqa: PLC0415 - this test alone

    pairs = vaccinated()
    turned = [(other, one) for one, other in pairs]
    for measure in (Measure.OR, Measure.RR, Measure.RD, Measure.PETO):
        there, back = stratified(pairs, measure), stratified(turned, measure)
        assert back.estimate == pytest.approx(-there.estimate)
        assert back.se == pytest.approx(there.se)


contrasts = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.floats(-2, 2), st.floats(0.1, 1)),
    min_size=2, max_size=12,
).map(lambda rows: [Contrast(str(n), one, two, te, se) for n, (one, two, te, se) in enumerate(rows) if one != two])  # fmt: skip


def linked(rows: list[Contrast]) -> Network | None:
    try:
        return Network.of(rows)
    except Implausible:
        return None


@given(contrasts)
def test_a_network_reads_the_same_from_both_sides(rows: list[Contrast]) -> None:
    network = linked(rows)
    turned = linked([Contrast(r.study, r.treat2, r.treat1, -r.te, r.se) for r in rows])
    assert (network is None) is (turned is None)
    if network is None or turned is None:
        return
    there, back = network.compared(network.tau2), turned.compared(turned.tau2)
    assert there.te == pytest.approx(back.te, rel=REL, abs=ABS)
    assert there.te == pytest.approx(-there.te.T)
    assert there.te[0, 1:] + there.te[1:, -1] == pytest.approx(there.te[0, -1])
    scores = p_scores(network, there, small_is_good=True)
    assert sum(scores.values()) == pytest.approx(len(scores) / 2)
    other = p_scores(network, there, small_is_good=False)
    assert [1 - scores[name] for name in scores] == pytest.approx(list(other.values()))


@given(effects)
def test_a_network_of_two_treatments_is_a_pool(one: Studies) -> None:
    network = Network.of(
        [
            Contrast(str(n), "a", "b", y, np.sqrt(v))
            for n, (y, v) in enumerate(zip(one.y, one.v, strict=True))
        ]
    )
    fit = pool(one, method=Method.DL, test=Test.Z)
    found = network.compared(network.tau2)
    assert same(network.tau2, fit.tau2)
    assert same(found.te[0, 1], fit.estimate)
    assert same(found.se[0, 1], fit.se)
