"""Who works in the made-up clinics, where, and on which protocols."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lysglimt.clinic.audit.circumstances import Actor
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import LegalEntity, Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import STAFF, Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.eligibility.policy import policy
from lysglimt.knowledge.protocols.library import latest

SETTING_UP = Actor(username="command:demo")
OPENED_DAYS_AGO = 500
CHAIRS = ("Stol 1", "Stol 2", "Stol 3", "Stol 4", "Stol 5")
NAMES: Mapping[Role, str] = {
    Role.NURSE: "Nora Sykepleier",
    Role.PSYCHIATRIST: "Pia Psykiater",
    Role.ANAESTHETIST: "Anton Anestesilege",
    Role.PSYCHOLOGIST: "Pål Psykolog",
    Role.PHARMACIST: "Frida Farmasøyt",
    Role.COORDINATOR: "Kåre Koordinator",
    Role.UNIT_LEAD: "Liv Leder",
    Role.STATISTICIAN: "Stine Statistiker",
    Role.ADMINISTRATOR: "Ada Administrator",
}


@dataclass(frozen=True, slots=True)
class House:
    """A unit as it is set up. With ``decision_support`` off it is in journal mode."""

    entity: str
    number: str
    unit: str
    kind: UnitKind
    protocols: tuple[str, ...]
    decision_support: bool
    mark: str


HOSPITAL = House(
    entity="Eksempelsykehuset HF",
    number="999999901",
    unit="Ketaminpoliklinikken",
    kind=UnitKind.HOSPITAL,
    protocols=("iv-ketamine-no", "esketamine-adult", "ect"),
    decision_support=True,
    mark="",
)
PRIVATE = House(
    entity="Solgløtt Klinikk AS",
    number="999999902",
    unit="Solgløtt klinikk",
    kind=UnitKind.PRIVATE,
    protocols=("private-clinic",),
    decision_support=False,
    mark="-solglott",
)


@dataclass(frozen=True, slots=True)
class Clinic:
    """A unit with its staff, one for each role, and its chairs."""

    unit: Unit
    staff: Mapping[Role, Professional]
    chairs: tuple[Chair, ...]


def opened(house: House, *, now: datetime) -> Clinic:
    """Set up a unit as it was done when it opened, long ago."""
    at = now - timedelta(days=OPENED_DAYS_AGO)
    entity = people.add_entity(
        name=house.entity, organisation_number=house.number, by=SETTING_UP, at=at
    )
    unit = people.add_unit(
        entity=entity, name=house.unit, kind=house.kind, by=SETTING_UP, at=at
    )
    staff = {role: employed(role, unit, house, at=at) for role in STAFF}
    doctor, lead = staff[Role.PSYCHIATRIST], staff[Role.UNIT_LEAD]
    for protocol in house.protocols:
        treatment.approve_protocol(unit=unit, protocol=latest(protocol), by=doctor, at=at)
    if house.decision_support:
        people.state_purpose(unit=unit, on=True, by=lead, at=at)
    state_conditions(entity, by=lead, at=at)
    chairs = tuple(
        scheduling.add_chair(unit=unit, name=name, by=lead, at=at) for name in CHAIRS
    )
    return Clinic(unit, staff, chairs)


def employed(role: Role, unit: Unit, house: House, *, at: datetime) -> Professional:
    """Nobody can sign in by a password: a role is chosen."""
    new = Professional(
        username=f"{role.value.replace('_', '-')}{house.mark}",
        role=role,
        unit=unit,
        display_name=NAMES[role],
    )
    return people.add_professional(new=new, password=None, by=SETTING_UP, at=at)


def state_conditions(entity: LegalEntity, *, by: Professional, at: datetime) -> None:
    known = policy()
    said = referral.Conditions(
        decision=known.name.nb,
        source=known.verify_at,
        decided_on=known.decided_on,
        conditions=[condition.text.nb for condition in known.condition],
        review_by=known.review_by,
    )
    referral.state_conditions(entity=entity, said=said, by=by, at=at)
