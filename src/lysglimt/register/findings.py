"""Does what was delivered agree with the code book? Row by row, and nothing is put right."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from math import isfinite

from lysglimt.knowledge.errors import Unknown
from lysglimt.knowledge.text import Text

from .code_book import CodeBook, Holds, Need, Table, Variable, code_book

Row = Mapping[str, object]
Rows = Mapping[str, Iterable[object]]
"""By table. What is no row is a finding."""
SHOWN = 60
"""So much of a value is repeated in a finding; a long one is most often not what it should be."""
LISTED = 8
"""So many codes are listed; of more, how many there are."""


class Fault(StrEnum):
    NOT_A_ROW = "not-a-row"
    UNKNOWN_VARIABLE = "unknown-variable"
    MISSING = "missing"
    KIND = "kind"
    LIST = "list"
    RANGE = "range"
    TWICE = "twice"
    DANGLING = "dangling"
    OTHER_UNIT = "other-unit"
    UNCLEAR_CHOICE = "unclear-choice"
    OPTED_OUT = "opted-out"


@dataclass(frozen=True, slots=True)
class RowFinding:
    """What is wrong with one value. Rows are counted from 1; ``value`` as it was delivered."""

    table: str
    row: int
    variable: str
    fault: Fault
    value: str
    allowed: Text


def validate(table: str, rows: Iterable[object]) -> Iterator[RowFinding]:
    """Every finding of a table, in the order of its rows. Bad data never raises.

    Raises Unknown, at once, for a table that the book does not have.
    """
    book = code_book()
    if table not in book.tables:
        raise Unknown(
            f"table: {table!r} is unknown, there are {', '.join(book.tables)}",
            field="table",
            value=table,
            allowed=tuple(book.tables),
        )
    return _found(book, table, rows)


def validate_all(tables: Rows) -> Iterator[RowFinding]:
    """As `validate`, of tables that belong together: a key that no row has is found, too."""
    held = {name: list(rows) for name, rows in tables.items()}
    for name, rows in held.items():
        yield from validate(name, rows)
    yield from _dangling(code_book(), held)


def _found(book: CodeBook, name: str, rows: Iterable[object]) -> Iterator[RowFinding]:
    table, seen = book.tables[name], dict[tuple[object, ...], int]()
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            allowed = Text(
                nb="en rad med variabler og verdier", en="a row of variables and values"
            )
            yield RowFinding(name, number, "", Fault.NOT_A_ROW, shown(row), allowed)
            continue
        for variable, fault, value, allowed in (
            *_strange(table, row),
            *_wrong(book, table, row),
        ):
            yield RowFinding(name, number, variable, fault, value, allowed)
        key = tuple(keyed(row.get(one)) for one in table.key)
        if None not in key and (before := seen.setdefault(key, number)) != number:
            allowed = Text(nb=f"én gang; rad {before} har den", en=f"once; row {before} has it")
            told = ", ".join(shown(row.get(one)) for one in table.key)
            yield RowFinding(name, number, ", ".join(table.key), Fault.TWICE, told, allowed)


Said = tuple[str, Fault, str, Text]


def _strange(table: Table, row: Row) -> Iterator[Said]:
    allowed = Text(nb="en variabel av tabellen", en="a variable of the table")
    for name in row:
        if name not in table.variables:
            yield shown(name), Fault.UNKNOWN_VARIABLE, shown(row[name]), allowed


def _wrong(book: CodeBook, table: Table, row: Row) -> Iterator[Said]:
    for name, variable in table.variables.items():
        value = row.get(name)
        if absent(value):
            if variable.need is Need.ALWAYS and asked(variable, row):
                yield name, Fault.MISSING, "", allowed_of(book, variable)
        elif not FITS[variable.holds](value):
            yield name, Fault.KIND, shown(value), allowed_of(book, variable)
        elif fault := _outside(book, variable, value):
            yield name, fault, shown(value), allowed_of(book, variable)


def _outside(book: CodeBook, variable: Variable, value: object) -> Fault | None:
    match variable.holds, value:
        case (Holds.CODE, str(code)) if code not in book.values(variable):
            return Fault.LIST
        case (Holds.CODES, list() | tuple() as codes) if (
            set(codes) - book.values(variable).keys()
        ):
            return Fault.LIST
        case (_, int() | float() | Decimal() as number) if not within(variable, number):
            return Fault.RANGE
        case _:
            return None


def within(variable: Variable, number: float | Decimal) -> bool:
    low, high = variable.lowest, variable.highest
    return (low is None or number >= low) and (high is None or number <= high)


def asked(variable: Variable, row: Row) -> bool:
    """Is it needed in this row? Where it hangs on another that is not there, it is not."""
    return variable.when is None or row.get(variable.when.variable) in variable.when.has


def absent(value: object) -> bool:
    """Nothing was delivered. An empty list is an answer: none of them."""
    return value is None or (isinstance(value, str) and not value.strip())


def keyed(value: object) -> object:
    """What stands for the value in a key; None where it cannot stand for anything."""
    if absent(value) or not isinstance(value, (str, int, date)):
        return None
    return value.isoformat() if isinstance(value, date) else value


def is_day(value: object) -> bool:
    """A date, or text that is one as ISO 8601 writes it. A time of day says too much."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return isinstance(value, date) and not isinstance(value, datetime)


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_amount(value: object) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite()
    return is_count(value) or (isinstance(value, float) and isfinite(value))


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(map(is_text, value))


def is_flag(value: object) -> bool:
    return isinstance(value, bool)


FITS: Mapping[Holds, Callable[[object], bool]] = {
    Holds.PSEUDONYM: is_text,
    Holds.TEXT: is_text,
    Holds.CODE: is_text,
    Holds.CODES: is_texts,
    Holds.COUNT: is_count,
    Holds.AMOUNT: is_amount,
    Holds.DAY: is_day,
    Holds.FLAG: is_flag,
}
KINDS: Mapping[Holds, Text] = {
    Holds.PSEUDONYM: Text(nb="et pseudonym", en="a pseudonym"),
    Holds.TEXT: Text(nb="tekst", en="text"),
    Holds.CODE: Text(nb="en av", en="one of"),
    Holds.CODES: Text(nb="en liste av", en="a list of"),
    Holds.COUNT: Text(nb="et helt tall", en="a whole number"),
    Holds.AMOUNT: Text(nb="et tall", en="a number"),
    Holds.DAY: Text(nb="en dato, åååå-mm-dd", en="a date, yyyy-mm-dd"),
    Holds.FLAG: Text(nb="sant eller usant", en="true or false"),
}


def allowed_of(book: CodeBook, variable: Variable) -> Text:
    """What may stand there, for the one who must mend it."""
    kind, more = KINDS[variable.holds], ""
    if variable.values:
        codes = list(book.values(variable))
        more = f" {', '.join(codes[:LISTED])}{' ...' if len(codes) > LISTED else ''}"
    elif variable.lowest is not None or variable.highest is not None:
        low = "" if variable.lowest is None else variable.lowest
        high = "" if variable.highest is None else variable.highest
        more = f", {low}..{high}{f' {variable.unit}' if variable.unit else ''}"
    return Text(nb=kind.nb + more, en=kind.en + more)


def shown(value: object) -> str:
    """As it was delivered, short, and never an error: the value of a stranger may be anything."""
    match value:
        case str():
            text = value
        case list() | tuple() if is_texts(value):
            text = ", ".join(value)
        case bool() | float() | Decimal() | date():
            text = str(value)
        case int() if abs(value) < 10**SHOWN:
            text = str(value)
        case _:
            text = type(value).__name__
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _dangling(book: CodeBook, held: Mapping[str, list[object]]) -> Iterator[RowFinding]:
    """Keys of other tables that were delivered with it, and have no such row."""
    there = {
        name: {keyed(row.get(book.tables[name].key[0])) for _, row in counted(rows)}
        for name, rows in held.items()
    }
    for name, rows in held.items():
        for each, variable in book.tables[name].variables.items():
            for number, row in counted(rows) if variable.of in there else ():
                key = keyed(row.get(each))
                if key is None or key in there[variable.of]:
                    continue
                allowed = Text(nb=f"en rad av {variable.of}", en=f"a row of {variable.of}")
                fault, value = Fault.DANGLING, shown(row.get(each))
                yield RowFinding(name, number, each, fault, value, allowed)


def counted(rows: Iterable[object]) -> Iterator[tuple[int, Row]]:
    """Those that are rows, with their numbers."""
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Mapping):
            yield number, row
