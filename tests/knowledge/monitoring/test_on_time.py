"""Which planned observations were taken on time, which late, and which not at all."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.monitoring.observation import (
    Punctuality,
    SessionRoute,
    grace,
    next_due,
    planned_observations,
)
from lysglimt.knowledge.monitoring.on_time import ObservationsTaken, observations_taken

from .readings import NINE, at

PLANNED = (5, 10, 20, 30, 40, 55, 70, 85, 100)


def taken(*minutes: int, left: int = 101) -> ObservationsTaken:
    """Of an infusion of 40 minutes."""
    planned = planned_observations(SessionRoute.IV, start=NINE, stop=at(40), leaves=at(left))
    return observations_taken(planned, [at(minute) for minute in minutes], left=at(left))


@pytest.mark.parametrize(
    ("minutes", "on_time", "late", "missing"),
    [
        pytest.param(PLANNED, 9, 0, 0, id="each at its time"),
        pytest.param([m + 3 for m in PLANNED[:-1]] + [101], 9, 0, 0, id="within the grace"),
        pytest.param((), 0, 0, 8, id="nothing; the last was not overdue when the patient left"),
        pytest.param(
            (5, 10, 26, 40, 55, 70, 85, 100), 8, 0, 1, id="26 counts for 30, and for 20 nothing"
        ),
        pytest.param(
            (5, 10, 26, 30, 40, 55, 70, 85, 100), 8, 1, 0, id="20 was taken at 26: late"
        ),
        pytest.param((7, 20, 30, 40, 55, 70, 85, 100), 8, 0, 1, id="7 is not for 10, too"),
        pytest.param((5, 10, 40, 55, 70, 85, 100), 7, 0, 2, id="two in the midst are missing"),
        pytest.param((*PLANNED, 12, 33, 61), 9, 0, 0, id="extra ones count for nothing"),
        pytest.param((*PLANNED, 140), 9, 0, 0, id="what is after the patient left does not"),
    ],
)
def test_a_planned_observation_is_taken_once_in_one_way(
    minutes: tuple[int, ...], on_time: int, late: int, missing: int
) -> None:
    assert taken(*minutes) == ObservationsTaken(on_time, late, missing)


def test_an_observation_still_due_when_the_patient_left_is_not_held_against_anybody() -> None:
    assert taken(*PLANNED[:-1]).planned == 8
    assert taken(*PLANNED[:-1], left=107).missing == 0
    assert taken(*PLANNED[:-1], left=108).missing == 1


def test_who_left_before_the_first_was_due_has_none() -> None:
    planned = planned_observations(SessionRoute.IV, start=NINE, stop=at(3), leaves=at(2))
    assert observations_taken(planned, [], left=at(2)).planned == 0


def test_where_nothing_is_planned_nothing_is_on_time_or_late() -> None:
    assert observations_taken((), [at(5)], left=at(60)) == ObservationsTaken(0, 0, 0)


def test_a_count_below_nought_is_refused() -> None:
    with pytest.raises(Implausible):
        ObservationsTaken(-1, 0, 0)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        pytest.param(5, 3, id="never less than three minutes"),
        pytest.param(10, 5, id="half the interval"),
        pytest.param(30, 15, id="of a long one, too"),
    ],
)
def test_the_grace_is_when_overdue_is_said(interval: int, expected: int) -> None:
    assert grace(timedelta(minutes=interval)) == timedelta(minutes=expected)


@given(done=st.sets(st.integers(0, 130), max_size=14), stop=st.integers(5, 60))
def test_what_the_page_called_overdue_is_not_on_time(done: set[int], stop: int) -> None:
    """Minute by minute, the page says overdue of as many as were late or missing, and no fewer."""
    left = 131
    planned = planned_observations(SessionRoute.IV, start=NINE, stop=at(stop), leaves=at(left))
    measured = [at(minute) for minute in done]
    found = observations_taken(planned, measured, left=at(left))
    told = set()
    for minute in range(left):
        due = next_due(planned, measured, at(minute))
        if due and due.punctuality in {Punctuality.OVERDUE, Punctuality.LEAD}:
            told.add(due.at)
    assert found.planned <= len(planned)
    assert bool(told) <= bool(found.late + found.missing)
    assert len(told) <= found.late + found.missing


@given(done=st.sets(st.integers(0, 130), max_size=14), stop=st.integers(5, 60))
def test_an_observation_counts_once(done: set[int], stop: int) -> None:
    planned = planned_observations(SessionRoute.IV, start=NINE, stop=at(stop), leaves=at(131))
    found = observations_taken(planned, [at(minute) for minute in done], left=at(131))
    assert found.on_time + found.late <= len(done)


@given(done=st.lists(st.integers(0, 130), max_size=14), more=st.integers(0, 130))
def test_one_more_observation_never_makes_it_worse(done: list[int], more: int) -> None:
    before, after = taken(*done, left=131), taken(*done, more, left=131)
    assert after.on_time >= before.on_time
    assert after.missing <= before.missing
