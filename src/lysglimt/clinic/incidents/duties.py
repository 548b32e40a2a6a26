"""Whom the unit must tell of an incident, by when, and how it stands: derived, never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from lysglimt.clinic.design.answers import known
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.safety.reporting import (
    Deadline,
    Duty,
    IncidentKind,
    Measure,
    Seriousness,
    WhatHappened,
    duties,
    duties_of,
)

from .models import Answer, DutyAnswer, DutyDeadline, Incident

DUTIES = {duty.id: duty for duty in duties()}
OPEN, LAPSED = "open", "lapsed"


def what_happened(row: Incident) -> WhatHappened:
    """As the rules read it: what was not asked, or not known, may be so."""
    serious: frozenset[Seriousness] | None = frozenset(map(Seriousness, row.criteria))
    if row.serious in {"", Answer.UNKNOWN} and row.patient_id:
        serious = None
    harmless = not row.patient_id or row.harmed == Answer.NO
    return WhatHappened(
        kind=IncidentKind(row.kind),
        harmed=False if harmless else known(row.harmed),
        serious=serious,
        causality=row.causality,
        expected=known(row.expected),
        transient=row.transient,
        nasal=known(row.nasal),
        misuse=row.term == "misuse" or row.kind == IncidentKind.DIVERSION,
        unnatural=known(row.unnatural),
        in_study=known(row.in_study),
    )


@dataclass(frozen=True, slots=True)
class DutyShown:
    """``since`` when the unit knew what asks for it, ``latest`` by when it is to be done.

    ``stated`` is what the unit says of the duty, None where the file's figure holds.
    """

    incident: Incident
    duty: Duty
    state: str
    since: datetime
    latest: datetime | None
    stated: DutyDeadline | None
    answer: DutyAnswer | None

    def late(self, now: datetime) -> bool:
        return self.state == OPEN and self.latest is not None and self.latest < now

    def pressing(self, now: datetime) -> tuple[bool, bool, datetime, str]:
        """What is late stands first, then what has no figure and is to be done as soon as it can."""
        last = self.latest or self.since
        return not self.late(now), self.latest is not None, last, self.duty.id


def ends(last: datetime | date) -> datetime:
    """A deadline in days ends with the day."""
    if isinstance(last, datetime):
        return last
    midnight = datetime.combine(last + timedelta(days=1), time(), tzinfo=OSLO)
    return midnight - timedelta(minutes=1)


def deadline_of(duty: Duty, stated: DutyDeadline | None) -> Deadline | None:
    """The unit's own where it has said one; None where there is no figure."""
    if stated is None:
        return duty.deadline
    if stated.amount is None:
        return None
    return Deadline(stated.amount, Measure(stated.measure))


def stated_of(unit: Any) -> Mapping[str, DutyDeadline]:
    """What the unit says of each duty, the newest. Asks one question."""
    rows = DutyDeadline.objects.in_force().filter(unit=unit).select_related("by")
    return {row.duty: row for row in rows.order_by("happened_at", "pk")}


def shown_of(
    revisions: Sequence[Incident],
    answers: Mapping[str, DutyAnswer],
    stated: Mapping[str, DutyDeadline],
) -> tuple[DutyShown, ...]:
    """Of one incident, the first revision first: what it asks for now, and what it once asked for."""
    newest = revisions[-1]
    first: dict[str, Incident] = {}
    for row in revisions:
        for duty in () if row.withdrawn else duties_of(what_happened(row)):
            first.setdefault(duty.id, row)
    asked = () if newest.withdrawn else duties_of(what_happened(newest))
    now_asked = {duty.id for duty in asked}
    found = []
    for name, row in first.items():
        said, answer = stated.get(name), answers.get(name)
        if said is not None and not said.applies and answer is None:
            continue
        since = newest.known_at if row.revision == 1 else row.received_at
        state = answer.state if answer else OPEN if name in now_asked else LAPSED
        deadline = deadline_of(DUTIES[name], said)
        last = deadline.latest(since.astimezone(OSLO)) if deadline else None
        latest = ends(last) if last is not None else None
        found.append(DutyShown(newest, DUTIES[name], state, since, latest, said, answer))
    now = timezone.now()
    return tuple(sorted(found, key=lambda one: one.pressing(now)))


def duties_shown(
    incidents: Iterable[Incident], *, unit: Any
) -> Mapping[UUID, tuple[DutyShown, ...]]:
    """By the entry of each incident of a unit. Asks three questions of the database."""
    entries = [row.entry for row in incidents]
    rows: dict[UUID, list[Incident]] = {entry: [] for entry in entries}
    beside = ("by", "patient", "session__course", "unit")
    all_of = Incident.objects.filter(entry__in=entries).select_related(*beside)
    for row in all_of.order_by("revision"):
        rows[row.entry].append(row)
    answers: dict[UUID, dict[str, DutyAnswer]] = {entry: {} for entry in entries}
    told = DutyAnswer.objects.in_force().filter(incident__entry__in=entries)
    for answer in told.select_related("by", "incident"):
        answers[answer.incident.entry][answer.duty] = answer
    stated = stated_of(unit)
    return {entry: shown_of(rows[entry], answers[entry], stated) for entry in entries}


def duties_open(incident: Incident) -> tuple[DutyShown, ...]:
    found = duties_shown([incident], unit=incident.unit_id)[incident.entry]
    return tuple(one for one in found if one.state == OPEN)


def open_in(rows: Any, *, unit: Any) -> tuple[DutyShown, ...]:
    """Every report that waits, of incidents that nobody has closed, the most pressing first."""
    told = [*rows]
    found = duties_shown(told, unit=unit).values() if told else ()
    waiting = (one for each in found for one in each if one.state == OPEN)
    now = timezone.now()
    return tuple(sorted(waiting, key=lambda one: one.pressing(now)))
