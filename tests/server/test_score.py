"""`lysglimt score`: what a nurse or a script types, and what comes back."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.server import cli
from lysglimt.server.commands.score import command

LYSGLIMT = Path(sys.executable).parent / "lysglimt"


def run(*words: str, file: str = "") -> str:
    outcome = CliRunner().invoke(command, list(words), input=file, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def run_json(*words: str, file: str = "") -> dict[str, Any]:
    stated: dict[str, Any] = json.loads(run(*words, "--json", file=file))
    return stated


def test_json_has_the_published_keys_and_exact_numbers() -> None:
    scored = run_json("phq9", "3,2,2,-,1,0,0,0,1")
    assert list(scored) == [
        "instrument", "version", "total", "bands", "derived", "safety", "missing", "prorated",
    ]  # fmt: skip
    assert (scored["total"], scored["missing"]) == (None, ["i4"])
    assert scored["safety"] == {"i9": "review"}
    assert run_json("eq5d5l", "4,4,4,4,4")["total"] == -0.126


def test_an_answer_out_of_range_ends_with_2_and_names_item_and_range() -> None:
    ended = subprocess.run(
        [LYSGLIMT, "score", "phq9", "4,0,0,0,0,0,0,0,0"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Item 1 (Anhedonia): 4 is not allowed; allowed is 0-3" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_instrument_misspelt_is_answered_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lysglimt", "score", "mards", "1"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    assert "the nearest is 'madrs'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("rass", "-2"), "RASS (version 1): -2 of -5 to 4", id="a minus is no option"),
        pytest.param(("madrs", "2,2,2,2,2,2,2,2,2,4"), "item 10 (Thoughts of death and suicide): urgent", id="safety"),
        pytest.param(("madrs", "2,2,2,2,2,2,2,2,2,4"), "snaith1986: Moderate (seen, snaith)", id="bands with their mark"),
        pytest.param(("phq9", "3,2,2,-,1,0,0,0,1", "--prorate"), "10 of 0 to 27, prorated", id="prorated"),
        pytest.param(("phq9", "3,2,2,-,1,0,0,0,1"), "not answered: item 4", id="missing"),
        pytest.param(("phq9", "3,2,2,-,1,0,0,0,1"), "major_syndrome: not decided", id="not decided"),
        pytest.param(("audit_c", "2,1,0", "--sex", "f"), "positive: yes", id="sex"),
        pytest.param(("audit_c", "2,1,0"), "positive_needs: sex", id="sex unknown"),
        pytest.param(("moca", "4,3,5,2,2,3,6", "--education-years", "12"), "26 of 0 to 30", id="schooling"),
        pytest.param(("wsas", "na, 4, 4, 4, 4"), "maximum: 32", id="does not apply"),
        pytest.param(("hamd17", "1,1,0,1,1,0,1,0,0,1,1,0,0,0,0,3,0"), "not_assessed: i16", id="not assessed"),
        pytest.param(("lysglimt_bladder", "6,1,0,0,1"), "an own checklist, not validated", id="own"),
        pytest.param(("lysglimt_bladder", "6,1,0,0,0"), "flag: no", id="no"),
    ],
)  # fmt: skip
def test_a_reader_is_told(words: tuple[str, ...], says: str) -> None:
    assert says in run(*words)


@pytest.mark.parametrize("typed", ["-+0", "+-1", "--2", "1" * 10, "²"])
def test_what_is_no_number_is_refused_by_name(typed: str) -> None:
    with pytest.raises(ClinicalError) as refusal:
        run("rass", "--", typed)
    assert typed in str(refusal.value)


def test_branching_scales_are_answered_by_item_id_from_a_file() -> None:
    answers = '{"i1": 1, "i2": 1, "i3": true, "i4": 0, "i5": 0, "i6": 0}'
    scored = run_json("cssrs_screener", "--answers", "-", file=answers)
    assert scored["derived"] == {"ideation_level": 3}
    assert "risk" not in json.dumps(scored)


def test_no_word_reaches_the_grading_of_suicide_risk() -> None:
    answers = '{"i1": 1, "i2": 1, "i3": 1, "i4": 1, "i5": 1, "i6": 1, "i6b": 1}'
    said = run("cssrs_screener", "--answers", "-", file=answers)
    assert instrument("cssrs_screener").scoring.triage is not None
    assert not any(word in said for word in ("low", "moderate", "high", "triage"))


@pytest.mark.parametrize(
    ("file", "says"),
    [
        pytest.param("{", "Expecting", id="no JSON"),
        pytest.param("[1, 2]", "a table of item ids", id="a list"),
        pytest.param('{"i1": 1, "i1": 0}', "'i1' is answered twice", id="twice"),
        pytest.param('{"i9": 1}', "no item 'i9'", id="no such item"),
        pytest.param('{"i1": [1]}', "[1] is not allowed", id="a list as an answer"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused(file: str, says: str) -> None:
    with pytest.raises(ClinicalError) as refusal:
        run("cssrs_screener", "--answers", "-", file=file)
    assert says in str(refusal.value)


def test_answers_come_in_a_line_or_in_a_file_and_not_in_both() -> None:
    for words in (["phq9"], ["phq9", "1", "--answers", "-"]):
        outcome = CliRunner().invoke(command, words, input="{}")
        assert outcome.exit_code == 2
        assert "either in a line or with --answers FILE" in outcome.output
