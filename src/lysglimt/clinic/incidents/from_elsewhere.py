"""What was charted with one tap, or told on the telephone, and is not entered as an incident yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from lysglimt.clinic.chairside.models import ChairEvent, ChairEventKind, Session

from .models import AfterCheck, Incident, Reach

ASK_FOR = timedelta(days=60)
"""So far back the list goes; what is older is counted. Own value."""
TERMS = {
    ChairEventKind.NAUSEA: "nausea",
    ChairEventKind.VOMITING: "vomiting",
    ChairEventKind.ANXIETY: "anxiety",
    ChairEventKind.HEADACHE: "headache",
    ChairEventKind.DIZZINESS: "dizziness",
    ChairEventKind.DISSOCIATION: "dissociation",
    ChairEventKind.NEW_INTENT: "suicidal-ideation",
    ChairEventKind.OTHER: "",
}
"""Tiles of the chair that tell of something that happened to the patient; of the last no term is known."""
ELSEWHERE = "ketamine-elsewhere"


def entered_already() -> Q:
    """Of rows of the chair: one incident stands for all taps of a tile in a session.

    Not one that was told on the telephone afterwards, though it bears the same name.
    """
    made = Incident.objects.in_force().filter(session=OuterRef("session"))
    tapped_here = ChairEvent.objects.filter(session=OuterRef("session"))
    of_taps = made.filter(from_entry__in=tapped_here.order_by().values("entry"))
    same = of_taps.filter(from_item=OuterRef("kind"))
    other = Q(kind=ChairEventKind.OTHER.value)
    return (Exists(same) & ~other) | (Exists(same.filter(from_entry=OuterRef("entry"))) & other)


def made_of_the_same(row: Incident) -> Any:
    """Incidents in force of the same taps, or of the same words on the telephone."""
    made = Incident.objects.in_force().filter(patient=row.patient_id, from_item=row.from_item)
    alone = made.filter(from_entry=row.from_entry)
    taps = ChairEvent.objects.filter(entry=row.from_entry) if row.from_entry else None
    tap = taps.first() if taps is not None else None
    if tap is None or tap.kind == ChairEventKind.OTHER:
        return alone
    others = ChairEvent.objects.filter(session=tap.session_id).order_by()
    return made.filter(session=tap.session_id, from_entry__in=others.values("entry"))


def to_complete(rows: Any) -> Any:
    """Of rows of `ChairEvent`: those in force that wait, the newest first."""
    told = rows.in_force().filter(kind__in=[one.value for one in TERMS])
    waiting = told.filter(~entered_already()).select_related("session__course__patient", "by")
    return waiting.order_by("-happened_at", "-pk")


@dataclass(frozen=True, slots=True)
class Tapped:
    """All taps of one tile in one session that wait: ``first`` is the one that is completed."""

    first: ChairEvent
    times: int


def tapped(rows: Iterable[ChairEvent]) -> tuple[Tapped, ...]:
    """In the order of the rows; of what has no term each stands alone."""
    found: dict[object, list[ChairEvent]] = {}
    for row in rows:
        alone = row.entry if row.kind == ChairEventKind.OTHER else None
        found.setdefault((row.session_id, row.kind, alone), []).append(row)
    return tuple(
        Tapped(min(each, key=lambda row: (row.happened_at, row.pk)), len(each))
        for each in found.values()
    )


def told_to_enter(rows: Iterable[AfterCheck]) -> Iterator[tuple[AfterCheck, str]]:
    """What was told on the telephone and is not entered, each by its term. Asks one question."""
    checks = [row for row in rows if row.reach == Reach.REACHED]
    entries = [row.entry for row in checks]
    made = Incident.objects.in_force().filter(from_entry__in=entries).order_by()
    known: set[tuple[UUID | None, str]] = {*made.values_list("from_entry", "from_item")}
    for row in checks:
        items = [*row.symptoms, *([ELSEWHERE] if row.elsewhere == "yes" else [])]
        for item in items:
            if (row.entry, item) not in known:
                yield row, item


def since(at: datetime) -> datetime:
    return at - ASK_FOR


def session_of(check: AfterCheck) -> Session | None:
    """The session at the chair, if it was given there."""
    return Session.objects.filter(pk=check.given.entry).first()
