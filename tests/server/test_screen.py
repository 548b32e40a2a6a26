"""`lysglimt screen` as a person at a terminal and a program meet it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lysglimt.knowledge.eligibility.intake import Misfilled
from lysglimt.server.commands.screen import command

EXAMPLES = Path(__file__).resolve().parents[2] / "docs/examples/screen"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def told(name: str, *more: str) -> Any:
    result = run(str(EXAMPLES / f"{name}.json"), "--json", *more)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.mark.parametrize(
    ("name", "standing", "decision"),
    [
        ("eligible", "met", "met"),
        ("excluded", "excluded", "excluded"),
        ("unknown", "unknown", "unknown"),
        ("override", "excluded", "caution"),
    ],
)
def test_the_examples(name: str, standing: str, decision: str) -> None:
    answer = told(name)
    assert (answer["standing"], answer["decision"]) == (standing, decision)


def test_a_finding_has_its_criterion_reason_and_source() -> None:
    finding = next(f for f in told("excluded")["findings"] if f["criterion"] == "EX-06")
    assert finding == {
        "criterion": "EX-06",
        "standing": "excluded",
        "reason": {
            "nb": "I21.4: 36 dager siden; de første 42 dagene utelukker.",
            "en": "I21.4: 36 days ago; the first 42 days exclude.",
        },
        "source": "epi",
        "mark": "seen",
        "question": None,
        "action": None,
        "overridden": False,
    }


def test_tobacco_does_not_exclude() -> None:
    findings = told("excluded")["findings"]
    assert {f["standing"] for f in findings if f["criterion"] == "EX-03"} == {"met"}


def test_questions_are_listed() -> None:
    asked = {question["criterion"] for question in told("unknown")["questions"]}
    assert asked == {"IN-5", "EX-02", "EX-03", "EX-08"}


def test_overrides_are_shown_and_the_findings_stay() -> None:
    answer = told("override")
    assert [one["criterion"] for one in answer["overrides"]] == ["EX-01", "EX-18"]
    overridden = [f["criterion"] for f in answer["findings"] if f["overridden"]]
    assert overridden == ["EX-01", "EX-18"]
    assert any(f["criterion"] == "RX-1" for f in answer["findings"])


def test_an_override_that_overrides_nothing_is_listed_apart(tmp_path: Path) -> None:
    sheet = json.loads((EXAMPLES / "eligible.json").read_text("utf-8"))
    sheet["overrides"] = [{"criterion": "EX-01", "reason": "x", "signed_by": ["A", "B"]}]
    (tmp_path / "sheet.json").write_text(json.dumps(sheet), "utf-8")
    answer = json.loads(run(str(tmp_path / "sheet.json"), "--json").output)
    assert [one["criterion"] for one in answer["idle_overrides"]] == ["EX-01"]


def test_another_day_gives_another_answer() -> None:
    later = told("excluded", "--on", "2026-03-10")
    [finding] = [f for f in later["findings"] if f["criterion"] == "EX-06"]
    assert finding["standing"] == "needs_specialist"
    assert later["on"] == "2026-03-10"


@pytest.mark.parametrize(
    ("language", "said"),
    [("nb", "Samlet: utelukket"), ("en", "Overall: excluded")],
)
def test_it_is_read_in_both_languages(language: str, said: str) -> None:
    result = run(str(EXAMPLES / "override.json"), "--lang", language)
    assert result.output.startswith(said)
    assert "{" not in result.output


def test_without_overrides_there_is_one_standing() -> None:
    lines = run(str(EXAMPLES / "eligible.json")).output.splitlines()
    assert lines[0] == "Samlet: oppfylt"
    assert not any(line.startswith("Etter overstyring") for line in lines)


def test_without_a_day_it_is_screened_today(tmp_path: Path) -> None:
    (tmp_path / "sheet.json").write_text("{}", "utf-8")
    answer = json.loads(run(str(tmp_path / "sheet.json"), "--json").output)
    assert answer["standing"] == "unknown"
    assert answer["on"] >= "2026-01-01"
    assert any(f["criterion"] == "RX" for f in answer["findings"])


def test_the_schema_is_printed() -> None:
    import jsonschema  # noqa: PLC0415 - slow, and every process of a run gathers every test

    jsonschema.Draft202012Validator.check_schema(json.loads(run("--schema").output))


def test_a_file_is_asked_for() -> None:
    assert run().exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("{", "is not JSON", id="not JSON"),
        pytest.param("[" * 200_000, "is not JSON", id="too deep"),
        pytest.param(f'{{"on": {"1" * 5000}}}', "is not JSON", id="a number of 5,000 digits"),
        pytest.param('{"candidat": {}}', "'candidate'", id="unknown field, nearest named"),
        pytest.param('{"on": "2026-01-01", "on": "2026-01-02"}', "given twice", id="twice"),
        pytest.param('{"candidate": {"measurements": {"bmi": NaN}}}', "NaN", id="not a number"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "sheet.json").write_text(text, "utf-8")
    result = run(str(tmp_path / "sheet.json"))
    assert isinstance(result.exception, Misfilled)
    assert said in str(result.exception)


def test_a_refusal_is_one_line_and_exit_code_two(tmp_path: Path) -> None:
    (tmp_path / "sheet.json").write_text('{"candidate": {"sexx": "f"}}', "utf-8")
    lysglimt = Path(sys.executable).parent / "lysglimt"
    ran = subprocess.run(
        [lysglimt, "screen", tmp_path / "sheet.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "candidate.sexx" in ran.stderr
    assert "Traceback" not in ran.stderr
