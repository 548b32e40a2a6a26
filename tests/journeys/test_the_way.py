"""A new patient's way from the referral to the decision after session six, by keyboard alone.

Time passes by the server's own clock, which the journey moves on; nothing else is arranged
beforehand but that the unit has staff and chairs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext

from lysglimt.clinic.people.identity import made_up_numbers
from lysglimt.clinic.people.models import LegalEntity, Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.scheduling.models import Chair

from .desk import Desk, Inspection
from .wall_clock import WallClock

MONDAY = datetime(2026, 2, 23, 9, tzinfo=OSLO)
SENT_BACK = pytest.mark.refused(409, 422)
[NUMBER] = islice(made_up_numbers(datetime(1979, 3, 14).date(), sex="f"), 1)
FAMILY = "Prøvesen"
STAFF = {
    Role.COORDINATOR: "Kirsten Koordinator",
    Role.PSYCHIATRIST: "Pernille Psykiater",
    Role.NURSE: "Signe Sykepleier",
    Role.ANAESTHETIST: "Arne Anestesi",
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    clock = WallClock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def unit(transactional_db: None, language: str) -> Unit:
    entity = LegalEntity.objects.create(name="Sykehuset Eksempel")
    unit = Unit.objects.create(entity=entity, name="Moss", kind=UnitKind.HOSPITAL)
    Chair.objects.create(unit=unit, name="Stol 1")
    for role, name in STAFF.items():
        Professional.objects.create_user(
            role.value, role=role, unit=unit, display_name=name, language=language
        )
    return unit


@dataclass(frozen=True, slots=True)
class Ward:
    coordinator: Desk
    psychiatrist: Desk
    nurse: Desk

    @property
    def desks(self) -> tuple[Desk, ...]:
        return (self.coordinator, self.psychiatrist, self.nurse)


@pytest.fixture
def ward(
    unit: Unit,
    clock: WallClock,
    address: str,
    language: str,
    new_context: Callable[[], BrowserContext],
) -> Ward:
    """Three people, each at a screen of their own."""
    inspection = Inspection(language)

    def desk(role: Role) -> Desk:
        return Desk(new_context().new_page(), address, STAFF[role], inspection)

    return Ward(desk(Role.COORDINATOR), desk(Role.PSYCHIATRIST), desk(Role.NURSE))


@SENT_BACK
@pytest.mark.parametrize(
    "language", [pytest.param("nb", id="Bokmål"), pytest.param("en", id="English")]
)
def test_a_patient_goes_from_the_referral_to_the_decision_after_session_six(
    ward: Ward, clock: WallClock
) -> None:
    for desk in ward.desks:
        desk.sign_in()
    open_the_unit(ward.psychiatrist)
    refer(ward.coordinator)


def open_the_unit(doctor: Desk) -> None:
    """The responsible psychiatrist turns decision support on and approves a protocol."""
    doctor.follow("Administration")
    doctor.follow("Read and sign the statement")
    doctor.do("Sign", refused=422)
    doctor.fill({"on": "yes"})
    doctor.do("Sign")
    doctor.follow("Administration")
    [link] = doctor.page.locator('a[href*="/iv-ketamine-no/"]').all()
    doctor.use(link)
    doctor.do("Sign the approval")


def refer(coordinator: Desk) -> None:
    """Sought, not found, registered; then the letter, and somebody who keeps in touch."""
    coordinator.follow("Patients")
    coordinator.fill({"q": FAMILY})
    coordinator.do("Search")
    coordinator.follow("Register a new patient")
    who = {"given_name": "Solveig", "family_name": FAMILY, "telephone": "99 99 99 99"}
    coordinator.fill({"identity_number": NUMBER[:-1] + "x", **who})
    coordinator.do("Register", refused=422)
    typed = coordinator.page.locator('[name="family_name"]').input_value()
    assert typed == FAMILY, "nothing typed is lost"
    coordinator.fill({"identity_number": NUMBER})
    coordinator.do("Register")
    coordinator.follow("Referral")
    coordinator.follow("Receive a referral")
    coordinator.fill({"sender_kind": "gp", "sender_name": "Fastlege Eksempel"})
    coordinator.fill({"received_on": "20.02.2026", "question": "Ketamin?"})
    coordinator.do("Save")
    coordinator.follow("Name a contact")
    coordinator.fill({"every_days": "14"})
    coordinator.fill({"contact": STAFF[Role.COORDINATOR]})
    coordinator.do("Save")
    coordinator.follow("Waiting list")
    assert FAMILY in coordinator.text()


def find(desk: Desk) -> None:
    desk.follow("Patients")
    desk.fill({"q": FAMILY})
    desk.do("Search")
    desk.follow_text(FAMILY)


def take_the_history(doctor: Desk) -> None:
    """Two adequate trials that failed, the diagnosis, a medicine."""
    find(doctor)
    doctor.follow("History")
    trial = {"weeks": "8", "adherence": "90", "improvement": "0-25", "current_episode": "yes"}
    for drug, mg in (("Sertralin", "200"), ("Venlafaksin", "225")):
        doctor.follow("Add a trial of a medicine")
        doctor.fill({"drug": drug, "mg_per_day": mg, **trial, "intolerant": "no"})
        doctor.do("Save")
    doctor.follow("Add a diagnosis")
    doctor.fill({"code": "F332"})
    doctor.do("Save", refused=422)
    doctor.fill({"code": "F33.2", "status": "current"})
    doctor.do("Save")
    doctor.follow("Add a medicine")
    doctor.fill({"atc": "N06AX16", "name": "Venlafaksin", "mg_per_day": "225"})
    doctor.do("Save")


def consent(doctor: Desk) -> None:
    doctor.follow("Consent")
    doctor.follow("Go through the checklist and sign")
    doctor.fill({"language": "nb", "signed_by_patient_on": "23.02.2026"})
    doctor.do("Sign as doctor", refused=422)
    doctor.fill({"items": "all"})
    doctor.do("Sign as doctor")
    doctor.follow("Enter what the patient chooses")
    doctor.fill({"choice": "register"})
    doctor.do("Save")
