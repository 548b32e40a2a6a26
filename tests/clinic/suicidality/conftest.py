"""A unit with a leader and a rota, and how somebody is asked."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.scheduling.models import RotaWatch
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Mode, Rating, Timing
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.safety.rota import WatchKind
from tests.clinic.conftest import NOON, Staff
from tests.clinic.treatment.conftest import approved, course, give, protocol

__all__ = ["approved", "course", "give", "protocol"]

MONDAY = date(2026, 3, 2)
NIGHT = datetime.combine(MONDAY, time(2, 10), tzinfo=OSLO) + timedelta(days=1)
EVERY_DAY = tuple(range(7))
Put = Callable[..., RotaWatch]
Ask = Callable[..., Rating]


def entered(at: datetime = NOON) -> Entered:
    return Entered(happened_at=at, entered_at=at)


@pytest.fixture
def leader(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.UNIT_LEAD)


@pytest.fixture
def as_leader(leader: Professional) -> Client:
    client = Client()
    client.force_login(leader)
    return client


@pytest.fixture
def put(leader: Professional) -> Put:
    """`put(somebody, 20, 8)` is on the rota from 20:00 to 08:00 every day of March."""

    def put(person: Professional, begins: int, ends: int, **more: Any) -> RotaWatch:
        said: dict[str, Any] = {
            "person": person,
            "kind": WatchKind.NIGHT,
            "first_day": MONDAY,
            "last_day": MONDAY + timedelta(days=29),
            "weekdays": EVERY_DAY,
            "begins": time(begins),
            "ends": time(ends),
        }
        planned = scheduling.WatchPlanned(**(said | more))
        return scheduling.plan_watch(planned=planned, entered=entered(), by=leader, at=NOON)

    return put


def answers(**positive: int) -> dict[str, int]:
    """A whole form; all that is not named is no."""
    scale = instrument("cssrs_screener")
    return {item.id: item.lowest for item in scale.items} | positive


@pytest.fixture
def ask(kari: Patient, nurse: Professional) -> Ask:
    """`ask(at, i2=1)` is the form on suicidality, rated by the nurse."""

    def ask(at: datetime, *, receiver: Professional | None = None, **positive: int) -> Rating:
        said = treatment.Rated(
            instrument="cssrs_screener",
            answers=answers(**positive),
            timing=Timing.OTHER,
            mode=Mode.TELEPHONE,
            rater="nurse",
            recall="since_last_contact",
            receiver=receiver,
        )
        return treatment.record_rating(
            patient=kari, rated=said, entered=entered(at), by=nurse, at=at
        )

    return ask
