"""Where the node keeps what it took: a folder a version, made aside and moved in one step.

    units.toml                         who may deliver, kept by people
    units/1/000002/package.zip         as it arrived
    units/1/000002/tables/NAME.parquet the rows that are counted
    units/1/000002/aside.json          the rows that are not, with reasons
    units/1/000002/receipt.json        when, how many, whose
    refused/DIGEST.json                what was not taken, and why

A folder stands under its number whole or not at all, also when the machine stops: everything in it is on
the disk before it is moved. What lies in `aside` was being made; the next delivery sweeps it.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

UNITS, REFUSED, ASIDE, LOCK = "units", "refused", "aside", ".lock"
PACKAGE, RECEIPT, TABLES, SET_ASIDE = "package.zip", "receipt.json", "tables", "aside.json"


@dataclass(frozen=True, slots=True)
class Receipt:
    """``rows`` are counted, ``aside`` are not, by table. ``received_at`` is UTC, ISO 8601."""

    unit: int
    version: int
    digest: str
    previous: str
    software: str
    since: str
    until: str
    legal_basis: str
    received_at: str
    rows: Mapping[str, int]
    aside: Mapping[str, int]
    gap: bool


@contextmanager
def locked(node: Path) -> Iterator[None]:
    """Two who receive at once take turns; the lock falls with its process."""
    with (node / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sweep(node: Path) -> None:
    """Away with what was being made when it stopped. Only under the lock."""
    rmtree(node / ASIDE, ignore_errors=True)


def receipts(node: Path, unit: int) -> list[Receipt]:
    """Every version that was taken, oldest first."""
    folder = node / UNITS / str(unit)
    if not folder.is_dir():
        return []
    return [
        Receipt(**json.loads((one / RECEIPT).read_text(encoding="utf-8")))
        for one in sorted(folder.iterdir())
    ]


def place(node: Path, unit: int, version: int) -> Path:
    return node / UNITS / str(unit) / f"{version:06}"


def keep(target: Path, files: Mapping[str, bytes], *, node: Path) -> None:
    """All files under ``target``, or none."""
    made = node / ASIDE / target.name
    for name, content in files.items():
        write(made / name, content)
    for folder in (*(one for one in made.rglob("*") if one.is_dir()), made):
        settle(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    made.rename(target)
    for folder in (target.parent, target.parent.parent, node):
        settle(folder)


def keep_refusal(node: Path, digest: str, told: Mapping[str, str]) -> None:
    """Why, and never what: rows that were refused are not kept."""
    made = node / ASIDE / f"{digest}.json"
    write(made, as_json(told))
    (node / REFUSED).mkdir(exist_ok=True)
    made.rename(node / REFUSED / made.name)
    settle(node / REFUSED)


def refusals(node: Path) -> list[Mapping[str, str]]:
    """What was refused, by digest."""
    folder = node / REFUSED
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return [json.loads(one.read_text(encoding="utf-8")) for one in files]


def as_json(value: object) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()


def write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def write_whole(file: Path, content: bytes) -> None:
    """The file whole, or no file."""
    made = file.with_name(f".{file.name}.part")
    write(made, content)
    made.rename(file)
    settle(file.parent)


def settle(folder: Path) -> None:
    """The names in a folder are on the disk, too."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
