"""Who receives a task now: by the unit's rota, or its leader where the rota has a hole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS, Role
from lysglimt.knowledge.safety.rota import Watch, on_watch

from .calendar import OSLO
from .models import RotaWatch


class Routed(StrEnum):
    """How the receiver of a task was found, where nobody named one."""

    ROTA = "rota"
    GAP = "gap"
    """Nobody who may answer was on the rota: the leader sees to it that somebody does."""


@dataclass(frozen=True, slots=True)
class Receiver:
    person: Professional
    way: Routed


def on_the_wall(at: datetime) -> datetime:
    """As the clock on the wall in Norway shows it."""
    return at.astimezone(OSLO).replace(tzinfo=None)


def watch_of(row: RotaWatch) -> Watch:
    return Watch(
        person=row.person_id,
        first=row.first_day,
        last=row.last_day,
        weekdays=frozenset(row.weekdays),
        begins=row.begins,
        ends=row.ends,
    )


def rota_of(unit: UUID) -> list[RotaWatch]:
    """Every watch in force, with its person. Asks one question of the database."""
    rows = RotaWatch.objects.in_force().in_unit(unit).select_related("person")
    return list(rows)


def receiver_now(unit: UUID, *, at: datetime, doctor: bool) -> Receiver | None:
    """None where the unit keeps no rota, or its rota has a hole and the unit no leader.

    ``doctor``: nobody else answers it. Asks one question of the database, or two.
    """
    rows = rota_of(unit)
    if not rows:
        return None
    people = {row.person_id: row.person for row in rows}
    for watch in on_watch(may_receive(rows, doctor=doctor), on_the_wall(at)):
        return Receiver(people[watch.person], Routed.ROTA)
    leader = leader_of(unit)
    return Receiver(leader, Routed.GAP) if leader else None


def may_receive(rows: Iterable[RotaWatch], *, doctor: bool) -> list[Watch]:
    """The watches of those who still work here; of doctors alone where it takes one."""
    return [
        watch_of(row)
        for row in rows
        if row.person.is_active and (not doctor or row.person.role in DOCTORS)
    ]


def leader_of(unit: UUID) -> Professional | None:
    leaders: Any = Professional.objects.filter(
        unit=unit, role=Role.UNIT_LEAD.value, is_active=True
    )
    found: Professional | None = leaders.order_by("pk").first()
    return found
