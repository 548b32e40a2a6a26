"""Whatever happens to a drug, every milligram is somewhere, and nothing is below nothing."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import (
    HAND,
    NOTHING,
    STOCK,
    AlreadyCorrected,
    Ledger,
    NotThere,
    NotWhole,
    Posting,
    RunningLedger,
    Transferred,
    came_in,
    pieces_of,
    taking_back,
    went,
    whereabouts,
)
from lysglimt.knowledge.ledger.movements import (
    FOUND,
    GIVEN,
    LOST,
    SUPPLY,
    WASTED,
    WAYS,
    Movement,
    Whereabouts,
    WrongWay,
    ledger_rules,
    signers,
)
from lysglimt.knowledge.ledger.reconciliation import Settlement
from lysglimt.knowledge.quantities import Milligrams

PIECE = Milligrams(Decimal(200))


def mg(amount: object) -> Milligrams:
    return Milligrams(Decimal(str(amount)))


def pieces(count: int) -> Milligrams:
    return mg(200 * count)


def posting(movement: Movement, amount: Milligrams, *, session: object = None) -> Posting:
    counted = 0 if movement is Movement.COUNT else None
    return Posting(movement, WAYS[movement][0], amount, session=session, counted=counted)


def ledger(*postings: Posting) -> Ledger:
    here = Ledger(PIECE)
    for one in postings:
        here = here.posted(one)
    return here


OPENED = posting(Movement.OPENING, pieces(10))
DRAWN = posting(Movement.WITHDRAWAL, pieces(1), session="a")


def test_a_balance_is_what_happened_added_up() -> None:
    here = ledger(OPENED, posting(Movement.RECEIPT, pieces(5)), DRAWN)
    assert here.pieces == 14
    assert here.in_place(HAND, "a") == mg(200)
    assert here.in_place(HAND, "b") == NOTHING
    assert here.whereabouts()[SUPPLY] == mg(-3000)


def test_more_is_not_taken_than_there_is() -> None:
    with pytest.raises(NotThere, match="2200 mg are taken of 2000"):
        ledger(OPENED, posting(Movement.WITHDRAWAL, pieces(11), session="a"))


def test_what_is_in_hand_of_one_session_is_not_in_anothers() -> None:
    with pytest.raises(NotThere):
        ledger(OPENED, DRAWN, posting(Movement.ADMINISTRATION, mg(40), session="b"))


def test_a_vial_is_drawn_whole() -> None:
    with pytest.raises(NotWhole, match="50 mg are no whole pieces of 200 mg"):
        ledger(OPENED, posting(Movement.WITHDRAWAL, mg(50), session="a"))


def test_a_part_of_a_vial_is_not_put_back() -> None:
    with pytest.raises(NotWhole):
        ledger(OPENED, DRAWN, posting(Movement.NOT_GIVEN, mg(150), session="a"))


def test_what_was_not_given_is_put_back_whole() -> None:
    here = ledger(OPENED, DRAWN, posting(Movement.NOT_GIVEN, pieces(1), session="a"))
    assert (here.pieces, here.in_place(HAND, "a")) == (10, NOTHING)


def test_devices_are_counted_by_the_piece() -> None:
    assert pieces_of(mg(84), mg(28)) == 3
    with pytest.raises(NotWhole):
        pieces_of(mg(40), mg(28))


def test_a_line_is_taken_back_once_and_a_correction_never() -> None:
    here = ledger(OPENED, DRAWN)
    back = taking_back(DRAWN, 2)
    corrected = here.posted(back)
    assert corrected.pieces == 10
    with pytest.raises(AlreadyCorrected):
        corrected.posted(back)
    with pytest.raises(AlreadyCorrected):
        taking_back(back, 3)
    with pytest.raises(AlreadyCorrected):
        taking_back(posting(Movement.COUNT, NOTHING), 3)


def test_a_correction_is_of_a_line_that_is_there_and_of_no_other_amount() -> None:
    other = Posting(Movement.CORRECTION, (HAND, STOCK), pieces(2), session="a", takes_back=2)
    with pytest.raises(AlreadyCorrected):
        ledger(OPENED, posting(Movement.WITHDRAWAL, pieces(3), session="a")).posted(other)
    with pytest.raises(AlreadyCorrected):
        ledger(OPENED, DRAWN).posted(taking_back(DRAWN, 7))


def test_a_receipt_whose_vials_are_used_is_not_taken_back() -> None:
    with pytest.raises(NotThere):
        ledger(OPENED, DRAWN).posted(taking_back(OPENED, 1))


def test_a_count_changes_nothing_and_what_it_found_is_booked_apart() -> None:
    here = ledger(OPENED, posting(Movement.COUNT, NOTHING))
    assert here.pieces == 10
    found = Posting(Movement.CORRECTION, (FOUND, STOCK), pieces(1))
    lost = Posting(Movement.LOSS, (STOCK, LOST), pieces(2))
    here = here.posted(found).posted(lost)
    assert here.pieces == 9
    assert came_in(here.whereabouts()) == went(here.whereabouts()) == mg(2200)


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda: posting(Movement.RECEIPT, NOTHING), id="nothing is no receipt"),
        pytest.param(lambda: posting(Movement.RECEIPT, mg(-200)), id="nor is less"),
        pytest.param(
            lambda: Posting(Movement.COUNT, (STOCK, STOCK), mg(5), counted=1),
            id="a count moves nothing",
        ),
    ],
)
def test_what_moves_is_more_than_nothing(build: Callable[[], Posting]) -> None:
    with pytest.raises(NotThere):
        build()


@pytest.mark.parametrize("counted", [None, 3])
def test_a_count_says_how_many_and_nothing_else_does(counted: int | None) -> None:
    movement = Movement.COUNT if counted is None else Movement.RECEIPT
    with pytest.raises(NotWhole):
        Posting(
            movement,
            WAYS[movement][0],
            NOTHING if counted is None else mg(200),
            counted=counted,
        )


@pytest.mark.parametrize(
    ("movement", "way"),
    [
        (Movement.WITHDRAWAL, (SUPPLY, HAND)),
        (Movement.ADMINISTRATION, (STOCK, GIVEN)),
        (Movement.CORRECTION, (SUPPLY, STOCK)),
        (Movement.LOSS, (HAND, LOST)),
    ],
)
def test_nothing_moves_a_way_that_its_kind_does_not_have(
    movement: Movement, way: tuple[Whereabouts, Whereabouts]
) -> None:
    with pytest.raises(WrongWay):
        Posting(movement, way, mg(200))


def test_each_movement_says_how_many_persons_sign_it_once() -> None:
    named = [one for row in ledger_rules().signed for one in row.movements]
    assert sorted(named) == sorted(Movement)
    alone = {one for one in Movement if signers(one).value == 1}
    assert alone == {Movement.RECEIPT}


def test_the_ledger_is_kept_for_five_years_by_a_source_that_was_read() -> None:
    kept = ledger_rules().retention
    assert (kept.value, kept.unit, kept.basis.source.key) == (5, "years", "kristiansand")


SESSIONS = ("a", "b", None)
AMOUNTS = st.one_of(
    st.integers(1, 6).map(pieces), st.decimals("0.001", 900, places=3).map(Milligrams)
)
PLACED = st.sampled_from([one for one in Movement if one is not Movement.COUNT])


CAME = {
    *(Movement.OPENING, Movement.RECEIPT, Movement.TRANSFER_IN, Movement.NOT_GIVEN),
    Movement.CORRECTION,
}
WENT = {
    *(Movement.WITHDRAWAL, Movement.WASTE, Movement.RETURN, Movement.LOSS),
    Movement.TRANSFER_OUT,
}


class AnyDay(RuleBasedStateMachine):
    """Anything is tried; what is refused changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.here = Ledger(PIECE)
        self.beside = RunningLedger(PIECE)
        self.moved: list[Decimal] = []

    def attempt(self, make: Callable[[], Posting]) -> None:
        before, one = self.here, None
        try:
            one = make()
            self.here = before.posted(one)
        except ClinicalError:
            assert self.here is before
            if one is not None:
                with pytest.raises(ClinicalError):
                    self.beside.post(one)
        else:
            self.beside.post(one)
            self.noted(one)

    def noted(self, one: Posting) -> None:
        """In and out of the cabinet, told apart from the ledger's own reckoning."""
        if one.takes_back:
            self.moved.append(-self.moved[one.takes_back - 1])
        elif one.movement in CAME:
            self.moved.append(one.amount.value)
        elif one.movement in WENT and one.way[0] is STOCK:
            self.moved.append(-one.amount.value)
        else:
            self.moved.append(Decimal(0))

    @rule(
        movement=PLACED,
        way=st.integers(0, 1),
        amount=AMOUNTS,
        session=st.sampled_from(SESSIONS),
    )
    def move(
        self, movement: Movement, way: int, amount: Milligrams, session: str | None
    ) -> None:
        ways = WAYS.get(movement, ((FOUND, STOCK),))
        self.attempt(lambda: Posting(movement, ways[way % len(ways)], amount, session=session))

    @rule(number=st.integers(1, 30))
    def take_back(self, number: int) -> None:
        if number <= len(self.here.postings):
            self.attempt(lambda: taking_back(self.here.postings[number - 1], number))

    @rule(counted=st.integers(0, 30))
    def count(self, counted: int) -> None:
        way = WAYS[Movement.COUNT][0]
        self.attempt(lambda: Posting(Movement.COUNT, way, NOTHING, counted=counted))

    @rule(
        session=st.sampled_from(SESSIONS[:2]),
        given=st.decimals(0, 900, places=3),
        wasted=st.decimals(0, 900, places=3),
        reason=st.sampled_from(["", "søl"]),
    )
    def settle(self, session: str, given: Decimal, wasted: Decimal, reason: str) -> None:
        drawn = self.here.in_place(HAND, session)
        told = Settlement(drawn, Milligrams(given), NOTHING, Milligrams(wasted))
        try:
            postings = list(told.postings(session, reason=reason))
        except ClinicalError:
            assert not told.account.balances
            return
        for one in postings:
            self.here = self.here.posted(one)
            self.beside.post(one)
            self.noted(one)
        assert self.here.in_place(HAND, session) == NOTHING

    @invariant()
    def what_lies_there_came_in_and_did_not_go_out(self) -> None:
        assert self.here.pieces * PIECE.value == sum(self.moved)

    @invariant()
    def walked_through_it_says_the_same(self) -> None:
        assert self.beside.pieces == self.here.pieces
        assert tuple(self.beside.postings) == self.here.postings
        for one in SESSIONS:
            assert self.beside.hands[one] == self.here.in_place(HAND, one).value

    @invariant()
    def nothing_is_below_nothing(self) -> None:
        found = self.here.whereabouts()
        assert self.here.pieces >= 0
        assert all(self.here.in_place(HAND, one) >= NOTHING for one in SESSIONS)
        below = {SUPPLY, FOUND, Whereabouts.AWAY}
        assert all(found[place] >= NOTHING for place in Whereabouts if place not in below)


TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


@pytest.mark.parametrize("movement", [Movement.TRANSFER_OUT, Movement.TRANSFER_IN])
def test_half_a_transfer_is_not_taken_back(movement: Movement) -> None:
    with pytest.raises(Transferred):
        taking_back(posting(movement, pieces(3)), 2)


def test_what_is_wasted_from_the_cabinet_is_wasted() -> None:
    here = ledger(OPENED, posting(Movement.WASTE, pieces(2)))
    assert whereabouts(here.postings)[WASTED] == mg(400)


def test_a_ledger_twice_as_long_takes_twice_the_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Posting] = []
    change = Posting.change

    def counted(one: Posting, place: Whereabouts) -> Decimal:
        steps.append(one)
        return change(one, place)

    monkeypatch.setattr(Posting, "change", counted)

    def walked(length: int) -> int:
        steps.clear()
        ledger = RunningLedger(PIECE)
        for _ in range(length):
            ledger.post(Posting(Movement.RECEIPT, WAYS[Movement.RECEIPT][0], pieces(1)))
        assert ledger.pieces == length
        return len(steps)

    assert walked(200) == 2 * walked(100)
