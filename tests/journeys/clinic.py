"""A clinic with its staff and a chair, one Monday in February, and a screen for each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import pytest
from _pytest.mark import ParameterSet
from django.utils import timezone
from playwright.sync_api import BrowserContext

from lysglimt.clinic.people.identity import made_up_numbers
from lysglimt.clinic.people.models import LegalEntity, Professional, Unit, UnitKind
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.scheduling.models import Chair as Place

from .desk import Desk, Inspection
from .wall_clock import WallClock

MONDAY = datetime(2026, 2, 23, 9, tzinfo=OSLO)
SENT_BACK = pytest.mark.refused(409, 422)
IN_TURN = pytest.mark.parametrize(
    "language",
    [
        pytest.param("nb", id="Bokmål"),
        pytest.param("en", id="English", marks=pytest.mark.second_ring),
    ],
)
"""Of the longest ways: in English they are gone in the second ring, page by page elsewhere as well."""


def further(*cases: object) -> list[ParameterSet]:
    """Cases that are tried in the second ring alone."""
    return [pytest.param(case, marks=pytest.mark.second_ring) for case in cases]


BORN = date(1979, 3, 14)
[NUMBER] = islice(made_up_numbers(BORN, sex="f"), 1)
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
    Place.objects.create(unit=unit, name="Stol 1")
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
