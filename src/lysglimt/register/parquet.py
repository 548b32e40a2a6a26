"""Tables of the code book as Parquet: the same rows are the same bytes, and an amount stays exact."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from lysglimt.knowledge.errors import Implausible

from .code_book import Holds, code_book
from .findings import Row, keyed

DIGITS, DECIMALS = 20, 6
"""Of an amount. In binary fractions three times a limit may lie on either side of itself."""
MOST_COUNT = 2**63 - 1
KEPT_AS: Mapping[Holds, Any] = {
    Holds.PSEUDONYM: pa.string(),
    Holds.TEXT: pa.string(),
    Holds.CODE: pa.string(),
    Holds.CODES: pa.list_(pa.string()),
    Holds.COUNT: pa.int64(),
    Holds.AMOUNT: pa.decimal128(DIGITS, DECIMALS),
    Holds.DAY: pa.date32(),
    Holds.FLAG: pa.bool_(),
}


class NotParquet(Implausible):
    """A file that no table can be read from."""

    code = "register.not-parquet"


def schema(table: str) -> Any:
    """The columns of a table, in the order of the book."""
    variables = code_book().tables[table].variables
    return pa.schema([pa.field(name, KEPT_AS[one.holds]) for name, one in variables.items()])


def columns(table: str, rows: Iterable[Row]) -> Any:
    """The rows, in the order of their keys, as a table of the engine's.

    Raises Implausible for a number that has more digits than are kept.
    """
    key = code_book().tables[table].key
    ordered = sorted(rows, key=lambda row: tuple(str(keyed(row.get(one))) for one in key))
    kept = [
        {
            name: as_kept(f"{table}.{name}", one.holds, row.get(name))
            for name, one in code_book().tables[table].variables.items()
        }
        for row in ordered
    ]
    return pa.Table.from_pylist(kept, schema=schema(table))


def as_kept(where: str, holds: Holds, value: object) -> object:
    match holds, value:
        case _, None:
            return None
        case Holds.AMOUNT, int() | float() | Decimal():
            return exact(where, Decimal(str(value)))
        case Holds.COUNT, int() if abs(value) > MOST_COUNT:
            raise Implausible.of(where, value, f"-{MOST_COUNT}..{MOST_COUNT}")
        case (_, str(text)) if not text.strip():
            return None
        case (Holds.DAY, str(text)):
            return date.fromisoformat(text)
        case _:
            return value


def exact(where: str, amount: Decimal) -> Decimal:
    """The amount as it is: one that would have to be rounded is refused."""
    step = Decimal(1).scaleb(-DECIMALS)
    if abs(amount) >= Decimal(10) ** (DIGITS - DECIMALS) or amount % step:
        allowed = f"at most {DIGITS - DECIMALS} digits before and {DECIMALS} after the comma"
        raise Implausible.of(where, amount, allowed)
    return amount.quantize(step)


def written(table: str, rows: Iterable[Row]) -> bytes:
    """Parquet, without a word of when or by whom it was made beside the library's own name."""
    file = BytesIO()
    parquet.write_table(columns(table, rows), file, compression="zstd", version="2.6")
    return file.getvalue()


def rows_of(content: bytes, *, name: str) -> list[dict[str, object]]:
    """Every row of a file as plain values.

    Raises NotParquet with the name of the file.
    """
    try:
        rows: list[dict[str, object]] = parquet.read_table(BytesIO(content)).to_pylist()
    except (pa.ArrowException, OSError, ValueError) as refusal:
        raise NotParquet.of("file", name, "a whole Parquet file") from refusal
    return rows


def agrees(content: bytes, table: str) -> bool:
    """Has the file the columns of this book, and no other?"""
    try:
        return bool(parquet.read_schema(BytesIO(content)).equals(schema(table)))
    except (pa.ArrowException, OSError, ValueError):
        return False
