"""By when a task is answered for, and how soon that was."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.safety.answering import (
    AnswerTimes,
    DeadlineOutOfRange,
    TaskTimes,
    answer_by,
    answer_times,
    default_deadlines,
    refuse_deadline,
)
from lysglimt.knowledge.safety.suicidality import Promptness, suicidality_table

NIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("act", "due", "by"),
    [
        pytest.param(
            Promptness.DOCTOR_NOW,
            timedelta(),
            30 * MINUTE,
            id="due at once, and half an hour to answer",
        ),
        pytest.param(Promptness.SAME_DAY, 30 * MINUTE, 30 * MINUTE, id="the day ends before"),
        pytest.param(Promptness.SAME_DAY, 12 * HOUR, 4 * HOUR, id="four hours"),
        pytest.param(
            Promptness.NEXT_CONTACT, 30 * 24 * HOUR, 7 * 24 * HOUR, id="a week at most"
        ),
    ],
)
def test_a_task_is_answered_by_the_earlier(
    act: Promptness, due: timedelta, by: timedelta
) -> None:
    found = answer_by(act, opened_at=NIGHT, due_at=NIGHT + due, within=default_deadlines())
    assert found == NIGHT + by


def test_every_class_has_a_time_that_is_marked_as_our_own() -> None:
    told = suicidality_table().deadlines
    assert {one.act for one in told} == set(Promptness)
    assert {one.within.basis.mark for one in told} == {Mark.OWN}


@pytest.mark.parametrize("act", list(Promptness))
def test_no_unit_gives_itself_so_long_that_a_task_is_forgotten(act: Promptness) -> None:
    refuse_deadline(act, default_deadlines()[act])
    for wrong in (timedelta(), timedelta(days=60)):
        with pytest.raises(DeadlineOutOfRange, match=act.value):
            refuse_deadline(act, wrong)


def task(minutes: int | None, *, by: int = 30) -> TaskTimes:
    answered = None if minutes is None else NIGHT + minutes * MINUTE
    return TaskTimes(NIGHT, NIGHT + by * MINUTE, answered)


def test_times_are_those_that_somebody_took() -> None:
    rows = [task(one) for one in (10, 20, 30, 40, 200)]
    found = answer_times(rows, now=NIGHT)
    assert (found.lower, found.median, found.upper) == (20 * MINUTE, 30 * MINUTE, 40 * MINUTE)
    assert (found.answered, found.open, found.late) == (5, 0, 0)
    assert found.in_time == Fraction(3, 5)


def test_of_few_answers_no_quartiles_are_told() -> None:
    found = answer_times([task(10), task(20)], now=NIGHT)
    assert (found.lower, found.median, found.upper) == (None, 10 * MINUTE, None)


def test_a_task_that_nobody_answers_makes_the_share_no_better() -> None:
    rows = [task(10), task(None), task(None, by=90)]
    found = answer_times(rows, now=NIGHT + HOUR)
    assert (found.answered, found.open, found.late, found.in_time) == (1, 2, 1, Fraction(1, 2))


def test_of_nothing_nothing_is_told() -> None:
    nothing = AnswerTimes(0, 0, 0, None, None, None, None)
    assert answer_times([], now=NIGHT) == nothing
