"""Many hands at one cabinet: nothing is lost, no number is left out, no milligram goes astray."""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard import actions
from lysglimt.clinic.cupboard.actions import Booked, NotThisCount
from lysglimt.clinic.cupboard.chain import faults
from lysglimt.clinic.cupboard.models import Cabinet, DiscrepancyStep, Holding, LedgerEntry
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import NOTHING, came_in, went, whereabouts
from lysglimt.knowledge.ledger.movements import Movement
from lysglimt.knowledge.quantities import Milligrams
from lysglimt.server.ledgers import looked_through
from tests.clinic.conftest import NOON, Staff
from tests.clinic.turns import at_once

from .conftest import BATCH, Draw, mg

pytestmark = pytest.mark.django_db(transaction=True)

USERS = 8
OPERATIONS = 10_000 if os.environ.get("LYSGLIMT_LONG") == "true" else 200
TRIES = 20

Act = Callable[[random.Random, Professional, Professional, Entered], object]


@pytest.fixture
def hands(nurse: Professional, staff: Staff) -> list[Professional]:
    """Eight of the unit, each with a name of their own."""
    found = []
    for number in range(USERS):
        one = staff(nurse.unit, Role.NURSE, f"hand{number}")
        one.display_name = f"Hand {number}"
        one.save(update_fields=["display_name"])
        found.append(one)
    return found


class Cupboard:
    """What any of them may do next, of one holding and one session; ``other`` is a second cabinet."""

    def __init__(
        self, holding: Holding, session: Session, doctor: Professional, other: Cabinet
    ) -> None:
        self.holding, self.session, self.doctor, self.other = holding, session, doctor, other

    def acts(self) -> list[Act]:
        return [
            self.receive,
            self.receive,
            self.draw,
            self.draw,
            self.settle,
            self.put_back,
            self.waste,
            self.count,
            self.take_back,
            self.anew,
            self.transfer,
            self.miscount,
            self.override,
            self.settle_count,
            self.settle_count,
        ]

    def receive(
        self, chance: random.Random, by: Professional, _: object, at: Entered
    ) -> object:
        told = Booked(movement=Movement.RECEIPT, pieces=chance.randint(1, 4), batch=BATCH)
        return self.book(told, by=by, at=at)

    def waste(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        kind = chance.choice([Movement.WASTE, Movement.RETURN, Movement.LOSS])
        told = Booked(movement=kind, pieces=chance.randint(1, 3), witness=other, why="Knust")
        return self.book(told, by=by, at=at)

    def book(self, told: Booked, *, by: Professional, at: Entered) -> object:
        return actions.book(holding=self.holding, booked=told, entered=at, by=by, at=NOON)

    def draw(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        drawn = actions.Withdrawn(
            pieces=chance.randint(1, 3),
            prescriber=self.doctor,
            ordered=mg(40),
            witness=other,
            why="I reserve",
        )
        return actions.withdraw(
            session=self.session, holding=self.holding, drawn=drawn, entered=at, by=by, at=NOON
        )

    def settle(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        told = actions.Accounted(
            witness=other,
            given=Milligrams(Decimal(chance.randint(0, 90_000)) / 1000),
            wasted=Milligrams(Decimal(chance.randint(0, 600_000)) / 1000),
            why=chance.choice(["", "Noe gikk tapt"]),
        )
        return actions.settle(
            session=self.session,
            holding=self.holding,
            accounted=told,
            entered=at,
            by=by,
            at=NOON,
        )

    def put_back(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        back = actions.PutBack(pieces=1, why="Ikke gitt", witness=other)
        return actions.not_given(
            session=self.session, holding=self.holding, back=back, entered=at, by=by, at=NOON
        )

    def count(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        last = LedgerEntry.objects.of_holding(self.holding).last()
        return actions.count(
            holding=self.holding,
            counted=last.stock_after if last else 0,
            witness=other,
            entered=at,
            by=by,
            at=NOON,
        )

    def transfer(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        told = Booked(movement=Movement.TRANSFER_OUT, pieces=1, witness=other, batch=BATCH)
        return actions.transfer(
            holding=self.holding, to=self.other, booked=told, entered=at, by=by, at=NOON
        )

    def miscount(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        last = LedgerEntry.objects.of_holding(self.holding).last()
        there = last.stock_after if last else 0
        counted = max(0, there + chance.choice([-1, 1]))
        return actions.count(
            holding=self.holding, counted=counted, witness=other, entered=at, by=by, at=NOON
        )

    def disagreed(self) -> LedgerEntry:
        found = LedgerEntry.objects.of_holding(self.holding).disagreed().last()
        if found is None:
            raise NotThisCount("Every count agrees.")
        return found

    def override(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        return actions.override(
            count=self.disagreed(), words="Pasienten venter", entered=at, by=by, at=NOON
        )

    def settle_count(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        return actions.settle_discrepancy(
            count=self.disagreed(),
            words="Et glass var knust",
            witness=chance.choice([other, None]),
            entered=at,
            by=by,
            at=NOON,
        )

    def take_back(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        rows = LedgerEntry.objects.of_holding(self.holding)
        line = rows[chance.randrange(rows.count())]
        return actions.correct(
            line=line, why="Feil linje", witness=other, entered=at, by=by, at=NOON
        )

    def anew(
        self, chance: random.Random, by: Professional, other: Professional, at: Entered
    ) -> object:
        return actions.account_anew(
            session=self.session,
            holding=self.holding,
            told=actions.TakenBack(why="Feil tall", witness=other),
            entered=at,
            by=by,
            at=NOON,
        )


def tried(act: Callable[[], object]) -> str:
    """A database that says to come again is asked again, as a person presses once more."""
    for _ in range(TRIES):
        try:
            act()
        except ClinicalError:
            return "refused"
        except OperationalError:
            continue
        return "written"
    return "given up"


def test_many_hands_at_one_cabinet_lose_nothing(
    ketalar: Holding,
    ordered: Session,
    pharmacist: Professional,
    psychiatrist: Professional,
    hands: list[Professional],
    figures: Callable[..., None],
) -> None:
    other = actions.open_cabinet(name="Stue 2", by=pharmacist, at=NOON)
    cupboard = Cupboard(ketalar, ordered, psychiatrist, other)

    def work(number: int) -> Counter[str]:
        chance, found = random.Random(number), Counter[str]()  # noqa: S311 - made-up days
        try:
            for _ in range(OPERATIONS // USERS):
                act = chance.choice(cupboard.acts())
                other = chance.choice([one for one in hands if one != hands[number]])
                at = Entered(happened_at=NOON, entered_at=NOON, entry=uuid4())
                found[tried(lambda: act(chance, hands[number], other, at))] += 1  # noqa: B023 - tried at once
        finally:
            connection.close()
        return found

    with ThreadPoolExecutor(USERS) as threads:
        found = sum(threads.map(work, range(USERS)), Counter[str]())
    rows = list(LedgerEntry.objects.of_holding(ketalar).select_related("corrects"))
    wrong = [*map(str, faults(ketalar, rows)), *violations(rows)]
    # Both halves of each transfer are there, and the other cabinet holds what came.
    wrong += map(str, looked_through().faults)
    out = sum(one.movement == Movement.TRANSFER_OUT for one in rows)
    came = LedgerEntry.objects.filter(holding__cabinet=other).count()
    figures(
        operations=found.total(),
        users=USERS,
        violations=len(wrong),
        gaps=len({*range(1, len(rows) + 1)} ^ {one.number for one in rows}),
        given_up=found["given up"],
    )
    assert not wrong, wrong[:5]
    assert found.total() == OPERATIONS // USERS * USERS
    assert not found["given up"]
    assert found["written"] > OPERATIONS // 3
    assert found["refused"]
    assert out == came > 0
    assert DiscrepancyStep.objects.exists()


def violations(rows: list[LedgerEntry]) -> list[str]:
    """What the ledger as a whole says of itself, against what each line says."""
    whole = whereabouts(one.posting for one in rows)
    found = []
    if came_in(whole) != went(whole):
        found.append(f"{came_in(whole)} came in, {went(whole)} is somewhere")
    if [one.number for one in rows] != list(range(1, len(rows) + 1)):
        found.append("a number is left out")
    hand = NOTHING.value
    for one in rows:
        hand += one.hand_change
        if one.stock_after < 0 or hand < 0:
            found.append(f"line {one.number} is below nothing")
        if one.movement != Movement.RECEIPT and one.witness_id in {None, one.by_id}:
            found.append(f"line {one.number} has one signature")
    return found


def test_the_last_vial_is_drawn_once(draw: Draw, ketalar: Holding) -> None:
    draw(9)
    last = {"pieces": 1, "why": "Den siste"}
    refused = at_once(lambda: draw(**last), lambda: draw(**last))
    assert [one is None for one in refused].count(True) == 1
    assert isinstance(next(one for one in refused if one), ClinicalError)
    assert [one.number for one in LedgerEntry.objects.of_holding(ketalar)] == [1, 2, 3]


def test_sent_twice_at_once_it_is_one_line(draw: Draw, ketalar: Holding) -> None:
    entry = uuid4()
    assert at_once(lambda: draw(1, entry), lambda: draw(1, entry)) == [None, None]
    assert LedgerEntry.objects.of_holding(ketalar).count() == 2
