"""How whole a delivery is: what is missing, month by month, how late it was entered, what is refused."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from lysglimt.clinic.incidents.models import Incident
from lysglimt.clinic.treatment.models import Rating
from lysglimt.register.completeness import Completeness, Month, by_month, completeness
from lysglimt.register.findings import validate_all

from .extract import Extract
from .scope import Scope

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lag:
    """From when something was over to when it was received, in whole days. ``what`` is a table."""

    what: str
    rows: int
    middle: int
    longest: int


@dataclass(frozen=True, slots=True)
class Refused:
    """So many rows of a table have a value that the code book refuses."""

    table: str
    variable: str
    fault: str
    rows: int


@dataclass(frozen=True, slots=True)
class Status:
    """``rows`` by table; ``left_out`` people whose rows stay, by reason."""

    rows: Mapping[str, int]
    complete: tuple[Completeness, ...]
    months: tuple[Month, ...]
    lags: tuple[Lag, ...]
    refused: tuple[Refused, ...]
    left_out: Mapping[str, int]


def status(found: Extract) -> Status:
    """Asks two questions of the database."""
    return Status(
        rows={name: len(rows) for name, rows in found.tables.items()},
        complete=completeness(found.tables),
        months=by_month(found.tables),
        lags=tuple(lags(found.scope)),
        refused=tuple(refused(found)),
        left_out={why.value: number for why, number in sorted(found.scope.left_out.items())},
    )


def lags(scope: Scope) -> Iterator[Lag]:
    given = (row for one in scope.records for row in one.sessions_in_force)
    yield from lag("session", ((row.stopped_at, row.received_at) for row in given))
    rated = Rating.objects.in_force().filter(course__in=scope.courses)
    yield from lag("rating", rated.values_list("happened_at", "received_at"))
    known = Incident.objects.in_force().in_unit(scope.unit.pk)
    yield from lag("event", known.values_list("known_at", "received_at"))


def lag(what: str, times: Iterable[tuple[datetime, datetime]]) -> Iterator[Lag]:
    """Nothing where nothing was entered. What was entered before its time counts as at once."""
    days = [max(received - over, timedelta()) // A_DAY for over, received in times]
    if days:
        yield Lag(what, len(days), round(median(days)), max(days))


def refused(found: Extract) -> Iterator[Refused]:
    faults = Counter(
        (one.table, one.variable, one.fault.value) for one in validate_all(found.tables)
    )
    for (table, variable, fault), rows in sorted(faults.items()):
        yield Refused(table, variable, fault, rows)
