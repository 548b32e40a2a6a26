"""A backup brings everything back into an empty database, and into no other."""

import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.server.backup import chest, keeping
from lysglimt.server.backup.chest import AnotherKey, Damaged
from lysglimt.server.backup.engines import Engine, NotEmpty
from lysglimt.server.backup.inventory import differences
from lysglimt.server.proving.restore import damaged, refused
from lysglimt.server.proving.scratch import Scratch

from .conftest import empty

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
Figures = dict[str, object]


@pytest.fixture(scope="module")
def backup(scratch: Scratch) -> Path:
    scratch.ask("ground")
    return keeping.backup(scratch.database, scratch.folder / "backups", at=AT)


@pytest.fixture
def target(
    scratch: Scratch, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Engine]:
    yield from empty(scratch.database.vendor, tmp_path, request)


def test_everything_comes_back(
    scratch: Scratch, backup: Path, target: Engine, figures: Figures
) -> None:
    found = keeping.restore(backup, target)
    figures |= {"rows": found.label.rows, "missing": len(found.missing)}
    figures |= {"seconds": round(found.seconds, 1)}
    assert found.missing == ()
    assert differences(scratch.database.inventory(), target.inventory()) == []


def test_a_clinic_in_use_is_not_written_over_unless_it_is_said(
    backup: Path, target: Engine
) -> None:
    keeping.restore(backup, target)
    with pytest.raises(NotEmpty):
        keeping.restore(backup, target)
    assert keeping.restore(backup, target, replace=True).missing == ()


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    backup: Path, target: Engine, tmp_path: Path, figures: Figures
) -> None:
    copies = damaged(backup.read_bytes())
    believed = [name for name, copy in copies if not refused(copy)]
    figures |= {"tried": len(copies), "refused": len(copies) - len(believed)}
    assert believed == []
    cut = tmp_path / "cut"
    cut.write_bytes(backup.read_bytes()[:-1])
    with pytest.raises(Damaged):
        keeping.restore(cut, target)
    assert target.empty()


def test_another_key_is_refused_by_name(backup: Path) -> None:
    with pytest.raises(AnotherKey, match="put that key into"), backup.open("rb") as sealed:
        list(chest.read(sealed, {"other": bytes(32)}))
    with pytest.raises(AnotherKey, match="is another"), backup.open("rb") as sealed:
        list(chest.read(sealed, {"tests": bytes(32)}))


def test_a_row_that_is_missing_after_a_restore_is_named(backup: Path, target: Engine) -> None:
    label = keeping.restore(backup, target).label
    listed = dict(label.tables)
    listed["people_patient"] = listed["people_unit"]
    assert differences(listed, target.inventory())[0].startswith("people_patient: ")


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"2026030{day}T000000000000Z{keeping.SUFFIX}").touch()
    assert len(keeping.prune(tmp_path, keep=2)) == 3
    assert [file.name[:8] for file in keeping.backups(tmp_path)] == ["20260305", "20260304"]


@given(st.binary(max_size=200), st.integers(0, 3))
def test_what_was_sealed_comes_out_as_it_went_in(text: bytes, pieces: int) -> None:
    whole = text + bytes(pieces * chest.PIECE)
    sealed = io.BytesIO()
    chest.write(io.BytesIO(whole), sealed)
    sealed.seek(0)
    assert b"".join(chest.read(sealed)) == whole


@given(st.binary(max_size=400))
def test_what_is_no_backup_is_refused(text: bytes) -> None:
    for whole in (text, chest.MAGIC + text, chest.MAGIC + len(text).to_bytes(4, "big") + text):
        assert refused(whole)


def test_the_command_drills_a_clinic(scratch: Scratch, backup: Path) -> None:
    for words in (["backup"], ["drill"], ["drill", str(backup)], ["prove", "restore"]):
        ran = subprocess.run(
            [sys.executable, "-c", "from lysglimt.server.cli import main; main()", *words],
            cwd=scratch.folder,
            env=dict(scratch.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
