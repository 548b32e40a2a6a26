"""What the register holds now: of each unit the latest delivery that was taken."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lysglimt.register.code_book import Need, code_book
from lysglimt.register.findings import Row, absent, asked, keyed
from lysglimt.register.parquet import rows_of

from .keeping import TABLES, UNITS, Receipt, place, receipts, refusals

CHOICES = "registration"
"""Every choice stays, also two of one day: the one to be left out decides."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """``claimed`` are keys that two units have with different rows, by table."""

    rows: Mapping[str, list[Row]]
    claimed: Mapping[str, int]


def heads(node: Path) -> list[Receipt]:
    """The latest of each unit, by its number."""
    folder = node / UNITS
    units = sorted(int(one.name) for one in folder.iterdir()) if folder.is_dir() else []
    return [receipts(node, unit)[-1] for unit in units]


def pooled(node: Path) -> Pooled:
    """The rows of all units. Of a key that two claim the one whose delivery came later stands."""
    rows: dict[str, list[Row]] = {}
    claimed: dict[str, int] = {}
    latest_first = sorted(
        heads(node), key=lambda one: (one.received_at, one.unit), reverse=True
    )
    for name in code_book().tables:
        held: dict[object, Row] = {}
        twice: set[object] = set()
        for row in (row for head in latest_first for row in _rows(node, head, name)):
            key = _key(name, row)
            if held.setdefault(key, row) != row:
                twice.add(key)
        rows[name] = [held[key] for key in sorted(held, key=str)]
        if twice:
            claimed[name] = len(twice)
    return Pooled(rows, claimed)


def choices(node: Path, *, but: int) -> list[Row]:
    """Of registration, as every other unit has it."""
    others = [head for head in heads(node) if head.unit != but]
    return [row for head in others for row in _rows(node, head, CHOICES)]


def _key(name: str, row: Row) -> object:
    key = tuple(keyed(row.get(one)) for one in code_book().tables[name].key)
    return (*key, row.get("choice")) if name == CHOICES else key


def _rows(node: Path, head: Receipt, name: str) -> Iterator[Row]:
    file = place(node, head.unit, head.version) / TABLES / f"{name}.parquet"
    yield from rows_of(file.read_bytes(), name=str(file))


@dataclass(frozen=True, slots=True)
class Expected:
    """Of so many rows that a variable is expected in, so many are without."""

    table: str
    variable: str
    of: int
    missing: int


def missing(tables: Mapping[str, list[Row]]) -> Iterator[Expected]:
    """What is expected and not there, by variable; only where something is missing."""
    for table, name, variable in code_book().variables():
        if variable.need is not Need.EXPECTED:
            continue
        where = [row for row in tables.get(table, ()) if asked(variable, row)]
        without = sum(absent(row.get(name)) for row in where)
        if without:
            yield Expected(table, name, len(where), without)


@dataclass(frozen=True, slots=True)
class Standing:
    """Of each unit the latest, rows by table, what is missing of what is expected, what was refused."""

    units: list[Receipt]
    rows: Mapping[str, int]
    claimed: Mapping[str, int]
    missing: list[Expected]
    refused: list[Mapping[str, str]]


def standing(node: Path) -> Standing:
    held = pooled(node)
    return Standing(
        units=heads(node),
        rows={name: len(rows) for name, rows in held.rows.items()},
        claimed=held.claimed,
        missing=list(missing(held.rows)),
        refused=refusals(node),
    )
