"""Who has seen a patient's record: when, as what, which chapter, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from .models import Event, Read, Trace

OSLO = ZoneInfo("Europe/Oslo")
EMERGENCY = "emergency"
REFUSED = "refused"
"""The category of an attempt that the policy turned away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One row of the trail about a patient. ``wrote`` is an event, else it was a read."""

    at: datetime
    actor: str
    name: str
    role: str
    authorisation: str
    department: str
    entity: str
    unit: str
    operation: str
    purpose: str
    decision: str
    patients: tuple[str, ...] = field(repr=False)
    wrote: bool = False
    refused: bool = False

    @property
    def who(self) -> str:
        return self.name or self.actor

    @property
    def emergency(self) -> bool:
        """Let in by emergency access: the decision or the purpose says so."""
        return EMERGENCY in self.decision.split("/") or self.purpose == EMERGENCY

    @property
    def relation(self) -> str:
        return self.decision.rpartition("/")[2]

    @property
    def day(self) -> date:
        return self.at.astimezone(OSLO).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one person did in the record on one day, as one line for the patient."""

    first: datetime
    last: datetime
    who: str
    role: str
    department: str
    operations: tuple[str, ...]
    purposes: tuple[str, ...]
    reads: int
    writes: int
    refused: int
    emergency: bool


def accesses(
    patient: UUID, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Access]:
    """Reads and writes of one patient's record, the newest first; refused attempts among them."""
    rows = [
        access_of(row)
        for model in (Read, Event)
        for row in within(model, since, until).filter(pk__in=about(model, patient))
    ]
    return iter(sorted(rows, key=lambda one: one.at, reverse=True))


def reads(since: datetime, until: datetime) -> Iterator[Access]:
    """Everybody's reads in a period, in order, for the weekly look."""
    for row in within(Read, since, until).order_by("at").iterator(chunk_size=1_000):
        yield access_of(row)


def about(model: type[Trace], patient: UUID) -> QuerySet[Trace]:
    """PostgreSQL has an index for it; SQLite reads the column through."""
    rows = model._default_manager.all()
    if connection.vendor == "postgresql":
        return rows.filter(patients__contains=[str(patient)]).values("pk")
    return (
        rows.annotate(whom=Cast("patients", TextField()))
        .filter(whom__contains=f'"{patient}"')
        .values("pk")
    )


def within(
    model: type[Trace], since: datetime | None, until: datetime | None
) -> QuerySet[Trace]:
    rows = model._default_manager.all()
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows if until is None else rows.filter(at__lt=until)


def access_of(row: Trace) -> Access:
    return Access(
        at=row.at,
        actor=row.actor,
        name=row.actor_name,
        role=row.role,
        authorisation=row.authorisation,
        department=row.department,
        entity=row.entity,
        unit=row.unit,
        operation=row.operation,
        purpose=row.purpose,
        decision=row.decision,
        patients=tuple(row.patients),
        wrote=isinstance(row, Event),
        refused=row.category == REFUSED,
    )


def visits(seen: Iterable[Access]) -> tuple[Visit, ...]:
    """One line for each person and day, the newest first."""
    ordered = sorted(seen, key=lambda one: (one.day, one.actor, one.role, one.at))
    days = groupby(ordered, key=lambda one: (one.day, one.actor, one.role))
    found = [visit_of(list(some)) for _, some in days]
    return tuple(sorted(found, key=lambda one: one.last, reverse=True))


def visit_of(some: list[Access]) -> Visit:
    return Visit(
        first=some[0].at,
        last=some[-1].at,
        who=some[-1].who,
        role=some[-1].role,
        department=some[-1].department,
        operations=tuple(dict.fromkeys(one.operation for one in some if not one.refused)),
        purposes=tuple(dict.fromkeys(one.purpose for one in some)),
        reads=sum(not one.wrote for one in some),
        writes=sum(one.wrote and not one.refused for one in some),
        refused=sum(one.refused for one in some),
        emergency=any(one.emergency for one in some),
    )
