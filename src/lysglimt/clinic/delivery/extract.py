"""From the facts of a unit to the rows of the register: one function a table, and nothing else leaves.

What is read is put right by nobody: a row that the code book would refuse is delivered as it
stands, and the finding is the unit's to answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from lysglimt.clinic.people.models import Unit
from lysglimt.register.code_book import code_book

from .scope import Row, Scope, scope
from .tables import before, beside, safety, treated

Tables = Mapping[str, Sequence[Row]]
Done = Callable[[int], object]
TABLES: Mapping[str, Callable[[Scope], Iterable[Row]]] = {
    "unit": before.unit,
    "person": before.person,
    "referral": before.referral,
    "episode": before.episode,
    "resistance": before.resistance_history,
    "eligibility": before.eligibility,
    "override": before.override,
    "consent": before.consent,
    "registration": before.registration,
    "course": treated.course,
    "session": treated.session,
    "rating": treated.rating,
    "decision": treated.decision,
    "event": safety.event,
    "lab": safety.lab,
    "suicidality": safety.suicidality,
    "medication": safety.medication,
    "therapy": beside.therapy,
    "follow_up": beside.follow_up,
    "experience": beside.awaited,
    "function": beside.function,
    "resources": beside.awaited,
}
"""In the order of the code book."""


@dataclass(frozen=True, slots=True)
class Extract:
    """All rows of one unit on one day."""

    scope: Scope
    tables: Tables

    @property
    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Of each row, by table and key; keyed, so that nobody can try out what a row says."""
        names, book = self.scope.names, code_book()
        return {
            name: {
                names.digest(f"{name} {keyed(book.tables[name].key, row)}"): names.digest(
                    f"{name} {written(row)}"
                )
                for row in rows
            }
            for name, rows in self.tables.items()
        }


def extract(unit: Unit, *, on: date, done: Done = lambda _: None) -> Extract:
    """``done`` is told of each table. Raises NotRegistered, NoLegalBasis.

    Nobody at the chair waits for it: it holds no transaction. People, referrals and courses are
    found once, and every row hangs on these, so that none dangles whatever is entered meanwhile.
    """
    here = scope(unit, on=on)
    tables: dict[str, Sequence[Row]] = {}
    for name, table in TABLES.items():
        tables[name] = ordered(name, table(here))
        done(1)
    return Extract(here, tables)


def ordered(table: str, rows: Iterable[Row]) -> list[Row]:
    """By the key: in which order people came is nowhere to be read. Every variable has its place."""
    book = code_book().tables[table]
    whole = [dict.fromkeys(book.variables) | row for row in rows]
    return sorted(whole, key=partial(keyed, book.key))


def keyed(key: Sequence[str], row: Row) -> tuple[str, ...]:
    return tuple(sortable(row[one]) for one in key)


def sortable(value: object) -> str:
    return f"{value:012}" if isinstance(value, int) else str(value)


def written(row: Row) -> str:
    """The same for the same row, whatever the order and however a database writes a number."""
    return "\n".join(f"{name}={plain(value)}" for name, value in sorted(row.items()))


def plain(value: object) -> str:
    match value:
        case Decimal():
            return f"{value.normalize():f}"
        case list():
            return ",".join(sorted(map(str, value)))
        case date():
            return value.isoformat()
        case _:
            return repr(value)
