"""What a unit lays in a folder for the register: a file for each table, Parquet or CSV."""

import csv
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text

from .code_book import Holds, Table, code_book, told
from .findings import SHOWN, Fault, Row, RowFinding
from .parquet import rows_of

PARQUET, CSV = ".parquet", ".csv"
BETWEEN = ";"
"""Between the codes of a variable that has several, in CSV."""
FLAGS: Mapping[str, bool] = {"true": True, "false": False}
SAID: Mapping[Fault, Text] = {
    Fault.NOT_A_ROW: Text(nb="er ingen rad", en="is no row"),
    Fault.UNKNOWN_VARIABLE: Text(nb="ukjent variabel", en="unknown variable"),
    Fault.MISSING: Text(nb="mangler", en="is missing"),
    Fault.KIND: Text(nb="feil type", en="wrong type"),
    Fault.LIST: Text(nb="står ikke i listen", en="is not in the list"),
    Fault.RANGE: Text(nb="utenfor området", en="out of range"),
    Fault.TWICE: Text(nb="står to ganger", en="stands twice"),
    Fault.DANGLING: Text(nb="viser til noe som ikke er der", en="points to what is not there"),
    Fault.OTHER_UNIT: Text(nb="hører til en annen enhet", en="belongs to another unit"),
    Fault.OPTED_OUT: Text(nb="har reservert seg", en="has opted out"),
    Fault.UNCLEAR_CHOICE: Text(
        nb="valget om registrering kan ikke leses",
        en="the choice of registration is not readable",
    ),
}
LINE = Text(
    nb="{table}, rad {row}, {variable}: {fault}. Oppgitt: {value}. Tillatt: {allowed}.",
    en="{table}, row {row}, {variable}: {fault}. Given: {value}. Allowed: {allowed}.",
)
NOTHING = Text(nb="ingenting", en="nothing")


class NoDelivery(ClinicalError):
    """A folder that holds no table, one that the book does not have, or one twice."""

    code = "register.no-delivery"


def line(finding: RowFinding, language: str) -> str:
    """One finding as a sentence."""
    return LINE.filled(
        table=finding.table,
        row=finding.row,
        variable=finding.variable or "-",
        fault=SAID[finding.fault],
        value=finding.value or NOTHING,
        allowed=finding.allowed,
    ).in_language(language)


def tables_in(folder: Path) -> dict[str, list[Row]]:
    """The rows of every table in the folder, as they were written.

    Raises NoDelivery, and NotParquet for a file that cannot be read.
    """
    found: dict[str, list[Row]] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix not in {PARQUET, CSV}:
            continue
        if file.stem not in code_book().tables or file.stem in found:
            allowed = f"one file of each of {told(code_book().tables)}"
            raise NoDelivery(
                f"{file.name}: is refused, allowed is {allowed}",
                field="file",
                value=file.name,
                allowed=allowed,
            )
        found[file.stem] = list(rows_in(file))
    if not found:
        raise NoDelivery(
            f"{folder.name}: holds no table, allowed are NAME.parquet and NAME.csv",
            field="file",
            value=folder.name,
            allowed="NAME.parquet, NAME.csv",
        )
    return found


def rows_in(file: Path) -> Iterator[Row]:
    if file.suffix == PARQUET:
        yield from rows_of(file.read_bytes(), name=file.name)
        return
    table = code_book().tables[file.stem]
    with file.open(encoding="utf-8-sig", newline="") as text:
        try:
            for row in csv.DictReader(text):
                yield {str(name): as_typed(table, str(name), one) for name, one in row.items()}
        except csv.Error as refusal:
            raise NoDelivery(
                f"{file.name}: {refusal}", field="file", value=file.name, allowed="CSV"
            ) from refusal


def as_typed(table: Table, name: str, cell: object) -> object:
    """The value of a cell where it can be read as one; else the text, which becomes a finding."""
    variable = table.variables.get(name)
    if variable is None or not isinstance(cell, str):
        return cell
    reader = READERS.get(variable.holds)
    return None if not cell.strip() else reader(cell) if reader else cell


def count(cell: str) -> object:
    whole = len(cell) <= SHOWN and cell.removeprefix("-").isdecimal()
    return int(cell) if whole else cell


def amount(cell: str) -> object:
    try:
        return Decimal(cell)
    except InvalidOperation:
        return cell


READERS: Mapping[Holds, Callable[[str], object]] = {
    Holds.COUNT: count,
    Holds.AMOUNT: amount,
    Holds.FLAG: lambda cell: FLAGS.get(cell, cell),
    Holds.CODES: lambda cell: cell.split(BETWEEN),
}
