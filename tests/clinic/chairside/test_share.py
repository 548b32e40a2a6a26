"""The share of observations on time: derived from the facts, whatever is charted when."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Left, Measured
from lysglimt.clinic.chairside.models import (
    DischargeRecord,
    ObservationShare,
    PumpEvent,
    Session,
    SessionPhase,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.knowledge.dosing.delivery import PauseReason, PumpAct
from lysglimt.knowledge.verdict import Standing, Verdict
from lysglimt.server.counting_anew import count_anew
from tests.clinic.conftest import NOON

from .conftest import Pump, at_minute, entered, finding
from .test_board import (
    Later,
    Measure,
    decision_support,
    later,
    measure,
    running,
    session,
    shown,
)

__all__ = ["decision_support", "later", "measure", "running", "session"]

PLANNED = (5, 10, 20, 30, 40, 55, 70, 85, 100)


def leave(session: Session, by: Professional, minute: int = 101) -> DischargeRecord:
    verdict = Verdict.of([finding(Standing.MET, "DC-1")])
    left = Left(
        answers={"DC-5": True},
        verdict=verdict,
        rule_version="2026.1",
        escort_name="Ola",
        left_at=at_minute(minute),
    )
    return actions.record_discharge(
        session=session, left=left, entered=entered(minute), by=by, at=at_minute(minute)
    )


@pytest.fixture
def observed(running: Session, measure: Measure, pump: Pump) -> Session:
    """An infusion of forty minutes in which the observation of minute 20 was late."""
    for minute in (5, 10, 26, 40):
        measure(minute)
    pump(40, PumpAct.STOP)
    for minute in (55, 70, 85, 100):
        measure(minute)
    return running


def counted(session: Session) -> tuple[int | None, ...]:
    row = ObservationShare.objects.get(session=session)
    return row.planned, row.on_time, row.late, row.missing


def charted_late(session: Session, by: Professional, minute: int, at: int) -> Any:
    """As from a tablet without the network: measured then, received long after."""
    measured = Measured(phase=SessionPhase.INFUSION, systolic=120, diastolic=70)
    return actions.record_vitals(
        session=session, measured=measured, entered=entered(minute), by=by, at=at_minute(at)
    )


def test_it_is_counted_when_the_patient_has_left(
    observed: Session, nurse: Professional
) -> None:
    assert not ObservationShare.objects.exists()
    leave(observed, nurse)
    assert counted(observed) == (9, 8, 0, 1), (
        "26 is on time for 30, and counts for nothing else"
    )


def test_what_comes_later_counts_by_when_it_was_measured(
    observed: Session, nurse: Professional
) -> None:
    leave(observed, nurse)
    row = charted_late(observed, nurse, 21, at=300)
    assert counted(observed) == (9, 9, 0, 0)
    actions.strike(fact=row, by=nurse, at=at_minute(301), reason="Another patient")
    assert counted(observed) == (9, 8, 0, 1)


def test_a_pump_that_is_corrected_afterwards_moves_the_plan(
    observed: Session, nurse: Professional
) -> None:
    leave(observed, nurse)
    stop = PumpEvent.objects.get(act=PumpAct.STOP)
    actions.correct(
        fact=stop, by=nurse, at=at_minute(200), reason="Mistyped", happened_at=at_minute(45)
    )
    row = ObservationShare.objects.get(session=observed)
    assert row.planned == 10, "the stop at 45 was to be observed, too"


def test_a_pause_belongs_to_the_infusion_and_is_observed(
    running: Session, measure: Measure, pump: Pump, nurse: Professional
) -> None:
    for minute in (5, 10):
        measure(minute)
    pump(12, PumpAct.PAUSE, reason=PauseReason.TOILET)
    pump(30, PumpAct.STOP)
    measure(30)
    leave(running, nurse, minute=40)
    assert counted(running) == (4, 3, 0, 1), "20 was planned while the pump stood still"


def test_of_one_who_came_back_nothing_is_counted_until_they_leave(
    observed: Session, nurse: Professional
) -> None:
    record = leave(observed, nurse)
    again = actions.strike_leaving(
        record=record, by=nurse, at=at_minute(110), reason="Another patient"
    )
    assert not ObservationShare.objects.exists()
    actions.record_leaving(
        record=again,
        left_at=at_minute(120),
        by=nurse,
        at=at_minute(120),
        decided=actions.Decided(why="Decided", nobody_reached=True),
    )
    assert counted(observed)[0] == 9


def test_in_journal_mode_it_is_unknown_and_no_nought(
    observed: Session, nurse: Professional, moss: Unit, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=NOON)
    leave(observed, nurse)
    assert counted(observed) == (None, None, None, None)


def test_who_left_without_being_started_is_unknown(ready: Session, nurse: Professional) -> None:
    leave(ready, nurse)
    assert counted(ready) == (None, None, None, None)


def test_rebuilding_restores_what_was_lost(observed: Session, nurse: Professional) -> None:
    leave(observed, nurse)
    before = counted(observed)
    ObservationShare.objects.update(planned=3, on_time=3, late=0, missing=0)
    assert actions.rebuild_shares(at=at_minute(500)) == 1
    assert counted(observed) == before
    ObservationShare.objects.all().delete()
    actions.rebuild_shares(at=at_minute(600))
    assert counted(observed) == before


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_the_leaving_to_be_stored_is_counted(
    observed: Session, nurse: Professional
) -> None:
    """From a tablet, measured in time: it waits for its turn, and the share is there when it comes."""

    def chart() -> None:
        try:
            charted_late(observed, nurse, 21, at=101)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as hands:
        with transaction.atomic():
            Session.objects.select_for_update().get(pk=observed.pk)
            waiting = hands.submit(copy_context().run, chart)
            sleep(0.5)
            assert not waiting.done()
            leave(observed, nurse)
        waiting.result()
    assert counted(observed) == (9, 9, 0, 0)


@pytest.mark.parametrize("version", ["", "2026.1"], ids=["none", "by other rules"])
def test_of_who_left_before_this_version_the_share_is_counted_with_the_next_upgrade(
    observed: Session, nurse: Professional, version: str
) -> None:
    leave(observed, nurse)
    ObservationShare.objects.all().delete()
    if version:
        unknown = dict.fromkeys(("planned", "on_time", "late", "missing"))
        ObservationShare.objects.create(session=observed, rule_version=version, **unknown)
    assert count_anew() == 1
    assert counted(observed) == (9, 8, 0, 1)
    assert count_anew() == 0, "once"


def test_what_is_charted_of_who_left_before_there_was_a_share_makes_one(
    observed: Session, nurse: Professional
) -> None:
    leave(observed, nurse)
    ObservationShare.objects.all().delete()
    charted_late(observed, nurse, 21, at=300)
    assert counted(observed) == (9, 9, 0, 0)


def test_the_unit_page_says_the_share_with_its_number_and_how_sure_it_is(
    observed: Session, nurse: Professional, as_nurse: Client, later: Later
) -> None:
    page = shown(as_nurse, "unit")
    assert "Målinger ved stolen tatt i rett tid 0 av 0" in page
    leave(observed, nurse)
    actions.see_overdue(session=observed, after=None, by=nurse, at=at_minute(102))
    later(120)
    page = shown(as_nurse, "unit")
    assert "Målinger ved stolen tatt i rett tid 8 av 9 89 % 57–98 %" in page
    assert "Målinger: 1 økt med plan. For sent: 0. Ikke tatt: 1." in page
    line = observed.vital_sets.get(happened_at=at_minute(10))
    as_nurse.post(reverse("board.seen", args=[observed.pk]), {"after": str(line.entry)})
    assert "Forsinket og sett på tavlen: 1, halvparten innen" in shown(as_nurse, "unit")


def test_a_line_stands_on_later_days_until_somebody_has_seen_it(
    observed: Session, nurse: Professional, as_nurse: Client, later: Later
) -> None:
    leave(observed, nurse)
    overdue = "planlagt 13:20, forsinket fra 13:25, målt 13:26"
    told = ""
    for minute, day in ((120, ""), (60 * 24, " 02.03.2026"), (60 * 24 * 9, " 02.03.2026")):
        told = f"Stol 1 KAØ{day} {overdue}"
        later(minute)
        as_nurse.force_login(nurse)
        page = shown(as_nurse)
        assert told in page, minute
        assert "Stol 1 Ledig" in page, "who has left sits there no more"
    line = observed.vital_sets.get(happened_at=at_minute(10))
    as_nurse.post(reverse("board.seen", args=[observed.pk]), {"after": str(line.entry)})
    assert told not in shown(as_nurse)
    assert ObservationShare.objects.get().unseen == 0
