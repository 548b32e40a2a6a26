"""Any table with one row for each patient and visit: CSV or TSV, read strictly."""

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.outcomes.table import Rated
from lysglimt.knowledge.quantities import typed_number

DELIMITERS = ("\t", ";", ",")
MISSING = frozenset({"", "n/a", "na"})
"""What stands for missing, in upper or lower case."""


class TableRefused(ClinicalError):
    """A file that cannot be read as the table it was said to be; names the row."""

    code = "file.refused"


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is the line of the file, as an editor counts."""

    number: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str | None:
        """None when missing."""
        text = self.cells[column].strip()
        return None if text.casefold() in MISSING else text


@dataclass(frozen=True, slots=True)
class LongTable:
    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, name: str) -> str:
        """The name, when the table has it. Raises TableRefused with the nearest that it has."""
        return known(name, self.columns, what=f"{self.name}: column")


@dataclass(frozen=True, slots=True)
class Columns:
    patient: str
    visit: str
    score: str


def known(name: str, names: Collection[str], *, what: str) -> str:
    if name not in names:
        nearest = next(iter(get_close_matches(name, names, n=1, cutoff=0)), "")
        raise TableRefused(
            f"{what} {name!r} is unknown, the nearest is {nearest!r}",
            field=what,
            value=name,
            allowed=tuple(names),
        )
    return name


def read_table(path: Path) -> LongTable:
    """The file's rows as text. The delimiter is the one its first line has most of.

    Raises TableRefused for an empty file, one that is not UTF-8, two columns of one name, and a
    row that is longer or shorter than the first line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as refusal:
        raise TableRefused(
            f"{path.name}: is not UTF-8 text (byte {refusal.start + 1})",
            field=path.name,
            value="other encoding",
            allowed="UTF-8",
        ) from refusal
    # A line ends where an editor ends it; `splitlines` would also cut a cell at a form feed.
    header = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as refusal:
        raise refused(path.name, reader.line_num, str(refusal)) from refusal
    return _table(path.name, numbered)


def _table(name: str, numbered: Sequence[tuple[int, list[str]]]) -> LongTable:
    if not numbered:
        raise TableRefused(
            f"{name}: is empty", field=name, value="", allowed="a first line of names"
        )
    columns = tuple(cell.strip() for cell in numbered[0][1])
    twice = sorted({one for one in columns if columns.count(one) > 1})
    if twice:
        raise refused(name, numbered[0][0], f"two columns are called {twice[0]!r}")
    for number, cells in numbered[1:]:
        if len(cells) != len(columns):
            raise refused(
                name, number, f"{len(cells)} cells, the first line has {len(columns)}"
            )
    rows = (
        Row(number, dict(zip(columns, cells, strict=True))) for number, cells in numbered[1:]
    )
    return LongTable(name, columns, tuple(rows))


def refused(name: str, number: int, why: str) -> TableRefused:
    return TableRefused(f"{name}: row {number}: {why}", field=f"row {number}", value=why)


def joined(table: LongTable, other: LongTable, patient: str) -> LongTable:
    """The table with the columns of another added by patient, who is once in the other.

    A column of both names keeps the first table's. Raises TableRefused for a patient who is
    twice in the other, or not at all.
    """
    table.column(patient)
    by_patient: dict[str, Row] = {}
    for row in other.rows:
        who = row.cells[other.column(patient)].strip()
        if who in by_patient:
            first = by_patient[who].number
            raise refused(other.name, row.number, f"{who!r} stands on row {first} too")
        by_patient[who] = row
    added = tuple(name for name in other.columns if name not in table.columns)
    rows = []
    for row in table.rows:
        who = row.cells[patient].strip()
        if who not in by_patient:
            raise refused(table.name, row.number, f"{who!r} is not in {other.name}")
        more = {name: by_patient[who].cells[name] for name in added}
        rows.append(Row(row.number, {**row.cells, **more}))
    return LongTable(table.name, (*table.columns, *added), tuple(rows))


def only(table: LongTable, column: str, value: str) -> LongTable:
    """The rows that have the value. Raises TableRefused when none has, with the nearest."""
    table.column(column)
    values = {row.cells[column].strip() for row in table.rows}
    known(value, sorted(values), what=f"{table.name}: {column}")
    rows = tuple(row for row in table.rows if row.cells[column].strip() == value)
    return LongTable(table.name, table.columns, rows)


def split(table: LongTable, column: str) -> Mapping[str, LongTable]:
    """One table for each value of the column, in the order they appear; empty is ``n/a``."""
    table.column(column)
    parts: dict[str, list[Row]] = {}
    for row in table.rows:
        parts.setdefault(row.cell(column) or "n/a", []).append(row)
    return {
        value: LongTable(table.name, table.columns, tuple(rows))
        for value, rows in parts.items()
    }


def rated(
    table: LongTable, columns: Columns, *, lowest: Decimal, highest: Decimal
) -> tuple[Rated, ...]:
    """The ratings, one for each patient and visit.

    A row with neither visit nor score says nothing and is passed over. Raises TableRefused with
    the row number for a missing patient or visit, a score that is no number or out of the range,
    and a patient's second row of one visit.
    """
    for name in (columns.patient, columns.visit, columns.score):
        table.column(name)
    seen: dict[tuple[str, str], int] = {}
    ratings = []
    for row in table.rows:
        score = _score(table, row, columns.score, span=(lowest, highest))
        visit = row.cell(columns.visit)
        if visit is None and score is None:
            continue
        rating = _rating(table, row, columns, score=score)
        earlier = seen.setdefault((rating.patient, rating.visit), row.number)
        if earlier != row.number:
            why = f"{rating.patient!r} has {rating.visit!r} on row {earlier} too"
            raise refused(table.name, row.number, why)
        ratings.append(rating)
    return tuple(ratings)


def _rating(table: LongTable, row: Row, columns: Columns, *, score: Decimal | None) -> Rated:
    patient, visit = row.cell(columns.patient), row.cell(columns.visit)
    if patient is None or visit is None:
        name = columns.visit if visit is None else columns.patient
        raise refused(table.name, row.number, f"{name!r} is missing")
    return Rated(patient, visit, score)


def _score(
    table: LongTable, row: Row, column: str, *, span: tuple[Decimal, Decimal]
) -> Decimal | None:
    text = row.cell(column)
    if text is None:
        return None
    number = typed_number(text)
    if number is None:
        raise refused(table.name, row.number, f"{column}: {text!r} is not a number")
    if not span[0] <= number <= span[1]:
        allowed = f"allowed is {span[0]}-{span[1]}"
        raise refused(table.name, row.number, f"{column}: {text} is out of range, {allowed}")
    return number
