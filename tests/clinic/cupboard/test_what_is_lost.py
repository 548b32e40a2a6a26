"""What is missing is booked once, is not walked round, and reaches the leader."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.actions import Booked
from lysglimt.clinic.cupboard.actions.entering import Line, append
from lysglimt.clinic.cupboard.models import Cabinet, Holding, LedgerEntry
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.ledger.balance import AlreadyCorrected, Transferred
from lysglimt.knowledge.ledger.movements import Movement
from lysglimt.server.ledgers import looked_through
from tests.clinic.chairside.page.at_the_page import Clock
from tests.clinic.conftest import NOON
from tests.clinic.kept import STORY

from .conftest import BATCH, Counted, Draw, entered
from .test_ledger import booked, settled, stock, taken_back
from .test_pages import as_lead, client_of, entry, page, sent, signed

__all__ = ["as_lead"]

LOST: dict[str, Any] = {"pieces": "5", "why": "Vet ikke hvor de er"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    STORY.clock = clock
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def stue(pharmacist: Professional) -> Cabinet:
    return actions.open_cabinet(name="Stue 2", by=pharmacist, at=NOON)


def transferred(
    holding: Holding, to: Cabinet, *, by: Professional, witness: Professional
) -> tuple[LedgerEntry, LedgerEntry]:
    told = Booked(movement=Movement.TRANSFER_OUT, pieces=3, witness=witness, batch=BATCH)
    return actions.transfer(
        holding=holding, to=to, booked=told, entered=entered(), by=by, at=NOON
    )


def test_a_transfer_is_transferred_back_and_not_taken_back_by_halves(
    ketalar: Holding, stue: Cabinet, nurse: Professional, colleague: Professional
) -> None:
    out, into = transferred(ketalar, stue, by=nurse, witness=colleague)
    for half in (out, into):
        with pytest.raises(Transferred):
            taken_back(half, by=nurse, witness=colleague)
    assert stock(ketalar) + stock(into.holding) == 10
    transferred(into.holding, ketalar.cabinet, by=nurse, witness=colleague)
    assert (stock(ketalar), stock(into.holding)) == (10, 0)
    assert not looked_through().faults


def test_a_half_transfer_is_found_by_the_control(
    ketalar: Holding, stue: Cabinet, nurse: Professional, colleague: Professional
) -> None:
    out, _ = transferred(ketalar, stue, by=nurse, witness=colleague)
    assert not looked_through().faults
    alone = Line(posting=out.posting, entered=entered(), witness=colleague)
    append(ketalar, alone, by=nurse, at=NOON)
    assert [one.what for one in looked_through().faults] == ["600 mg are between two cabinets"]


def test_one_missing_vial_counted_twice_is_booked_once(
    ketalar: Holding, counted: Counted, lead: Professional, nurse: Professional
) -> None:
    first, second = counted(9), counted(9)
    with pytest.raises(actions.CountedSince):
        settled(first, by=lead, witness=nurse)
    settled(second, by=lead, witness=nurse)
    assert stock(ketalar) == 9
    assert not LedgerEntry.objects.disagreed().exists(), "the older is settled with it"


def test_a_loss_booked_by_hand_is_not_booked_again(
    ketalar: Holding,
    counted: Counted,
    lead: Professional,
    nurse: Professional,
    colleague: Professional,
) -> None:
    row = counted(9)
    booked(ketalar, Movement.LOSS, 1, by=nurse, witness=colleague, why="Knust i skuffen")
    with pytest.raises(actions.BookedSince):
        settled(row, by=lead, witness=nurse)
    counted(9)
    settled(row, by=lead)
    assert stock(ketalar) == 9
    assert not LedgerEntry.objects.disagreed().exists()


def test_what_moved_since_the_count_and_what_was_told_late_are_reckoned_with(
    ketalar: Holding,
    counted: Counted,
    lead: Professional,
    nurse: Professional,
    colleague: Professional,
) -> None:
    """Two are missing. A receipt of one has come since; one that was returned before is told late."""
    row = counted(8)
    wrong = booked(ketalar, Movement.RECEIPT, 5, by=nurse, batch=BATCH)
    taken_back(wrong, by=nurse, witness=colleague)
    booked(ketalar, Movement.RECEIPT, 1, by=nurse, batch=BATCH)
    actions.book(
        holding=ketalar,
        booked=Booked(movement=Movement.RETURN, pieces=1, witness=colleague, why="Retur"),
        entered=entered(at=NOON - timedelta(hours=2)),
        by=nurse,
        at=NOON,
    )
    settled(row, by=lead, witness=nurse)
    loss = LedgerEntry.objects.get(movement="loss")
    assert (loss.mg, stock(ketalar)) == (Decimal(200), 9)


def test_a_stop_is_not_walked_round_by_a_transfer(
    ketalar: Holding,
    stue: Cabinet,
    counted: Counted,
    nurse: Professional,
    colleague: Professional,
) -> None:
    counted(9)
    with pytest.raises(actions.StoppedByDiscrepancy):
        transferred(ketalar, stue, by=nurse, witness=colleague)
    assert stock(ketalar) == 10


def test_what_the_leader_booked_of_a_count_is_not_taken_back(
    ketalar: Holding,
    counted: Counted,
    lead: Professional,
    nurse: Professional,
    colleague: Professional,
) -> None:
    settled(counted(9), by=lead, witness=nurse)
    with pytest.raises(AlreadyCorrected):
        taken_back(LedgerEntry.objects.get(movement="loss"), by=nurse, witness=colleague)
    assert stock(ketalar) == 9


def test_a_loss_by_two_stands_before_the_leader_until_it_is_seen(
    as_nurse: Client, as_lead: Client, ketalar: Holding, colleague: Professional
) -> None:
    form = page(as_nurse, "ledger.book", ketalar.pk, "loss")
    assert "Direktoratet for medisinske produkter" in form
    sent(as_nurse, "ledger.book", ketalar.pk, "loss", **signed(colleague, **LOST))
    html = page(as_lead, "cupboard").replace("\xa0", "")
    assert "Tap 1000 mg" in html
    assert "Vet ikke hvor de er" in html
    assert "1 tap å se på" in page(as_lead, "today")
    assert "Direktoratet" in page(as_lead, "discrepancy.settle", ketalar.pk, 2)
    said: dict[str, Any] = {"words": "Meldt DMP og sykehusapoteket", **entry()}
    sent(as_lead, "discrepancy.settle", ketalar.pk, 2, **said)
    assert "Tap 1000 mg" not in page(as_lead, "cupboard").replace("\xa0", "")
    assert "tap å se på" not in page(as_lead, "today")


def test_a_difference_that_took_a_reason_stands_before_the_leader_and_a_small_one_does_not(
    as_nurse: Client,
    draw: Draw,
    given: Session,
    ketalar: Holding,
    colleague: Professional,
) -> None:
    draw()
    said = signed(colleague, residue_mg="0", wasted_mg="174")
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    assert LedgerEntry.objects.get(movement="difference").mg == 1
    assert not LedgerEntry.objects.unseen_losses().exists()
    sent(
        as_nurse,
        "ledger.anew",
        given.pk,
        ketalar.pk,
        **signed(colleague, why="Feil tall ble skrevet"),
    )
    said = signed(colleague, residue_mg="0", wasted_mg="100", why="Sprøyten ble borte")
    sent(as_nurse, "ledger.settle", given.pk, ketalar.pk, **said)
    assert [one.mg for one in LedgerEntry.objects.unseen_losses()] == [75]


def test_what_is_left_in_hand_stands_before_the_leader_the_next_day(
    lead: Professional, draw: Draw, session: Session, clock: Clock
) -> None:
    draw()
    assert "Ikke gjort opp, fra tidligere dager" not in page(client_of(lead), "cupboard")
    clock.at += timedelta(days=1)
    as_lead = client_of(lead)
    html = page(as_lead, "cupboard")
    assert "Ikke gjort opp, fra tidligere dager" in html
    assert "Ødegård" not in html
    assert "1 økt som ikke er gjort opp" in page(as_lead, "today")


def test_what_was_given_and_never_drawn_stands_on_the_cupboard_the_next_day(
    given: Session, ketalar: Holding, nurse: Professional, clock: Clock
) -> None:
    chairside.finish_session(session=given, by=nurse, at=timezone.now())
    clock.at += timedelta(days=1)
    assert "ingen linje i regnskapet forteller om det" in page(client_of(nurse), "cupboard")
