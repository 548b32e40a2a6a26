"""An acceptance against a hard exclusion waits for a second doctor: it is said at every step."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.chairside.actions import NotOverridable, override_gate
from lysglimt.clinic.chairside.models import PumpEvent, Session, StartGateRecord
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import (
    DecisionKind,
    EligibilityDecision,
    Referral,
)
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import AppointmentKind
from lysglimt.knowledge.verdict import Standing
from tests.clinic.chairside import typed
from tests.clinic.conftest import Staff
from tests.clinic.referral.conftest import finding, judged

from .at_the_page import send, shown, what_the_gate_found, words


@pytest.fixture
def unsigned(session: Session, psychiatrist: Professional) -> EligibilityDecision:
    """The acceptance that was in force is struck; what is decided instead waits for another."""
    now = timezone.now()
    before = EligibilityDecision.objects.get()
    referral.strike(fact=before, by=psychiatrist, at=now, reason="Other patient")
    assessment = referral.assess(
        referral=Referral.objects.get(),
        judged=judged(finding("EX-01", Standing.EXCLUDED)),
        by=psychiatrist,
        at=now,
    )
    return referral.decide_eligibility(
        assessment=assessment,
        kind=DecisionKind.ACCEPT,
        overrides=[referral.Overridden(criterion="EX-01", reason="Weighed with the patient")],
        by=psychiatrist,
        at=now,
    )


@pytest.fixture
def booked(session: Session, nurse: Professional) -> None:
    now = timezone.now()
    booking = scheduling.Booking(
        kind=AppointmentKind.SESSION,
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        chair=scheduling.add_chair(unit=nurse.unit, name="Stol 1", by=nurse, at=now),
        course=session.course.pk,
    )
    scheduling.book(patient=session.course.patient, booking=booking, by=nurse, at=now)


@pytest.fixture
def second_doctor(moss: Unit, staff: Staff) -> Client:
    client = Client()
    client.force_login(staff(moss, Role.ANAESTHETIST))
    return client


def pages(session: Session) -> list[str]:
    return [
        reverse("course.plan", args=[session.course.patient_id]),
        reverse("course", args=[session.course.pk]),
        reverse("course.book", args=[session.course.pk]),
        reverse("session", args=[session.pk]),
    ]


def test_plan_course_booking_and_seat_say_that_it_waits_with_the_way_to_sign_it(
    session: Session,
    unsigned: EligibilityDecision,
    as_doctor: Client,
    second_doctor: Client,
    psychiatrist: Professional,
    django_assert_max_num_queries: Any,
) -> None:
    waits = (
        f"Beslutningen om å behandle pasienten venter på annen signatur, av en annen lege enn "
        f"{psychiatrist}"
    )
    signing = reverse("referral.second", args=[unsigned.pk])
    for address in pages(session):
        with django_assert_max_num_queries(10):
            page = second_doctor.get(address)
        assert waits in words(page), address  # type: ignore[arg-type]  # Django's test client
        assert signing in page.content.decode(), address
        own = as_doctor.get(address)
        assert waits in words(own), address  # type: ignore[arg-type]  # likewise
        assert signing not in own.content.decode(), "nobody is a second doctor to themselves"


def test_on_the_day_it_is_missing_before_the_start(
    booked: None, unsigned: EligibilityDecision, as_nurse: Client, second_doctor: Client
) -> None:
    lacks = "en annen leges signatur på beslutningen om å behandle"
    assert lacks in words(as_nurse.get(reverse("today")))  # type: ignore[arg-type]  # likewise
    page = second_doctor.get(reverse("today")).content.decode()
    assert reverse("referral.second", args=[unsigned.pk]) in page.partition("Stol 1")[2]


def test_it_is_said_of_nobody_whose_decision_stands(
    booked: None, session: Session, as_doctor: Client
) -> None:
    for address in [*pages(session), reverse("today")]:
        page = words(as_doctor.get(address))  # type: ignore[arg-type]  # likewise
        assert "annen signatur" not in page
        assert "annen leges signatur" not in page


def test_until_it_is_signed_the_start_is_closed_and_one_doctor_at_the_chair_does_not_open_it(
    prepared: Session,
    unsigned: EligibilityDecision,
    as_nurse: Client,
    as_doctor: Client,
    psychiatrist: Professional,
) -> None:
    refused = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert refused.status_code == 422
    found = what_the_gate_found(as_nurse, prepared)
    assert found["gate:accepted"] == Standing.EXCLUDED
    gate = StartGateRecord.objects.in_force().order_by("-pk")[0]
    assert "svarer for å starte likevel" not in shown(as_doctor, prepared)
    with pytest.raises(NotOverridable):
        override_gate(
            record=gate, by=psychiatrist, at=timezone.now(), reason="We start all the same"
        )
    refused = as_nurse.post(reverse("pump.record", args=[prepared.pk]), typed.pump("start"))
    assert refused.status_code == 422
    assert not PumpEvent.objects.exists()


def test_what_was_started_all_the_same_is_recorded(
    prepared: Session, unsigned: EligibilityDecision, as_nurse: Client
) -> None:
    happened = {"happened_because": "Startet før noen så det", "rate_ml_h": "60"}
    send(as_nurse, "pump.record", prepared.pk, typed.pump("start", **happened))
    assert PumpEvent.objects.get().comment
