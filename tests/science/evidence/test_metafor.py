"""Every number that metafor gave for six well-known data sets."""

from itertools import count
from math import isclose

import numpy as np
import pytest

from lysglimt.science.evidence.bias import begg, egger, egger_mixed, trim_and_fill
from lysglimt.science.evidence.distributions import chi_squared_quantile
from lysglimt.science.evidence.effect_sizes import (
    OF_COUNTS,
    OF_MEANS,
    Measure,
)
from lysglimt.science.evidence.heterogeneity import Method
from lysglimt.science.evidence.pooling import Test, pool, q_profile
from lysglimt.science.evidence.regression import (
    Explained,
    Regression,
    regression,
    se_of_tau2,
    subgroups,
)
from lysglimt.science.evidence.sensitivity import (
    cumulative,
    fail_safe,
    influence,
    leave_one_out,
)
from lysglimt.science.evidence.stratified import stratified

from .known import (
    ALLOCATION,
    EXACT,
    LATITUDE,
    POOLED,
    far,
    metafor,
    stays,
    studies,
    vaccinated,
)

MODELS = sorted(metafor()["dat.bcg_RR"]["models"])


def test_all_that_was_calculated_is_compared() -> None:
    assert len(POOLED) == 6
    assert len(MODELS) == 25
    assert all(sorted(metafor()[name]["models"]) == MODELS for name in POOLED)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("name", POOLED)
def test_a_pool_agrees_to_the_eighth_digit(name: str, model: str) -> None:
    method, test = model.split("_")
    effects = studies(name)
    fit = pool(effects, method=Method(method), test=Test(test))
    alone = Regression(effects.y, effects.v, np.ones((fit.k, 1)))
    ours = {
        "p": 1,
        "QM": fit.stat**2,
        "QMp": fit.pval,
        "R2": None,
        "se_tau2": se_of_tau2(alone, fit.method, fit.tau2),
    }
    theirs = dict(metafor()[name]["models"][model])
    assert (theirs.pop("method"), theirs.pop("test")) == (fit.method, fit.test)
    if method == "FE":
        theirs["tau2"], ours["tau2"] = 0, fit.tau2
    off = {
        key: (found, value)
        for key, value in theirs.items()
        if far(found := ours[key] if key in ours else getattr(fit, key), value)
    }
    assert not off


@pytest.mark.parametrize("name", POOLED)
def test_leaving_out_and_adding_up_agree(name: str) -> None:
    effects, theirs = studies(name), metafor()[name]
    for found, said in (
        (leave_one_out(effects), theirs["leave1out_REML"]),
        (cumulative(effects), theirs["cumulative_REML"]),
        (influence(effects), theirs["influence_REML"]),
    ):
        for key, values in said.items():
            pairs = zip(getattr(found, key), values, strict=True)
            # A variance that the reference left at 1e-14 is none.
            assert not [(key, one) for one in pairs if far(*one, floor=1e-13)]


@pytest.mark.parametrize("name", POOLED)
def test_the_tests_for_small_studies_agree(name: str) -> None:
    effects, theirs = studies(name), metafor()[name]
    line, mixed, rank = egger(effects), egger_mixed(effects), begg(effects)
    said = theirs["egger_lm"]
    assert not [
        pair
        for pair in (
            (line.stat, said["t"]),
            (line.df, said["df"]),
            (line.pval, said["p"]),
            (line.limit, said["b"]),
            (mixed.stat, theirs["egger_rma_REML"]["z"]),
            (mixed.pval, theirs["egger_rma_REML"]["p"]),
            (mixed.limit, theirs["egger_rma_REML"]["b"]),
            (rank.tau, theirs["begg"]["tau"]),
            (rank.pval, theirs["begg"]["p"]),
            (fail_safe(effects), theirs["fsn_rosenthal"]),
        )
        if far(*pair)
    ]


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("estimator", ["L0", "R0"])
@pytest.mark.parametrize("name", POOLED)
def test_trim_and_fill_agrees(name: str, estimator: str, side: str) -> None:
    said = dict(metafor()[name][f"trimfill_DL_{estimator}_{side}"])
    found = trim_and_fill(studies(name), side=side, estimator=estimator)
    assert (found.k0, found.side) == (said.pop("k0"), said.pop("side"))
    assert not [key for key, value in said.items() if far(getattr(found.fit, key), value)]


@pytest.mark.parametrize("name", POOLED)
def test_the_interval_of_the_variance_is_where_q_meets_its_quantiles(name: str) -> None:
    """The reference stopped early here: ours is held to the equation, theirs to ours."""
    effects, said = studies(name), metafor()[name]["confint_REML_Qprofile"]
    found, free = q_profile(effects), len(effects.y) - 1
    for bound, probability in zip(found.tau2, (0.975, 0.025), strict=True):
        q = float(effects.look(np.asarray(bound)).rss)
        assert isclose(q, chi_squared_quantile(probability, free), rel_tol=1e-12)
    for key in ("tau2", "I2", "H2"):
        ours, theirs = getattr(found, key), said[key][1:]
        assert not [p for p in zip(ours, theirs, strict=True) if far(*p, within=2e-3)]
    fit = pool(effects)
    assert not [key for key in ("tau2", "I2", "H2") if far(getattr(fit, key), said[key][0])]
    assert not far(np.sqrt(fit.tau2), said["tau"][0])
    typical = float(fit.tau2 / (fit.H2 - 1))
    for tau2, tau, i2, h2 in list(
        zip(*(said[key] for key in ("tau2", "tau", "I2", "H2")), strict=True)
    )[1:]:
        assert not far(np.sqrt(tau2), tau)
        assert not far(100 * tau2 / (tau2 + typical), i2)
        assert not far(tau2 / typical + 1, h2)


def by_latitude(model: str, tau2: float | None = None) -> Explained:
    effects = studies("dat.bcg_RR")
    x = np.column_stack([np.ones(13), np.asarray(LATITUDE, dtype=float)])
    method, test = model.split("_")
    return regression(
        Regression(effects.y, effects.v, x),
        ("intercept", "latitude"),
        method=Method(method),
        test=Test(test),
        tau2=tau2,
    )


REGRESSIONS = metafor()["dat.bcg_RR_metareg_ablat"]
LOOSE = {"REML", "ML", "PM"}
"""By these the reference stopped at the package's usual rule (tests/reference/evidence.md)."""


def differing(found: Explained, said: dict[str, object], *, within: float = EXACT) -> list[str]:
    off = []
    for key, value in said.items():
        if key in {"method", "test"}:
            assert getattr(found, key) == value
        elif isinstance(value, list):
            pairs = zip(found.coefficients, value, strict=True)
            off += [key for one, theirs in pairs if far(getattr(one, key), theirs, within)]
        elif far(getattr(found, key), value, within):
            off.append(key)
    return off


@pytest.mark.parametrize("model", sorted(REGRESSIONS))
def test_the_effect_of_latitude_agrees(model: str) -> None:
    said, method = dict(REGRESSIONS[model]), model.partition("_")[0]
    if method not in LOOSE:
        assert not differing(by_latitude(model), said)
        return
    # With the variance at which the reference stopped, every other number is the same.
    share = said.pop("R2")
    assert not differing(by_latitude(model, said["tau2"]), said)
    # And it stopped near the solution.
    assert not differing(by_latitude(model), said | {"R2": share}, within=3e-3)


@pytest.mark.parametrize("method", [Method.REML, Method.ML, Method.PM])
def test_the_variance_of_a_regression_solves_its_equation(method: Method) -> None:
    tau2 = by_latitude(f"{method}_z").tau2
    effects = studies("dat.bcg_RR")
    x = np.column_stack([np.ones(13), np.asarray(LATITUDE, dtype=float)])
    look = Regression(effects.y, effects.v, x).look(np.asarray(tau2))
    left, right = {
        Method.REML: (look.slope, look.trace),
        Method.ML: (look.slope, look.w1),
        Method.PM: (look.rss, np.asarray(11.0)),
    }[method]
    assert isclose(float(left), float(right), rel_tol=1e-12)


def test_the_groups_by_allocation_agree() -> None:
    effects, said = studies("dat.bcg_RR"), dict(metafor()["dat.bcg_RR_subgroup_alloc"])
    found = subgroups(effects.y, effects.v, ALLOCATION, test=Test.Z)
    assert not differing(found, said, within=1e-3)
    alone = [
        np.asarray([float(one == name) for one in ALLOCATION])
        for name in sorted(set(ALLOCATION))
    ]
    x = np.column_stack([np.ones(13), *alone[1:]])
    fixed = regression(
        Regression(effects.y, effects.v, x), "abc", test=Test.Z, tau2=float(said["tau2"])
    )
    assert not differing(fixed, said)


@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_effects_of_counts_agree(measure: str) -> None:
    said = metafor()[f"dat.bcg_{measure}"]
    for number, pair in zip(count(), vaccinated(), strict=False):
        effect = OF_COUNTS[Measure(measure)](*pair)
        assert not far(effect.yi, said["yi"][number])
        assert not far(effect.vi, said["vi"][number])


@pytest.mark.parametrize("measure", ["MD", "SMD"])
def test_effects_of_means_agree(measure: str) -> None:
    said = metafor()[f"dat.normand1999_{measure}"]
    for number, pair in zip(count(), stays(), strict=False):
        effect = OF_MEANS[Measure(measure)](*pair)
        assert not far(effect.yi, said["yi"][number])
        assert not far(effect.vi, said["vi"][number])


@pytest.mark.parametrize("measure", ["OR", "RR", "RD", "PETO"])
def test_mantel_haenszel_and_peto_agree(measure: str) -> None:
    said = metafor()["dat.bcg_MH"][measure]
    found = stratified(vaccinated(), Measure(measure))
    assert not [key for key, value in said.items() if far(getattr(found, key), value)]
