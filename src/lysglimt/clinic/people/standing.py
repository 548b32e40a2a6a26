"""How the one who asks stands to a row: own unit, assigned, former, blocked, in an emergency."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from .chapters import Chapter
from .models import Block, EmergencyAccess, Patient, Professional
from .policy import CLOSED, Relation
from .tenancy import Insider, Owned, followed

AFTER = timedelta(days=365)
"""So long after the last thing that happened in a course a unit still has its patient in care:
it follows up for a year. A proposal of our own, for the hospital to approve."""


@dataclass(frozen=True, slots=True)
class Tie:
    """By which rows, each with its ``unit``, a unit has or had a patient in care."""

    now: Callable[[Any, date], QuerySet[Any]]
    ever: Callable[[Any], QuerySet[Any]]


TIES: list[Tie] = []
NAMED: list[Callable[[Any, Professional], QuerySet[Any]]] = []
"""Which rows name somebody for a patient. The apps above put theirs in both lists."""


def with_standing(
    rows: Any, by: Professional, *, chapters: Collection[Chapter], at: datetime
) -> Any:
    """Each row with what ``relation`` asks of it, found in the same query."""
    if not rows.model.to_patient:
        return rows
    patient = OuterRef(rows.model.to_patient)
    closed = Block.objects.in_force().filter(patient=patient).order_by()
    parts = closed.filter(chapter__in=[*chapters])
    emergency = EmergencyAccess.objects.running(at).filter(patient=patient, by=by)
    return rows.annotate(
        of_patient=F(rows.model.to_patient),
        shut=Exists(closed.filter(staff=by, chapter="")) | Exists(parts.filter(staff=by)),
        part_shut=Exists(parts.filter(staff=None)),
        named=any_of(named(patient, by) for named in NAMED),
        emergency=Subquery(emergency.values("pk")[:1]),
        **in_care(patient, by, on=timezone.localdate(at)),
    )


def blocked(patient: Any, by: Any, *, chapters: Collection[Chapter], at: datetime) -> Any:
    """Whether `relation` would be BLOCKED on a page that shows these chapters, as one condition."""
    closed = Block.objects.in_force().filter(patient=patient).order_by()
    mine = Exists(closed.filter(staff=by, chapter__in=["", *chapters]))
    anybodys = Exists(closed.filter(staff=None, chapter__in=[*chapters]))
    emergency = EmergencyAccess.objects.running(at).filter(patient=patient, by=by)
    unnamed = ~any_of(named(patient, by) for named in NAMED)
    return (mine | (anybodys & unnamed)) & ~Exists(emergency)


def in_care(patient: Any, by: Insider, *, on: date) -> dict[str, Any]:
    """Whoever was registered here and referred nowhere yet is in care, too."""
    now = any_of(tie.now(patient, on).filter(unit=by.unit_id) for tie in TIES)
    ever = any_of(tie.ever(patient).filter(unit=by.unit_id) for tie in TIES)
    anywhere = any_of(tie.ever(patient) for tie in TIES)
    registered = Exists(Patient.objects.filter(pk=patient, registered_in=by.unit_id))
    return {"in_care": now | (registered & ~anywhere), "in_care_once": ever | registered}


def any_of(rows: Any) -> Any:
    return reduce(or_, (Exists(each.order_by()) for each in rows))


def relation(row: Owned, by: Insider) -> Relation:
    """How the one who asks stands to a row; to one about a patient, a row `with_standing`."""
    if followed(row, row.to_entity) != by.entity_id:
        return Relation.OTHER_ENTITY
    if not row.to_patient:
        return whereabouts(row, by)
    asked = of_patient(row, by)
    return Relation.EMERGENCY if asked in CLOSED and vars(row)["emergency"] else asked


def of_patient(row: Any, by: Insider) -> Relation:
    if row.shut or (row.part_shut and not row.named):
        return Relation.BLOCKED
    if row.named:
        return Relation.ASSIGNED
    if whereabouts(row, by) is Relation.OTHER_UNIT:
        return Relation.OTHER_UNIT
    if row.in_care:
        return Relation.OWN_UNIT
    return Relation.FORMER if row.to_unit or row.in_care_once else Relation.OTHER_UNIT


def whereabouts(row: Owned, by: Insider) -> Relation:
    """Of which unit the row is, whoever it is about."""
    if not row.to_unit:
        return Relation.OWN_ENTITY
    own = followed(row, row.to_unit) == by.unit_id
    return Relation.OWN_UNIT if own else Relation.OTHER_UNIT


def shut_out(by: Professional, *, at: datetime) -> frozenset[UUID]:
    """Patients whose whole record is closed to ``by`` now. Asks only if there may be any."""
    if not getattr(by, "shut_from_some", True):
        return frozenset()
    opened = EmergencyAccess.objects.running(at).filter(by=by).values("patient")
    mine = Block.objects.in_force().filter(staff=by, chapter="").order_by()
    return frozenset(mine.exclude(patient__in=opened).values_list("patient", flat=True))
