"""Each trap that was met in the literature: found when it is laid, and not without its check."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pytest

from lysglimt.science.evidence import selection
from lysglimt.science.evidence.definitions import definition
from lysglimt.science.evidence.pools import pooled
from lysglimt.science.evidence.questions import query
from lysglimt.science.evidence.trial_checks import CHECKS, Sheet, problems
from lysglimt.science.evidence.trial_rows import COLUMNS, Row, rows_of, seen, shipped

GOOD = {
    "trial_id": "berg2030", "first_author": "Berg", "year": "2030", "design": "parallel",
    "nct": "NCT09999991", "arm_label": "ketamine", "intervention": "iv_racemic_ketamine",
    "timepoint": "24h", "n_randomised": "40", "n_analysed": "38", "responders": "19",
    "response_pct": "50", "remitters": "8", "response_definition": ">=50% MADRS",
    "remission_definition": "MADRS<=10", "scale": "MADRS", "baseline_mean": "33.1",
    "baseline_sd": "5.3", "endpoint_mean": "18", "endpoint_sd": "11", "change_mean": "-15",
    "change_sd": "11", "source_of_figures": "the paper", "verified": "yes",
}  # fmt: skip
CONTROL = GOOD | {
    "arm_label": "midazolam", "intervention": "midazolam", "responders": "9", "response_pct": "24",
    "remitters": "4", "baseline_mean": "33.9", "baseline_sd": "9.3", "change_mean": "-7",
}  # fmt: skip


def sheet(*rows: Mapping[str, str], known: Sequence[Row] = ()) -> Sheet:
    whole = [dict.fromkeys(COLUMNS, "") | dict(row) for row in rows]
    return Sheet(rows_of(list(enumerate(whole, start=2))), tuple(known) or shipped())


def known(trial: str, arm: str, timepoint: str, **changed: str) -> dict[str, str]:
    """A shipped row, with another figure."""
    row = next(row for row in shipped() if row.key == (trial, arm, timepoint))
    return dict(row.cells) | changed


class Laid(NamedTuple):
    """Which check finds it, at which cell, and the rows."""

    check: str
    row: int
    column: str
    rows: tuple[Mapping[str, str], ...]


LAID = {
    "1: 63.0 % of the other arm's 83": Laid(
        "percent-count-n", 2, "remitters",
        (
            GOOD | {
                "n_randomised": "83", "n_analysed": "83", "responders": "", "response_pct": "",
                "remitters": "46", "remission_pct": "63.0",
            },
        ),
    ),
    "2: the deviations of two arms are swapped": Laid(
        "beside-the-known", 2, "baseline_sd",
        (known("canuso2018", "in esketamine 84 + SOC", "24h", baseline_sd="7.02"),),
    ),
    "2: 3.1 printed for 33.1": Laid(
        "baselines", 2, "baseline_mean", (GOOD | {"baseline_mean": "3.1"}, CONTROL)
    ),
    "3: remission called response": Laid(
        "outcome-words", 2, "response_definition", (GOOD | {"response_definition": "MADRS<=10"},)
    ),
    "3: response called remission": Laid(
        "outcome-words", 2, "remission_definition",
        (GOOD | {"remission_definition": ">=50% MADRS"},),
    ),
    "4: response of ideation called response of depression": Laid(
        "outcome-scale", 2, "response_definition", (
            GOOD | {
                "scale": "SSI", "remission_definition": "", "remitters": "",
                "baseline_sd": "", "endpoint_sd": "", "change_sd": "",
            },
        ),
    ),
    "4: a scale that nobody placed": Laid("outcome-scale", 2, "scale", (
        GOOD | {"scale": "MADSR", "response_definition": "", "remission_definition": ""},
    )),
    "5: per cent of the analysed, count over the randomised": Laid(
        "percent-count-n", 2, "responders",
        (GOOD | {"n_analysed": "", "responders": "19", "response_pct": "50"},),
    ),
    "5: more analysed than randomised": Laid(
        "denominators", 2, "n_analysed", (GOOD | {"n_randomised": "30"},)
    ),
    "5: more responders than people": Laid(
        "denominators", 2, "responders", (GOOD | {"responders": "39", "response_pct": ""},)
    ),
    "5: a count of nobody knows how many": Laid(
        "denominators", 2, "responders",
        (GOOD | {"n_randomised": "", "n_analysed": "", "response_pct": "", "remitters": ""},),
    ),
    "6: a standard error where a deviation belongs": Laid(
        "spreads", 2, "change_sd", (GOOD | {"change_sd": "1.79"},)
    ),
    "6: the interval of an adaptive design made a standard error": Laid(
        "adaptive", 2, "change_se",
        (GOOD | {"design": "parallel (adaptive)", "change_sd": "", "change_se": "1.8"},),
    ),
    "7: a crossover entered as parallel": Laid(
        "crossover", 2, "design", (GOOD | {"trial_id": "zarate2012"},)
    ),
    "7: response at any time in the trial as response at 24 h": Laid(
        "any-time", 2, "response_definition",
        (GOOD | {"response_definition": ">=50% MADRS at any time in trial"},),
    ),
    "9: a trial that was not randomised entered as though it was": Laid(
        "beside-the-known", 2, "design",
        (known("basso2020", "ECT", "end_of_course", design="parallel"),),
    ),
    "11: the registry number of another trial": Laid(
        "registry-once", 2, "nct", (GOOD | {"nct": "NCT02417064"},)
    ),
    "11: the numbers of TRANSFORM-1 and -2 swapped": Laid(
        "beside-the-known", 2, "nct",
        (known("fedgchin2019_transform1", "placebo + AD", "4wk", nct="NCT02422189"),),
    ),
    "11: no registry has such a number": Laid("registry-form", 2, "nct", (GOOD | {"nct": "NCT99"},)),
    "11: one trial under two numbers": Laid(
        "within-a-trial", 3, "nct", (GOOD, CONTROL | {"nct": "NCT09999992"})
    ),
    "12: an arm with two sizes": Laid(
        "within-an-arm", 3, "n_randomised", (GOOD, GOOD | {"timepoint": "7d", "n_randomised": "41"})
    ),
    "12: arms on whose sizes the sources disagree": Laid(
        "disputed", 2, "n_analysed", (GOOD | {"trial_id": "singh2016a", "n_randomised": ""},)
    ),
    "a row that nobody verified": Laid("needed", 2, "verified", (GOOD | {"verified": "partial"},)),
    "a row without a source": Laid(
        "needed", 2, "source_of_figures", (GOOD | {"source_of_figures": " "},)
    ),
    "a misspelt treatment": Laid("words", 2, "intervention", (GOOD | {"intervention": "salin"},)),
    "no time point": Laid("words", 2, "timepoint", (GOOD | {"timepoint": "soon"},)),
    "a word for a number": Laid("numbers", 2, "responders", (GOOD | {"responders": "many"},)),
    "half a person": Laid("numbers", 2, "remitters", (GOOD | {"remitters": "7.5"},)),
    "no spread at all": Laid("numbers", 2, "change_se", (GOOD | {"change_se": "0"},)),
    "a year that is none": Laid("numbers", 2, "year", (GOOD | {"year": "30"},)),
    "the same arm twice": Laid("twice", 3, "trial_id", (GOOD, GOOD)),
    "a misspelt column": Laid("columns", 1, "respnders", (GOOD | {"respnders": "1"},)),
    "a definition that nobody can read": Laid(
        "outcome-words", 2, "response_definition", (GOOD | {"response_definition": "better"},)
    ),
}  # fmt: skip


def test_a_trial_in_order_is_taken() -> None:
    assert not problems(sheet(GOOD, CONTROL))


def test_the_shipped_table_is_in_order() -> None:
    assert not problems(Sheet(shipped(), shipped()))


@pytest.mark.parametrize("name", LAID)
def test_a_trap_is_found_at_its_cell(name: str) -> None:
    laid = LAID[name]
    found = problems(sheet(*laid.rows))
    assert {(one.row, one.column) for one in found} == {(laid.row, laid.column)}
    assert all(one.reason.nb != one.reason.en for one in found)


@pytest.mark.parametrize("name", LAID)
def test_without_its_check_the_trap_is_walked_into(name: str) -> None:
    laid = LAID[name]
    rest = {key: check for key, check in CHECKS.items() if key != laid.check}
    assert not problems(sheet(*laid.rows), rest)


class LaidInPool(NamedTuple):
    """Rows that are right each by itself: which look of the selection keeps them out of a pool."""

    look: str
    blind: Callable[..., object]
    reason: str
    question: str
    rows: tuple[Mapping[str, str], ...]
    pooled: tuple[str, ...]
    """What would be pooled without that look, one trial too many."""


def nothing_amiss(*_: object) -> tuple[()]:
    return ()


def all_kept(trials: Sequence[object]) -> tuple[list[object], list[object]]:
    return [*trials], []


AT_24_H = (
    "intervention=iv_racemic_ketamine control=midazolam outcome={} timepoint=24h measure=OR"
)
IN_POOL = {
    "8: the same people of Taiwan in two papers": LaidInPool(
        "without_overlaps", all_kept, "overlap", AT_24_H.format("response"),
        tuple(
            row | {"trial_id": trial, "nct": ""}
            for trial in ("li2016", "su2017")
            for row in (GOOD, CONTROL)
        ),
        ("li2016", "su2017"),
    ),
    "10: more in remission than responded": LaidInPool(
        "adding_up", nothing_amiss, "more-remission-than-response", AT_24_H.format("remission"),
        (GOOD, CONTROL | {"responders": "7", "response_pct": "", "remitters": "11"}),
        ("berg2030",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_POOL)
def test_a_trap_between_sound_rows_is_kept_out_of_the_pool(name: str) -> None:
    laid = IN_POOL[name]
    assert not problems(sheet(*laid.rows)), "each row is right by itself"
    found = pooled(sheet(*laid.rows).rows, query(laid.question))
    assert laid.reason in {one.reason for one in found.set_aside}
    assert len(found.studies) == len(laid.pooled) - 1


@pytest.mark.parametrize("name", IN_POOL)
def test_without_its_look_the_pool_walks_into_the_trap(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = IN_POOL[name]
    monkeypatch.setattr(selection, laid.look, laid.blind)
    found = pooled(sheet(*laid.rows).rows, query(laid.question))
    assert tuple(one.study for one in found.studies) == laid.pooled
    assert not found.set_aside


def test_every_check_has_a_trap_that_needs_it() -> None:
    assert {laid.check for laid in LAID.values()} == CHECKS.keys()


def test_a_refusal_says_what_would_fit() -> None:
    [found] = problems(sheet(*LAID["1: 63.0 % of the other arm's 83"].rows))
    assert "46 of 83 is 55.4 %, not 63 %" in found.reason.en
    assert "have to be 73" in found.reason.en


def test_a_percentage_that_no_number_of_people_gives_is_said_to_be_so() -> None:
    [found] = problems(
        sheet(
            GOOD
            | {"responders": "1", "n_analysed": "3", "response_pct": "99.9", "remitters": ""}
        )
    )
    assert "No denominator gives that." in found.reason.en


def test_a_swapped_figure_is_called_swapped() -> None:
    [found] = problems(sheet(*LAID["2: the deviations of two arms are swapped"].rows))
    assert "Are the arms swapped?" in found.reason.en


def test_a_known_row_with_another_figure_is_refused() -> None:
    changed = known("popova2019_transform2", "placebo + AD", "4wk", change_mean="-17.5")
    [found] = problems(sheet(changed))
    assert (found.column, found.allowed) == ("change_mean", "-17.0")


def test_a_known_row_brought_again_adds_nothing() -> None:
    again = sheet(known("popova2019_transform2", "placebo + AD", "4wk"))
    assert not problems(again)
    assert not again.new


def test_what_the_row_itself_calls_memory_is_not_read() -> None:
    cells = seen(
        {
            "n_analysed": "20",
            "dose": "0.5",
            "scale": "HDRS-28 (memory)",
            "unverified_fields": "n;dose",
        }
    )
    assert (cells["n_analysed"], cells["dose"], cells["scale"]) == ("", "", "")


def test_a_family_that_is_known_to_overlap_may_share_its_number() -> None:
    row = GOOD | {"trial_id": "zarate2012", "design": "crossover", "nct": "NCT00088699"}
    assert not problems(sheet(row))


def test_every_shipped_definition_is_said_in_both_languages() -> None:
    texts = {
        row.text(f"{name}_definition")
        for row in shipped()
        for name in ("response", "remission")
    }
    for text in texts - {""}:
        stated = definition(text)
        assert stated is not None, text
        assert "i kilden" not in stated.said.nb, text
    other = definition(">=50% MADRS twice")
    assert other is not None
    assert other.said.en == "a fall of 50 % or more in MADRS, further in the source"
    assert definition("MADRS<=10") is not None
