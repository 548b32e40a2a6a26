"""`lysglimt evidence`: the trial table, a pool, a network, as a user meets them."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from lysglimt.science.evidence.pools import pooled, snapshot
from lysglimt.science.evidence.questions import query
from lysglimt.science.evidence.trial_rows import COLUMNS, shipped
from tests.science.evidence.known import (
    LATITUDE,
    far,
    metafor,
    netmeta,
    stays,
    vaccinated,
)
from tests.science.evidence.test_traps import CONTROL, GOOD

from .commands import Ran, lysglimt

QUESTION = "intervention=in_esketamine control=oral_antidepressant outcome=response timepoint=4wk measure=RR"
JOINS = {
    "intervention": "in_esketamine",
    "arm_label": "in esketamine 84 + AD",
    "timepoint": "4wk",
}
BESIDE = {
    "intervention": "oral_antidepressant",
    "arm_label": "placebo + AD",
    "timepoint": "4wk",
}
JUDGED = """by = "Kari Berg"
on = 2030-01-02
""" + "".join(
    f'[[judgements]]\ndomain = "{domain}"\nconcern = "{concern}"\nbecause = "as seen"\n'
    for domain, concern in (
        ("risk-of-bias", "serious"),
        ("inconsistency", "none"),
        ("indirectness", "none"),
        ("imprecision", "serious"),
        ("publication-bias", "none"),
    )
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    found = metafor()["dat.bcg_RR"]
    effects = zip(found["yi"], found["vi"], LATITUDE, strict=True)
    lines = [
        f"{y!r},{v!r},t{n},{x},{'far' if x > 40 else 'near'}"
        for n, (y, v, x) in enumerate(effects)
    ]
    (tmp_path / "bcg.csv").write_text(
        "\n".join(["yi,vi,study,latitude,place", *lines]), "utf-8"
    )
    data = netmeta()["data"]
    columns = zip(
        *(data[key] for key in ("studlab", "treat1", "treat2", "TE", "seTE")), strict=True
    )
    rows = [",".join(map(str, row)) for row in columns]
    (tmp_path / "senn.csv").write_text("\n".join(["study,treat1,treat2,te,se", *rows]), "utf-8")
    (tmp_path / "judged.toml").write_text(JUDGED, "utf-8")
    written(tmp_path / "mine.csv", GOOD | JOINS, CONTROL | BESIDE)
    written(tmp_path / "wrong.csv", GOOD, CONTROL | {"responders": "19"})
    return tmp_path


def written(file: Path, *rows: dict[str, str]) -> None:
    lines = [COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows)]
    file.write_text("\n".join(",".join(line) for line in lines), "utf-8")


def run(folder: Path, *words: str) -> Ran:
    return lysglimt("evidence", *words, folder=folder)


def said(folder: Path, *words: str) -> dict[str, Any]:
    ran = run(folder, *words, "--json")
    assert (ran.code, ran.err) == (0, "")
    return dict(json.loads(ran.out))


@pytest.mark.parametrize("model", sorted(metafor()["dat.bcg_RR"]["models"]))
def test_a_pool_of_effects_says_what_metafor_says(desk: Path, model: str) -> None:
    method, test = model.split("_")
    found = said(desk, "pool", "--effects", "bcg.csv", "--method", method, "--test", test)
    keys = [
        "k",
        "estimate",
        "se",
        "ci_lb",
        "ci_ub",
        "tau2",
        "se_tau2",
        "I2",
        "H2",
        "QE",
        "QEp",
        "pi_lb",
        "pi_ub",
    ]
    theirs = metafor()["dat.bcg_RR"]["models"][model]
    assert not [key for key in keys if far(found[key], theirs[key])]
    assert [one["study"] for one in found["studies"]][:2] == ["t0", "t1"]


def test_beside_knapp_hartung_stands_the_floored_variant(desk: Path) -> None:
    found = said(desk, "pool", "--effects", "bcg.csv")
    assert (found["method"], found["test"]) == ("REML", "knha")
    floored = metafor()["dat.bcg_RR"]["models"]["REML_adhoc"]
    assert not [key for key in found["floored"] if far(found["floored"][key], floored[key])]
    assert said(desk, "pool", "--effects", "bcg.csv", "--test", "z")["floored"] is None


def test_what_else_is_asked_for_is_said(desk: Path) -> None:
    more = ("leave-one-out", "cumulative", "influence", "tau2-interval", "small-studies")
    asked = [word for one in more for word in ("--with", one)]
    found = said(desk, "pool", "--effects", "bcg.csv", *asked)
    assert not far(
        found["leave_one_out"]["tau2"][0], metafor()["dat.bcg_RR"]["leave1out_REML"]["tau2"][0]
    )
    assert len(found["cumulative"]["estimate"]) == len(found["influence"]["cookd"]) == 13
    assert found["tau2_interval"]["tau2"][0] < found["tau2"] < found["tau2_interval"]["tau2"][1]
    assert found["small_studies"]["shown"] is True
    assert [one["side"] for one in found["small_studies"]["trim_and_fill"]] == ["left", "right"]


REPORTED = {
    "counts": ("study,events1,n1,events2,n2", [f"t{n},{one.events:g},{one.n:g},{two.events:g},{two.n:g}" for n, (one, two) in enumerate(vaccinated())]),
    "means": ("study,mean1,sd1,n1,mean2,sd2,n2", [f"t{n},{one.mean},{one.sd},{one.n:g},{two.mean},{two.sd},{two.n:g}" for n, (one, two) in enumerate(stays())]),
}  # fmt: skip


def brought(desk: Path, head: str, *rows: str) -> Path:
    file = desk / "brought.csv"
    file.write_text("\n".join([head, *rows]), "utf-8")
    return file


@pytest.mark.parametrize(
    ("kind", "measure", "reference"),
    [
        pytest.param("counts", "OR", "dat.bcg_OR", id="odds ratios of counts"),
        pytest.param("counts", "RR", "dat.bcg_RR", id="risk ratios of counts"),
        pytest.param("means", "MD", "dat.normand1999_MD", id="differences of means"),
        pytest.param("means", "SMD", "dat.normand1999_SMD", id="and in units of their spread"),
    ],
)
def test_what_trials_reported_is_pooled_as_metafor_pools_it(
    desk: Path, kind: str, measure: str, reference: str
) -> None:
    head, rows = REPORTED[kind]
    brought(desk, head, *rows)
    found = said(desk, "pool", "--effects", "brought.csv", "--measure", measure)
    theirs = metafor()[reference]["models"]["REML_knha"]
    keys = ("k", "estimate", "se", "ci_lb", "ci_ub", "tau2", "QE")
    assert not [key for key in keys if far(found[key], theirs[key])]
    assert found["measure"] == measure


@pytest.mark.parametrize("measure", ["OR", "RR", "RD", "PETO"])
def test_counts_are_pooled_without_weights_too(desk: Path, measure: str) -> None:
    head, rows = REPORTED["counts"]
    brought(desk, head, *rows)
    asked = ("--measure", measure, "--with", "mantel-haenszel")
    found = said(desk, "pool", "--effects", "brought.csv", *asked)["mantel_haenszel"]
    theirs = metafor()["dat.bcg_MH"][measure]
    assert not [key for key, value in theirs.items() if far(found[key], value)]


def test_a_question_is_answered_without_weights_too(desk: Path) -> None:
    found = said(desk, "pool", "--query", QUESTION, "--with", "mantel-haenszel")
    whole = found["mantel_haenszel"]
    assert (whole["k"], whole["measure"]) == (found["k"], "RR")
    assert whole["estimate"] == pytest.approx(found["estimate"], abs=0.05)
    means = QUESTION.replace("response", "change").replace("RR", "MD")
    refused = run(desk, "pool", "--query", means, "--with", "mantel-haenszel")
    assert (refused.code, refused.out) == (2, "")
    assert "counts of two arms" in refused.err


def test_a_hazard_ratio_is_pooled_on_its_logarithm(desk: Path) -> None:
    brought(desk, "study,hr,ci_lb,ci_ub", "a,0.49,0.29,0.84", "b,0.30,0.16,0.55")
    found = said(desk, "pool", "--effects", "brought.csv")
    assert found["measure"] == "HR"
    first = found["studies"][0]
    assert first["yi"] == pytest.approx(math.log(0.49))
    width = math.log(0.84) - math.log(0.29)
    assert first["vi"] == pytest.approx((width / (2 * 1.959963984540054)) ** 2)
    told = run(desk, "pool", "--effects", "brought.csv").out
    assert told.startswith("HR 0.39")
    brought(desk, "study,hr,ci_lb,ci_ub", "a,0.49,0.45,0.84")
    refused = run(desk, "pool", "--effects", "brought.csv")
    assert refused.code == 2
    assert "row 2: ratio" in refused.err


def test_the_pairs_of_a_crossover_are_pooled_as_pairs(desk: Path) -> None:
    brought(desk, "study,only1,only2", "a,8,2", "b,5,5")
    found = said(desk, "pool", "--effects", "brought.csv")
    assert [one["yi"] for one in found["studies"]] == pytest.approx([math.log(4), 0])
    assert [one["vi"] for one in found["studies"]] == pytest.approx([1 / 8 + 1 / 2, 2 / 5])


def test_the_correlation_of_a_crossover_is_stated_by_whoever_brings_it(desk: Path) -> None:
    means = "study,mean1,sd1,n1,mean2,sd2,n2,correlation"
    variances = []
    for stated in ("", "0.2", "0.8"):
        brought(desk, means, f"a,10,4,20,14,4,20,{stated}")
        found = said(desk, "pool", "--effects", "brought.csv", "--measure", "MD")
        variances.append(found["studies"][0]["vi"])
    assert variances == pytest.approx([1.6, 1.28, 0.32])


@pytest.mark.parametrize("measure", ["PLO", "PFT", "PR"])
def test_the_share_of_one_arm_is_told_as_a_share(desk: Path, measure: str) -> None:
    brought(desk, "study,events,n", "a,20,50", "b,40,100", "c,60,150")
    found = said(desk, "pool", "--effects", "brought.csv", "--measure", measure)["share"]
    assert found["estimate"] == pytest.approx(0.4, abs=0.005)
    assert 0 < found["ci_lb"] <= found["estimate"] <= found["ci_ub"] < 1
    asked = "intervention=in_esketamine outcome=response timepoint=4wk measure=PLO"
    share = said(desk, "pool", "--query", asked)["share"]
    assert 0 < share["ci_lb"] < share["estimate"] < share["ci_ub"] < 1
    assert 0.3 < share["estimate"] < 0.7


def test_a_trial_that_says_nothing_of_a_ratio_is_named(desk: Path) -> None:
    rows = ("a,0,20,0,20", "b,5,20,2,20")
    brought(desk, "study,events1,n1,events2,n2", *rows)
    found = said(desk, "pool", "--effects", "brought.csv", "--measure", "OR")
    assert (found["k"], found["uninformative"]) == (1, ["a"])
    told = run(desk, "pool", "--effects", "brought.csv", "--measure", "OR").out
    assert "nobody or everybody in both arms: a" in told
    brought(desk, "study,events1,n1,events2,n2", rows[0])
    refused = run(desk, "pool", "--effects", "brought.csv", "--measure", "OR")
    assert (refused.code, refused.out) == (2, "")
    assert "a row of which a ratio tells" in refused.err


@pytest.mark.parametrize(
    ("head", "row", "words", "told"),
    [
        pytest.param("events1,n1,events2,n2", "21,20,1,20", ("--measure", "OR"), "row 2: events", id="more than all"),
        pytest.param("events1,n1,events2,n2", "x,20,1,20", ("--measure", "OR"), "row 2: events1", id="no number"),
        pytest.param("events1,n1,events2,n2", "2,20,1,20", (), "OR, RR, RD, PETO", id="which measure?"),
        pytest.param("events1,n1,events2,n2", "2,20,1,20", ("--measure", "MD"), "OR, RR, RD, PETO", id="no means there"),
        pytest.param("yi,vi", "1,1", ("--measure", "OR"), "not to yi and vi", id="ready effects"),
        pytest.param("yi,vi", "1,1", ("--with", "mantel-haenszel"), "counts of two arms", id="no counts"),
        pytest.param("mean1,sd1,n1,mean2,sd2,n2", "1,0,9,1,1,9", ("--measure", "MD"), "row 2: sd", id="no spread"),
    ],
)  # fmt: skip
def test_what_cannot_be_pooled_is_refused_at_its_cell(
    desk: Path, head: str, row: str, words: tuple[str, ...], told: str
) -> None:
    brought(desk, head, row)
    refused = run(desk, "pool", "--effects", "brought.csv", *words)
    assert (refused.code, refused.out) == (2, "")
    assert told in refused.err
    assert "Traceback" not in refused.err


def test_nine_trials_show_no_asymmetry(desk: Path) -> None:
    lines = (desk / "bcg.csv").read_text("utf-8").splitlines()
    (desk / "nine.csv").write_text("\n".join(lines[:10]), "utf-8")
    found = said(desk, "pool", "--effects", "nine.csv", "--with", "small-studies")
    assert found["small_studies"]["shown"] is False


def test_ten_trials_with_counts_are_asked_by_their_size_too(desk: Path) -> None:
    rows = []
    for n in range(10):
        arm = {
            "trial_id": f"berg{n}",
            "nct": "",
            "n_randomised": "",
            "n_analysed": str(30 + 7 * n),
            "remitters": "",
            "response_pct": "",
        }
        rows += [
            GOOD | JOINS | arm | {"responders": str(12 + 2 * n)},
            CONTROL | BESIDE | arm | {"responders": str(8 + n)},
        ]
    written(desk / "ten.csv", *rows)
    asked = QUESTION.replace("RR", "OR")
    found = said(desk, "pool", "--query", asked, "--join", "ten.csv", "--with", "small-studies")
    assert found["k"] == 13
    assert 0 < found["small_studies"]["peters"]["pval"] <= 1
    assert (
        said(desk, "pool", "--query", QUESTION, "--join", "ten.csv", "--with", "small-studies")[
            "small_studies"
        ]["peters"]
        is None
    )


def test_a_column_may_explain_the_differences(desk: Path) -> None:
    found = said(
        desk,
        "pool",
        "--effects",
        "bcg.csv",
        "--moderator",
        "latitude",
        "--subgroup",
        "place",
        "--test",
        "z",
    )
    slope = found["regression"]["coefficients"][1]
    assert (slope["name"], round(slope["estimate"], 4)) == ("latitude", -0.0291)
    assert set(found["subgroups"]) == {"far", "near"}
    assert found["interaction"]["QMp"] < 0.05


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(("--moderator", "height"), "height", id="no such column"),
        pytest.param(("--moderator", "place"), "row 2: place", id="no numbers"),
        pytest.param(("--baseline-risk", "0.2"), "--query", id="no risk without a question"),
        pytest.param(("--query", QUESTION), "either", id="both"),
        pytest.param(("--test", "t"), "'knha'", id="no such test"),
    ],
)
def test_what_cannot_be_asked_of_effects_is_refused(
    desk: Path, words: tuple[str, ...], why: str
) -> None:
    ran = run(desk, "pool", "--effects", "bcg.csv", *words)
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert "Traceback" not in ran.err


def test_an_empty_cell_explains_nothing(desk: Path) -> None:
    (desk / "gap.csv").write_text("yi,vi,group\n1,1,a\n2,1, \n3,1,b", "utf-8")
    ran = run(desk, "pool", "--effects", "gap.csv", "--subgroup", "group")
    assert (ran.code, "row 3: group" in ran.err) == (2, True)


def test_every_bad_row_is_named_and_none_is_taken(desk: Path) -> None:
    (desk / "bad.csv").write_text("yi,vi\n1,2\nx,1\n2,-1\n", "utf-8")
    ran = run(desk, "pool", "--effects", "bad.csv", "--json", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == ["row 3", "row 4"]


def test_two_trials_and_knapp_hartung_do_not_go_together(desk: Path) -> None:
    (desk / "two.csv").write_text("yi,vi\n1,2\n1.5,1\n", "utf-8")
    ran = run(desk, "pool", "--effects", "two.csv", "--test", "knha")
    assert (ran.code, "with 2 studies" in ran.err) == (2, True)
    assert said(desk, "pool", "--effects", "two.csv")["test"] == "z"


def test_a_question_is_answered_with_its_rows_and_what_was_left_out(desk: Path) -> None:
    found = said(
        desk,
        "pool",
        "--query",
        QUESTION,
        "--baseline-risk",
        "0.45",
        "--certainty",
        "judged.toml",
    )
    assert (found["k"], found["measure"], len(found["hash"])) == (3, "RR", 64)
    assert len(found["rows"]) == 7
    assert {one["reason"] for one in found["set_aside"]} == {"no-figures"}
    assert found["per_thousand"]["baseline"] == 450
    assert (found["certainty"]["by"], found["certainty"]["level"]) == ("Kari Berg", "low")
    assert [one["domain"] for one in found["hints"]]


def test_people_read_a_forest_of_words(desk: Path) -> None:
    ran = run(desk, "pool", "--query", QUESTION, "--lang", "en", "--certainty", "judged.toml")
    assert ran.code == 0
    assert "Fedgchin 2019" in ran.out
    assert "RR 1.38 (1.05, 1.81)" in ran.out
    assert (
        "- takahashi2021 | placebo + AD | 4wk: The figures were not seen in any source."
        in ran.out
    )
    assert "certainty low, Kari Berg" in ran.out
    effects = run(desk, "pool", "--effects", "bcg.csv").out
    assert effects.startswith("REML knha, k = 13: -0.7145")


def test_a_question_without_trials_has_no_answer(desk: Path) -> None:
    nothing = QUESTION.replace("4wk", "99d")
    assert said(desk, "pool", "--query", nothing)["estimate"] is None
    assert "k = 0" in run(desk, "pool", "--query", nothing).out


def test_a_trial_of_ones_own_joins_and_its_effect_is_told(desk: Path) -> None:
    before = run(desk, "pool", "--query", QUESTION, "--json").out
    (desk / "before.json").write_text(before, "utf-8")
    now = ("pool", "--query", QUESTION, "--join", "mine.csv", "--since", "before.json")
    found = said(desk, *now)
    assert found["k"] == 4
    assert found["changes"][0]["en"] == "Trial added: berg2030"
    assert "Ny studie: berg2030" in run(desk, *now).out
    same = run(desk, "pool", "--query", QUESTION, "--since", "before.json")
    assert same.out.rstrip().endswith("=")


def test_a_trial_with_a_trap_joins_nothing(desk: Path) -> None:
    ran = run(desk, "pool", "--query", QUESTION, "--join", "wrong.csv", "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert "wrong.csv: row 3: responders: '19': 19 of 38 is 50.0 %, not 24 %." in ran.err


def test_what_is_not_an_earlier_pool_is_refused(desk: Path) -> None:
    ran = run(desk, "pool", "--query", QUESTION, "--since", "bcg.csv")
    assert (ran.code, "not the JSON" in ran.err) == (2, True)
    ran = run(desk, "pool", "--query", QUESTION, "--moderator", "year")
    assert (ran.code, "--effects" in ran.err) == (2, True)


def test_a_judgement_without_a_name_is_refused(desk: Path) -> None:
    (desk / "nobody.toml").write_text(JUDGED.replace("Kari Berg", " "), "utf-8")
    ran = run(desk, "pool", "--query", QUESTION, "--certainty", "nobody.toml")
    assert (ran.code, "named person" in ran.err) == (2, True)


def test_the_table_is_listed_and_given(desk: Path) -> None:
    assert run(desk, "trials").out.rstrip().endswith("107 rows of 41 trials")
    given = json.loads(run(desk, "trials", "--json").out)
    assert len(given) == len(shipped())
    assert set(given[0]) == set(COLUMNS)


def test_rows_in_order_would_join(desk: Path) -> None:
    ran = run(desk, "trials", "--check", "mine.csv")
    assert (ran.code, ran.out) == (0, "mine.csv: 2 rows in order, 2 of them new\n")
    found = said(desk, "trials", "--check", "mine.csv")
    assert (found["accepted"], found["rows"], len(found["new"])) == (True, 2, 2)


def test_rows_that_a_pool_will_leave_out_are_told(desk: Path) -> None:
    written(desk / "crossed.csv", GOOD | {"design": "crossover"})
    ran = run(desk, "trials", "--check", "crossed.csv", "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "row 2: crossover: Crossover: the same people in both arms" in ran.out
    found = said(desk, "trials", "--check", "crossed.csv")
    assert [one["allowed"] for one in found["cautions"]] == ["crossover"]


def test_a_row_with_a_trap_is_named_in_either_language(desk: Path) -> None:
    ran = run(desk, "trials", "--check", "wrong.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "wrong.csv: row 3: responders: '19': 19 av 38 er 50.0 %, ikke 24 %." in ran.err
    given = run(desk, "trials", "--check", "wrong.csv", "--json")
    [problem] = json.loads(given.out)["problems"]
    assert (given.code, problem["row"], problem["column"]) == (1, 3, "responders")


def test_a_network_says_what_netmeta_says(desk: Path) -> None:
    found, theirs = said(desk, "network", "--contrasts", "senn.csv"), netmeta()
    assert found["treatments"] == theirs["trts"]
    for key in (
        "tau2",
        "Q",
        "df_Q",
        "Q_heterogeneity",
        "Q_inconsistency",
        "I2",
        "k",
        "m",
        "n",
        "d",
    ):
        assert not far(found[key], theirs[key]), key
    for key in ("TE_random", "seTE_random", "TE_common", "seTE_common"):
        cells = zip(sum(found[key], []), sum(theirs[key], []), strict=True)  # noqa: RUF017 - ten rows
        assert not [pair for pair in cells if far(*pair)], key
    assert not [
        name
        for name, score in theirs["P_random"].items()
        if far(found["P_random"][name], score)
    ]


def test_people_read_the_league_best_first(desk: Path) -> None:
    lines = run(desk, "network", "--contrasts", "senn.csv").out.splitlines()
    assert lines[0].startswith("26 studies, 10 treatments")
    assert lines[1].split()[:2] == ["rosi", "0.893"]
    assert any(line.startswith("acar:metf: direct") for line in lines)


def test_more_responders_are_good(desk: Path) -> None:
    (desk / "arms.csv").write_text("study,treat,events,n\na,x,1,10\na,y,6,10\n", "utf-8")
    found = said(
        desk, "network", "--contrasts", "arms.csv", "--small", "bad", "--measure", "RR"
    )
    assert found["P_random"]["y"] > 0.9
    assert found["I2"] == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("study,treat1,treat2,te,se\na,x,y,1,0", "row 2: se", id="no error"),
        pytest.param(
            "study,treat1,treat2,te,se\na,x,y,1,1\nb,z,w,1,1", "one network", id="two networks"
        ),
    ],
)
def test_a_network_that_cannot_be_is_refused(desk: Path, text: str, why: str) -> None:
    (desk / "bad.csv").write_text(text, "utf-8")
    ran = run(desk, "network", "--contrasts", "bad.csv")
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err
    assert "bad.csv" in ran.err


def test_a_kept_snapshot_is_the_pool_it_was_made_of(desk: Path) -> None:
    kept = said(desk, "pool", "--query", QUESTION)["snapshot"]
    assert kept["hash"] == snapshot(pooled(shipped(), query(QUESTION))).hash
