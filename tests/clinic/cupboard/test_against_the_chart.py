"""What the ledger says was given, against what the chart says."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.chain import faults
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.dosing.delivery import PumpAct
from tests.clinic.chairside.conftest import Pump
from tests.clinic.chairside.page.at_the_page import Clock
from tests.clinic.conftest import NOON
from tests.clinic.kept import STORY

from .conftest import Draw, entered, mg
from .test_ledger import account, put_back, stock, taken_back
from .test_pages import page, sent, signed

SETTLED: dict[str, Any] = {"residue_mg": "0", "wasted_mg": "175"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    STORY.clock = clock
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def test_what_the_pump_gave_is_not_put_back_unopened(
    draw: Draw, given: Session, ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    """25 mg are given: of two vials one goes back, and never both."""
    draw(2)
    with pytest.raises(actions.ChartedAsGiven):
        put_back(given, ketalar, 2, by=nurse, witness=colleague)
    put_back(given, ketalar, 1, by=nurse, witness=colleague)
    assert stock(ketalar) == 9


def test_while_the_pump_runs_what_it_gave_so_far_is_not_put_back(
    draw: Draw,
    ready: Session,
    order: object,
    pump: Pump,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
    clock: Clock,
) -> None:
    draw()
    pump(0, PumpAct.START, "60")
    clock.move(10)
    with pytest.raises(actions.ChartedAsGiven):
        actions.not_given(
            session=ready,
            holding=ketalar,
            back=actions.PutBack(pieces=1, why="Ikke gitt", witness=colleague),
            entered=entered(at=timezone.now()),
            by=nurse,
            at=timezone.now(),
        )


def test_what_was_given_and_never_drawn_is_told_of(
    as_nurse: Client, given: Session, ketalar: Holding
) -> None:
    told = "Kurven sier at 25 mg ble gitt, og ingen linje i regnskapet"
    assert told in page(as_nurse, "session.drugs", given.pk)


def test_where_the_drug_has_no_ledger_nothing_is_missing_in_it(
    as_nurse: Client, given: Session
) -> None:
    assert "Kurven sier" not in page(as_nurse, "session.drugs", given.pk)


def test_an_opened_vial_of_a_session_that_never_began_is_wasted_before_two(
    as_nurse: Client,
    ready: Session,
    order: object,
    draw: Draw,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
) -> None:
    draw()
    assert "Ingenting ble gitt" in page(as_nurse, "ledger.settle", ready.pk, ketalar.pk)
    said = signed(colleague, residue_mg="0", wasted_mg="200")
    sent(as_nurse, "ledger.settle", ready.pk, ketalar.pk, status=422, **said)
    said |= {"nothing_given": "on"}
    sent(as_nurse, "ledger.settle", ready.pk, ketalar.pk, **said)
    assert LedgerEntry.objects.get(movement="waste").mg == 200
    assert actions.in_hand(ready) == []
    assert not list(faults(ketalar))


def test_what_was_said_not_to_be_given_and_is_charted_later_is_told_of(
    as_nurse: Client,
    ready: Session,
    order: object,
    draw: Draw,
    pump: Pump,
    ketalar: Holding,
    colleague: Professional,
) -> None:
    draw()
    said = signed(colleague, residue_mg="0", wasted_mg="200", nothing_given="on")
    sent(as_nurse, "ledger.settle", ready.pk, ketalar.pk, **said)
    pump(0, PumpAct.START, "60")
    pump(10, PumpAct.STOP)
    assert "Kurven sier at 10 mg ble gitt" in page(as_nurse, "session.drugs", ready.pk)


def test_an_account_sent_twice_with_other_amounts_is_refused(
    as_nurse: Client,
    draw: Draw,
    given: Session,
    ketalar: Holding,
    colleague: Professional,
) -> None:
    draw()
    said = signed(colleague, **SETTLED)
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    other = said | {"wasted_mg": "150"}
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, status=409, **other)
    assert LedgerEntry.objects.get(movement="waste").mg == 175


def test_after_the_chart_has_changed_the_whole_account_is_made_anew(
    as_nurse: Client,
    draw: Draw,
    given: Session,
    ketalar: Holding,
    pump: Pump,
    nurse: Professional,
    colleague: Professional,
) -> None:
    """25 mg, then 35 by the chart: of 200 mg 165 are wasted, and no milligram is found."""
    draw()
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **signed(colleague, **SETTLED))
    line = LedgerEntry.objects.get(movement="administration")
    with pytest.raises(actions.OfAnAccount):
        taken_back(line, by=nurse, witness=colleague)
    stop = given.pump_events.get(act=PumpAct.STOP.value)
    chairside.strike(fact=stop, by=nurse, at=timezone.now(), reason="Feil klokkeslett")
    pump(40, PumpAct.STOP)
    html = page(as_nurse, "session.drugs", given.pk)
    assert "Gjør opp på nytt" in html
    assert "Gjør opp Ketalar 10 mg/ml, 20 ml på nytt" in html
    assert "175" in page(as_nurse, "ledger.anew", given.pk, ketalar.pk)
    why = signed(colleague, why="Kurven er rettet siden")
    for _ in range(2):
        to = sent(as_nurse, "ledger.anew", given.pk, ketalar.pk, **why)
        assert to.endswith("/account/")
    again = signed(colleague, residue_mg="0", wasted_mg="165")
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **again)
    assert actions.booked_given(given) == mg(35)
    assert not LedgerEntry.objects.filter(movement="difference").exists()
    assert "Kurven er endret" not in page(as_nurse, "session.drugs", given.pk)
    assert not list(faults(ketalar))


def test_an_account_that_is_not_there_is_not_taken_back(
    as_nurse: Client, draw: Draw, session: Session, ketalar: Holding, colleague: Professional
) -> None:
    draw()
    told = signed(colleague, why="Kurven er rettet siden")
    html = sent(as_nurse, "ledger.anew", session.pk, ketalar.pk, status=422, **told)
    assert "kan ikke tilbakeføres" in html


def test_what_was_found_too_much_is_taken_back_last(
    draw: Draw, given: Session, ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    draw()
    account(given, ketalar, by=nurse, witness=colleague, wasted=185, why="Mer i ampullen")
    actions.account_anew(
        session=given,
        holding=ketalar,
        told=actions.TakenBack(why="Feil tall", witness=colleague),
        entered=entered(),
        by=nurse,
        at=NOON,
    )
    assert [vars(one)["in_hand"] for one in actions.in_hand(given)] == [200]
    assert not list(faults(ketalar))
