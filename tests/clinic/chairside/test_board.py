"""The board of the chairs: what it says, to whom, and what is written down of it."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.audit.models import Event, Read
from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.models import OverdueSeen, Session, SessionPhase, VitalSet
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from tests.clinic.conftest import NOON, Staff

from .conftest import Pump, at_minute, entered

Measure = Callable[..., VitalSet]
Later = Callable[[int], None]


@pytest.fixture(autouse=True)
def decision_support(moss: Unit, psychiatrist: Professional) -> None:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


@pytest.fixture
def session(course: Course, moss: Unit, nurse: Professional) -> Session:
    chair = scheduling.add_chair(unit=moss, name="Stol 1", by=nurse, at=NOON)
    scheduling.add_chair(unit=moss, name="Stol 2", by=nurse, at=NOON)
    return actions.open_session(
        course=course, planned_on=NOON.date(), by=nurse, at=NOON, chair=chair
    )


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(20)` is twenty minutes after the start."""

    def later(minute: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at_minute(minute))

    later(0)
    return later


@pytest.fixture
def measure(session: Session, nurse: Professional) -> Measure:
    """`measure(10, systolic=206)` is a set of that minute."""

    def measure(minute: int, **more: Any) -> VitalSet:
        said: dict[str, Any] = {"systolic": 122, "diastolic": 78, "pulse": 70, "spo2": 98}
        phase = SessionPhase.BEFORE if minute < 0 else SessionPhase.INFUSION
        return actions.record_vitals(
            session=session,
            measured=Measured(phase=phase, **(said | more)),
            entered=entered(minute),
            by=nurse,
            at=at_minute(minute),
        )

    return measure


@pytest.fixture
def running(ready: Session, measure: Measure, pump: Pump, later: Later) -> Session:
    pump(0, PumpAct.START, "60")
    return ready


def words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def shown(client: Client, name: str = "board") -> str:
    return words(client.get(reverse(name)).content.decode())


def test_a_chair_without_a_patient_says_free(as_nurse: Client, session: Session) -> None:
    assert "Stol 2 Ledig" in shown(as_nurse)


def test_a_card_says_how_far_how_long_and_what_is_due(
    running: Session, measure: Measure, later: Later, as_nurse: Client
) -> None:
    measure(5)
    measure(10, systolic=130, diastolic=80)
    later(12)
    page = shown(as_nurse)
    for said in (
        *("Stol 1", "KAØ", "Infusjon", "28 min igjen av infusjonen, til 13:40"),
        *("Neste måling om 8 min", "planlagt 13:20", "130/80", "8 høyere enn før", "13:10"),
    ):
        assert said in page, said
    assert "Ødegård" not in page
