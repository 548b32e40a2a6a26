"""What published pools say, recomputed from the shipped table: checks that hold exactly."""

import json
from math import exp, sqrt

import pytest

from lysglimt.science.evidence.arms import Counted
from lysglimt.science.evidence.distributions import half_width
from lysglimt.science.evidence.effect_sizes import odds_ratio
from lysglimt.science.evidence.heterogeneity import Method
from lysglimt.science.evidence.pooling import Test, checked, pool
from lysglimt.science.evidence.pools import Pool, pooled
from lysglimt.science.evidence.questions import query
from lysglimt.science.evidence.sensitivity import leave_one_out
from lysglimt.science.evidence.trial_rows import shipped

NASAL = "intervention=in_esketamine control=oral_antidepressant timepoint=4wk"
FOUR = "trials=fedgchin2019_transform1|popova2019_transform2|ochsross2020_transform3|chen2023_tr3006"


def asked(text: str, **how: object) -> Pool:
    return pooled(shipped(), query(text), **how)  # type: ignore[arg-type]  # handed on as given


def test_transform_1_and_2_together_count_as_turkoz_did() -> None:
    found = asked(
        f"{NASAL} outcome=response measure=RR trials=fedgchin2019_transform1|popova2019_transform2"
    )
    treated = [tuple(map(int, one.treated.split("/"))) for one in found.studies]
    controls = [tuple(map(int, one.controls.split("/"))) for one in found.studies]
    assert tuple(map(sum, zip(*treated, strict=True))) == (182, 310)
    assert tuple(map(sum, zip(*controls, strict=True))) == (94, 208)


def test_grunebaum_is_reproduced() -> None:
    found = asked(
        "intervention=iv_racemic_ketamine control=midazolam outcome=ideation-response "
        "timepoint=24h measure=OR"
    )
    assert [one.study for one in found.studies] == ["grunebaum2018"]
    assert found.fit is not None
    assert round(exp(found.fit.estimate), 2) == 2.85


def test_dropouts_in_the_cochrane_review_are_reproduced() -> None:
    effect = odds_ratio(Counted(2, 47), Counted(3, 25))
    reach = half_width(None) * effect.se
    said = [round(exp(value), 2) for value in (effect.yi, effect.yi - reach, effect.yi + reach)]
    assert said == [0.33, 0.05, 2.09]


def test_nasal_esketamine_at_four_weeks_is_reproduced() -> None:
    found = asked(
        f"{NASAL} outcome=change measure=MD {FOUR}", method=Method.PM, test=Test.ADHOC
    )
    fit = found.fit
    assert fit is not None
    assert fit.k == 4
    assert [round(v, 4) for v in (fit.estimate, fit.ci_lb, fit.ci_ub)] == [
        -3.3436,
        -6.0691,
        -0.6180,
    ]


def test_without_any_one_trial_that_interval_crosses_zero() -> None:
    found = asked(
        f"{NASAL} outcome=change measure=MD {FOUR}", method=Method.PM, test=Test.ADHOC
    )
    for left in found.studies:
        rest = [one for one in found.studies if one is not left]
        fit = pool(
            checked([one.yi for one in rest], [one.vi for one in rest]),
            method=Method.PM,
            test=Test.ADHOC,
        )
        assert fit.ci_lb < 0 < fit.ci_ub
    assert len(leave_one_out(found.effects).estimate) == 4


def test_the_japanese_trial_that_found_nothing_is_in_unless_it_is_asked_away() -> None:
    whole = asked(f"{NASAL} outcome=change measure=MD", method=Method.PM, test=Test.ADHOC)
    assert whole.fit is not None
    assert "takahashi2021" in {one.study for one in whole.studies}
    assert (whole.fit.k, round(whole.fit.estimate, 2)) == (5, -2.67)


def test_aspire_1_and_2_are_reproduced() -> None:
    fit = pool(checked([-3.8, -3.9], [1.39**2, 1.39**2]), method=Method.FE, test=Test.Z)
    assert [round(v, 2) for v in (fit.estimate, fit.ci_lb, fit.ci_ub)] == [-3.85, -5.78, -1.92]
    assert fit.se == pytest.approx(1.39 / sqrt(2))


def test_esketamine_response_is_as_in_bahji_2021() -> None:
    fit = asked(f"{NASAL} outcome=response measure=RR", method=Method.DL, test=Test.Z).fit
    assert fit is not None
    assert round(exp(fit.estimate), 2) == 1.38


def test_abbar_is_reproduced_from_the_counts_that_fit_its_percentages() -> None:
    found = asked(
        "intervention=iv_racemic_ketamine control=saline outcome=ideation-remission "
        "timepoint=3d measure=OR"
    )
    assert found.fit is not None
    assert (found.studies[0].treated, found.studies[0].controls) == ("46/73", "25/79")
    assert round(exp(found.fit.estimate), 2) == 3.68


def test_nothing_shipped_is_called_memory() -> None:
    said = json.dumps([dict(row.cells) for row in shipped()]).casefold()
    assert "memory" not in said
    assert len(shipped()) == 107
