"""The ledgers of an installation, at the command line."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.server.conftest import run


def test_a_ledger_that_was_changed_behind_our_back_is_found(tmp_path: Path) -> None:
    made = run(
        tmp_path,
        *("demo", "--patients", "1", "--on", "2026-03-04", "--dir", "clinic", "--no-serve"),
        seconds=300,
    )
    assert (made.returncode, made.stderr) == (0, "")
    clinic = tmp_path / "clinic"
    whole = run(clinic, "ledger", "verify", "--json")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    said = json.loads(whole.stdout)
    assert said == {"ledgers": 3, "lines": 6, "open_counts": 1, "faults": []}
    with closing(sqlite3.connect(next(clinic.glob("*.sqlite3")))) as database, database:
        database.execute("DROP TRIGGER cupboard_ledgerentry_update_refused")
        database.execute("UPDATE cupboard_ledgerentry SET mg = 1 WHERE movement = 'receipt'")
    found = run(clinic, "ledger", "verify")
    assert found.returncode == 1
    assert "/2: was changed" in found.stdout
