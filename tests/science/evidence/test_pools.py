"""A question to the table: what answers it, what is left out and why, and what a new trial does."""

from dataclasses import replace
from math import isclose

import numpy as np
import pytest

from lysglimt.knowledge.errors import Implausible, Unknown
from lysglimt.science.evidence.heterogeneity import Method
from lysglimt.science.evidence.pooling import Test
from lysglimt.science.evidence.pools import (
    Pool,
    difference,
    pooled,
    snapshot,
)
from lysglimt.science.evidence.questions import Outcome, query
from lysglimt.science.evidence.trial_rows import Row, rows_of, shipped

from .test_traps import CONTROL, GOOD, sheet

DAY_ONE = "intervention=iv_racemic_ketamine control=midazolam|saline outcome=response timepoint=24h measure=OR"
NASAL = "intervention=in_esketamine control=oral_antidepressant outcome=response timepoint=4wk measure=RR"


def reasons(found: Pool) -> dict[str, set[str]]:
    """By trial."""
    said: dict[str, set[str]] = {}
    for one in found.set_aside:
        said.setdefault(one.row.partition(" | ")[0], set()).add(one.reason)
    return said


def added(*rows: dict[str, str]) -> tuple[Row, ...]:
    return (*shipped(), *sheet(*rows).rows)


@pytest.mark.parametrize(
    ("text", "trial", "reason"),
    [
        pytest.param(DAY_ONE, "grunebaum2018", "other-construct", id="4: ideation is not depression"),
        pytest.param(DAY_ONE, "nimh_meg_PMC10810879", "crossover", id="4, 7: and its threshold is 30 %"),
        pytest.param(DAY_ONE, "zarate2006", "crossover", id="7: paired counts"),
        pytest.param(DAY_ONE, "downey2016", "no-figures", id="seen as a design only"),
        pytest.param(
            "intervention=in_esketamine control=placebo_spray outcome=change timepoint=24h measure=MD",
            "daly2018", "least-squares", id="6: not the arm's own mean",
        ),
        pytest.param(
            "intervention=in_esketamine control=oral_antidepressant outcome=change "
            "timepoint=follow-up_relapse|4wk measure=MD scale=HDRS",
            "takahashi2021", "other-scale", id="another scale",
        ),
        pytest.param(
            "intervention=iv_racemic_ketamine control=ect outcome=response timepoint=end_of_course measure=RR",
            "basso2020", "not-randomised", id="9: not randomised",
        ),
        pytest.param(
            "intervention=iv_racemic_ketamine control=saline outcome=remission timepoint=7d measure=OR",
            "lii2023", "more-remission-than-response", id="10: 11 in remission of 7 responders",
        ),
        pytest.param(
            "intervention=iv_racemic_ketamine control=other outcome=response timepoint=24h measure=OR",
            "kudoh2002", "flagged", id="ketamine to begin anaesthesia",
        ),
        pytest.param(
            "intervention=iv_racemic_ketamine control=midazolam outcome=remission timepoint=end_of_course measure=OR",
            "jelovac2025_karmadep2", "undefined", id="what remission was is not said",
        ),
    ],
)  # fmt: skip
def test_a_row_is_left_out_for_its_reason(text: str, trial: str, reason: str) -> None:
    found = pooled(shipped(), query(text))
    assert reason in reasons(found)[trial]
    assert trial not in {one.study for one in found.studies}
    assert all(one.because.nb != one.because.en for one in found.set_aside)


def test_another_threshold_of_response_is_another_outcome() -> None:
    rows = added(GOOD | {"response_definition": ">=30% MADRS"}, CONTROL)
    assert reasons(pooled(rows, query(DAY_ONE)))["berg2030"] == {"other-threshold", "one-sided"}


def test_a_withdrawal_trial_answers_for_relapse_alone() -> None:
    withdrawal = GOOD | {"design": "randomised withdrawal", "relapsers": "12"}
    rows = added(
        withdrawal,
        withdrawal | {"arm_label": "saline", "intervention": "saline", "relapsers": "20"},
    )
    assert reasons(pooled(rows, query(DAY_ONE)))["berg2030"] == {"enriched-withdrawal"}
    relapse = pooled(rows, query(DAY_ONE.replace("=response", "=relapse")))
    assert [one.study for one in relapse.studies] == ["berg2030"]


def test_a_trial_among_responders_is_left_out() -> None:
    enriched = {"design": "parallel (enriched responders)"}
    rows = added(GOOD | enriched, CONTROL | enriched)
    assert reasons(pooled(rows, query(DAY_ONE)))["berg2030"] == {"enriched"}


def test_of_two_trials_with_the_same_people_the_larger_stays() -> None:
    pairs = [
        row | {"trial_id": trial, "nct": ""}
        for trial in ("li2016", "su2017")
        for row in (GOOD, CONTROL)
    ]
    for row in pairs[:2]:
        row |= {
            "n_randomised": "39",
            "n_analysed": "36",
            "responders": "18",
            "response_pct": "50",
            "timepoint": "24h",
        }
    pairs[1] |= {"responders": "9", "response_pct": "25"}
    found = pooled(sheet(*pairs).rows, query(DAY_ONE))
    assert [one.study for one in found.studies] == ["su2017"]
    assert reasons(found) == {"li2016": {"overlap"}}


def test_a_crossover_is_taken_where_its_correlation_is_stated() -> None:
    text = "intervention=iv_racemic_ketamine control=saline outcome=change timepoint=3d measure=SMD"
    assert reasons(pooled(shipped(), query(text)))["berman2000"] == {"crossover"}
    loose, close = (pooled(shipped(), query(f"{text} correlation={r}")) for r in ("0.2", "0.8"))
    assert [one.study for one in loose.studies] == ["berman2000"]
    assert loose.studies[0].vi > close.studies[0].vi


def test_a_trial_in_which_nobody_responded_says_nothing_of_a_ratio() -> None:
    none = {"responders": "0", "response_pct": "0", "remitters": "0"}
    rows = sheet(GOOD | none, CONTROL | none).rows
    found = pooled(rows, query(DAY_ONE))
    assert (found.fit, reasons(found)) == (None, {"berg2030": {"uninformative"}})
    assert pooled(rows, query(DAY_ONE.replace("OR", "RD"))).fit is not None


def test_without_an_answer_there_is_none() -> None:
    found = pooled((), query(NASAL))
    assert (found.studies, found.fit, found.floored) == ((), None, None)


def test_figures_without_their_people_or_their_spread_say_nothing() -> None:
    bare = {"n_randomised": "", "n_analysed": "", "response_pct": "", "remitters": ""}
    rows = sheet(GOOD | bare, CONTROL | bare).rows
    assert reasons(pooled(rows, query(DAY_ONE)))["berg2030"] == {"no-denominator"}
    text = DAY_ONE.replace("=response", "=change").replace("OR", "MD")
    rows = sheet(GOOD | {"change_sd": ""}, CONTROL | {"change_sd": ""}).rows
    assert reasons(pooled(rows, query(text)))["berg2030"] == {"no-figures"}


def test_uneven_loss_of_people_is_said() -> None:
    text = "intervention=iv_racemic_ketamine control=ect outcome=response timepoint=end_of_course measure=RR"
    [one] = pooled(shipped(), query(text)).studies
    assert any("98 % and 84 %" in said.en for said in one.cautions)
    assert any("QIDS-SR-16" in said.en for said in one.cautions)


def test_a_denominator_of_the_randomised_is_said() -> None:
    rows = sheet(
        *(row | {"n_analysed": "", "response_pct": ""} for row in (GOOD, CONTROL))
    ).rows
    [one] = pooled(rows, query(DAY_ONE)).studies
    assert one.treated == "19/40"
    assert any("those randomised" in said.en for said in one.cautions)


def test_an_unstated_definition_is_taken_when_asked_for_and_said() -> None:
    text = "intervention=iv_racemic_ketamine control=midazolam outcome=remission timepoint=end_of_course measure=OR"
    found = pooled(shipped(), query(f"{text} definition=any"))
    assert "jelovac2025_karmadep2" in {one.study for one in found.studies}
    assert any("not stated" in said.en for one in found.studies for said in one.cautions)


def test_a_share_of_one_arm_is_pooled() -> None:
    found = pooled(
        shipped(),
        query("intervention=in_esketamine outcome=response timepoint=4wk measure=PLO"),
    )
    assert found.fit is not None
    assert 0.3 < 1 / (1 + np.exp(-found.fit.estimate)) < 0.7
    assert all(one.controls == "" for one in found.studies)


def test_a_pool_has_one_name_and_the_same_figures_the_same_name() -> None:
    first, again = pooled(shipped(), query(NASAL)), pooled(shipped()[::-1], query(NASAL))
    assert first.hash == again.hash
    assert len(first.hash) == 64
    assert first.row_ids
    others = {
        pooled(shipped(), query(NASAL), method=Method.DL).hash,
        pooled(shipped(), query(NASAL), test=Test.Z).hash,
        pooled(shipped(), query(NASAL.replace("RR", "OR"))).hash,
    }
    assert len(others | {first.hash}) == 4


def test_the_same_question_in_another_order_is_the_same() -> None:
    turned = " ".join(reversed(NASAL.split()))
    assert str(query(turned)) == str(query(NASAL))
    assert query(str(query(NASAL))) == query(NASAL)


NEW = {
    "intervention": "in_esketamine", "arm_label": "in esketamine 84 + AD", "timepoint": "4wk",
}  # fmt: skip
NEW_CONTROL = {
    "intervention": "oral_antidepressant",
    "arm_label": "placebo + AD",
    "timepoint": "4wk",
}


def test_a_new_trial_shows_what_it_did_to_the_answer() -> None:
    before = pooled(shipped(), query(NASAL))
    after = pooled(added(GOOD | NEW, CONTROL | NEW_CONTROL), query(NASAL))
    said = [
        one.en for one in difference(snapshot(before), snapshot(after), after.query.measure)
    ]
    assert said[0] == "Trial added: berg2030"
    assert said[-1].startswith("Estimate: 1.38 (")
    assert said[-1].endswith("k = 4")
    back = difference(snapshot(after), snapshot(before), after.query.measure)
    assert back[0].nb == "Ikke lenger med: berg2030"


def test_changed_figures_and_another_version_are_said() -> None:
    one = snapshot(pooled(shipped(), query(NASAL)))
    other = replace(
        one,
        hash="x",
        version="9",
        effects=dict(one.effects) | {"popova2019_transform2": (0.0, 1.0)},
    )
    said = [text.en for text in difference(one, other, query(NASAL).measure)]
    assert said[:2] == [
        "Figures changed: popova2019_transform2",
        f"Version: {one.version} -> 9",
    ]


def test_the_same_pool_differs_in_nothing_and_another_question_is_not_compared() -> None:
    one = snapshot(pooled(shipped(), query(NASAL)))
    other = snapshot(pooled(shipped(), query(DAY_ONE)))
    assert difference(one, one, query(NASAL).measure) == ()
    with pytest.raises(Implausible):
        difference(one, other, query(NASAL).measure)
    empty = snapshot(pooled((), query(NASAL)))
    assert difference(empty, one, query(NASAL).measure)[-1].en.startswith("Estimate: - -> 1.38")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param(NASAL.replace("outcome", "outcom"), "'outcome'", id="a key"),
        pytest.param(
            NASAL.replace("in_esketamine", "in_esketamin"), "in_esketamine", id="a treatment"
        ),
        pytest.param(NASAL.replace("=response", "=respons"), "'response'", id="an outcome"),
        pytest.param(f"{NASAL} definition=some", "'stated'", id="a definition"),
    ],
)
def test_a_misspelt_question_is_refused_with_the_nearest_word(text: str, word: str) -> None:
    with pytest.raises(Unknown, match=word):
        query(text)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        pytest.param(NASAL.replace(" timepoint=4wk", ""), "timepoint=value", id="no time"),
        pytest.param(f"{NASAL} measure=OR", "once", id="twice"),
        pytest.param(NASAL.replace("RR", "MD"), "OR, RR, RD", id="a mean of counts"),
        pytest.param(NASAL.replace("=response", "=change"), "MD, SMD", id="a ratio of means"),
        pytest.param(NASAL.replace("RR", "PLO"), "no control", id="one arm beside a control"),
        pytest.param(
            NASAL.replace("control=oral_antidepressant ", ""), "a control", id="no control"
        ),
        pytest.param(
            NASAL.replace("oral_antidepressant", "in_esketamine"), "another", id="with itself"
        ),
        pytest.param(f"{NASAL} correlation=1.5", "between -1 and 1", id="no correlation"),
        pytest.param(f"{NASAL} correlation=high", "between -1 and 1", id="no number"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(text: str, allowed: str) -> None:
    with pytest.raises(Implausible) as refusal:
        query(text)
    assert allowed in str(refusal.value)


def test_events_and_people_are_those_of_both_arms() -> None:
    counted = pooled(shipped(), query(f"{NASAL} trials=popova2019_transform2")).counted
    assert counted is not None
    assert (counted[0].tolist(), counted[1].tolist()) == ([122.0], [201.0])
    means = NASAL.replace("=response", "=change").replace("RR", "MD")
    assert pooled(shipped(), query(means)).counted is None


def test_every_outcome_names_its_column() -> None:
    assert {one.column for one in Outcome} == {
        "responders",
        "remitters",
        "relapsers",
        "change",
        "endpoint",
    }


def test_arms_of_one_side_are_taken_as_one() -> None:
    found = pooled(shipped(), query(f"{NASAL} trials=fedgchin2019_transform1"))
    assert found.studies[0].treated == "112/209"
    assert isclose(found.studies[0].yi, np.log((112 / 209) / (42 / 108)))


def test_a_row_knows_itself_by_name_or_by_its_id() -> None:
    one, other = rows_of(
        [(2, {"trial_id": "x", "first_author": "Berg", "year": "2030"}), (3, {"trial_id": "x"})]
    )
    assert (one.name, other.name) == ("Berg 2030", "x")
