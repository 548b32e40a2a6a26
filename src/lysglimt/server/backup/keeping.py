"""Making a backup, bringing one back, and trying whether that works."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from lysglimt.server.migrations import draw_second_line, waiting

from . import chest
from .chest import Damaged
from .engines import Engine, NotPossible, engine
from .inventory import Contents, Inventory, differences
from .workplace import ARRIVING, FORMER, clear, working

SUFFIX = ".lysglimt-backup"
LENGTH = 8


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself, inside the sealed file."""

    vendor: str
    made_at: str
    tables: Inventory

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables.values())


@dataclass(frozen=True, slots=True)
class Restored:
    """``missing`` has one sentence for each table that is not as the backup lists it."""

    label: Label
    missing: tuple[str, ...]
    seconds: float


def of_this_clinic(folder: Path) -> Path:
    """As it is now."""
    return backup(engine(), folder, at=timezone.now())


def into_this_clinic(file: Path, *, replace: bool) -> Restored:
    """With what the database itself sees to, if the backup is of this version."""
    found = restore(file, engine(), replace=replace)
    if not waiting():
        draw_second_line()
    return found


def backup(source: Engine, folder: Path, *, at: datetime) -> Path:
    """Dump, list, seal, and read it back whole before it gets its name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    clear(folder, ARRIVING, *FORMER)
    with working(source.workplace) as making:
        payload = making / "payload"
        pack(source, making / "dump", payload, at=at)
        file = folder / f"{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}{SUFFIX}"
        arriving = folder / f"{ARRIVING}{uuid4().hex}"
        try:
            seal(payload, arriving)
            arriving.rename(file)
        finally:
            arriving.unlink(missing_ok=True)
    return file


def pack(source: Engine, dump: Path, payload: Path, *, at: datetime) -> None:
    """The label and the dump in one file."""
    label = Label(source.vendor, at.astimezone(UTC).isoformat(), source.dump(dump))
    with dump.open("rb") as said, payload.open("wb") as whole:
        head = json.dumps(asdict(label)).encode()
        whole.write(len(head).to_bytes(LENGTH, "big") + head)
        copy(iter(lambda: said.read(chest.PIECE), b""), whole)
    dump.unlink()


def seal(payload: Path, arriving: Path) -> None:
    """Written, stored, and read back."""
    with payload.open("rb") as said, arriving.open("xb") as sealed:
        flock(sealed, LOCK_EX)  # no leftover, as long as this process lives
        chest.write(said, sealed)
        sealed.flush()
        os.fsync(sealed.fileno())
        with arriving.open("rb") as again:
            for _ in chest.read(again):
                pass


def copy(pieces: Iterator[bytes], to: BinaryIO) -> None:
    to.writelines(pieces)


@contextmanager
def unpacked(file: Path, place: Path) -> Iterator[tuple[Label, Path]]:
    """The label and the dump, when the whole file has proved to be as it was written."""
    with working(place) as restoring:
        payload, dump = restoring / "payload", restoring / "dump"
        with file.open("rb") as sealed, payload.open("wb") as whole:
            copy(chest.read(sealed), whole)
        with payload.open("rb") as whole, dump.open("wb") as said:
            label = labelled(whole)
            copy(iter(lambda: whole.read(chest.PIECE), b""), said)
        payload.unlink()
        yield label, dump


def labelled(whole: BinaryIO) -> Label:
    length = int.from_bytes(whole.read(LENGTH), "big")
    try:
        said = json.loads(whole.read(length))
        tables = {name: Contents(**each) for name, each in said["tables"].items()}
        return Label(said["vendor"], said["made_at"], tables)
    except (ValueError, KeyError, TypeError) as fault:
        raise Damaged("The list inside the backup cannot be read.") from fault


def restore(file: Path, target: Engine, *, replace: bool = False) -> Restored:
    """Prove the file, put it in place, and compare every table with the list inside it."""
    began = time.monotonic()
    clear(file.resolve().parent, *FORMER)
    with unpacked(file, target.workplace) as (label, dump):
        if label.vendor != target.vendor:
            raise NotPossible(
                f"The backup is of {label.vendor}, the database is {target.vendor}."
            )
        target.load(dump, replace=replace)
    missing = tuple(differences(label.tables, target.inventory()))
    return Restored(label, missing, time.monotonic() - began)


def backups(folder: Path) -> list[Path]:
    """The newest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True)


def newest_age(folder: Path, *, at: datetime) -> timedelta | None:
    """Since the newest backup was made; None when there is none."""
    made = backups(folder)[:1]
    return at - datetime.fromtimestamp(made[0].stat().st_mtime, UTC) if made else None


def prune(folder: Path, *, keep: int) -> list[Path]:
    """Only the newest so many stay. What went is answered."""
    old = backups(folder)[keep:]
    for file in old:
        file.unlink()
    return old


def folder() -> Path:
    """Where this clinic's backups lie."""
    place: Path = settings.BACKUPS
    return place
