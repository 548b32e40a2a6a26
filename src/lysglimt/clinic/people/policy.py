"""Who may do what, to whom: roles, relations and the predicates that the table is made of."""

from collections.abc import Callable, Mapping
from enum import StrEnum


class Role(StrEnum):
    NURSE = "nurse"
    PSYCHIATRIST = "psychiatrist"
    ANAESTHETIST = "anaesthetist"
    PSYCHOLOGIST = "psychologist"
    PHARMACIST = "pharmacist"
    COORDINATOR = "coordinator"
    UNIT_LEAD = "unit_lead"
    STATISTICIAN = "statistician"
    PATIENT = "patient"
    ADMINISTRATOR = "administrator"
    SYSTEM_CLIENT = "system_client"


class Relation(StrEnum):
    """How the one who asks stands to what is asked for."""

    OWN_UNIT = "own_unit"
    """Of one's own unit; a patient, while the unit has them in care."""
    ASSIGNED = "assigned"
    """A patient for whom one is named: as contact, or as receiver of an open task."""
    FORMER = "former"
    """One's own unit had the patient in care, and it is over."""
    OWN_ENTITY = "own_entity"
    """Of one's own legal entity, of no unit in particular and about no patient."""
    OTHER_UNIT = "other_unit"
    """Of another unit of one's own legal entity."""
    BLOCKED = "blocked"
    """By the patient's wish not open to the one who asks, or not this part."""
    EMERGENCY = "emergency"
    """Not open otherwise; the one who asks has typed a reason less than an hour ago."""
    OTHER_ENTITY = "other_entity"


Predicate = Callable[[Relation], bool]
Row = Mapping[Role, Predicate]

OPEN = frozenset({Relation.OWN_UNIT, Relation.ASSIGNED})
CLOSED = frozenset({Relation.FORMER, Relation.OTHER_UNIT, Relation.BLOCKED})
"""What a typed reason opens for an hour."""


def own_unit(relation: Relation) -> bool:
    return relation in OPEN


def in_need(relation: Relation) -> bool:
    """What one reads of a patient, or charts at the chair: with a typed reason, too."""
    return relation in OPEN or relation is Relation.EMERGENCY


def once(relation: Relation) -> bool:
    """What one's unit looks up when someone comes back."""
    return in_need(relation) or relation is Relation.FORMER


def known(relation: Relation) -> bool:
    """What begins the care of someone whom the house knows, unless they have said no."""
    return once(relation) or relation is Relation.OTHER_UNIT


def ours(relation: Relation) -> bool:
    """What a patient may ask of us for as long as there is a record."""
    return relation in OPEN or relation is Relation.FORMER


def of_the_house(relation: Relation) -> bool:
    return relation in OPEN or relation is Relation.OWN_ENTITY


def any_unit(relation: Relation) -> bool:
    return relation in OPEN or relation is Relation.OTHER_UNIT


def any_patient(relation: Relation) -> bool:
    """Every patient of the house, also one who has closed the record."""
    return any_unit(relation) or relation in {*CLOSED, Relation.EMERGENCY}


def never(_: Relation) -> bool:
    return False


def each(*roles: Role, may: Predicate) -> Row:
    return dict.fromkeys(roles, may)


DOCTORS = (Role.PSYCHIATRIST, Role.ANAESTHETIST)
CLINICIANS = (*DOCTORS, Role.NURSE, Role.PSYCHOLOGIST)
TREATING = (*CLINICIANS, Role.PHARMACIST, Role.COORDINATOR, Role.UNIT_LEAD)
STAFF = (*TREATING, Role.STATISTICIAN, Role.ADMINISTRATOR)
