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
    OWN_ENTITY = "own_entity"
    """Of one's own legal entity, and of no unit in particular: a patient of the house."""
    OTHER_UNIT = "other_unit"
    OTHER_ENTITY = "other_entity"


Predicate = Callable[[Relation], bool]
Row = Mapping[Role, Predicate]


def own_unit(relation: Relation) -> bool:
    return relation is Relation.OWN_UNIT


def own_entity(relation: Relation) -> bool:
    return relation is not Relation.OTHER_ENTITY


def own_patient(relation: Relation) -> bool:
    """A patient of the house, or what one's own unit has about one."""
    return relation in {Relation.OWN_UNIT, Relation.OWN_ENTITY}


def never(_: Relation) -> bool:
    return False


def each(*roles: Role, may: Predicate) -> Row:
    return dict.fromkeys(roles, may)


DOCTORS = (Role.PSYCHIATRIST, Role.ANAESTHETIST)
CLINICIANS = (*DOCTORS, Role.NURSE, Role.PSYCHOLOGIST)
TREATING = (*CLINICIANS, Role.PHARMACIST, Role.COORDINATOR, Role.UNIT_LEAD)
STAFF = (*TREATING, Role.STATISTICIAN, Role.ADMINISTRATOR)
