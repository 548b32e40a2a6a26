"""A patient who is treated, and a unit that has stated on which basis it delivers."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from lysglimt.clinic.delivery import actions
from lysglimt.clinic.delivery.actions import Stated
from lysglimt.clinic.delivery.extract import Extract, extract
from lysglimt.clinic.delivery.models import LegalBasis
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.register.legal_basis import Basis
from tests.clinic.conftest import NOON, Staff
from tests.clinic.treatment.conftest import approved, course, give, protocol, rate

__all__ = ["approved", "course", "give", "protocol", "rate"]

TODAY = date(2026, 6, 1)
State = Callable[..., LegalBasis]
Take = Callable[[], Extract]


@pytest.fixture
def lead(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.UNIT_LEAD)


@pytest.fixture
def state(lead: Professional) -> State:
    """`state(Basis.CONSENT)` is said by the lead of the unit, decided in January."""

    def state(basis: Basis, **more: Any) -> LegalBasis:
        said = {
            "number": 17,
            "region": "south-east",
            "project": "national",
            "decision": "Sak 12/2026",
            "decided_by": "Dina Direktør",
            "decided_on": date(2026, 1, 5),
            "valid_from": date(2026, 1, 10),
            **more,
        }
        return actions.state(said=Stated(basis=basis, **said), by=lead, at=NOON)

    return state


@pytest.fixture
def take(moss: Unit) -> Take:
    return lambda: extract(moss, on=TODAY)


@pytest.fixture
def as_lead(lead: Professional) -> Client:
    client = Client()
    client.force_login(lead)
    return client
