"""A patient who takes oxazepam, and how more is entered."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.models import Medicine, MedicineSource
from lysglimt.knowledge.medicine import Doses, DoseUnit
from lysglimt.knowledge.medicine import Medicine as Said
from tests.clinic.conftest import Staff
from tests.clinic.treatment.conftest import approved, course, give, protocol, rate

__all__ = ["approved", "course", "give", "protocol", "rate"]

Take = Callable[..., Medicine]


def entered() -> Entered:
    now = timezone.now()
    return Entered(happened_at=now, entered_at=now)


@pytest.fixture
def take(kari: Patient, nurse: Professional) -> Take:
    """`take("N05BA04", "Sobril", night=15)` is entered by the nurse."""

    def take(atc: str, name: str = "", mg: Any = None, **at: Any) -> Medicine:
        doses = Doses(
            DoseUnit.MILLIGRAM, **{time: Decimal(str(amount)) for time, amount in at.items()}
        )
        taken = actions.Taken(
            medicine=Said(atc, mg and Decimal(str(mg)), name),
            doses=doses if at else None,
            source=MedicineSource.PATIENT,
            started_on=timezone.localdate() - timedelta(days=30),
        )
        return actions.record_medicine(
            patient=kari, taken=taken, entered=entered(), by=nurse, at=timezone.now()
        )

    return take


@pytest.fixture
def sobril(take: Take) -> Medicine:
    return take("N05BA04", "Sobril", night=15)


@pytest.fixture
def supported(moss: Unit, psychiatrist: Professional) -> Unit:
    """The unit has signed the statement: decision support is on."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=timezone.now())
    return moss


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def as_pharmacist(moss: Unit, staff: Staff) -> Client:
    client = Client()
    client.force_login(staff(moss, Role.PHARMACIST))
    return client
