"""The rows of a unit as Parquet: one file for each table of the code book, the same bytes from the same rows."""

import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.register.code_book import CodeBook, Holds, code_book

Rows = Mapping[str, Sequence[Mapping[str, object]]]
KEPT_AS = {
    Holds.PSEUDONYM: pa.string(),
    Holds.TEXT: pa.string(),
    Holds.CODE: pa.string(),
    Holds.CODES: pa.list_(pa.string()),
    Holds.COUNT: pa.int64(),
    Holds.AMOUNT: pa.float64(),
    Holds.DAY: pa.date32(),
    Holds.FLAG: pa.bool_(),
}
UNDER_WAY = ".under-way"


class ExtractTaken(ClinicalError):
    """Something lies where the rows are to be written."""

    code = "delivery.folder-taken"


def refuse_taken(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExtractTaken(
            f"--out: {folder.name} is not empty; allowed is a folder that is empty or new",
            field="out",
            value=folder.name,
            allowed="an empty or a new folder",
        )


class Written:
    """The files are made beside their place, and are in it all at once or not at all."""

    def __init__(self, folder: Path) -> None:
        refuse_taken(folder)
        self.folder = folder
        self.under_way = folder.with_name(folder.name + UNDER_WAY)

    def __enter__(self) -> "Written":
        shutil.rmtree(self.under_way, ignore_errors=True)
        self.under_way.mkdir(parents=True)
        return self

    def take(self, tables: Rows) -> None:
        book = code_book()
        for name, rows in tables.items():
            parquet.write_table(
                table(book, name, rows), self.under_way / f"{name}.parquet", compression="zstd"
            )

    def keep(self) -> None:
        if self.folder.exists():
            self.folder.rmdir()
        self.under_way.rename(self.folder)

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.under_way, ignore_errors=True)


def schema(book: CodeBook, name: str) -> pa.Schema:
    variables = book.tables[name].variables.items()
    fields = [pa.field(each, KEPT_AS[variable.holds]) for each, variable in variables]
    return pa.schema(fields, metadata={"lysglimt.code-book": str(book.version)})


def table(book: CodeBook, name: str, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """What is not in the code book has no column, and what a row lacks is empty."""
    made = schema(book, name)
    columns = [
        pa.array([plain(row.get(field.name)) for row in rows], type=field.type)
        for field in made
    ]
    return pa.Table.from_arrays(columns, schema=made)


def plain(value: object) -> object:
    """An amount is a binary number from here on, as the tools of a statistician read it."""
    return float(value) if isinstance(value, Decimal) else value
