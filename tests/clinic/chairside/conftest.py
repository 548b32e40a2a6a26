"""A session with a signed order and an open gate, and hands that chart in it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Gated, Ordered, Pumped
from lysglimt.clinic.chairside.models import PumpEvent, Session, SessionOrder
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.dosing.weights import Sex, WeightBasis
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.quantities import (
    Centimetres,
    Kilograms,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
)
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict
from tests.clinic.conftest import NOON
from tests.clinic.kept import kept

from . import let_in
from .in_words import every_refusal_in_words


@pytest.fixture(autouse=True)
def told_in_words() -> Iterator[None]:
    """Of all that is refused in a test of the chair."""
    with every_refusal_in_words():
        yield


def at_minute(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def entered(minute: int = 0, entry: UUID | None = None) -> Entered:
    at = at_minute(minute)
    return Entered(happened_at=at, entered_at=at, entry=entry or uuid4())


def ordered(weight: str = "80", mg_per_kg: str = "0.5", **more: object) -> Ordered:
    said: dict[str, object] = {
        "weight": Kilograms(Decimal(weight)),
        "weighed_on": NOON.date(),
        "height": Centimetres(Decimal(170)),
        "sex": Sex.FEMALE,
        "dose_by_weight": MilligramsPerKilogram(Decimal(mg_per_kg)),
        "minutes": 40,
        "concentration": MilligramsPerMillilitre(Decimal(1)),
    }
    return Ordered(**(said | more))  # type: ignore[arg-type]  # each has its type above


def finding(standing: Standing, criterion: str = "GATE-1") -> Finding:
    basis = latest("iv-ketamine-no").basis
    return Finding(criterion, standing, Text("Grunn", "Reason"), basis)


def gated(standing: Standing = Standing.MET, **more: object) -> Gated:
    verdict = Verdict.of([finding(Standing.MET), finding(standing, "GATE-2")])
    return Gated(verdict=verdict, rule_version="2026.1", **more)  # type: ignore[arg-type]  # as above


@pytest.fixture
@kept
def course(kari: Patient, psychiatrist: Professional) -> Course:
    protocol = latest("iv-ketamine-no")
    treatment.approve_protocol(
        unit=psychiatrist.unit, protocol=protocol, by=psychiatrist, at=NOON
    )
    course = treatment.plan_course(patient=kari, protocol=protocol, by=psychiatrist, at=NOON)
    treatment.sign_weight_basis(
        course=course, basis=WeightBasis.ACTUAL, by=psychiatrist, at=NOON
    )
    return course


@pytest.fixture
@kept
def session(course: Course, nurse: Professional) -> Session:
    return actions.open_session(course=course, planned_on=date(2026, 3, 2), by=nurse, at=NOON)


@pytest.fixture
@kept
def order(session: Session, psychiatrist: Professional) -> SessionOrder:
    return actions.order(
        session=session, ordered=ordered(), entered=entered(), by=psychiatrist, at=NOON
    )


@pytest.fixture
@kept
def ready(session: Session, order: SessionOrder, psychiatrist: Professional) -> Session:
    """Signed, and through the gate; of a patient who is accepted, has consented, is registered."""
    let_in.agree(session.course.patient, by=psychiatrist)
    let_in.accept(session.course.patient, by=psychiatrist)
    actions.sign_order(order=order, by=psychiatrist, at=NOON)
    actions.record_gate(
        session=session, gated=gated(), entered=entered(), by=psychiatrist, at=NOON
    )
    return session


Pump = Callable[..., PumpEvent]


@pytest.fixture
def pump(session: Session, nurse: Professional) -> Pump:
    """`pump(minute, act, rate)` is what the nurse did then."""

    def pump(
        minute: int,
        act: PumpAct,
        rate: str | None = None,
        reason: PauseReason | None = None,
        entry: UUID | None = None,
    ) -> PumpEvent:
        done = Pumped(act=act, rate_ml_h=Decimal(rate) if rate else None, pause_reason=reason)
        return actions.record_pump(
            session=session,
            pumped=done,
            entered=entered(minute, entry),
            by=nurse,
            at=at_minute(minute),
        )

    return pump
