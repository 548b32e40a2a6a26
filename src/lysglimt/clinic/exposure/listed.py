"""Over months, of many patients: who is held, and of whom something is overdue."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.treatment.models import Course, CourseStanding
from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.exposure import exposure_grid
from lysglimt.knowledge.safety.holding import Hold

from .beside import OVER, OverMonths, over_months_in, with_over_months


@dataclass(frozen=True, slots=True)
class OfPatient:
    """One patient by the newest course; ``treated`` while it is open."""

    card: PatientCard
    holds: tuple[Hold, ...]
    questions: tuple[Hold, ...]
    overdue: int
    treated: bool


def over_months_in_unit(unit: UUID, *, on: date, but: Collection[UUID] = ()) -> list[OfPatient]:
    """Those under treatment, and those of whom something is still asked after the end.

    Asks one question of the database.
    """
    since = months_after(on, -exposure_grid().reminded_for.value)
    later = Course.objects.filter(
        patient=OuterRef("patient"), planned_at__gt=OuterRef("course__planned_at")
    )
    rows = CourseStanding.objects.filter(
        Q(open=True) | Q(last_session__gte=since), ~Exists(later), course__unit=unit
    ).exclude(patient__in=but)
    found = with_over_months(rows, "patient_id").select_related("course", "patient")
    return sorted(of_patients(found, on=on), key=pressing)


def of_patients(rows: Iterable[Any], *, on: date) -> Iterator[OfPatient]:
    for row in rows:
        card = row.patient.card()
        told: OverMonths = over_months_in(row, row, card=card, on=on)
        treated = Phase(row.phase) not in OVER
        yield OfPatient(card, told.holds, told.questions, told.overdue(on), treated)


def pressing(one: OfPatient) -> tuple[bool, int, str]:
    return not one.holds, -one.overdue, one.card.name
