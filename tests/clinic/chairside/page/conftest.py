"""A session of today: ordered, prepared, running, stopped."""

import pytest
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.models import Session, SessionOrder
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Agreed
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from tests.clinic.chairside import let_in, typed
from tests.clinic.chairside.conftest import entered
from tests.clinic.conftest import Staff
from tests.clinic.kept import STORY, kept

from .at_the_page import Clock, send


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    STORY.clock = clock
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
@kept
def colleague(moss: Unit, staff: Staff) -> Professional:
    return staff(moss, Role.NURSE, "colleague")


@pytest.fixture(autouse=True)
@kept
def supported(moss: Unit, psychiatrist: Professional) -> Unit:
    """The unit has signed the statement: decision support is on."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=timezone.now())
    return moss


@pytest.fixture
@kept
def session(course: Course, nurse: Professional, psychiatrist: Professional) -> Session:
    """Today, of a patient who has consented and is in the register."""
    now = timezone.now()
    agreed = Agreed(version="1", language="nb", items=[], signed_by_patient_on=now.date())
    patient = course.patient
    treatment.record_consent(
        patient=patient, agreed=agreed, entered=entered(), by=psychiatrist, at=now
    )
    treatment.register_choice(
        patient=patient, choice=Choice.REGISTER, entered=entered(), by=psychiatrist, at=now
    )
    let_in.accept(patient, by=psychiatrist)
    let_in.examine(patient, by=psychiatrist)
    return actions.open_session(
        course=course, planned_on=timezone.localdate(), by=nurse, at=now
    )


@pytest.fixture
@kept
def as_doctor(psychiatrist: Professional) -> Client:
    client = Client()
    client.force_login(psychiatrist)
    return client


@pytest.fixture
@kept
def ordered(session: Session, as_doctor: Client) -> SessionOrder:
    send(as_doctor, "order.write", session.pk, typed.order())
    order = SessionOrder.objects.get()
    send(as_doctor, "order.sign", order.pk, {})
    return order


@pytest.fixture
@kept
def prepared(
    ordered: SessionOrder,
    as_nurse: Client,
    colleague: Professional,
    session: Session,
    clock: Clock,
) -> Session:
    send(as_nurse, "order.check", ordered.pk, typed.preparation(colleague.pk))
    for _ in range(2):
        clock.move(6)
        send(as_nurse, "vitals.record", session.pk, typed.vitals())
    send(as_nurse, "session.gate", session.pk, typed.gate())
    return session


@pytest.fixture
@kept
def running(prepared: Session, as_nurse: Client) -> Session:
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start"))
    return prepared


@pytest.fixture
@kept
def stopped(running: Session, as_nurse: Client, clock: Clock) -> Session:
    clock.move(42)
    send(as_nurse, "pump.record", running.pk, typed.pump("stop"))
    send(as_nurse, "vitals.record", running.pk, typed.vitals())
    return running


@pytest.fixture
def accounted(stopped: Session, as_nurse: Client, colleague: Professional) -> Session:
    """The dose is recorded, and what was left is wasted before a witness."""
    send(as_nurse, "session.finish", stopped.pk, typed.finished(colleague.pk))
    return stopped
