"""The first sheet of a file that somebody filled in: CSV or XLSX, all of it as text."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from .long_table import LongTable, Row, TableRefused, read_table, refused

LARGEST = 20_000_000
"""Bytes of a file."""
LARGEST_UNPACKED, HIGHEST_RATIO = 200_000_000, 200
"""An XLSX is a zip archive: a small one may hold a thousandfold, which is refused unread."""
MOST_ROWS = 20_000
EXPLANATION = "Forklaring"


def read_sheet(path: Path) -> LongTable:
    """The rows with their number as a spreadsheet or an editor shows it. Raises TableRefused."""
    if path.stat().st_size > LARGEST:
        raise TableRefused(
            f"{path.name}: is larger than {LARGEST // 1_000_000} MB",
            field=path.name,
            value=path.stat().st_size,
            allowed=f"up to {LARGEST} bytes",
        )
    table = workbook(path) if path.suffix.casefold() == ".xlsx" else read_table(path)
    if len(table.rows) > MOST_ROWS:
        raise TableRefused(
            f"{path.name}: has {len(table.rows)} rows",
            field=path.name,
            value=len(table.rows),
            allowed=f"up to {MOST_ROWS}",
        )
    return table


def workbook(path: Path) -> LongTable:
    """Formulas count as the values that the spreadsheet last computed; they are not run."""
    refuse_bomb(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [name for name in book.sheet_names if name != EXPLANATION]
        rows = book.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError) as refusal:
        raise unreadable(path) from refusal
    return table_of(path.name, rows)


def refuse_bomb(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except (BadZipFile, OSError, ValueError) as refusal:
        raise unreadable(path) from refusal
    if unpacked > min(LARGEST_UNPACKED, HIGHEST_RATIO * max(1, path.stat().st_size)):
        raise TableRefused(
            f"{path.name}: unpacks to {unpacked} bytes, which no filled-in template does",
            field=path.name,
            value=unpacked,
            allowed=f"up to {HIGHEST_RATIO} times the size of the file",
        )


def unreadable(path: Path) -> TableRefused:
    return TableRefused(
        f"{path.name}: is no XLSX workbook", field=path.name, value=path.suffix, allowed="XLSX"
    )


def table_of(name: str, rows: Sequence[Sequence[object]]) -> LongTable:
    written = [(number, [words(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    filled = [(number, cells) for number, cells in written if any(cells)]
    if not filled:
        raise TableRefused(
            f"{name}: is empty", field=name, value="", allowed="a first line of names"
        )
    _, header = filled[0]
    columns = tuple(cell.strip() for cell in header if cell.strip())
    twice = sorted({one for one in columns if columns.count(one) > 1})
    if twice:
        raise refused(name, filled[0][0], f"two columns are called {twice[0]!r}")
    places = [header.index(cell) for cell in header if cell.strip()]
    for number, cells in filled[1:]:
        stray = [cell for place, cell in enumerate(cells) if cell and place not in places]
        if stray:
            raise refused(name, number, f"{stray[0]!r} stands in a column without a name")
    body = (
        Row(
            number,
            {
                column: cells[place] if place < len(cells) else ""
                for column, place in zip(columns, places, strict=True)
            },
        )
        for number, cells in filled[1:]
    )
    return LongTable(name, columns, tuple(body))


def words(cell: object) -> str:
    """A cell as a person would have typed it: a day, a time, a number without a needless .0."""
    # A bool is an int and a datetime is a date in Python, so the narrower stands first.
    return next(
        (said(cell) for kind, said in SAID if isinstance(cell, kind)), str(cell).strip()
    )


def moment(cell: datetime) -> str:
    midnight = cell.time() == time()
    return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")


def lasting(cell: timedelta) -> str:
    hours, minutes = divmod(cell // timedelta(minutes=1), 60)
    return f"{hours:02d}:{minutes:02d}"


def number(cell: float) -> str:
    return str(int(cell)) if cell.is_integer() else str(cell)


SAID: Sequence[tuple[type, Callable[[Any], str]]] = (
    (datetime, moment),
    (date, date.isoformat),
    (time, lambda cell: f"{cell:%H:%M}"),
    (timedelta, lasting),
    (bool, lambda cell: "ja" if cell else "nei"),
    (float, number),
)
