"""Who has seen a patient's record: when, as what, which chapter, and why."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from .models import Event, Read, Trace

AnyTrace = TypeVar("AnyTrace", bound=Trace)
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
    category: str
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
        """Let in by emergency access. To look at the page that asks for one is none."""
        return EMERGENCY in {self.relation, self.purpose}

    @property
    def relation(self) -> str:
        """How the actor stood to the patient, as the policy found it; "" where it was not asked."""
        parts = self.decision.split("/")
        return parts[2] if len(parts) > 2 else ""

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
    operations: tuple[tuple[str, str], ...]
    """Each with its category."""
    purposes: tuple[str, ...]
    reads: int
    writes: int
    refused: int
    emergency: bool


def accesses(
    patient: UUID, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Access]:
    """Reads and writes of one patient's record, the newest first; refused attempts among them."""
    seen = within(about(Read, patient), since, until)
    done = within(about(Event, patient), since, until)
    rows = [*map(access_of, seen), *map(access_of, done)]
    return iter(sorted(rows, key=lambda one: one.at, reverse=True))


def reads(since: datetime, until: datetime, *, deeds: Collection[str] = ()) -> Iterator[Access]:
    """Everybody's reads in a period, for the weekly look; with them what was refused, and ``deeds``."""
    told = Event.objects.filter(Q(category=REFUSED) | Q(operation__in=deeds))
    for row in within(told, since, until).order_by("at"):
        yield access_of(row)
    for row in (
        within(Read.objects.all(), since, until).order_by("at").iterator(chunk_size=1_000)
    ):
        yield access_of(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A fact that was changed or withdrawn, and why. ``subject`` is its newest row, model and id."""

    at: datetime
    who: str
    role: str
    department: str
    operation: str
    reason: str
    subject: str


def corrections(patient: UUID) -> list[Correction]:
    """All that was changed in a patient's record after it was entered, the newest first."""
    changed = about(Event, patient).exclude(before_digest="").exclude(after_digest="")
    return [
        Correction(
            at=row.at,
            who=row.actor_name or row.actor,
            role=row.role,
            department=row.department,
            operation=row.operation,
            reason=row.reason,
            subject=row.subject,
        )
        for row in changed.order_by("-at", "-pk")
    ]


def about(model: type[AnyTrace], patient: UUID) -> "QuerySet[AnyTrace, Any]":
    """PostgreSQL has an index for it; SQLite reads the column through."""
    rows: QuerySet[AnyTrace, Any] = model._default_manager.all()
    if connection.vendor == "postgresql":
        return rows.filter(patients__contains=[str(patient)])
    named = rows.alias(whom=Cast("patients", TextField())).filter(whom__contains=f'"{patient}"')
    return cast("QuerySet[AnyTrace, Any]", named)


def within(
    rows: "QuerySet[AnyTrace, Any]", since: datetime | None, until: datetime | None
) -> "QuerySet[AnyTrace, Any]":
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
        category=row.category,
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
        operations=tuple(
            dict.fromkeys((one.operation, one.category) for one in some if not one.refused)
        ),
        purposes=tuple(dict.fromkeys(one.purpose for one in some)),
        reads=sum(not one.wrote for one in some),
        writes=sum(one.wrote and not one.refused for one in some),
        refused=sum(one.refused for one in some),
        emergency=any(one.emergency for one in some),
    )
