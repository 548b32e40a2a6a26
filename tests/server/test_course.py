"""`lysglimt course` and `lysglimt protocols`, as they are called."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lysglimt.server.cli import lysglimt

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "course"


def run(*words: str) -> str:
    outcome = CliRunner().invoke(lysglimt, words, catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def state(name: str) -> dict[str, Any]:
    file = str(EXAMPLES / f"{name}.json")
    read: dict[str, Any] = json.loads(
        run("course", "iv-ketamine-no", file, "--on", "2026-03-02", "--json")
    )
    return read


def refused(*words: str) -> str:
    outcome = subprocess.run(
        [sys.executable, "-c", "from lysglimt.server.cli import main; main()", *words],
        capture_output=True,
        check=False,
        text=True,
    )
    assert outcome.returncode == 2
    assert outcome.stdout == ""
    return outcome.stderr


def test_the_state_of_a_course_as_json() -> None:
    course = state("partial-after-six")
    assert course["rule_version"]
    assert course["recorded"]["phase"] == "evaluation"
    decision = course["advice"]["next"]
    assert decision["proposed"] == ["extend"]
    assert decision["ground"]["rule"] == "EV-1"
    assert decision["ground"]["basis"] == {"mark": "own", "source": "own-proposal"}


def test_the_state_of_a_course_in_words() -> None:
    file = str(EXAMPLES / "part-given.json")
    said = run("course", "iv-ketamine-no", file, "--on", "2026-03-02")
    assert "1 of 6 counted" in said
    assert "departure 2026-02-23: Only 61 % of the dose" in said
    overdue = str(EXAMPLES / "broken-induction.json")
    assert "blocked (overdue): session" in run(
        "course", "iv-ketamine-no", overdue, "--on", "2026-03-02"
    )
    closed = str(EXAMPLES / "closed.json")
    assert "to decide" not in run("course", "ect", closed, "--on", "2026-03-02")
    assert "of unknown" in run("course", "lsd", closed, "--on", "2026-03-02")


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.json")), ids=lambda file: file.stem)
def test_the_published_courses_keep_the_published_schema(file: Path) -> None:
    import jsonschema  # noqa: PLC0415 - slow, and every process of a run gathers every test

    schema = json.loads(run("course", "--schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), schema)


@pytest.mark.parametrize(
    "wrong", [{"sesions": []}, {"consented": "2/3"}, {"ratings": [{"total": 1}]}], ids=str
)
def test_the_schema_refuses_what_the_reader_refuses(wrong: dict[str, object]) -> None:
    import jsonschema  # noqa: PLC0415 - slow, and every process of a run gathers every test

    schema = json.loads(run("course", "--schema"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_a_wrong_file_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"rating": []}', encoding="utf-8")
    said = refused("course", "iv-ketamine-no", str(file), "--on", "2026-03-02")
    assert "facts.json: rating: 'rating' is unknown, the nearest is 'ratings'" in said
    assert "Traceback" not in said
    assert "nearest is 'iv-ketamine-no'" in refused(
        "course", "iv-ketamin", str(file), "--on", "2026-03-02"
    )
    assert "No such file" in refused("course", "ect", str(tmp_path / "x"), "--on", "2026-03-02")


def test_the_protocols_are_listed() -> None:
    rows = json.loads(run("protocols", "list", "--json"))
    assert {"id": "ect", "version": "2026.1", "kind": "comparator"}.items() <= next(
        row for row in rows if row["id"] == "ect"
    ).items()
    assert "iv-ketamine-no" in run("protocols", "list")


def test_figures_that_await_approval_are_listed() -> None:
    rows = json.loads(run("protocols", "review", "iv-ketamine-no", "--json"))
    assert {row["mark"] for row in rows} == {"own"}
    assert {
        "path": "induction.minimum_gap",
        "value": 2,
        "unit": "d",
        "mark": "own",
        "source": "own-proposal",
    } in rows
    assert "evaluation.earliest" in run("protocols", "review", "iv-ketamine-no")
