"""What was taken out of a chart stands among the deviations, with who did it and why."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Value
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Left, Measured, Pumped
from lysglimt.clinic.chairside.models import (
    Capacity,
    DischargeRecord,
    PumpEvent,
    Session,
    SessionOrder,
    SessionPhase,
    VitalSet,
)
from lysglimt.clinic.insight.departures import Departed, departed
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.chapters import Chapter
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.verdict import Verdict
from tests.clinic.chairside.conftest import (
    Pump,
    at_minute,
    course,
    entered,
    order,
    pump,
    ready,
    session,
)
from tests.clinic.conftest import NOON, Staff

__all__ = ["course", "order", "pump", "ready", "session"]

pytestmark = pytest.mark.usefixtures("decision_support")

WHY = "Gjaldt pasienten ved siden av"
STRUCK: dict[str, Any] = {"reason": WHY, "at": at_minute(20)}


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: at_minute(60))


def told(unit: Unit, since: date = date.min) -> list[Departed]:
    return departed(unit, [], since=since, closed=lambda *_: Value(value=False))


def measured(session: Session, minute: int, by: Professional, **said: Any) -> VitalSet:
    return actions.record_vitals(
        session=session,
        measured=Measured(phase=SessionPhase.INFUSION, **said),
        entered=entered(minute),
        by=by,
        at=at_minute(minute),
    )


@pytest.fixture
def red_struck(
    ready: Session, pump: Pump, nurse: Professional, psychiatrist: Professional
) -> Session:
    """A red reading of the infusion, which a doctor has taken out."""
    pump(0, PumpAct.START, "60")
    row = measured(ready, 10, nurse, systolic=206, diastolic=104)
    actions.strike(fact=row, by=psychiatrist, **STRUCK)
    return ready


def test_a_red_reading_that_was_struck_stands_with_what_it_said(
    red_struck: Session, moss: Unit, psychiatrist: Professional
) -> None:
    [one] = told(moss)
    assert "206 mmHg" in one.why
    assert "strøket" in one.why
    assert WHY in one.why
    assert "13:20" in one.why
    assert one.by == str(psychiatrist)
    assert one.patient == red_struck.course.patient_id


def test_a_danger_sign_that_was_taken_out_stands_too_and_an_amber_reading_does_not(
    ready: Session, pump: Pump, moss: Unit, nurse: Professional, psychiatrist: Professional
) -> None:
    pump(0, PumpAct.START, "60")
    amber = measured(ready, 5, nurse, systolic=164, diastolic=98)
    actions.correct(fact=amber, by=nurse, systolic=134, **STRUCK)
    assert not told(moss)
    pain = measured(ready, 10, nurse, signs=["chest_pain"])
    actions.correct(fact=pain, by=psychiatrist, signs=[], signs_over=["chest_pain"], **STRUCK)
    [one] = told(moss)
    assert "Brystsmerter" in one.why
    assert "endret" in one.why


def test_every_act_of_the_pump_that_was_taken_back_is_told(
    ready: Session, pump: Pump, moss: Unit, nurse: Professional
) -> None:
    pump(0, PumpAct.START, "60")
    pause = pump(5, PumpAct.PAUSE, reason=PauseReason.NOT_SAID)
    said = actions.correct(fact=pause, by=nurse, pause_reason="toilet", **STRUCK)
    assert not told(moss), "the reason of a pause is said afterwards"
    actions.strike(fact=said, by=nurse, **STRUCK)
    actions.strike(fact=PumpEvent.objects.get(act="start"), by=nurse, **STRUCK)
    pump(30, PumpAct.STOP)
    words = [one.why for one in told(moss)]
    assert len(words) == 3
    assert sum("satt på pause" in one for one in words) == 1
    assert sum("startet 60 ml/t" in one for one in words) == 2
    assert sum("Pumpen ble stoppet, så den var startet" in one for one in words) == 1


def test_a_start_that_nothing_let_through_is_told_with_why(
    session: Session, order: SessionOrder, moss: Unit, nurse: Professional
) -> None:
    why = "Startet før legen hadde signert"
    pumped = Pumped(act=PumpAct.START, rate_ml_h=order.rate_ml_h, happened_because=why)
    actions.record_pump(
        session=session, pumped=pumped, entered=entered(1), by=nurse, at=at_minute(2)
    )
    [one] = told(moss)
    assert why in one.why
    assert one.rule == "startkontroll"


def left(**answers: object) -> Left:
    return Left(
        answers=answers, verdict=Verdict.of([]), rule_version="1", escort_name="Per Hansen"
    )


def written(session: Session, by: Professional, **answers: object) -> DischargeRecord:
    return actions.record_discharge(
        session=session, left=left(**answers), entered=entered(5), by=by, at=at_minute(5)
    )


def test_new_intent_that_is_taken_back_is_told(
    ready: Session, moss: Unit, nurse: Professional
) -> None:
    record = written(ready, nurse, no_new_intent=False, walks=False)
    actions.change_discharge(
        record=record, left=left(no_new_intent=True, walks=True), by=nurse, **STRUCK
    )
    [one] = told(moss)
    assert "Ny selvmordsintensjon eller plan" in one.why


def test_a_no_that_was_signed_is_told_and_one_on_the_way_is_not(
    ready: Session, moss: Unit, nurse: Professional
) -> None:
    record = written(ready, nurse, walks=False)
    again = actions.change_discharge(record=record, left=left(walks=True), by=nurse, **STRUCK)
    assert not told(moss)
    back = actions.change_discharge(record=again, left=left(walks=False), by=nurse, **STRUCK)
    actions.sign_discharge(record=back, capacity=Capacity.NURSE, by=nurse, at=at_minute(21))
    actions.change_discharge(record=back, left=left(walks=True), by=nurse, **STRUCK)
    assert len(told(moss)) == 1


def test_only_of_the_period_and_of_the_own_unit(
    ready: Session, pump: Pump, moss: Unit, halden: Unit, nurse: Professional
) -> None:
    actions.strike(fact=pump(0, PumpAct.START, "60"), by=nurse, **STRUCK)
    assert told(moss, NOON.date())
    assert not told(moss, (NOON + timedelta(days=1)).date())
    assert not told(halden)


def test_in_journal_mode_no_reading_was_red(
    red_struck: Session, moss: Unit, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=at_minute(30))
    assert not told(Unit.objects.get(pk=moss.pk))


def test_the_page_tells_it(
    client: Client,
    red_struck: Session,
    moss: Unit,
    psychiatrist: Professional,
    staff: Staff,
    django_assert_max_num_queries: Any,
) -> None:
    actions.strike(fact=PumpEvent.objects.get(), by=psychiatrist, **STRUCK)
    client.force_login(staff(moss, Role.UNIT_LEAD))
    with django_assert_max_num_queries(10):
        page = client.get("/unit/").content.decode()
    assert "206 mmHg" in page
    assert WHY in page


@pytest.mark.parametrize("reader", ["a coordinator", "a nurse to whom it is closed"])
def test_a_chart_is_told_to_nobody_who_may_not_open_it(
    client: Client,
    red_struck: Session,
    moss: Unit,
    nurse: Professional,
    psychiatrist: Professional,
    staff: Staff,
    reader: str,
    django_assert_max_num_queries: Any,
) -> None:
    who = nurse
    if reader == "a coordinator":
        who = staff(moss, Role.COORDINATOR)
    else:
        people.block(
            patient=red_struck.course.patient,
            chapter=Chapter.SESSIONS,
            staff=nurse,
            by=psychiatrist,
            at=at_minute(30),
        )
    client.force_login(who)
    with django_assert_max_num_queries(10):
        page = client.get("/unit/").content.decode()
    assert "206 mmHg" not in page
    assert WHY not in page
    assert "I en del av journalen som er lukket for deg" in page
