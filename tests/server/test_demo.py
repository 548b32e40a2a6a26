"""`lysglimt demo` and `lysglimt import`, as somebody runs them."""

import json
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.server.commands import lysglimt as here
from tests.server.conftest import Lysglimt, run


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up clinic of two."""
    folder = tmp_path_factory.mktemp("demo") / "clinic"
    made = run(
        folder.parent,
        *("demo", "--patients", "2", "--on", "2026-03-04", "--dir", "clinic", "--no-serve"),
        seconds=300,
    )
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    return folder


def test_a_demo_is_an_installation_of_its_own(demo: Path) -> None:
    people = json.loads(run(demo, "user", "list", "--json").stdout)
    assert {person["unit"] for person in people} == {"Ketaminpoliklinikken", "Solgløtt klinikk"}
    text = (demo / "lysglimt.toml").read_text(encoding="utf-8")
    assert "demo = true" in text
    assert 'identity_numbers = "synthetic"' in text


def test_a_clinic_is_not_made_over_another(demo: Path) -> None:
    again = run(demo.parent, "demo", "--dir", "clinic", "--no-serve")
    assert again.returncode == 2
    assert "has a clinic already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--no-serve"], "--dir"),
        (["--on", "tomorrow", "--dir", "x", "--no-serve"], "2026-03-02"),
        (["--patients", "0"], "patients"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_made(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    ran = here("demo", *arguments, folder=tmp_path)
    assert ran.code == 2
    assert says in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.enable_socket
def test_a_taken_port_is_refused_before_the_clinic_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = here("demo", "--port", str(port), folder=tmp_path)
    assert ran.code == 2
    assert f"Port {port} is taken" in ran.err


def test_templates_are_written_filled_in_and_imported(demo: Path, tmp_path: Path) -> None:
    ran = run(tmp_path, "import", "--write-template")
    assert ran.returncode == 0
    assert len(ran.stdout.splitlines()) == 8
    assert (tmp_path / "patients.xlsx").is_file()
    file = str(tmp_path / "patients.csv")
    arguments = ("import", file, "--template", "patients", "--by", "coordinator", "--json")
    dry = json.loads(run(demo, *arguments, "--dry-run").stdout)
    assert (dry["stored"], dry["dry_run"]) == (1, True)
    stored = json.loads(run(demo, *arguments).stdout)
    assert (stored["rows"], stored["stored"], stored["known"]) == (1, 1, 0)
    again = json.loads(run(demo, *arguments).stdout)
    assert (again["stored"], again["known"]) == (0, 1)


def test_problems_are_told_in_the_language_asked_for(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "referrals.csv"
    file.write_text(
        "identity_number,received_on,sender_kind,sender_name\n,i går,gp,Eksempel\n",
        encoding="utf-8",
    )
    arguments = ("import", str(file), "--template", "referrals", "--by", "coordinator")
    nb = run(demo, *arguments)
    assert (nb.returncode, nb.stdout) == (2, "")
    assert "rad 2, kolonne received_on: 'i går': Dette er ingen dato." in nb.stderr
    en = run(demo, *arguments, "--lang", "en")
    assert "row 2, column identity_number: '': The cell is empty." in en.stderr
    assert "Nothing is stored." in en.stderr


def test_where_several_could_answer_one_is_asked_for(demo: Path, tmp_path: Path) -> None:
    run(tmp_path, "import", "--write-template")
    ran = run(demo, "import", str(tmp_path / "patients.csv"), "--template", "patients")
    assert ran.returncode == 2
    assert "--by" in ran.stderr


def test_a_file_without_its_template_is_wrong_use(lysglimt: Lysglimt) -> None:
    ran = lysglimt("import", "rows.csv")
    assert ran.returncode == 2
    assert "--template" in ran.stderr


def test_the_proof_of_the_log_holds_until_a_row_says_that_another_did_it(
    demo: Path, tmp_path: Path
) -> None:
    """The sabotage is the one that `docs/security/proofs.md` describes."""
    clinic = shutil.copytree(demo, tmp_path / "clinic")
    held = run(clinic, "prove", "audit")
    assert (held.returncode, held.stderr) == (0, "")
    with closing(sqlite3.connect(clinic / "lysglimt.sqlite3")) as database:
        database.executescript(
            "DROP TRIGGER audit_event_update_refused; UPDATE audit_event SET actor = 'nobody' WHERE id = 1"
        )
    broken = run(clinic, "prove", "audit")
    assert broken.returncode == 1
    assert "FAULT event/1" in broken.stderr


def test_a_ledger_that_was_changed_behind_our_back_is_found(demo: Path, tmp_path: Path) -> None:
    clinic = shutil.copytree(demo, tmp_path / "clinic")
    whole = run(clinic, "ledger", "verify", "--json")
    assert (whole.returncode, whole.stderr) == (0, "")
    said = json.loads(whole.stdout)
    assert said == {"ledgers": 3, "lines": 6, "open_counts": 1, "faults": []}
    with closing(sqlite3.connect(clinic / "lysglimt.sqlite3")) as database:
        database.executescript(
            "DROP TRIGGER cupboard_ledgerentry_update_refused; "
            "UPDATE cupboard_ledgerentry SET mg = 1 WHERE movement = 'receipt'"
        )
    found = run(clinic, "ledger", "verify")
    assert found.returncode == 1
    assert "/2: was changed" in found.stdout
    assert "wait to be settled" in found.stdout


ASKED = ("--unit", "Ketaminpoliklinikken")


def test_the_rows_of_a_unit_are_taken_out_and_each_patient_can_read_it(
    demo: Path, tmp_path: Path
) -> None:
    clinic = shutil.copytree(demo, tmp_path / "clinic")
    found = json.loads(run(clinic, "register", "status", *ASKED, "--json").stdout)
    assert found["refused"] == []
    assert found["rows"]["unit"] == 1
    ran = run(clinic, "register", "extract", *ASKED, "--out", "rows", "--json")
    taken = json.loads(ran.stdout)
    assert (taken["basis"], taken["signed_by"]) == ("opt-out", "")
    assert taken["rows"] == found["rows"]
    assert len(list((clinic / "rows").glob("*.parquet"))) == len(taken["rows"])
    with closing(sqlite3.connect(clinic / "lysglimt.sqlite3")) as database:
        logged = database.execute(
            "SELECT count(*) FROM audit_event WHERE operation = 'register.extract'"
        )
        assert logged.fetchone() == (1,)


@pytest.mark.second_ring
def test_a_unit_is_named_and_nothing_is_written_over_what_lies_there(
    demo: Path, tmp_path: Path
) -> None:
    unnamed = run(demo, "register", "status")
    assert unnamed.returncode == 2
    assert "Ketaminpoliklinikken, Solgløtt klinikk" in unnamed.stderr
    taken = run(demo, "register", "extract", *ASKED, "--out", str(tmp_path / "rows"))
    assert "NOT SIGNED by the unit" in taken.stdout
    again = run(demo, "register", "extract", *ASKED, "--out", str(tmp_path / "rows"))
    assert again.returncode == 2
    assert "--out" in again.stderr
    told = run(demo, "register", "status", *ASKED)
    assert "rows" in told.stdout
