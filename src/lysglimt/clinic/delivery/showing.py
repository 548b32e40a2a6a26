"""A delivery as its page tells it: completeness first, then what leaves, then what stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from lysglimt.register.code_book import code_book

from .models import Delivery
from .wordings import FAULTS, LEFT_OUT

TableRow = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """Rows of tables, in the reader's language."""

    filled: int
    of: int
    months: Sequence[TableRow]
    missing: Sequence[TableRow]
    lags: Sequence[TableRow]
    leaving: Sequence[TableRow]
    refused: Sequence[str]
    left_out: Sequence[tuple[Promise, int]]

    @property
    def share(self) -> str:
        return percent(self.filled, self.of)


def shown(delivery: Delivery) -> ShownDelivery:
    found = delivery.found
    months = found["months"]
    return ShownDelivery(
        filled=sum(one[2] for one in months),
        of=sum(one[3] for one in months),
        months=[month(*one) for one in months],
        missing=[
            missing(*one)
            for one in sorted(found["complete"], key=lambda one: one[2] / one[3])
            if one[2] < one[3]
        ],
        lags=[
            (table_named(what), rows, middle, most)
            for what, rows, middle, most in found["lags"]
        ],
        leaving=[
            (table_named(name), rows, *found["changes"][name])
            for name, rows in found["rows"].items()
        ],
        refused=[fault(*one) for one in found["refused"]],
        left_out=[(LEFT_OUT[why], number) for why, number in delivery.left_out.items()],
    )


def percent(count: int, of: int) -> str:
    """Whole, rounded down: what is not whole is never 100."""
    return f"{count * 100 // of} %" if of else "–"


def month(first: str | None, rows: int, *filled: int) -> TableRow:
    count, of = filled
    words = f"{date.fromisoformat(first):%m.%Y}" if first else gettext("Of no month")
    return words, rows, f"{count} / {of}", percent(count, of)


def missing(table: str, variable: str, *filled: int) -> TableRow:
    (count, of), book, language = filled, code_book(), get_language() or "nb"
    label = book.tables[table].variables[variable].label.in_language(language)
    return f"{table_named(table)}: {label}", of - count, f"{count} / {of}", percent(count, of)


def table_named(table: str) -> str:
    return code_book().tables[table].label.in_language(get_language() or "nb")


def fault(table: str, variable: str, *found: object) -> str:
    (said, rows), known = found, code_book().tables[table].variables
    language = get_language() or "nb"
    label = known[variable].label.in_language(language) if variable in known else variable
    return f"{table_named(table)}: {label} {FAULTS[str(said)]} ({rows})"
