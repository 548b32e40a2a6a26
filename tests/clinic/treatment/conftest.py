"""A course on an approved protocol, and how facts of it are entered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import Agreed, Given, Rated
from lysglimt.clinic.treatment.models import Course, Mode, Rating, SessionGiven, Timing
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import Protocol
from tests.clinic.conftest import NOON

DAY = timedelta(days=1)


def entered(at: datetime = NOON) -> Entered:
    return Entered(happened_at=at, entered_at=at)


def madrs(total: int, item_10: int = 0) -> dict[str, int]:
    """Answers that make a total."""
    answers = {"i10": item_10}
    left = total - item_10
    for number in range(1, 10):
        answers[f"i{number}"] = min(6, left)
        left -= answers[f"i{number}"]
    return answers


def rated(total: int, *, item_10: int = 0, timing: Timing = Timing.BEFORE_DOSE) -> Rated:
    return Rated(
        instrument="madrs",
        answers=madrs(total, item_10),
        timing=timing,
        mode=Mode.INTERVIEW,
        rater="clinician",
    )


@pytest.fixture
def protocol() -> Protocol:
    return latest("iv-ketamine-no")


@pytest.fixture
def approved(moss: Unit, protocol: Protocol, psychiatrist: Professional) -> Protocol:
    actions.approve_protocol(unit=moss, protocol=protocol, by=psychiatrist, at=NOON)
    return protocol


@pytest.fixture
def course(kari: Patient, approved: Protocol, psychiatrist: Professional) -> Course:
    """Planned for a patient who has consented and is in the register."""
    agreed = Agreed(
        version="1", language="nb", items=["off-label"], signed_by_patient_on=NOON.date()
    )
    actions.record_consent(
        patient=kari, agreed=agreed, entered=entered(), by=psychiatrist, at=NOON
    )
    actions.register_choice(
        patient=kari, choice=Choice.REGISTER, entered=entered(), by=psychiatrist, at=NOON
    )
    return actions.plan_course(patient=kari, protocol=approved, by=psychiatrist, at=NOON)


Give = Callable[..., SessionGiven]
Rate = Callable[..., Rating]


@pytest.fixture
def give(course: Course, nurse: Professional) -> Give:
    """`give(day)` is a whole session on that day."""

    def give(day: int, mg: str = "40") -> SessionGiven:
        start = NOON + day * DAY
        given = Given(
            started_at=start,
            stopped_at=start + timedelta(minutes=40),
            prescribed_mg=Decimal(40),
            delivered_mg=Decimal(mg),
        )
        return actions.record_session(
            course=course, given=given, entered=entered(start), by=nurse, at=start
        )

    return give


@pytest.fixture
def rate(course: Course, psychiatrist: Professional) -> Rate:
    """`rate(day, total)` is a MADRS before the dose of that day."""

    def rate(day: int, total: int, **more: Any) -> Rating:
        when = NOON + day * DAY - timedelta(hours=1)
        return actions.record_rating(
            patient=course.patient,
            rated=rated(total, **more),
            entered=entered(when),
            by=psychiatrist,
            at=when,
        )

    return rate
