"""The trail of an installation, at the command line."""

import sqlite3
from contextlib import closing
from pathlib import Path

from .conftest import Lysglimt

ADD = ("user", "add", "kari", "--role", "nurse", "--unit", "Moss", "--entity", "HF")


def test_an_installation_seals_verifies_and_finds_what_its_owner_changed(
    tmp_path: Path, installed: Lysglimt
) -> None:
    """As docs/handbook says: the guard is taken down, a row is changed, and `verify` exits 1."""
    installed(*ADD, "--password-stdin", stdin="sikkert passord 12\n")
    assert "rows chained, sealed at link" in installed("audit", "seal").stdout
    whole = installed("audit", "verify", "--json")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    kept = installed("audit", "anchor", "--to", f"file://{tmp_path}/anchors")
    assert kept.stdout == (tmp_path / "anchors").read_text()
    with closing(sqlite3.connect(tmp_path / "lysglimt.sqlite3")) as database, database:
        database.execute("DROP TRIGGER audit_event_update_refused")
        database.execute("UPDATE audit_event SET actor = 'nobody' WHERE id = 1")
    found = installed("audit", "verify", "--anchor", "anchors")
    assert found.returncode == 1
    assert "BAD event/1: was changed after link 1 was made" in found.stdout
