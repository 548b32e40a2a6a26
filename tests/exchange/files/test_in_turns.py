"""While a file is read in, the clinic works on; and a file with a problem leaves nothing behind."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Particulars
from lysglimt.exchange.files import importing
from lysglimt.exchange.files.importing import imported_in_turns
from lysglimt.exchange.files.long_table import Row
from lysglimt.exchange.files.sheet import read_sheet
from lysglimt.exchange.files.storing import Desk, Outcome
from lysglimt.exchange.files.templates import TEMPLATES, Template
from tests.clinic.conftest import BORN
from tests.server.conftest import ready, run

from .test_import import KARI, NOW, OTHER, as_csv, desk, hospital, moss, psychiatrist, staff

__all__ = ["desk", "hospital", "moss", "psychiatrist", "ready", "staff"]  # fixtures

OLA = {"identity_number": OTHER, "given_name": "Ola", "family_name": "Prøve"}


@pytest.fixture(autouse=True)
def _one_row_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "TURN_SECONDS", 0)


def test_what_was_stored_is_known_and_the_trail_has_begin_and_end(
    desk: Desk, tmp_path: Path
) -> None:
    table = read_sheet(as_csv(tmp_path / "rows.csv", [KARI, OLA]))
    found = imported_in_turns(table, TEMPLATES["patients"], desk)
    assert found.outcomes == {Outcome.STORED: 2}
    again = imported_in_turns(table, TEMPLATES["patients"], desk)
    assert again.outcomes == {Outcome.KNOWN: 2}
    imports = Event.objects.filter(category="import").order_by("pk")
    assert (
        list(imports.values_list("operation", flat=True)) == ["import.begin", "import.end"] * 2
    )


def test_others_see_a_row_before_the_next_is_stored(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each turn is a transaction of its own."""
    depth: list[int] = []

    def storing(row: Row, template: Template, by: Desk) -> Outcome:
        depth.append(Event.objects.filter(operation="import.begin").count())
        return Outcome.KNOWN

    monkeypatch.setattr(importing, "stored", storing)
    turns: list[float] = []
    monkeypatch.setattr(importing, "sleep", turns.append)
    table = read_sheet(as_csv(tmp_path / "rows.csv", [KARI, OLA]))
    imported_in_turns(table, TEMPLATES["patients"], desk)
    assert (depth, len(turns)) == ([1, 1], 2)


def test_what_somebody_changed_meanwhile_stops_it_and_is_named(
    desk: Desk, tmp_path: Path
) -> None:
    other = Particulars(
        given_name="En", family_name="Annen", birth_date=BORN, identity_number=OTHER
    )
    people.register_patient(said=other, by=desk.by, at=NOW)
    table = read_sheet(as_csv(tmp_path / "rows.csv", [KARI, OLA]))
    found = imported_in_turns(table, TEMPLATES["patients"], desk)
    assert (found.interrupted, found.outcomes) == (True, {Outcome.STORED: 1})
    assert [problem.row for problem in found.problems] == [3]
    assert not Event.objects.filter(operation="import.end").exists()


@pytest.fixture
def training(tmp_path: Path, ready: Path) -> Path:
    """An installation for made-up patients, with a coordinator."""
    shutil.copytree(ready, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "lysglimt.toml"
    file.write_text(file.read_text().replace('numbers = "real"', 'numbers = "synthetic"'))
    words = ("--role", "coordinator", "--unit", "Moss", "--entity", "HF", "--password-stdin")
    added = run(tmp_path, "user", "add", "kåre", *words, stdin="sikkert passord 12\n")
    assert added.returncode == 0, added.stderr
    return tmp_path


def test_a_file_is_tried_on_a_copy_even_while_somebody_writes(training: Path) -> None:
    """With a problem in its last row the clinic sees no row, and the check waits for nobody."""
    wrong = OLA | {"family_name": ""}
    as_csv(training / "wrong.csv", [KARI, wrong])
    with closing(sqlite3.connect(training / "lysglimt.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = run(training, "import", "wrong.csv", "--template", "patients", "--json")
        other.execute("ROLLBACK")
        assert refused.returncode == 2
        assert [problem["row"] for problem in json.loads(refused.stdout)["problems"]] == [3]
        assert other.execute("SELECT count(*) FROM people_patient").fetchone() == (0,)
    as_csv(training / "right.csv", [KARI, OLA])
    stored = run(training, "import", "right.csv", "--template", "patients", "--json")
    assert json.loads(stored.stdout)["stored"] == 2
    assert not list(training.glob(".copy-*"))
