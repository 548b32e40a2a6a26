"""The ledger of controlled drugs: computed, signed by two, never changed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from lysglimt.clinic.audit.append_only import VERBS, guard_of
from lysglimt.clinic.audit.models import Event
from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import Session, SessionOrder
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.actions import Batch, Booked, OrderNotSigned, Product
from lysglimt.clinic.cupboard.chain import Fault, digest_over, faults
from lysglimt.clinic.cupboard.models import Cabinet, Form, Holding, LedgerEntry
from lysglimt.clinic.cupboard.showing import expiring
from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import AlreadyCorrected, NotThere
from lysglimt.knowledge.ledger.movements import Movement, Whereabouts
from lysglimt.knowledge.ledger.persons import OnePerson
from lysglimt.knowledge.ledger.reconciliation import NoReasonForDifference
from lysglimt.knowledge.quantities import Milligrams
from lysglimt.server.commands import ledger as ledger_command
from lysglimt.server.ledgers import looked_through
from tests.clinic.audit.trail import undone
from tests.clinic.chairside import let_in, nasal
from tests.clinic.chairside.conftest import Pump
from tests.clinic.chairside.conftest import ordered as what_is_ordered
from tests.clinic.conftest import NOON, Staff

from .conftest import BATCH, KETALAR, Counted, Draw, entered, mg


def stock(holding: Holding) -> int:
    last = LedgerEntry.objects.of_holding(holding).last()
    return last.stock_after if last else 0


def said(holding: Holding) -> list[tuple[int, str, int]]:
    rows = LedgerEntry.objects.of_holding(holding)
    return [(one.number, one.movement, one.stock_after) for one in rows]


def booked(
    holding: Holding, movement: Movement, pieces: int, *, by: Professional, **more: object
) -> LedgerEntry:
    what = Booked(movement=movement, pieces=pieces, **more)  # type: ignore[arg-type]  # its fields
    return actions.book(holding=holding, booked=what, entered=entered(), by=by, at=NOON)


def test_it_begins_with_what_two_counted(ketalar: Holding) -> None:
    assert said(ketalar) == [(1, "opening", 10)]
    entry = LedgerEntry.objects.get()
    assert (entry.mg, entry.batch, entry.witness is not None) == (Decimal(2000), "K-1", True)


def test_the_balance_follows_what_is_booked(
    ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    booked(ketalar, Movement.RECEIPT, 5, by=nurse, batch=BATCH)
    for movement in (Movement.WASTE, Movement.RETURN, Movement.LOSS):
        booked(ketalar, movement, 1, by=nurse, witness=colleague, why="Knust i skuffen")
    assert said(ketalar) == [
        (1, "opening", 10),
        (2, "receipt", 15),
        (3, "waste", 14),
        (4, "return", 13),
        (5, "loss", 12),
    ]
    assert not list(faults(ketalar))


@pytest.mark.parametrize("movement", [Movement.OPENING, Movement.WITHDRAWAL, Movement.COUNT])
def test_another_kind_is_not_booked_so(
    ketalar: Holding, nurse: Professional, colleague: Professional, movement: Movement
) -> None:
    with pytest.raises(actions.NoSuchMovement):
        booked(ketalar, movement, 1, by=nurse, witness=colleague)


def test_a_cabinet_is_never_below_nothing(
    ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    with pytest.raises(NotThere):
        booked(ketalar, Movement.RETURN, 11, by=nurse, witness=colleague)
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.filter(holding=ketalar).update(stock_after=-1)
    assert stock(ketalar) == 10


def test_a_line_is_never_changed_nor_taken_away(ketalar: Holding) -> None:
    for act in ("update", "delete"):
        rows = LedgerEntry.objects.filter(holding=ketalar)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(mg=1) if act == "update" else rows._raw_delete(rows.db)


Second = Callable[[Professional, Staff, Unit], Professional]


def account_of(nurse: Professional, staff: Staff, unit: Unit) -> Professional:
    other = staff(unit, Role.PHARMACIST, "again")
    for one, number in ((nurse, "7654321"), (other, "7654321")):
        one.hpr_number = number
        one.save(update_fields=["hpr_number"])
    return other


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(lambda nurse, staff, unit: nurse, id="oneself"),
        pytest.param(account_of, id="one's other account"),
    ],
)
def test_two_signatures_are_two_persons(
    ketalar: Holding, nurse: Professional, staff: Staff, moss: Unit, second: Second
) -> None:
    with pytest.raises(OnePerson):
        booked(ketalar, Movement.WASTE, 1, by=nurse, witness=second(nurse, staff, moss))
    assert stock(ketalar) == 10


def test_without_a_second_person_nothing_leaves(ketalar: Holding, nurse: Professional) -> None:
    with pytest.raises(OnePerson):
        booked(ketalar, Movement.WASTE, 1, by=nurse)
    row = LedgerEntry.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        replaced(row, number=2, movement=Movement.WASTE, witness=None).save(force_insert=True)


def replaced(row: LedgerEntry, **changed: object) -> LedgerEntry:
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    new = LedgerEntry(**{**values, "id": None, "entry": uuid4()})
    for name, value in changed.items():
        setattr(new, name, value)
    return new


def test_another_unit_signs_nothing_here(
    ketalar: Holding, nurse: Professional, halden: Unit, staff: Staff
) -> None:
    other = staff(halden, Role.NURSE)
    with pytest.raises(actions.NotOfTheUnit):
        booked(ketalar, Movement.WASTE, 1, by=nurse, witness=other)
    with pytest.raises(actions.NotOfTheUnit):
        actions.open_holding(cabinet=ketalar.cabinet, product=KETALAR, by=other, at=NOON)


def test_who_works_there_no_more_signs_nothing(
    ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    colleague.is_active = False
    with pytest.raises(actions.NotOfTheUnit):
        booked(ketalar, Movement.WASTE, 1, by=nurse, witness=colleague)


def test_sent_twice_it_is_one_line_and_with_other_content_none(
    ketalar: Holding, nurse: Professional
) -> None:
    told, twice = Booked(movement=Movement.RECEIPT, pieces=5), entered()
    for _ in range(2):
        actions.book(holding=ketalar, booked=told, entered=twice, by=nurse, at=NOON)
    assert stock(ketalar) == 15
    other = replace(told, pieces=6)
    with pytest.raises(Contradicted):
        actions.book(holding=ketalar, booked=other, entered=twice, by=nurse, at=NOON)


def test_what_is_entered_late_says_so(ketalar: Holding, nurse: Professional) -> None:
    earlier = entered(at=NOON - timedelta(hours=2))
    told = Booked(movement=Movement.RECEIPT, pieces=5)
    row = actions.book(holding=ketalar, booked=told, entered=earlier, by=nurse, at=NOON)
    assert row.late
    assert not LedgerEntry.objects.get(number=1).late


def test_from_cabinet_to_cabinet_there_are_two_lines(
    ketalar: Holding, nurse: Professional, colleague: Professional, pharmacist: Professional
) -> None:
    there = actions.open_cabinet(name="Stue 2", by=pharmacist, at=NOON)
    told = Booked(movement=Movement.TRANSFER_OUT, pieces=3, witness=colleague, batch=BATCH)
    moved = [
        actions.transfer(
            holding=ketalar, to=there, booked=told, entered=entered(), by=nurse, at=NOON
        )
        for _ in range(2)
    ]
    out, into = moved[-1]
    assert (out.stock_after, into.stock_after, into.number) == (4, 6, 2)
    assert into.holding.cabinet == there
    with pytest.raises(actions.NotOfTheUnit):
        actions.transfer(
            holding=ketalar,
            to=ketalar.cabinet,
            booked=told,
            entered=entered(),
            by=nurse,
            at=NOON,
        )


def taken_back(line: LedgerEntry, *, by: Professional, witness: Professional) -> LedgerEntry:
    return actions.correct(
        line=line,
        why="Skrevet på feil linje",
        witness=witness,
        entered=entered(),
        by=by,
        at=NOON,
    )


def test_a_correction_is_another_line_and_the_old_one_stays(
    ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    wrong = booked(ketalar, Movement.RECEIPT, 50, by=nurse)
    back = taken_back(wrong, by=nurse, witness=colleague)
    assert said(ketalar)[1:] == [(2, "receipt", 60), (3, "correction", 10)]
    assert (back.corrects, back.why) == (wrong, "Skrevet på feil linje")
    for line in (wrong, back):
        with pytest.raises(AlreadyCorrected):
            taken_back(line, by=nurse, witness=colleague)
    assert not list(faults(ketalar))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"mg": Decimal(5)}, "was changed"),
        ({"stock_after": 3}, "says 3 in stock, not 10"),
        ({"number": 7}, "missing: the next is 7"),
        ({"previous": "f" * 64}, "does not follow"),
        ({"source": "stock", "target": "wasted"}, "cannot be"),
    ],
)
def test_a_line_that_was_changed_behind_our_back_is_found(
    ketalar: Holding, nurse: Professional, changed: dict[str, object], told: str
) -> None:
    row = LedgerEntry.objects.get()
    for name, value in changed.items():
        setattr(row, name, value)
    found = list(faults(ketalar, [row]))
    assert any(told in one.what for one in found), found


def test_a_cut_end_and_a_line_written_anew_are_found_by_the_trail(
    ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    """Five lost vials: the line says one, and is hashed anew; then it is gone, and then all of them."""
    lost = booked(ketalar, Movement.LOSS, 5, by=nurse, witness=colleague, why="Borte")
    assert not looked_through().faults
    rows = LedgerEntry.objects.of_holding(ketalar)
    with undone():
        guards_down()
        lost.mg, lost.stock_after = Decimal(200), 9
        lost.digest = digest_over(lost)
        rows.filter(pk=lost.pk).update(mg=200, stock_after=9, digest=lost.digest)
        assert not list(faults(ketalar)), "the ledger by itself is sound"
        assert [one.what for one in looked_through().faults] == ["is not as the trail has it"]
        rows.filter(pk=lost.pk)._raw_delete("default")
        assert not list(faults(ketalar)), "the ledger by itself is sound"
        gone = "stands in the trail, and in no ledger"
        assert [one.what for one in looked_through().faults] == [gone]
        rows._raw_delete("default")
        assert [one.what for one in looked_through().faults] == [gone, gone]


def test_a_line_that_came_past_the_trail_is_found(ketalar: Holding) -> None:
    with undone():
        row = LedgerEntry.objects.get()
        new = replaced(row, number=2, movement=Movement.RECEIPT, witness=None, stock_after=20)
        new.previous, new.digest = row.digest, ""
        new.digest = digest_over(new)
        new.save(force_insert=True)
        assert not list(faults(ketalar)), "the ledger by itself is sound"
        assert [one.what for one in looked_through().faults] == ["stands in no trail"]


def guards_down() -> None:
    """As the owner of the database could; what runs the application cannot."""
    table = LedgerEntry._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for verb in VERBS["sqlite"]:
                cursor.execute(f"DROP TRIGGER {guard_of(table, verb)}")


def test_a_count_that_agrees_is_written_and_stops_nothing(
    counted: Counted, draw: Draw, ketalar: Holding
) -> None:
    row = counted(10)
    assert (row.counted, row.stock_after) == (10, 10)
    assert not LedgerEntry.objects.disagreed().exists()
    assert draw().stock_after == 9


def test_a_count_that_disagrees_stops_withdrawals_until_somebody_answers_for_it(
    counted: Counted, draw: Draw, psychiatrist: Professional
) -> None:
    row = counted(9)
    with pytest.raises(actions.StoppedByDiscrepancy) as refused:
        draw()
    assert refused.value.facts["value"] == row.number
    steps = [
        actions.override(
            count=row,
            words="Pasienten sitter klar, lederen er varslet",
            entered=entered(),
            by=psychiatrist,
            at=NOON,
        )
        for _ in range(2)
    ]
    assert {(one.pk, one.act, one.by) for one in steps} == {
        (steps[0].pk, "overridden", psychiatrist)
    }
    assert draw().stock_after == 9
    counted(5)
    with pytest.raises(actions.StoppedByDiscrepancy):
        draw()


def settled(
    row: LedgerEntry, *, by: Professional, witness: Professional | None = None
) -> object:
    return actions.settle_discrepancy(
        count=row,
        words="En ampulle lå knust bak skuffen",
        witness=witness,
        entered=entered(),
        by=by,
        at=NOON,
    )


@pytest.mark.parametrize(
    ("found", "movement", "after"), [(9, "loss", 9), (12, "correction", 12)]
)
def test_what_is_really_missing_or_too_much_is_booked_by_the_leader_and_another(
    counted: Counted,
    ketalar: Holding,
    lead: Professional,
    nurse: Professional,
    found: int,
    movement: str,
    after: int,
) -> None:
    row = counted(found)
    settled(row, by=lead, witness=nurse)
    line = LedgerEntry.objects.of_holding(ketalar).last()
    assert line
    assert (line.movement, line.stock_after, line.corrects) == (movement, after, row)
    assert not LedgerEntry.objects.disagreed().exists()
    assert not list(faults(ketalar))
    with pytest.raises(actions.NotThisCount):
        settled(row, by=lead, witness=nurse)


def test_a_miscount_is_shown_by_a_count_that_agrees(
    counted: Counted, lead: Professional, draw: Draw
) -> None:
    row = counted(9)
    with pytest.raises(actions.NotRecounted):
        settled(row, by=lead)
    counted(10)
    settled(row, by=lead)
    assert draw().stock_after == 9


def test_a_withdrawal_names_session_doctor_dose_and_batch(
    draw: Draw, session: Session, psychiatrist: Professional
) -> None:
    row = draw(2)
    assert (row.session, row.prescriber, row.ordered_mg) == (session, psychiatrist, Decimal(40))
    assert (row.batch, row.mg, row.hand_change) == ("K-1", Decimal(400), Decimal(400))
    event = Event.objects.get(operation="ledger.withdrawal")
    assert event.patients == [str(session.course.patient_id)]


def test_only_a_doctor_orders_and_what_is_expired_is_drawn_for_nobody(
    draw: Draw, nurse: Professional
) -> None:
    with pytest.raises(ClinicalError, match="doctor"):
        draw(prescriber=nurse)
    gone = Batch(number="K-0", expires_on=NOON.date() - timedelta(days=1))
    with pytest.raises(actions.Expired):
        draw(batch=gone, why="Står ikke i regnskapet")


def test_what_the_course_gives_is_drawn_by_an_order_that_stands_signed(
    draw: Draw, ordered: Session, ketalar: Holding, psychiatrist: Professional
) -> None:
    chairside.change_order(
        order=SessionOrder.objects.in_force().get(session=ordered),
        ordered=what_is_ordered(),
        by=psychiatrist,
        at=NOON,
        reason="Ny vekt",
    )
    with pytest.raises(OrderNotSigned):
        draw()
    order = SessionOrder.objects.in_force().get(session=ordered)
    chairside.sign_order(order=order, by=psychiatrist, at=NOON)
    draw()
    assert stock(ketalar) == 9


def test_the_batch_is_one_that_came_in_and_has_the_date_of_its_receipt(
    ketalar: Holding, nurse: Professional, draw: Draw
) -> None:
    """K-2 runs out on the day before: it is not drawn by a date that somebody typed."""
    gone = Batch(number="K-2", expires_on=NOON.date() - timedelta(days=1))
    booked(ketalar, Movement.RECEIPT, 1, by=nurse, batch=gone)
    for typed in (
        Batch(number="K-2", expires_on=NOON.date() + timedelta(days=900)),
        Batch(number="K-3", expires_on=BATCH.expires_on),
    ):
        with pytest.raises(actions.UnknownBatch):
            draw(batch=typed)
    with pytest.raises(actions.Expired):
        draw(batch=gone)
    said = replace(BATCH, expires_on=NOON.date().replace(year=2027, month=5, day=1))
    assert draw(batch=said).expires_on == BATCH.expires_on
    other = draw(
        batch=Batch(number="K-3", expires_on=BATCH.expires_on), why="To batcher i esken"
    )
    assert (other.batch, other.why) == ("K-3", "To batcher i esken")


def test_more_than_the_dose_takes_is_drawn_for_a_reason(
    ketalar: Holding, nurse: Professional, draw: Draw
) -> None:
    for pieces, dose in ((2, 40), (99, "0.001")):
        with pytest.raises(actions.MoreThanTheDose) as refused:
            draw(pieces, ordered=mg(dose), why="")
        assert refused.value.facts["value"] == 1
    draw(2, ordered=mg(201), why="")
    with pytest.raises(actions.MoreThanTheDose):
        draw(1, ordered=mg(201))
    assert draw(1, ordered=mg(201), why="Den første ble knust").stock_after == 7


def test_nothing_is_drawn_for_a_session_of_another_unit(
    draw: Draw, session: Session, halden: Unit
) -> None:
    session.unit = halden
    with pytest.raises(actions.NotOfTheUnit):
        draw()


def account(
    session: Session,
    holding: Holding,
    *,
    by: Professional,
    witness: Professional,
    wasted: object,
    why: str = "",
    given: Milligrams | None = None,
) -> dict[str, Decimal]:
    told = actions.Accounted(witness=witness, wasted=mg(wasted), why=why, given=given)
    rows = actions.settle(
        session=session, holding=holding, accounted=told, entered=entered(), by=by, at=NOON
    )
    return {one.movement: one.mg for one in rows}


def test_what_was_drawn_is_what_the_pump_gave_and_what_two_wasted(
    draw: Draw,
    given: Session,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
) -> None:
    """One vial of 200 mg; 25 of 40 minutes at 60 ml/h of 1 mg/ml are 25 mg."""
    draw()
    found = account(given, ketalar, by=nurse, witness=colleague, wasted=175)
    assert found == {"administration": 25, "waste": 175}
    assert actions.in_hand(given) == []
    assert actions.booked_given(given) == mg(25)
    assert not list(faults(ketalar))
    with pytest.raises(actions.NothingInHand):
        account(given, ketalar, by=nurse, witness=colleague, wasted=0)


def test_what_does_not_add_up_takes_a_reason(
    draw: Draw,
    given: Session,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
) -> None:
    draw()
    with pytest.raises(NoReasonForDifference):
        account(given, ketalar, by=nurse, witness=colleague, wasted=150)
    why = "Litt gikk tapt da sprøyten falt"
    found = account(given, ketalar, by=nurse, witness=colleague, wasted=150, why=why)
    assert found == {"administration": 25, "waste": 150, "difference": 25}


def test_while_the_pump_runs_nothing_is_accounted_for(
    draw: Draw,
    ready: Session,
    order: SessionOrder,
    pump: Pump,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
) -> None:
    draw()
    with pytest.raises(ClinicalError, match="not been started"):
        account(ready, ketalar, by=nurse, witness=colleague, wasted=200)
    pump(0, PumpAct.START, "60")
    with pytest.raises(ClinicalError, match="not been stopped"):
        account(ready, ketalar, by=nurse, witness=colleague, wasted=175)


def put_back(
    session: Session, holding: Holding, pieces: int, *, by: Professional, witness: Professional
) -> LedgerEntry:
    back = actions.PutBack(pieces=pieces, why="Pasienten ombestemte seg", witness=witness)
    return actions.not_given(
        session=session, holding=holding, back=back, entered=entered(), by=by, at=NOON
    )


def test_what_was_not_given_goes_back_before_two(
    draw: Draw,
    session: Session,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
) -> None:
    draw(2)
    row = put_back(session, ketalar, 2, by=nurse, witness=colleague)
    assert (row.stock_after, row.batch, actions.in_hand(session)) == (10, "K-1", [])
    with pytest.raises(NotThere):
        put_back(session, ketalar, 1, by=nurse, witness=colleague)


def test_a_wrong_account_is_taken_back_whole_and_made_anew(
    draw: Draw,
    given: Session,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
) -> None:
    draw()
    account(given, ketalar, by=nurse, witness=colleague, wasted=175)
    actions.account_anew(
        session=given,
        holding=ketalar,
        told=actions.TakenBack(why="Feil økt", witness=colleague),
        entered=entered(),
        by=nurse,
        at=NOON,
    )
    assert actions.booked_given(given) == mg(0)
    assert [vars(one)["in_hand"] for one in actions.in_hand(given)] == [200]
    account(given, ketalar, by=nurse, witness=colleague, wasted=175)
    assert not list(faults(ketalar))


def test_of_two_vials_of_one_drug_the_chart_is_shared_and_counted_once(
    draw: Draw,
    given: Session,
    cabinet: Cabinet,
    ketalar: Holding,
    nurse: Professional,
    colleague: Professional,
    psychiatrist: Professional,
) -> None:
    """20 mg in a small ampoule and 5 mg of the large one are the 25 mg of the pump."""
    small = replace(KETALAR, strength="10 mg/ml, 2 ml", piece=mg(20))
    opened = Booked(movement=Movement.OPENING, pieces=1, witness=colleague, batch=BATCH)
    ampoule = actions.place(
        cabinet=cabinet, product=small, booked=opened, entered=entered(), by=nurse, at=NOON
    )
    draw()
    drawn = actions.Withdrawn(
        pieces=1, prescriber=psychiatrist, ordered=mg(40), witness=colleague, batch=BATCH
    )
    actions.withdraw(
        session=given, holding=ampoule, drawn=drawn, entered=entered(), by=nurse, at=NOON
    )
    first = account(given, ampoule, by=nurse, witness=colleague, wasted=0)
    assert first["administration"] == 20
    second = account(given, ketalar, by=nurse, witness=colleague, wasted=195)
    assert second == {"administration": 5, "waste": 195}


def test_of_a_rescue_drug_both_say_what_was_given(
    cabinet: Cabinet,
    given: Session,
    nurse: Professional,
    colleague: Professional,
    psychiatrist: Professional,
) -> None:
    midazolam = replace(
        KETALAR, atc="N05CD08", name="Midazolam", strength="1 mg/ml, 5 ml", piece=mg(5)
    )
    opened = Booked(movement=Movement.OPENING, pieces=5, witness=colleague, batch=BATCH)
    holding = actions.place(
        cabinet=cabinet, product=midazolam, booked=opened, entered=entered(), by=nurse, at=NOON
    )
    assert not actions.drug_of_session(given, holding)
    drawn = actions.Withdrawn(
        pieces=1, prescriber=psychiatrist, ordered=mg(1), witness=colleague, batch=BATCH
    )
    actions.withdraw(
        session=given, holding=holding, drawn=drawn, entered=entered(), by=nurse, at=NOON
    )
    found = account(given, holding, by=nurse, witness=colleague, wasted=4, given=mg(1))
    assert found == {"administration": 1, "waste": 4}


def test_a_batch_that_runs_out_is_told_of_as_long_as_any_lies_there(
    ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    soon = Batch(number="K-2", expires_on=NOON.date() + timedelta(days=10))
    booked(ketalar, Movement.RECEIPT, 1, by=nurse, batch=soon)
    found = expiring(Holding.objects.with_balance(), at=NOON)
    assert [(one.batch, one.over) for one in found] == [("K-2", False)]
    booked(ketalar, Movement.WASTE, 1, by=nurse, witness=colleague, batch=soon, why="Utløper")
    assert expiring(Holding.objects.with_balance(), at=NOON) == []


def test_received_is_always_in_stock_in_hand_or_gone_somewhere(
    draw: Draw, given: Session, ketalar: Holding, nurse: Professional, colleague: Professional
) -> None:
    draw(2)
    account(given, ketalar, by=nurse, witness=colleague, wasted=375)
    draw()
    rows = LedgerEntry.objects.of_holding(ketalar)
    amounts = {place.value: Decimal(0) for place in Whereabouts}
    for one in rows:
        amounts[one.source] -= one.mg
        amounts[one.target] += one.mg
    assert -amounts["supply"] == 2000
    assert (amounts["stock"], amounts["hand"]) == (Decimal(1400), Decimal(200))
    assert (amounts["given"], amounts["wasted"]) == (Decimal(25), Decimal(375))


@pytest.fixture
def sprayed(
    kari: Patient, psychiatrist: Professional, nurse: Professional, colleague: Professional
) -> Session:
    """Two devices are ordered, and the first is given."""
    let_in.agree(kari, by=psychiatrist)
    let_in.accept(kari, by=psychiatrist)
    session = chairside.open_session(
        course=nasal.course_of(kari, by=psychiatrist), planned_on=NOON.date(), by=nurse, at=NOON
    )
    order = nasal.ordered(session, 2, by=psychiatrist)
    chairside.sign_device_order(order=order, by=psychiatrist, at=NOON)
    nasal.check(order, by=nurse, other=colleague)
    nasal.let_through(session, by=psychiatrist)
    nasal.give(session, 1, by=nurse)
    return session


def test_of_devices_each_is_given_destroyed_or_put_back(
    sprayed: Session,
    cabinet: Cabinet,
    nurse: Professional,
    colleague: Professional,
    psychiatrist: Professional,
) -> None:
    spravato = Product(
        atc="N06AX27", name="Spravato", strength="28 mg", form=Form.DEVICE, piece=mg(28)
    )
    opened = Booked(movement=Movement.OPENING, pieces=12, witness=colleague, batch=BATCH)
    devices = actions.place(
        cabinet=cabinet, product=spravato, booked=opened, entered=entered(), by=nurse, at=NOON
    )
    drawn = actions.Withdrawn(
        pieces=3,
        prescriber=psychiatrist,
        ordered=mg(56),
        witness=colleague,
        batch=BATCH,
        why="En i reserve",
    )
    actions.withdraw(
        session=sprayed, holding=devices, drawn=drawn, entered=entered(), by=nurse, at=NOON
    )
    with pytest.raises(ClinicalError, match="devices"):
        account(sprayed, devices, by=nurse, witness=colleague, wasted=0)
    nasal.give(sprayed, 6, by=nurse)
    put_back(sprayed, devices, 1, by=nurse, witness=colleague)
    found = account(sprayed, devices, by=nurse, witness=colleague, wasted=0)
    assert found == {"administration": 56}
    assert stock(devices) == 10
    assert not list(faults(devices))


def test_the_command_says_whether_every_line_is_as_it_was_written(
    ketalar: Holding, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_command, "start", lambda: None)
    counted(9)
    told = CliRunner().invoke(ledger_command.command, ["verify"])
    assert (told.exit_code, told.output.splitlines()) == (
        0,
        [
            "1 ledgers, 2 lines: sound",
            "1 counts that did not agree wait to be settled.",
        ],
    )
    monkeypatch.setattr(
        "lysglimt.server.ledgers.faults", lambda holding: [Fault(f"{holding.pk}/2", "changed")]
    )
    told = CliRunner().invoke(ledger_command.command, ["verify", "--json"])
    assert told.exit_code == 1
    assert json.loads(told.output)["faults"] == [
        {"where": f"{ketalar.pk}/2", "what": "changed"}
    ]
    assert "BAD" in CliRunner().invoke(ledger_command.command, ["verify"]).output
