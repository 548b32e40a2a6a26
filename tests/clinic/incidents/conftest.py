"""A session at the chair, a tap in it, and hands that enter incidents."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import ChairEvent, ChairEventKind, Session
from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.actions import About, Said
from lysglimt.clinic.incidents.models import Incident
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.safety.reporting import IncidentKind
from tests.clinic.chairside.conftest import course, session
from tests.clinic.conftest import NOON, Staff
from tests.clinic.kept import kept

__all__ = ["course", "session"]

KNOWN = {
    "words": "Kastet opp to ganger, drakk lite etterpå.",
    "term": "vomiting",
    "grade": "2",
    "course": "ended",
    "serious": "no",
    "causality": "probable",
    "expected": "yes",
    "in_study": "no",
    "nasal": "no",
    "done": ["reassurance"],
    "outcome": "recovered",
}
Enter = Callable[..., Incident]
Page = Callable[..., str]


def entered(at: datetime = NOON) -> Entered:
    return Entered(happened_at=at, entered_at=at)


@pytest.fixture
def enter(kari: Patient, nurse: Professional) -> Enter:
    """`enter(serious="yes", criteria=["death"])`: vomiting that went by, but for what is said."""

    def enter(
        kind: IncidentKind = IncidentKind.ADVERSE_EVENT, at: datetime = NOON, **said: Any
    ) -> Incident:
        about = About(kind=kind, patient=said.pop("patient", kari))
        session = said.pop("session", None)
        if session is not None:
            about = About(kind=kind, patient=kari, session=session)
        told = Said(**{"known_at": at, **KNOWN, **said})
        return actions.enter_incident(
            about=about, said=told, entered=entered(at), by=nurse, at=at
        )

    return enter


@pytest.fixture
def tap(session: Session, nurse: Professional) -> Callable[..., ChairEvent]:
    """`tap(ChairEventKind.NAUSEA, minute)` is one tap at the chair."""

    def tap(kind: ChairEventKind, minute: int = 20, **said: str) -> ChairEvent:
        at = NOON + timedelta(minutes=minute)
        happened = chairside.Happened(kind=kind, **said)
        return chairside.record_event(
            session=session, happened=happened, entered=entered(at), by=nurse, at=at
        )

    return tap


@pytest.fixture
@kept
def lead(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.UNIT_LEAD)


def signed_in(who: Professional) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def as_lead(lead: Professional) -> Client:
    return signed_in(lead)


@pytest.fixture
def as_doctor(psychiatrist: Professional) -> Client:
    return signed_in(psychiatrist)


def page(client: Client, name: str, *key: Any, query: str = "") -> str:
    reply = client.get(reverse(name, args=key) + query)
    assert reply.status_code == 200, reply.status_code
    return " ".join(reply.content.decode().split())


def sent(
    client: Client, name: str, *key: Any, status: int = 302, query: str = "", **said: Any
) -> str:
    """What the form answers; 302 where it was stored."""
    said = {"entry": str(uuid4())} | said
    reply = client.post(reverse(name, args=key) + query, said)
    assert reply.status_code == status, (
        reply.status_code,
        reply.context and reply.context["form"].errors,
    )
    return reply["Location"] if status == 302 else " ".join(reply.content.decode().split())


def written(at: datetime) -> str:
    return f"{timezone.localtime(at):%d.%m.%Y %H:%M}"
