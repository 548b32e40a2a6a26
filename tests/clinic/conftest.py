"""A legal entity with two units, another one, their staff, and a patient."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import islice

import pytest
from django.test import Client

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.identity import made_up_numbers
from lysglimt.clinic.people.models import (
    Contact,
    LegalEntity,
    Particulars,
    Patient,
    Professional,
    Unit,
    UnitKind,
)
from lysglimt.clinic.people.policy import Role
from tests import asked
from tests.clinic.kept import kept, story

COMMITTING = {"transactional_db", "live_server", "address"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BORN = date(1979, 3, 14)
NUMBER, ANOTHER_NUMBER = islice(made_up_numbers(BORN, sex="f"), 2)

KARI = Particulars(
    given_name="Kari Anne",
    family_name="Ødegård",
    birth_date=BORN,
    identity_number=NUMBER,
    sex="f",
    contact=Contact(telephone="99 99 99 99", email="kari@example.org", address="Storgata 1"),
)


@pytest.fixture(autouse=True)
def _story(request: pytest.FixtureRequest) -> Iterator[None]:
    """In a test that is rolled back, what many begin with is entered once."""
    if "db" not in request.fixturenames or commits(request):
        yield
        return
    request.getfixturevalue("db")
    with story() as told:
        yield
    asked.note(request.node.nodeid, told.sent)


def commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    said = bool(marker and marker.kwargs.get("transaction"))
    return said or bool(COMMITTING & {*request.fixturenames})


@pytest.fixture
@kept
def hospital(db: None) -> LegalEntity:
    return LegalEntity.objects.create(name="Sykehuset Eksempel")


@pytest.fixture
@kept
def moss(hospital: LegalEntity) -> Unit:
    return Unit.objects.create(entity=hospital, name="Moss", kind=UnitKind.HOSPITAL)


@pytest.fixture
@kept
def halden(hospital: LegalEntity) -> Unit:
    """Another unit of the same legal entity."""
    return Unit.objects.create(entity=hospital, name="Halden", kind=UnitKind.HOSPITAL)


@pytest.fixture
@kept
def private_clinic(db: None) -> Unit:
    """A unit of another legal entity."""
    entity = LegalEntity.objects.create(name="Klinikken AS")
    return Unit.objects.create(entity=entity, name="Oslo", kind=UnitKind.PRIVATE)


Staff = Callable[..., Professional]


@pytest.fixture
def staff() -> Staff:
    """`staff(unit, Role.NURSE)` is someone who works there."""

    def staff(unit: Unit, role: Role, username: str = "") -> Professional:
        return Professional.objects.create_user(
            username or f"{role}-{unit.name}".lower(),
            role=role,
            unit=unit,
            display_name=f"{role} {unit.name}",
        )

    return staff


@pytest.fixture
@kept
def nurse(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.NURSE)


@pytest.fixture
@kept
def psychiatrist(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.PSYCHIATRIST)


@pytest.fixture
@kept
def outsider(private_clinic: Unit, staff: Staff) -> Professional:
    """A nurse of another legal entity."""
    return staff(private_clinic, Role.NURSE)


@pytest.fixture
@kept
def kari(nurse: Professional) -> Patient:
    return actions.register_patient(said=KARI, by=nurse, at=NOON)


@pytest.fixture
@kept
def as_nurse(client: Client, nurse: Professional) -> Client:
    client.force_login(nurse)
    return client
