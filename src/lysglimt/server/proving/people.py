"""Made-up staff and a made-up patient for a scratch copy, entered by the clinic's own actions."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import uuid4

from lysglimt.clinic.audit.circumstances import Actor
from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import Particulars, Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.protocols.library import latest

MADE_UP = Particulars(
    given_name="Prøve", family_name="Prøvesen", birth_date=date(1980, 1, 2), sex="f"
)
BY = Actor(username="command:prove")


def staffed(name: str, *, at: datetime) -> tuple[Professional, Professional]:
    """A nurse and a psychiatrist of a legal entity and unit of their own."""
    entity = actions.add_entity(name=name, by=BY, at=at)
    unit = actions.add_unit(entity=entity, name=name, kind=UnitKind.HOSPITAL, by=BY, at=at)
    return employed(unit, Role.NURSE, at=at), employed(unit, Role.PSYCHIATRIST, at=at)


def colleagues(unit: Unit, *, at: datetime) -> list[Professional]:
    """Of the other roles that see pages which nurse and psychiatrist do not."""
    return [employed(unit, role, at=at) for role in (Role.COORDINATOR, Role.UNIT_LEAD)]


def employed(unit: Unit, role: Role, *, at: datetime) -> Professional:
    """Nobody signs in as them by a password: to make one takes a fifth of a second."""
    new = Professional(username=f"{role}-{uuid4().hex[:8]}", role=role, unit=unit)
    return actions.add_professional(new=new, password=None, by=BY, at=at)


def charted(
    nurse: Professional,
    doctor: Professional,
    days: Iterable[date],
    *,
    at: datetime,
    said: Particulars = MADE_UP,
) -> list[Session]:
    """A patient in treatment, with a session at the chair on each of the days."""
    patient = actions.register_patient(said=said, by=nurse, at=at)
    protocol = latest("iv-ketamine-no")
    treatment.approve_protocol(unit=doctor.unit, protocol=protocol, by=doctor, at=at)
    course = treatment.plan_course(patient=patient, protocol=protocol, by=doctor, at=at)
    return [
        chairside.open_session(course=course, planned_on=day, by=nurse, at=at) for day in days
    ]
