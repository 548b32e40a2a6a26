"""At the chair two hands at the same moment take turns: none slips past the start check."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from time import sleep

import pytest
from django.db import connection, transaction

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Measured, Pumped
from lysglimt.clinic.chairside.models import (
    PumpEvent,
    Session,
    SessionOrder,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Consent
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.errors import ClinicalError
from tests.clinic.conftest import NOON
from tests.clinic.turns import at_once

from .conftest import at_minute, entered, gated, ordered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def supported(moss: Unit, psychiatrist: Professional) -> None:
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


RED = Measured(phase=SessionPhase.BEFORE, systolic=178, diastolic=112, pulse=80, spo2=98)


def waits(act: Callable[[], object], *, lock: object, meanwhile: Callable[[], object]) -> None:
    """While one holds what ``lock`` names, the other waits; what is done meanwhile is there."""

    def alone() -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as hands:
        with transaction.atomic():
            type(lock)._default_manager.select_for_update().get(pk=lock.pk)  # type: ignore[attr-defined]  # a model
            waiting = hands.submit(alone)
            sleep(0.5)
            assert not waiting.done(), "it waits for who holds the row"
            meanwhile()
        waiting.result()


def test_a_reading_that_waited_for_the_start_check_was_not_seen_by_it(
    ready: Session, nurse: Professional
) -> None:
    """It came in before the check was looked at, and is stored after it: the start is refused."""
    waits(
        lambda: actions.record_vitals(
            session=ready, measured=RED, entered=entered(1), by=nurse, at=at_minute(1)
        ),
        lock=ready,
        meanwhile=lambda: actions.record_gate(
            session=ready, gated=gated(), entered=entered(2), by=nurse, at=at_minute(2)
        ),
    )
    [row] = VitalSet.objects.all()
    assert row.happened_at == row.entered_at == at_minute(1)
    assert row.received_at > at_minute(2)
    with pytest.raises(actions.MeasuredSince):
        begin(ready, nurse, minute=3)


def test_a_correction_and_an_order_that_waited_are_after_the_start_check_too(
    ready: Session, order: SessionOrder, nurse: Professional, psychiatrist: Professional
) -> None:
    calm = replace(RED, systolic=128, diastolic=78)
    row = actions.record_vitals(
        session=ready, measured=calm, entered=entered(1), by=nurse, at=at_minute(1)
    )
    actions.record_gate(
        session=ready, gated=gated(), entered=entered(4), by=nurse, at=at_minute(4)
    )
    corrected = actions.correct(
        fact=row, by=nurse, at=at_minute(3), reason="Misread the monitor", systolic=178
    )
    assert corrected.received_at > at_minute(4)
    changed = actions.change_order(
        order=order,
        ordered=ordered(mg_per_kg="0.4"),
        by=psychiatrist,
        at=at_minute(3),
        reason="Was dizzy",
    )
    assert changed.received_at > at_minute(4)


def test_nobody_charts_between_the_verdict_of_the_start_check_and_its_record(
    ready: Session, nurse: Professional
) -> None:
    def chart() -> object:
        try:
            return actions.record_vitals(
                session=ready, measured=RED, entered=entered(1), by=nurse, at=at_minute(1)
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as hands:
        with actions.in_turn(ready):
            waiting = hands.submit(chart)
            sleep(0.5)
            assert not waiting.done()
            assert not VitalSet.objects.exists()
        waiting.result()
    assert VitalSet.objects.exists()


def begin(session: Session, by: Professional, *, minute: int) -> PumpEvent:
    start = Pumped(act=PumpAct.START, rate_ml_h=Decimal(60))
    return actions.record_pump(
        session=session, pumped=start, entered=entered(minute), by=by, at=at_minute(minute)
    )


@pytest.fixture
def another_day(ready: Session, nurse: Professional, psychiatrist: Professional) -> Session:
    """Another session of the same course, ordered, signed and through its start check as well."""
    day = ready.planned_on + timedelta(days=1)
    session = actions.open_session(course=ready.course, planned_on=day, by=nurse, at=NOON)
    order = actions.order(
        session=session, ordered=ordered(), entered=entered(), by=psychiatrist, at=NOON
    )
    actions.sign_order(order=order, by=psychiatrist, at=NOON)
    actions.record_gate(
        session=session, gated=gated(), entered=entered(), by=psychiatrist, at=NOON
    )
    return session


def test_of_two_starts_of_one_patient_at_once_one_is_refused(
    ready: Session, another_day: Session, nurse: Professional
) -> None:
    refused = at_once(
        lambda: begin(ready, nurse, minute=1), lambda: begin(another_day, nurse, minute=1)
    )
    [refusal] = [one for one in refused if one]
    assert isinstance(refusal, ClinicalError)
    assert "gate:one_infusion" in str(refusal)
    assert PumpEvent.objects.filter(act=PumpAct.START).count() == 1


def test_a_patient_is_started_again_when_the_stop_of_the_other_session_is_charted(
    ready: Session, another_day: Session, nurse: Professional
) -> None:
    begin(ready, nurse, minute=1)
    with pytest.raises(ClinicalError, match="one_infusion"):
        begin(another_day, nurse, minute=2)
    stop = Pumped(act=PumpAct.STOP)
    actions.record_pump(
        session=ready, pumped=stop, entered=entered(3), by=nurse, at=at_minute(3)
    )
    begin(another_day, nurse, minute=4)


def test_a_consent_taken_back_at_the_moment_of_the_start_is_before_or_after_it(
    ready: Session, nurse: Professional, psychiatrist: Professional
) -> None:
    def take_back() -> object:
        return treatment.withdraw_consent(
            consent=Consent.objects.get(), entered=entered(1), by=psychiatrist, at=at_minute(1)
        )

    patient = Patient.objects.get(pk=ready.course.patient_id)

    def start() -> object:
        with pytest.raises(ClinicalError, match="consent"):
            begin(ready, nurse, minute=1)
        return None

    waits(start, lock=patient, meanwhile=take_back)
    assert not PumpEvent.objects.exists()
