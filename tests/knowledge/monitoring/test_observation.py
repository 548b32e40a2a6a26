"""When the patient is observed, and when an observation is overdue."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.monitoring.observation import (
    Punctuality,
    SessionRoute,
    grace,
    next_due,
    planned_observations,
    punctuality,
)

from .readings import NINE, at

IV40 = planned_observations(SessionRoute.IV, start=NINE, stop=at(40), leaves=at(160))


def minutes(route: SessionRoute, stop: int, leaves: int) -> list[int]:
    planned = planned_observations(route, start=NINE, stop=at(stop), leaves=at(leaves))
    return [(one.at - NINE) // timedelta(minutes=1) for one in planned]


@pytest.mark.parametrize(
    ("route", "stop", "leaves", "expected"),
    [
        pytest.param(
            SessionRoute.IV,
            40,
            130,
            [5, 10, 20, 30, 40, 55, 70, 85, 100, 130],
            id="40 minutes: 5, then every 10, then every 15, then every 30",
        ),
        pytest.param(
            SessionRoute.IV,
            45,
            110,
            [5, 10, 20, 30, 40, 45, 60, 75, 90, 105],
            id="45 minutes: the stop is observed too",
        ),
        pytest.param(
            SessionRoute.IV, 3, 63, [3, 18, 33, 48, 63], id="stopped before the first reading"
        ),
        pytest.param(
            SessionRoute.NASAL,
            0,
            120,
            [20, 40, 60, 90, 120],
            id="by nose from the first device",
        ),
    ],
)
def test_the_planned_times(
    route: SessionRoute, stop: int, leaves: int, expected: list[int]
) -> None:
    assert minutes(route, stop, leaves) == expected


@given(stop=st.integers(1, 120), stays=st.integers(60, 240))
def test_no_two_observations_are_further_apart_than_their_phase_allows(
    stop: int, stays: int
) -> None:
    found = [0, *minutes(SessionRoute.IV, stop, stop + stays)]
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert max(gaps) <= 30
    assert min(gaps) > 0
    assert all(
        gap <= 15 for gap, minute in zip(gaps, found[1:], strict=True) if minute <= stop + 60
    )


@pytest.mark.parametrize(
    ("done", "now", "amber", "due", "state"),
    [
        pytest.param([], 3, False, 5, "ahead", id="the first is ahead"),
        pytest.param([], 5, False, 5, "due", id="the first is due"),
        pytest.param([5], 6, False, 10, "ahead", id="then the next"),
        pytest.param([5, 18], 19, False, 30, "ahead", id="two minutes early is the one at 20"),
        pytest.param([5, 14], 15, False, 20, "ahead", id="four minutes late is the one at 10"),
        pytest.param([5, 10], 25, False, 20, "due", id="five minutes late of ten"),
        pytest.param([5, 10], 26, False, 20, "overdue", id="more than half an interval late"),
        pytest.param([5, 10], 36, False, 20, "lead", id="more than one and a half"),
        pytest.param([5, 10], 11, True, 15, "ahead", id="amber: five minutes after the latest"),
        pytest.param([5, 10, 20, 30, 38], 39, True, 43, "ahead", id="amber in recovery"),
        pytest.param([160], 161, True, 175, "ahead", id="amber after the last planned"),
        pytest.param(
            [5, 99], 14, False, 10, "overdue", id="a later clock counts for nothing yet"
        ),
    ],
)
def test_what_is_due_next(
    done: list[int], now: int, *, amber: bool, due: int, state: str
) -> None:
    found = next_due(IV40, [at(minute) for minute in done], at(now), amber=amber)
    assert found is not None
    assert (found.at, found.punctuality) == (at(due), state)


def test_the_planned_time_stands_when_it_is_earlier_than_the_tight_one() -> None:
    found = next_due(IV40, [at(5), at(7)], at(8), amber=True)
    assert found is not None
    assert found.at == at(10)


def test_when_all_is_done_nothing_is_due() -> None:
    assert next_due(IV40, [IV40[-1].at], at(170)) is None


@pytest.mark.parametrize(
    ("interval", "late", "state"),
    [
        pytest.param(5, 3, Punctuality.DUE, id="three minutes are always allowed"),
        pytest.param(5, 3.1, Punctuality.OVERDUE, id="more than three of five"),
        pytest.param(5, 7.5, Punctuality.OVERDUE, id="exactly 2.5 intervals"),
        pytest.param(5, 7.6, Punctuality.LEAD, id="more than 2.5 intervals"),
        pytest.param(30, 15, Punctuality.DUE, id="exactly 1.5 intervals"),
        pytest.param(30, 15.1, Punctuality.OVERDUE, id="more than 1.5 intervals"),
        pytest.param(30, -0.1, Punctuality.AHEAD, id="not yet"),
    ],
)
def test_when_an_observation_is_overdue(interval: int, late: float, state: Punctuality) -> None:
    found = punctuality(timedelta(minutes=interval), late=timedelta(minutes=late))
    assert found is state


@given(interval=st.integers(1, 120), late=st.integers(0, 20_000))
def test_when_it_becomes_overdue_is_told_beforehand(interval: int, late: int) -> None:
    every, seconds = timedelta(minutes=interval), timedelta(seconds=late)
    on_time = punctuality(every, late=seconds) is Punctuality.DUE
    assert on_time is (seconds <= grace(every))
