"""What was acknowledged is stored once, whatever happens to the server, the line or the nurse beside."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from lysglimt.server.backup.engines import Postgresql
from lysglimt.server.proving.durability import killed
from lysglimt.server.proving.scratch import Scratch
from lysglimt.server.proving.served import Served
from lysglimt.server.proving.writers import Keyboard, Tally, reading

from .conftest import LONG

SHORT = pytest.param(360, 3, id="short")
WHOLE = pytest.param(2_000, 5, id="whole", marks=pytest.mark.fuzz)
"""On every change, beside the hostile requests."""
KILLED = [pytest.param(10_000, 25, id="long")] if LONG else [SHORT, WHOLE]
LOST_ANSWERS = 1_000 if LONG else 60
ROUNDS = 50 if LONG else 12
HANDS = 4
Figures = dict[str, object]


@pytest.fixture(scope="module")
def served(scratch: Scratch) -> Iterator[Served]:
    with Served(scratch) as served:
        yield served


@pytest.fixture(scope="module")
def keyboard(served: Served) -> Keyboard:
    return Keyboard(served, served.scratch.ask("ground"))


@pytest.mark.parametrize(("writes", "kills"), KILLED)
def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(
    scratch: Scratch, figures: Figures, writes: int, kills: int
) -> None:
    found = killed(scratch, writes=writes, kills=kills)
    figures |= found.figures
    assert found.faults == ()


def test_a_set_whose_answer_was_lost_is_sent_again_and_stored_once(
    keyboard: Keyboard, figures: Figures
) -> None:
    tally = Tally()
    session = keyboard.ground["sessions"][0]
    for number in range(LOST_ANSWERS):
        form = reading(number)
        hung_up(keyboard, session, form)
        again = keyboard.once("POST", f"/sessions/{session}/vitals/", form)
        tally.note(again, form["entry"], number)
    found = keyboard.served.scratch.ask("tally", tally.acknowledged)
    figures |= {"answers lost": LOST_ANSWERS, "acknowledged": len(tally.acknowledged), **found}
    assert len(tally.acknowledged) == LOST_ANSWERS
    assert not any(found.values())


def hung_up(keyboard: Keyboard, session: str, form: dict[str, str]) -> None:
    """Sent whole, and the line is cut before the answer is read."""
    with closing(keyboard.served.connection()) as connection:
        path = f"/sessions/{session}/vitals/"
        connection.request("POST", path, urlencode(form), keyboard.headers())


def test_the_same_entry_with_other_content_is_refused_and_changes_nothing(
    keyboard: Keyboard, figures: Figures
) -> None:
    session, first = keyboard.ground["sessions"][1], reading(1)
    statuses = [
        keyboard.once("POST", f"/sessions/{session}/vitals/", form).status
        for form in (first, first | {"systolic": "171", "comment": "nr. 2"}, first)
    ]
    found = keyboard.served.scratch.ask("tally", {first["entry"]: 1})
    figures |= {"answers": statuses, **found}
    assert statuses == [302, 409, 302]
    assert not any(found.values())


def test_of_four_who_correct_the_same_set_at_once_one_is_accepted(
    keyboard: Keyboard, figures: Figures
) -> None:
    session, counted = keyboard.ground["sessions"][2], Counter[int]()
    sets = [reading(number) for number in range(ROUNDS)]
    for form in sets:
        keyboard.once("POST", f"/sessions/{session}/vitals/", form)
    rows = keyboard.served.scratch.ask("rows", [form["entry"] for form in sets])
    for form in sets:
        answers = at_once(keyboard, rows[form["entry"]], form)
        counted.update(answers)
        assert answers.count(302) == 1, answers
    figures |= {"rounds": ROUNDS, "writers": HANDS, **{str(k): v for k, v in counted.items()}}
    assert counted == {302: ROUNDS, 422: ROUNDS * (HANDS - 1)}


def at_once(keyboard: Keyboard, row: int, form: dict[str, str]) -> list[int]:
    """Each types another pressure over the same revision; the answers' statuses."""
    gate, statuses = threading.Barrier(HANDS), list[int]()

    def correct(hand: int) -> None:
        said = {"entry": str(uuid4()), "systolic": str(120 + hand), "reason": f"hånd {hand}"}
        gate.wait()
        answer = keyboard.once("POST", f"/vitals/{row}/correct/", form | said)
        statuses.append(answer.status)

    hands = [threading.Thread(target=correct, args=(hand,)) for hand in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return statuses


def test_several_at_once_are_each_in_the_database_and_nobody_stands_in_line(
    keyboard: Keyboard, figures: Figures
) -> None:
    """A worker is a copy of the first process: a pool that came with it cannot grow, and all wait for one."""
    database = keyboard.served.scratch.database
    if not isinstance(database, Postgresql):
        pytest.skip("in SQLite one writes at a time")
    session, statuses = keyboard.ground["sessions"][1], list[int]()

    def write(number: int) -> None:
        path = f"/sessions/{session}/vitals/"
        statuses.append(keyboard.once("POST", path, reading(number)).status)

    hands = [threading.Thread(target=write, args=(each,)) for each in range(HANDS)]
    with closing(database.connected()) as holding, holding.transaction():
        holding.execute("LOCK TABLE chairside_vitalset IN ACCESS EXCLUSIVE MODE")
        for hand in hands:
            hand.start()
        figures |= {"waiting at once": waiting(database)}
    for hand in hands:
        hand.join()
    assert figures["waiting at once"] == HANDS
    assert statuses == [302] * HANDS


def waiting(database: Postgresql) -> int:
    """How many connections ask for the lock; told when all hands do, or after the time of the pool."""
    sql = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    until, count = time.monotonic() + 4, 0
    with closing(database.connected()) as asking:
        while count < HANDS and time.monotonic() < until:
            time.sleep(0.05)
            (count,) = asking.execute(sql).fetchone()
    return int(count)
