"""Over months, of many patients: who is held, and of whom something is overdue."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from lysglimt.clinic.people.models import PatientCard
from lysglimt.clinic.treatment.models import CourseStanding
from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.exposure import exposure_grid
from lysglimt.knowledge.safety.holding import Hold

from .beside import OVER, OverMonths, over_months_in, with_over_months
from .whose import of_ketamine


@dataclass(frozen=True, slots=True)
class OfPatient:
    """One patient. ``treated`` while the newest course of ketamine goes on, ``here`` while any does."""

    card: PatientCard
    holds: tuple[Hold, ...]
    questions: tuple[Hold, ...]
    overdue: int
    treated: bool
    here: bool


def over_months_in_unit(unit: UUID, *, on: date, but: Collection[UUID] = ()) -> list[OfPatient]:
    """Those under treatment, and those of whom something is still asked after the end.

    Asks one question of the database. Of whom is given something else nothing is asked, and what
    holds the treatment is told.
    """
    rows = CourseStanding.objects.filter(told_of(unit, on=on), course__unit=unit)
    found = with_over_months(rows.exclude(patient__in=but), "patient_id")
    return sorted(
        of_patients(found.select_related("course", "patient"), on=on),
        key=pressing,
    )


def told_of(unit: UUID, *, on: date) -> Q:
    """The newest course of ketamine of each patient, else the newest course."""
    since = months_after(on, -exposure_grid().reminded_for.value)
    lately = Q(open=True) | Q(last_session__gte=since)
    theirs = CourseStanding.objects.filter(patient=OuterRef("patient"))
    later = theirs.filter(course__planned_at__gt=OuterRef("course__planned_at"))
    told = theirs.filter(of_ketamine(), lately, course__unit=unit)
    newest = of_ketamine() & ~Exists(later.filter(of_ketamine()))
    another = ~of_ketamine() & ~Exists(later) & ~Exists(told)
    return lately & (newest | another)


def of_patients(rows: Iterable[Any], *, on: date) -> Iterator[OfPatient]:
    for row in rows:
        card = row.patient.card()
        told: OverMonths = over_months_in(row, card=card, on=on)
        treated = told.course is not None and told.course.ended is None
        here = Phase(row.phase) not in OVER
        yield OfPatient(card, told.holds, told.questions, told.overdue(on), treated, here)


def pressing(one: OfPatient) -> tuple[bool, int, str]:
    return not one.holds, -one.overdue, one.card.name
