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
    LATITUDE,
    POOLED,
    far,
    metafor,
    stays,
    studies,
    tight,
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
    effects, said = studies(name), metafor()[name]["confint_REML_Qprofile"]
    found, free = q_profile(effects), len(effects.y) - 1
    for bound, probability in zip(found.tau2, (0.975, 0.025), strict=True):
        q = float(effects.look(np.asarray(bound)).rss)
        assert isclose(q, chi_squared_quantile(probability, free), rel_tol=1e-12)
    fit = pool(effects)
    assert not [key for key in ("tau2", "I2", "H2") if far(getattr(fit, key), said[key][0])]
    assert not far(np.sqrt(fit.tau2), said["tau"][0])


@pytest.mark.parametrize("name", POOLED)
def test_the_interval_of_the_variance_agrees_to_the_eighth_digit(name: str) -> None:
    found, said = q_profile(studies(name)), tight()["q_profile"][name]
    ours: dict[str, tuple[float, float]] = {
        "tau": (found.tau2[0] ** 0.5, found.tau2[1] ** 0.5),
        "tau2": found.tau2,
        "I2": found.I2,
        "H2": found.H2,
    }
    assert ours.keys() == said.keys()
    for key, bounds in ours.items():
        assert not [pair for pair in zip(bounds, said[key], strict=True) if far(*pair)], key


def by_latitude(model: str) -> Explained:
    effects = studies("dat.bcg_RR")
    x = np.column_stack([np.ones(13), np.asarray(LATITUDE, dtype=float)])
    method, test = model.split("_")
    return regression(
        Regression(effects.y, effects.v, x),
        ("intercept", "latitude"),
        method=Method(method),
        test=Test(test),
    )


REGRESSIONS = metafor()["dat.bcg_RR_metareg_ablat"]
TIGHT = tight()["latitude"]


def differing(found: Explained, said: dict[str, object]) -> list[str]:
    off = []
    for key, value in said.items():
        if key in {"method", "test"}:
            assert getattr(found, key) == value
        elif isinstance(value, list):
            pairs = zip(found.coefficients, value, strict=True)
            off += [key for one, theirs in pairs if far(getattr(one, key), theirs)]
        elif far(getattr(found, key), value):
            off.append(key)
    return off


def test_each_regression_that_needed_a_tighter_rule_has_it() -> None:
    assert {name.partition("_")[0] for name in REGRESSIONS.keys() - TIGHT} == {"DL"}
    assert TIGHT.keys() <= REGRESSIONS.keys()


@pytest.mark.parametrize("model", sorted(REGRESSIONS))
def test_the_effect_of_latitude_agrees(model: str) -> None:
    said = dict(TIGHT[model] if model in TIGHT else REGRESSIONS[model])
    assert not differing(by_latitude(model), said)


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
    effects = studies("dat.bcg_RR")
    found = subgroups(effects.y, effects.v, ALLOCATION, test=Test.Z)
    assert not differing(found, dict(tight()["allocation"]["REML_z"]))


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
