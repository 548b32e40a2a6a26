"""At the end of a session what was drawn is what was given, left in the line and wasted."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.ledger.balance import HAND, NOTHING
from lysglimt.knowledge.ledger.movements import FOUND, LOST, Movement
from lysglimt.knowledge.ledger.persons import NotToldApart, OnePerson, Signer, refuse_one_person
from lysglimt.knowledge.ledger.reconciliation import NoReasonForDifference, Settlement
from lysglimt.knowledge.quantities import Milligrams


def mg(amount: object) -> Milligrams:
    return Milligrams(Decimal(str(amount)))


def told(settlement: Settlement, *, reason: str = "") -> dict[str, Decimal]:
    return {
        one.movement.value: one.amount.value for one in settlement.postings("s", reason=reason)
    }


def test_what_adds_up_is_written_without_a_difference() -> None:
    settled = Settlement(mg(200), mg(35), mg(1), mg(164))
    assert told(settled) == {"administration": 35, "residue": 1, "waste": 164}


@pytest.mark.parametrize(
    ("wasted", "difference"),
    [
        pytest.param("163", "2", id="exactly 1 % is within"),
        pytest.param("167", "2", id="on either side"),
    ],
)
def test_within_one_per_cent_the_difference_is_written_and_needs_no_reason(
    wasted: str, difference: str
) -> None:
    found = told(Settlement(mg(200), mg(35), NOTHING, mg(wasted)))
    assert found["difference"] == Decimal(difference)


@pytest.mark.parametrize("wasted", ["162.999", "167.001"])
def test_beyond_one_per_cent_it_takes_a_reason(wasted: str) -> None:
    settled = Settlement(mg(200), mg(35), NOTHING, mg(wasted))
    for silent in ("", "  "):
        with pytest.raises(NoReasonForDifference) as refused:
            told(settled, reason=silent)
        assert refused.value.facts["field"] == "reason"
    assert "difference" in told(settled, reason="Sprøyten falt i gulvet")


def test_what_is_missing_is_lost_and_what_is_too_much_was_found() -> None:
    less = list(Settlement(mg(200), mg(35), NOTHING, mg(163)).postings("s"))
    more = list(Settlement(mg(200), mg(35), NOTHING, mg(166)).postings("s"))
    assert less[-1].way == (HAND, LOST)
    assert more[0].way == (FOUND, HAND)


def test_nothing_given_is_no_line() -> None:
    assert told(Settlement(mg(200), NOTHING, NOTHING, mg(200))) == {"waste": 200}


@pytest.mark.parametrize("field", ["given", "residue", "wasted"])
def test_less_than_nothing_is_told_of_nothing(field: str) -> None:
    said = {"given": mg(1), "residue": mg(1), "wasted": mg(1), field: mg(-1)}
    with pytest.raises(NoReasonForDifference) as refused:
        Settlement(mg(10), **said)
    assert refused.value.facts["field"] == field


AMOUNT = st.decimals(0, 500, places=3).map(Milligrams)


@given(drawn=AMOUNT, given_mg=AMOUNT, residue=AMOUNT, wasted=AMOUNT)
def test_with_a_reason_nothing_is_ever_left_in_hand(
    drawn: Milligrams, given_mg: Milligrams, residue: Milligrams, wasted: Milligrams
) -> None:
    settled = Settlement(drawn, given_mg, residue, wasted)
    left = drawn.value + sum(
        one.change(HAND) for one in settled.postings("s", reason="Vet ikke hvorfor")
    )
    assert left == 0


KARI = Signer("kari", "1234567", "Kari Ødegård")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(KARI, id="the same account"),
        pytest.param(Signer("kari2", "01234567", "K. Ødegård"), id="the same number"),
        pytest.param(Signer("kari3", "", "kari  ødegård"), id="no number, the same name"),
    ],
)
def test_two_accounts_of_one_are_one_person(other: Signer) -> None:
    assert KARI.same_person(other)
    with pytest.raises(OnePerson):
        refuse_one_person(Movement.WASTE, KARI, other)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Signer("ola", "7654321", "Kari Ødegård"), id="a namesake has a number"),
        pytest.param(Signer("ola", "7654321", "Ola Nordmann"), id="another name and number"),
    ],
)
def test_two_persons_may_sign(other: Signer) -> None:
    assert not KARI.same_person(other)
    refuse_one_person(Movement.WASTE, KARI, other)


@pytest.mark.parametrize("name", ["Kari Ødegård (vikar)", "Ola Nordmann", ""])
def test_a_name_beside_a_number_tells_nothing(name: str) -> None:
    for pair in ((KARI, Signer("ola", "", name)), (Signer("ola", "", name), KARI)):
        with pytest.raises(NotToldApart):
            refuse_one_person(Movement.WASTE, *pair)


def test_where_nobody_has_a_number_the_name_decides() -> None:
    kari, ola = Signer("kari", "", "Kari Ødegård"), Signer("ola", "", "Ola Nordmann")
    refuse_one_person(Movement.WASTE, kari, ola)
    refuse_one_person(Movement.WASTE, kari, Signer("ola"))
    with pytest.raises(OnePerson):
        refuse_one_person(Movement.WASTE, kari, Signer("kari2", "", "kari  ødegård"))


def test_a_receipt_is_signed_by_one_and_a_withdrawal_never() -> None:
    refuse_one_person(Movement.RECEIPT, KARI, None)
    with pytest.raises(OnePerson):
        refuse_one_person(Movement.WITHDRAWAL, KARI, None)
    with pytest.raises(OnePerson):
        refuse_one_person(Movement.RECEIPT, KARI, KARI)
