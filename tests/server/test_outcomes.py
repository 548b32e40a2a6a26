"""`lysglimt outcomes`: made-up tables, and an open data set when it is at hand."""

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from .commands import Ran, lysglimt

HANDBOOK = Path(__file__).parents[2] / "docs" / "handbook"
PAGES = {"en": "outcomes-of-a-table.md", "nb": "utfall-i-en-tabell.md"}
NAMES = ("--patient", "who", "--visit", "visit", "--score", "madrs", "--baseline", "b0")
SCORES = """who,visit,madrs,arm
a,b0,30,ketamine
b,b0,24,ketamine
c,b0,30,placebo
a,d2,15,ketamine
b,d2,n/a,ketamine
c,d2,29,placebo
d,d2,4,placebo
"""


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    (tmp_path / "scores.csv").write_text(SCORES, encoding="utf-8")
    return tmp_path


def run(folder: Path, *more: str) -> Ran:
    return lysglimt(
        "outcomes", "scores.csv", *NAMES, "--instrument", "madrs", *more, folder=folder
    )


def test_a_table_is_summed_up_by_visit(scores: Path) -> None:
    ran = run(scores, "--json")
    summary = json.loads(ran.out)
    assert (ran.code, ran.err, list(summary)) == (0, "", ["b0", "d2"])
    after = summary["d2"]
    assert (after["n"], after["missing"], after["compared"]) == (3, 1, 2)
    assert (after["mean"], after["change"]["mean"]) == (16, -8)
    assert (after["response"], after["partial"]) == (1, 0)
    assert {after["remission"][name] for name in ("le10", "le12")} == {0}


def test_one_summary_for_each_value_of_a_column(scores: Path) -> None:
    parts = json.loads(run(scores, "--by", "arm", "--json").out)
    assert {arm: part["d2"]["response"] for arm, part in parts.items()} == {
        "ketamine": 1,
        "placebo": 0,
    }
    shown = run(scores, "--by", "arm").out
    assert "arm=placebo" in shown
    assert "1 of 1" in shown


def test_people_read_a_table(scores: Path) -> None:
    lines = run(scores, "--group", "arm=ketamine").out.splitlines()
    assert lines[0].split()[:5] == ["visit", "n", "missing", "mean", "sd"]
    assert lines[2].split()[:5] == ["d2", "1", "1", "15.0", "-"]


def test_an_instrument_without_response_shows_a_dash(scores: Path) -> None:
    ran = lysglimt("outcomes", "scores.csv", *NAMES, "--instrument", "wsas", folder=scores)
    assert ran.code == 0
    assert " - " in ran.out.splitlines()[1]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param(("--score", "mards"), "nearest is 'madrs'", id="a misspelt column"),
        pytest.param(("--baseline", "b1"), "there are b0, d2", id="no such visit"),
        pytest.param(("--instrument", "mardrs"), "nearest is 'madrs'", id="no such scale"),
        pytest.param(("--group", "arm=ketamin"), "nearest is 'ketamine'", id="no such group"),
        pytest.param(("--by", "arms"), "nearest is 'arm'", id="no such column to split by"),
        pytest.param(("--instrument", "cssrs_screener"), "makes no total", id="no total"),
    ],
)
def test_what_is_misspelt_is_refused(scores: Path, more: tuple[str, ...], reason: str) -> None:
    ran = run(scores, *more)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err
    assert "Traceback" not in ran.err


@pytest.fixture(scope="session")
def nimh() -> Path:
    folder = os.environ.get("LYSGLIMT_REAL_DATA")
    if not folder:
        pytest.skip(
            "LYSGLIMT_REAL_DATA names no folder; the public files are OpenNeuro ds005917, "
            "to be put in its folder nimh-ketamine-moa"
        )
    return Path(folder) / "nimh-ketamine-moa"


def handbook(language: str) -> tuple[list[str], str]:
    """The command of the how-to, and what it says the command prints."""
    page = (HANDBOOK / language / PAGES[language]).read_text(encoding="utf-8")
    command = page.split("```sh\n")[1].split("```")[0].replace("\\\n", " ")
    printed = page.split("```text\n")[1].split("```")[0]
    return shlex.split(command), printed


@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_how_to_prints_what_it_says(nimh: Path, language: str) -> None:
    [program, *arguments], printed = handbook(language)
    ran = lysglimt(*arguments, folder=nimh)
    assert (program, ran.code, ran.out) == ("lysglimt", 0, printed)


def test_the_facts_of_the_open_data_set(nimh: Path) -> None:
    [_, *arguments], _ = handbook("en")
    summary: dict[str, Any] = json.loads(lysglimt(*arguments, "--json", folder=nimh).out)
    assert {visit: (one["n"], round(one["mean"], 1)) for visit, one in summary.items()} == {
        "ses-b0": (32, 33.4),
        "ses-d2": (27, 23.6),
        "ses-d10": (26, 28.2),
        "ses-p2": (26, 31.3),
        "ses-p10": (26, 34.2),
    }
    after, placebo = summary["ses-d2"], summary["ses-p2"]
    assert (after["response"], after["compared"], after["remission"]["le10"]) == (6, 27, 4)
    assert (placebo["response"], placebo["compared"]) == (1, 26)


def test_both_languages_show_the_same_command() -> None:
    assert handbook("en") == handbook("nb")
