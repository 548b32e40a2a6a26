"""How the one who asks stands to a row: own unit, assigned, former, blocked, in an emergency."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    Exists,
    F,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from .chapters import Chapter
from .models import Block, EmergencyAccess, LegalEntity, Patient, Professional, Unit
from .policy import CLOSED, Relation
from .tenancy import Insider, Owned, followed
from .written import Condition, Place

AFTER = timedelta(days=365)
"""So long after the last thing that happened in a course a unit still has its patient in care:
it follows up for a year. A proposal of our own, for the hospital to approve."""


@dataclass(frozen=True, slots=True)
class Tie:
    """By which rows, each with its ``unit``, a unit has or had a patient in care.

    ``now`` is given the patient, and the day since which what happened is not long ago.
    """

    now: Callable[[Any, Any], QuerySet[Any]]
    ever: Callable[[Any], QuerySet[Any]]


TIES: list[Tie] = []
NAMED: list[Callable[[Any, Any], QuerySet[Any]]] = []
"""Which rows name somebody for a patient. The apps above put theirs in both lists."""

BY, UNIT = Place("by", Professional._meta.pk), Place("unit", Unit._meta.pk)
AT, SINCE = Place("at", DateTimeField()), Place("since", DateField())
ENTITY = Place("entity", LegalEntity._meta.pk)
DAY_BEGAN, DAY_OVER = Place("day_began", DateTimeField()), Place("day_over", DateTimeField())
PLACES = {one.name: one for one in (BY, UNIT, AT, SINCE, ENTITY, DAY_BEGAN, DAY_OVER)}
"""For what `values_of` says, in a question that is made once."""


def with_standing(
    rows: Any, by: Professional, *, chapters: Collection[Chapter], at: datetime
) -> Any:
    """Each row with what ``relation`` asks of it, found in the same query."""
    return standing_beside(rows, chapters, values=values_of(by, at))


def standing_beside(
    rows: Any, chapters: Collection[Chapter], *, values: Mapping[str, object]
) -> Any:
    path = rows.model.to_patient
    if not path:
        return rows
    conditions = asked(frozenset(chapters), tuple(TIES), tuple(NAMED))
    written = {name: one.about(path, values=values) for name, one in conditions.items()}
    return rows.annotate(of_patient=F(path), **written)


def blocked(path: str, by: Any, *, chapters: Collection[Chapter], at: datetime) -> Any:
    """Whether `relation` would be BLOCKED on a page that shows these chapters, as one condition.

    The path leads from a row to its patient.
    """
    return blocked_by(path, chapters, values=values_of(by, at))


def blocked_by(
    path: str, chapters: Collection[Chapter], *, values: Mapping[str, object]
) -> Any:
    return asked_of_blocks(frozenset(chapters), tuple(NAMED)).about(path, values=values)


def values_of(by: Professional, at: datetime) -> dict[str, object]:
    began = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "by": by.pk,
        "unit": by.unit_id,
        "entity": by.entity_id,
        "at": at,
        "since": began.date() - AFTER,
        "day_began": began,
        "day_over": began + timedelta(days=1),
    }


def known_ties() -> tuple[object, ...]:
    """What the apps have said of ties until now: a question that rests on them is made of these."""
    return (*TIES, *NAMED)


@cache
def asked(
    chapters: frozenset[Chapter], ties: tuple[Tie, ...], names: tuple[Any, ...]
) -> dict[str, Condition]:
    """What `relation` asks of a row, by its name there."""
    answers = {
        "shut": lambda patient: (
            Exists(shut_to_one(patient, [""])) | Exists(shut_to_one(patient, [*chapters]))
        ),
        "part_shut": lambda patient: Exists(shut_to_all(patient, [*chapters])),
        "named": lambda patient: any_of(named(patient, BY) for named in names),
        "in_care": lambda patient: in_care(patient, ties),
        "in_care_once": lambda patient: in_care_once(patient, ties),
    }
    conditions = {name: Condition(one, BooleanField()) for name, one in answers.items()}
    opened = Condition(lambda patient: Subquery(emergency(patient)), EmergencyAccess._meta.pk)
    return {**conditions, "emergency": opened}


@cache
def asked_of_blocks(chapters: frozenset[Chapter], names: tuple[Any, ...]) -> Condition:
    def shut(patient: Any) -> Any:
        mine = Exists(shut_to_one(patient, ["", *chapters]))
        anybodys = Exists(shut_to_all(patient, [*chapters]))
        unnamed = ~any_of(named(patient, BY) for named in names)
        return (mine | (anybodys & unnamed)) & ~Exists(emergency(patient))

    return Condition(shut, BooleanField())


def shut_to_one(patient: Any, chapters: list[str]) -> QuerySet[Block]:
    closed: QuerySet[Block] = Block.objects.in_force().filter(patient=patient, staff=BY)
    return closed.filter(chapter__in=chapters).order_by()


def shut_to_all(patient: Any, chapters: list[str]) -> QuerySet[Block]:
    closed: QuerySet[Block] = Block.objects.in_force().filter(patient=patient, staff=None)
    return closed.filter(chapter__in=chapters).order_by()


def emergency(patient: Any) -> Any:
    return EmergencyAccess.objects.running(AT).filter(patient=patient, by=BY).values("pk")[:1]


def in_care(patient: Any, ties: tuple[Tie, ...]) -> Any:
    """Whoever was registered here and referred nowhere yet is in care, too."""
    now = any_of(tie.now(patient, SINCE).filter(unit=UNIT) for tie in ties)
    anywhere = any_of(tie.ever(patient) for tie in ties)
    return now | (registered(patient) & ~anywhere)


def in_care_once(patient: Any, ties: tuple[Tie, ...]) -> Any:
    return any_of(tie.ever(patient).filter(unit=UNIT) for tie in ties) | registered(patient)


def registered(patient: Any) -> Any:
    return Exists(Patient.objects.filter(pk=patient, registered_in=UNIT))


def any_of(rows: Any) -> Any:
    return reduce(or_, (Exists(each.order_by()) for each in rows))


def relation(row: Owned, by: Insider) -> Relation:
    """How the one who asks stands to a row; to one about a patient, a row `with_standing`.

    What may be about a patient and is about none is its unit's.
    """
    if followed(row, row.to_entity) != by.entity_id:
        return Relation.OTHER_ENTITY
    if not row.to_patient or vars(row)["of_patient"] is None:
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


def closed_among(
    patients: Collection[UUID],
    by: Professional,
    *,
    chapters: Collection[Chapter],
    at: datetime,
) -> frozenset[UUID]:
    """Of these, whose record, or one of these parts of it, is closed to ``by`` now."""
    if not patients:
        return frozenset()
    rows = Patient.objects.filter(pk__in=patients).order_by()
    shut = rows.annotate(shut=blocked("pk", by, chapters=chapters, at=at)).filter(shut=True)
    return frozenset(shut.values_list("pk", flat=True))
