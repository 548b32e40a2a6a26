"""A unit that has signed, and a patient in the middle of a course."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from lysglimt.clinic.people import actions
from lysglimt.clinic.people.models import Professional, Unit
from tests.clinic.conftest import NOON
from tests.clinic.treatment.conftest import Give, Rate, approved, course, give, protocol, rate

__all__ = ["Give", "Rate", "approved", "course", "give", "protocol", "rate"]

SIX = (1, 4, 8, 11, 15, 18)
"""Days after noon of the day on which the course was planned."""


TODAY = NOON + timedelta(days=22)
"""The day after the evaluation rating."""


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("django.utils.timezone.now", lambda: TODAY)
    return TODAY


@pytest.fixture
def as_psychiatrist(client: Client, psychiatrist: Professional) -> Client:
    client.force_login(psychiatrist)
    return client


@pytest.fixture
def decision_support(moss: Unit, psychiatrist: Professional) -> None:
    """The unit has signed: suggestions are shown."""
    actions.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


@pytest.fixture
def induction(give: Give, rate: Rate) -> None:
    """Six sessions, from 34 down to 24 before the third."""
    rate(0, 34)
    for day in SIX:
        give(day)
    rate(8, 24)


@pytest.fixture
def responded(induction: None, rate: Rate) -> None:
    rate(21, 14)
