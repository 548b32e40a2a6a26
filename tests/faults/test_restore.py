"""A backup brings everything back into an empty database, and into no other."""

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from errno import ENOSPC, EPERM
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.server.backup import chest, engines, keeping
from lysglimt.server.backup.chest import AnotherKey, Damaged
from lysglimt.server.backup.engines import Engine, NotEmpty, NotPossible, Postgresql, Sqlite
from lysglimt.server.backup.inventory import differences
from lysglimt.server.backup.workplace import working
from lysglimt.server.proving.drill import looked_over
from lysglimt.server.proving.restore import damaged, refused
from lysglimt.server.proving.scratch import Scratch, environment

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


@pytest.mark.parametrize("fails", ["copying", "keeping", "replacing"])
def test_a_restore_that_fails_half_way_leaves_the_clinic_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    """As by a full disk: the file is there, with all its rows, and nothing half-made is left."""
    clinic, dump = holding(tmp_path / "clinic", "before"), holding(tmp_path / "dump", "after")

    def full(*_: object) -> None:
        monkeypatch.undo()
        raise OSError(ENOSPC, "No space left on device")

    if fails == "copying":
        monkeypatch.setattr(shutil, "copyfile", full)
    elif fails == "keeping":
        monkeypatch.setattr(engines, "kept", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        clinic.load(dump.file, replace=True)
    assert said(clinic.file) == "before"
    assert not list(tmp_path.glob("*.arriving"))


@pytest.mark.parametrize("links", [True, False])
def test_the_clinic_that_was_replaced_is_kept_with_what_was_only_in_its_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    clinic, dump = holding(tmp_path / "clinic", "before"), holding(tmp_path / "dump", "after")
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    with closing(engines.opened(clinic.file)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("UPDATE word SET said = 'just now'")
        server.commit()
        killed = {name: (tmp_path / name).read_bytes() for name in ("clinic", "clinic-wal")}
    for name, bytes_left in killed.items():
        (tmp_path / name).write_bytes(bytes_left)
    clinic.load(dump.file, replace=True)
    [old] = tmp_path.glob("clinic.before-*")
    assert (said(clinic.file), said(old)) == ("after", "just now")


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_clinic_that_is_being_read_is_not_replaced(tmp_path: Path, journal: str) -> None:
    clinic, dump = holding(tmp_path / "clinic", "before"), holding(tmp_path / "dump", "after")
    with served(clinic, journal) as server:
        server.execute("BEGIN")
        server.execute("SELECT said FROM word").fetchall()
        with pytest.raises(NotPossible, match="end `lysglimt serve`"):
            clinic.load(dump.file, replace=True)
    assert said(clinic.file) == "just now"


def test_a_clinic_that_a_server_has_open_is_not_replaced_though_nobody_reads(
    tmp_path: Path,
) -> None:
    """What it stored afterwards would stand in the file that was put aside, and nobody would know."""
    clinic, dump = holding(tmp_path / "clinic", "before"), holding(tmp_path / "dump", "after")
    with served(clinic, "WAL") as server:
        with pytest.raises(NotPossible, match="end `lysglimt serve`"):
            clinic.load(dump.file, replace=True)
        server.execute("UPDATE word SET said = 'acknowledged'")
        server.commit()
    assert said(clinic.file) == "acknowledged"
    clinic.load(dump.file, replace=True)
    assert said(clinic.file) == "after"


@pytest.mark.parametrize("damage", [b"no database at all", b""], ids=["other bytes", "zeros"])
def test_a_clinic_that_cannot_be_read_any_more_is_replaced_and_put_aside(
    tmp_path: Path, damage: bytes
) -> None:
    """That is what a backup is for."""
    clinic, dump = holding(tmp_path / "clinic", "before"), holding(tmp_path / "dump", "after")
    broken = damage.ljust(clinic.file.stat().st_size, bytes(1))
    clinic.file.write_bytes(broken)
    with pytest.raises(NotEmpty):
        clinic.load(dump.file, replace=False)
    clinic.load(dump.file, replace=True)
    [old] = tmp_path.glob("clinic.before-*")
    assert (said(clinic.file), old.read_bytes()) == ("after", broken)


def test_on_postgresql_neither(postgresql: Postgresql, tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    with postgresql.scratch(tmp_path) as clinic:
        with closing(clinic.connected()) as server:
            server.execute("CREATE TABLE word (said text)")
            clinic.dump(dump)
            with pytest.raises(NotPossible, match=r"connections: 1\): end `lysglimt serve`"):
                clinic.load(dump, replace=True)
        clinic.load(dump, replace=True)


@contextmanager
def served(clinic: Sqlite, journal: str) -> Iterator[Any]:
    """As by a server in a process of its own: it has stored something, and keeps the file open."""
    with closing(engines.opened(clinic.file)) as server:
        server.execute("PRAGMA busy_timeout=0")
        server.execute(f"PRAGMA journal_mode={journal}")
        server.execute("UPDATE word SET said = 'just now'")
        server.commit()
        yield server


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from lysglimt.server.starting import start
start()
from lysglimt.server.backup import chest, keeping
from lysglimt.server.backup.engines import Sqlite, engine
place, name, *file = sys.argv[1:]
owner = Sqlite if name == "load" else chest
setattr(owner, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
if file:
    keeping.restore(Path(file[0]), engine(), replace=True)
keeping.backup(engine(), Path(place), at=datetime.now(UTC))
"""


@pytest.mark.parametrize("killed", ["write", "read", "load"])
def test_one_that_is_killed_leaves_nothing_plain_among_the_backups(
    tmp_path: Path, killed: str
) -> None:
    """What it left beside the database goes with the next one; what is at work is left alone."""
    (tmp_path / "live").mkdir()
    clinic, place = holding(tmp_path / "live" / "clinic", SEEDED), tmp_path / "backups"
    files = [str(keeping.backup(clinic, place, at=AT))] if killed == "load" else []
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(place), killed, *files],
        cwd=tmp_path,
        env=environment(tmp_path, clinic),
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -SIGKILL, died.stderr
    [left] = clinic.workplace.glob(".lysglimt-*")
    assert left.stat().st_mode & 0o777 == 0o700
    assert seeded(left)
    assert not seeded(place)
    (place / ".making-former").mkdir()
    with working(clinic.workplace) as at_work:
        made = keeping.backup(clinic, place, at=AT + timedelta(days=1))
        assert [*clinic.workplace.glob(".lysglimt-*")] == [at_work]
    assert sorted(map(str, place.iterdir())) == [*files, str(made)]


SEEDED = "Kari Seeded Nordmann"


def seeded(folder: Path) -> list[Path]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file for file in files if SEEDED.encode() in file.read_bytes()]


def refuse(*_: object) -> None:
    raise OSError(EPERM, "Operation not permitted")


def holding(file: Path, word: str) -> Sqlite:
    with closing(engines.opened(file)) as database:
        database.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, said TEXT)")
        database.execute("INSERT INTO word (said) VALUES (?)", [word])
        database.commit()
    return Sqlite({"NAME": file})


def said(file: Path) -> object:
    with closing(engines.opened(file)) as database:
        return database.execute("SELECT said FROM word").fetchone()[0]


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


@pytest.mark.usefixtures("backup")
def test_a_drill_looks_at_the_copy_wherever_the_clinic_is_said_to_be(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a file with the address, by another variable, and by a lysglimt.toml where it runs."""
    elsewhere = f"sqlite:///{tmp_path}/elsewhere"
    (tmp_path / "address").write_text(elsewhere)
    (tmp_path / "lysglimt.toml").write_text(f'database_owner = "{elsewhere}"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LYSGLIMT_DATABASE_FILE", str(tmp_path / "address"))
    looked = looked_over(scratch.database, scratch.folder)
    assert looked["opened"] > 0
    assert (looked["shut"], looked["unguarded"]) == (0, [])


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


@pytest.mark.second_ring(on="sqlite")
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
