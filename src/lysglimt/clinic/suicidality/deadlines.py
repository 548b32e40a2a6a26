"""By when a task is answered for in its unit, and to whom it goes when it is not."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS, Role
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.scheduling.models import RotaWatch
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.told import listed, zoned
from lysglimt.knowledge.safety.answering import answer_by, default_deadlines
from lysglimt.knowledge.safety.rota import Watch
from lysglimt.knowledge.safety.suicidality import Promptness

from .models import AnswerDeadlines

Within = Mapping[Promptness, timedelta]
CALLED = Coalesce(NullIf(F("display_name"), Value("")), F("username"))
COLUMNS = ("doctor_now", "same_day", "next_contact")


@dataclass(frozen=True, slots=True)
class Answering:
    """The times of a unit, the last chosen first, and the name of its ``leader`` ("" for none)."""

    chosen: tuple[AnswerDeadlines, ...] = ()
    leader: str = ""

    def within(self, at: datetime) -> Within:
        """As they held at a time: a new choice changes nothing that was opened before it."""
        held = (one for one in self.chosen if one.held_at(at))
        newest = next(held, None)
        return newest.within() if newest else default_deadlines()

    def answer_by(self, task: SafetyTask) -> datetime:
        return answer_by(
            Promptness(task.promptness),
            opened_at=task.opened_at,
            due_at=task.due_at,
            within=self.within(task.opened_at),
        )

    def passed(self, task: SafetyTask, now: datetime) -> datetime | None:
        """Since when an open task waits for the leader; None while its time is not up."""
        by = self.answer_by(task)
        return by if by < now else None


def answering_beside(unit: UUID) -> dict[str, Any]:
    """For a question that asks about the unit anyway; `answering_in` reads it."""
    rows = AnswerDeadlines.objects.in_force().in_unit(unit).order_by()
    fields: Any = {name: name for name in (*COLUMNS, "received_at")}
    told: Any = Listed(JSONObject(**fields))
    leaders = Professional.objects.filter(
        unit=unit, role=Role.UNIT_LEAD.value, is_active=True
    ).order_by("pk")
    return {
        "deadlines_chosen": Subquery(
            rows.values("unit").annotate(all=told).values("all"), output_field=JSONField()
        ),
        "leader_named": Subquery(leaders.annotate(called=CALLED).values("called")[:1]),
    }


def answering_in(row: Mapping[str, Any]) -> Answering:
    rows: Any = listed(row["deadlines_chosen"])
    chosen = [
        AnswerDeadlines(
            **{name: one[name] for name in COLUMNS}, received_at=zoned(one["received_at"])
        )
        for one in rows or ()
    ]
    chosen.sort(key=lambda one: one.received_at, reverse=True)
    return Answering(tuple(chosen), row["leader_named"] or "")


def answering_of(unit: UUID) -> Answering:
    """Asks two questions of the database."""
    leader = (
        Professional.objects.filter(unit=unit, role=Role.UNIT_LEAD.value, is_active=True)
        .order_by("pk")
        .first()
    )
    chosen = tuple(AnswerDeadlines.objects.in_unit(unit).newest_first())
    return Answering(chosen, str(leader or ""))


WATCHED = ("first_day", "last_day", "weekdays", "begins", "ends")


def rota_beside(unit: UUID) -> Subquery:
    """Every watch of the unit, for a question that asks about the unit anyway."""
    rows = RotaWatch.objects.in_force().in_unit(unit).order_by()
    fields: Any = {name: name for name in ("person_id", *WATCHED)}
    told: Any = Listed(JSONObject(**fields, role="person__role", here="person__is_active"))
    return Subquery(
        rows.values("unit").annotate(all=told).values("all"), output_field=JSONField()
    )


def doctors_in(said: Any) -> list[Watch] | None:
    """Of `rota_beside`: the watches of doctors who work here; None where no rota is kept."""
    rows: Any = listed(said)
    if rows is None:
        return None
    return [
        Watch(
            person=one["person_id"],
            first=date.fromisoformat(one["first_day"]),
            last=date.fromisoformat(one["last_day"]),
            weekdays=frozenset(as_list(one["weekdays"])),
            begins=time.fromisoformat(one["begins"]),
            ends=time.fromisoformat(one["ends"]),
        )
        for one in rows
        if one["here"] and one["role"] in DOCTORS
    ]


def as_list(said: Any) -> list[int]:
    """SQLite lists a list as text."""
    found: list[int] = json.loads(said) if isinstance(said, str) else said
    return found


def escalated(
    tasks: Iterable[SafetyTask], answering: Answering, *, now: datetime
) -> list[tuple[SafetyTask, datetime]]:
    """Open tasks whose time is up, the longest waiting first."""
    found = [
        (task, since) for task in tasks if (since := answering.passed(task, now)) is not None
    ]
    return sorted(found, key=lambda one: one[1])
