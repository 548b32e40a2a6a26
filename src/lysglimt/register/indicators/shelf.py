"""The tables of the register at hand: by whom and by which course. Who is reserved is nowhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Row = Mapping[str, object]
Tables = Mapping[str, Sequence[Row]]
RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows that the code book has no finding of. ``rows`` are those that may be counted."""

    rows: Tables
    found: dict[tuple[str, str], Mapping[object, list[Row]]] = field(default_factory=dict)

    def by(self, table: str, variable: str) -> Mapping[object, list[Row]]:
        """The rows of a table by the value of one variable; asked for the first time, made."""
        key = table, variable
        if key not in self.found:
            grouped: dict[object, list[Row]] = {}
            for row in self.rows.get(table, ()):
                grouped.setdefault(row.get(variable), []).append(row)
            self.found[key] = grouped
        return self.found[key]

    def of(self, table: str, variable: str, value: object) -> list[Row]:
        return self.by(table, variable).get(value, []) if value is not None else []

    def one(self, table: str, variable: str, value: object) -> Row:
        """The row with this key; an empty one where there is none."""
        return next(iter(self.of(table, variable, value)), {})


def shelf(tables: Tables) -> Shelf:
    """Without those who are reserved, and without all that belongs to their courses."""
    gone = reserved(tables.get("registration", ()))
    courses = named("course", (row for row in tables.get("course", ()) if of(row, gone)))
    referrals = named("referral", (row for row in tables.get("referral", ()) if of(row, gone)))
    return Shelf(
        {
            name: [
                row
                for row in rows
                if not of(row, gone)
                and row.get("course") not in courses
                and row.get("referral") not in referrals
            ]
            for name, rows in tables.items()
        }
    )


def of(row: Row, people: frozenset[object]) -> bool:
    return row.get("person") in people


def named(variable: str, rows: Iterable[Row]) -> frozenset[object]:
    return frozenset(row.get(variable) for row in rows) - {None}


def reserved(rows: Iterable[Row]) -> frozenset[object]:
    """Whose last choice it is. Of two on one day, the one to be left out decides."""
    last: dict[object, tuple[str, bool]] = {}
    for row in rows:
        said = day(row, "chosen_on"), row.get("choice") == RESERVED
        when = said[0].isoformat() if said[0] else "", said[1]
        last[row.get("person")] = max(when, last.get(row.get("person"), when))
    return frozenset(person for person, (_, out) in last.items() if out)


def day(row: Row, variable: str) -> date | None:
    """A date, also of the text that a file has."""
    value = row.get(variable)
    if isinstance(value, str) and value:
        return date.fromisoformat(value)
    return value if isinstance(value, date) else None


def count(row: Row, variable: str) -> int | None:
    value = row.get(variable)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(row: Row, variable: str) -> bool | None:
    value = row.get(variable)
    return value if isinstance(value, bool) else None


def text(row: Row, variable: str) -> str:
    value = row.get(variable)
    return value if isinstance(value, str) else ""
