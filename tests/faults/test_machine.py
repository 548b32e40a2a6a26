"""What the machine does to a clinic: no room, a wrong clock, a line that hangs, a body too large."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from lysglimt.server.backup.engines import Postgresql, Sqlite
from lysglimt.server.proving.scratch import Scratch, environment
from lysglimt.server.proving.served import Served
from lysglimt.server.proving.writers import Keyboard, Tally, reading

from .conftest import LONG, STARTED

Figures = dict[str, object]
Emptied = Callable[[Scratch], Scratch]
DISK_MB = 48
RESERVE_MB = 20
CHARTED_ON_FULL = 300 if LONG else 60
CLOCKS = ("-2h", "+400d", "-365d") if LONG else ("-2h", "+400d")


def chart_some(keyboard: Keyboard, tally: Tally, numbers: range) -> list[int]:
    statuses = []
    for number in numbers:
        form = reading(number)
        session = keyboard.ground["sessions"][number % 5]
        answer = keyboard.once("POST", f"/sessions/{session}/vitals/", form)
        statuses.append(answer.status)
        if answer.status == 302:
            tally.note(answer, form["entry"], number)
    return statuses


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 48 MB, which takes root to make; PostgreSQL's own user may come there, too."""
    disk = Path(tempfile.mkdtemp(prefix="lysglimt-disk-"))
    disk.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=777", "none", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can make a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)
    disk.rmdir()


def fill(disk: Path, *, leave: int) -> Path:
    """All but so many bytes."""
    filler = disk / "filler"
    with filler.open("ab") as file:
        size = shutil.disk_usage(disk).free - leave
        file.write(bytes(max(0, size)))
    return filler


def test_on_a_full_disk_nothing_acknowledged_is_lost_and_records_can_be_read(
    small_disk: Path, tmp_path: Path, emptied: Emptied, figures: Figures
) -> None:
    database = Sqlite({"NAME": small_disk / "clinic.sqlite3"})
    scratch = emptied(Scratch(tmp_path, database, environment(tmp_path, database)))
    tally = Tally()
    with Served(scratch) as served:
        keyboard = Keyboard(served, scratch.ask("ground"))
        page = f"/sessions/{keyboard.ground['sessions'][0]}/"
        assert set(chart_some(keyboard, tally, range(20))) == {302}
        filler = fill(small_disk, leave=RESERVE_MB * 1_000_000 - 2_000_000)
        low = chart_some(keyboard, tally, range(20, 25))
        read_low = keyboard.once("GET", page).status
        ready = served.ask("GET", "/readyz")[0]
        fill(small_disk, leave=0)
        full = chart_some(keyboard, tally, range(25, 30))
        read_full = keyboard.once("GET", page)
        filler.unlink()
        again = chart_some(keyboard, tally, range(30, 40))
    found = scratch.ask("tally", tally.acknowledged)
    figures |= {"nearly full": (low, read_low), "full": (full, read_full.status)}
    figures |= {"readyz": ready, "acknowledged": len(tally.acknowledged), **found}
    assert (set(low), read_low, ready) == ({507}, 200, 503)
    assert set(full) == {507}
    assert read_full.status in {200, 507}
    assert set(again) == {302}
    assert not any(found.values())


def test_on_a_full_disk_of_postgresql_the_page_says_so(
    small_disk: Path,
    tmp_path: Path,
    postgresql: Postgresql,
    emptied: Emptied,
    figures: Figures,
) -> None:
    """Only the table that grows stands on the small disk, as a full server would stop altogether."""
    shutil.chown(small_disk, "postgres", "postgres")
    tally = Tally()
    with postgresql.scratch(tmp_path) as database:
        scratch = emptied(Scratch(tmp_path, database, environment(tmp_path, database)))
        with closing(database.connected()) as owner:
            owner.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
            owner.execute("ALTER TABLE chairside_vitalset SET TABLESPACE small")
        try:
            with Served(scratch) as served:
                keyboard = Keyboard(served, scratch.ask("ground"))
                assert set(chart_some(keyboard, tally, range(20))) == {302}
                filler = fill(small_disk, leave=0)
                full = chart_some(keyboard, tally, range(100, 100 + CHARTED_ON_FULL))
                page = f"/sessions/{keyboard.ground['sessions'][0]}/"
                read = keyboard.once("GET", page).status
                filler.unlink()
                again = chart_some(keyboard, tally, range(400, 410))
            found = scratch.ask("tally", tally.acknowledged)
        finally:
            with closing(database.connected()) as owner:
                owner.execute("ALTER TABLE chairside_vitalset SET TABLESPACE pg_default")
                owner.execute("DROP TABLESPACE small")
    figures |= {"refused": full.count(507), "read": read, **found}
    assert set(full) == {302, 507}, "the last page of the table takes a few, then none"
    assert read == 200
    assert set(again) == {302}
    assert not any(found.values())


@pytest.mark.second_ring(on="sqlite")
def test_a_clock_that_jumps_loses_nothing_and_the_doctor_sees_it(
    scratch: Scratch, need: Callable[[str], None], figures: Figures
) -> None:
    need("faketime")
    tally = Tally()
    for number, jump in enumerate(CLOCKS):
        wrong = replace(scratch, environment={**scratch.environment, **faked(jump)})
        with Served(wrong) as served:
            keyboard = Keyboard(served, wrong.ask("ground"))
            statuses = chart_some(keyboard, tally, range(number * 10, number * 10 + 10))
        assert set(statuses) == {302}, jump
    found = scratch.ask("tally", tally.acknowledged)
    doctor = command(scratch, "doctor")
    figures |= {"jumps": CLOCKS, "acknowledged": len(tally.acknowledged), **found}
    assert not any(found.values())
    assert "BAD clock" in doctor.stdout


def faked(jump: str) -> dict[str, str]:
    [library] = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": jump,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Threads wait for each other by a clock that is not faked; what the library does about
        # other programs' waits makes them starve.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
    }


def command(scratch: Scratch, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "from lysglimt.server.cli import main; main()", *words],
        cwd=scratch.folder,
        env=dict(scratch.environment),
        capture_output=True,
        text=True,
        check=False,
    )


HANGING = 60


def test_lines_that_hang_and_bodies_too_large_keep_nobody_waiting(
    scratch: Scratch, figures: Figures
) -> None:
    with Served(scratch) as served, ExitStack() as lines:
        for _ in range(HANGING):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            line.sendall(
                b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
            )
        slowest = max(seconds(lambda: served.ask("GET", "/readyz")) for _ in range(10))
        large = posted(served, b"a=" + b"x" * 2_000_000)
    figures |= {"lines": HANGING, "slowest /readyz": round(slowest, 3), "2 MB": large}
    assert slowest < 1
    assert large in {400, 413}


def seconds(deed: Callable[[], Any]) -> float:
    began = time.monotonic()
    deed()
    return time.monotonic() - began


def posted(served: Served, body: bytes) -> int:
    with closing(served.connection()) as connection:
        cookie = {"Cookie": f"csrf={'a' * 32}", "X-CSRFToken": "a" * 32}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has all
            connection.request("POST", "/sign-in/", body, cookie | form)
        return connection.getresponse().status


def test_a_zip_bomb_is_refused_unread(
    tmp_path: Path, scratch: Scratch, figures: Figures
) -> None:
    bomb = tmp_path / "patients.xlsx"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(250_000_000))
    began = time.monotonic()
    refused = command(scratch, "import", str(bomb), "--template", "patients", "--by", "x")
    figures |= {"bytes": bomb.stat().st_size, "seconds": round(time.monotonic() - began, 1)}
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


COMMITS = 100


def test_every_commit_is_written_through(
    tmp_path: Path, need: Callable[[str], None], emptied: Emptied, figures: Figures
) -> None:
    """What a killed process cannot show: the disk is told to keep each one (SQLite)."""
    need("strace")
    database = Sqlite({"NAME": tmp_path / "clinic.sqlite3"})
    scratch = emptied(Scratch(tmp_path, database, environment(tmp_path, database)))
    trace = tmp_path / "trace"
    watched = ["strace", "-f", "-e", "trace=fdatasync,fsync", "-o", str(trace)]
    root = str(Path(__file__).parents[2])
    ran = subprocess.run(
        [*watched, sys.executable, *STARTED, "tests.faults.commits", str(COMMITS)],
        env={**scratch.environment, "PYTHONPATH": root},
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    if "ptrace" in ran.stderr.lower() and ran.returncode and os.environ.get("CI") != "true":
        pytest.skip("this machine does not let a process be watched")
    assert ran.returncode == 0, ran.stderr
    syncs = trace.read_text().count("sync(")
    figures |= {"commits": COMMITS, "syncs": syncs}
    assert syncs >= COMMITS
