"""Is what was delivered whole? Of each variable how many rows should have it, and how many do."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .code_book import FROM_NO_FACT, CodeBook, Holds, Need, Table, Variable, code_book
from .findings import Row, absent, asked
from .proportions import Proportion

Rows = Mapping[str, Iterable[Row]]
COURSE = "course"


@dataclass(frozen=True, slots=True)
class Completeness:
    """Of one variable: in how many of the rows that should have it, it is."""

    table: str
    variable: str
    filled: Proportion

    @property
    def missing(self) -> int:
        return self.filled.of - self.filled.count


@dataclass(frozen=True, slots=True)
class Month:
    """All expected values of the rows of a month, its first day; None of rows without a day."""

    first: date | None
    rows: int
    filled: Proportion


def completeness(tables: Rows) -> tuple[Completeness, ...]:
    """Every variable that is needed or expected, in the order of the book. Those nobody asks are left."""
    book, found = code_book(), []
    for name, rows in tables.items():
        listed = list(rows)
        for each, variable in should_have(book.tables[name]):
            should = [row for row in listed if asked(variable, row)]
            if should:
                there = sum(not absent(row.get(each)) for row in should)
                found.append(Completeness(name, each, Proportion(there, len(should))))
    return tuple(found)


def by_month(tables: Rows) -> tuple[Month, ...]:
    """The oldest first. A row is of the month of its own day, else of the first day of its course."""
    book = code_book()
    begun = {row.get(COURSE): of_row(book, COURSE, row) for row in tables.get(COURSE, ())}
    rows: Counter[date | None] = Counter()
    there: Counter[date | None] = Counter()
    should: Counter[date | None] = Counter()
    for name, listed in tables.items():
        expected = tuple(should_have(book.tables[name]))
        for row in listed:
            on = of_row(book, name, row) or begun.get(row.get(COURSE))
            month = on.replace(day=1) if on else None
            rows[month] += 1
            for each, variable in expected:
                if asked(variable, row):
                    should[month] += 1
                    there[month] += not absent(row.get(each))
    ordered = sorted(rows, key=lambda one: (one is None, one or date.min))
    return tuple(
        Month(one, rows[one], Proportion(there[one], should[one]))
        for one in ordered
        if should[one]
    )


def should_have(table: Table) -> Iterator[tuple[str, Variable]]:
    """What is needed or expected of a row, and which a fact of the clinic can give."""
    for name, variable in table.variables.items():
        if variable.need is not Need.MAY and variable.rule not in FROM_NO_FACT:
            yield name, variable


def of_row(book: CodeBook, table: str, row: Row) -> date | None:
    """The first day in the order of the book that the row has."""
    for name, variable in book.tables[table].variables.items():
        value = row.get(name)
        if variable.holds is Holds.DAY and isinstance(value, date):
            return value
    return None
