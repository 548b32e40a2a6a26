"""Which rating is the baseline, which the evaluation, and when the depression came back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.outcomes.relapse import (
    Relapse,
    RelapseDefinition,
    RelapseEvent,
    RelapseEventKind,
    RelapseSign,
    relapse,
)
from lysglimt.knowledge.outcomes.reliable_change import (
    Precision,
    ReliableChange,
    reliable_change,
)
from lysglimt.knowledge.outcomes.response import NoBaseline
from lysglimt.knowledge.outcomes.trajectory import (
    MixedInstruments,
    Rating,
    Trajectory,
    deteriorated,
    much_worse,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DOSES = tuple(NINE + timedelta(days=day) for day in (0, 3, 7, 10, 14, 17))


def rated(day: float, total: int = 30, recall: str = "P7D") -> Rating:
    return Rating("madrs", NINE + timedelta(days=day), total, recall)


def hours_after_six(hours: float, total: int = 12) -> Rating:
    return Rating("madrs", DOSES[-1] + timedelta(hours=hours), total, "P7D")


@pytest.mark.parametrize(
    ("days", "baseline"),
    [
        pytest.param([-7], -7, id="exactly seven days before"),
        pytest.param([-7.1], -7.1, id="seven days before, at an earlier hour"),
        pytest.param([-8], None, id="eight days before"),
        pytest.param([-6, -1], -1, id="the last of two"),
        pytest.param([-1, 0.1], -1, id="never one after the dose"),
        pytest.param([0], None, id="not at the very time of the dose"),
    ],
)
def test_the_baseline_is_the_last_rating_in_the_week_before(
    days: list[float], baseline: float | None
) -> None:
    found = Trajectory.of([rated(day) for day in days], DOSES).baseline
    assert found == (None if baseline is None else rated(baseline))


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        pytest.param([23.9], None, id="too early"),
        pytest.param([24], 24, id="exactly a day after"),
        pytest.param([96], 96, id="exactly four days after"),
        pytest.param([96.1], None, id="too late"),
        pytest.param([30, 50], 30, id="the first of two"),
    ],
)
def test_the_evaluation_is_rated_one_to_four_days_after_session_six(
    hours: list[float], found: float | None
) -> None:
    course = Trajectory.of([hours_after_six(hour) for hour in hours], DOSES)
    assert course.evaluation(6) == (None if found is None else hours_after_six(found))


def test_an_evaluation_is_before_the_next_dose() -> None:
    course = Trajectory.of([rated(3.5)], DOSES)
    assert course.evaluation(1) is None
    assert course.evaluation(7) is None


def test_the_day_after_the_first_session() -> None:
    assert Trajectory.of([rated(1)], DOSES).day_after_first == rated(1)
    assert Trajectory.of([rated(1.2)], DOSES).day_after_first is None


def test_a_course_without_a_dose_has_neither() -> None:
    course = Trajectory.of([rated(-1)])
    assert (course.baseline, course.day_after_first) == (None, None)
    with pytest.raises(NoBaseline, match="in the 7 days before session 1"):
        course.outcomes(rated(3))


def test_a_rating_is_held_against_the_baseline_of_its_course() -> None:
    course = Trajectory.of([rated(-1, 34), hours_after_six(30, 17)], DOSES)
    found = course.outcomes(hours_after_six(30, 17))
    assert (found.outcomes.response, found.recall_note, found.deteriorated) == (
        True,
        None,
        False,
    )


def test_two_recall_windows_in_one_change_carry_a_note() -> None:
    course = Trajectory.of([rated(-1, 34, recall="P7D")], DOSES)
    note = course.outcomes(rated(1, 17, recall="PT24H")).recall_note
    assert note is not None
    assert "P7D" in note.nb
    assert "PT24H" in note.en


@pytest.mark.parametrize(
    ("total", "worse"),
    [
        pytest.param(35, True, id="25 % above baseline"),
        pytest.param(34, False, id="less than 25 % above"),
    ],
)
def test_deterioration_is_a_quarter_above_baseline(total: int, *, worse: bool) -> None:
    course = Trajectory.of([rated(-1, 28)], DOSES)
    assert course.outcomes(rated(20, total)).deteriorated is worse


def test_nothing_to_nothing_is_no_deterioration() -> None:
    assert deteriorated(rated(-1, 0), rated(20, 0)) is False
    assert deteriorated(rated(-1, 0), rated(20, 3)) is True


def test_more_well_being_is_no_deterioration() -> None:
    before, after = (Rating("who5", NINE, total, "P14D") for total in (10, 20))
    assert deteriorated(before, after) is None
    ideas = [Rating("ssi", NINE, total, "P7D") for total in (8, 10)]
    assert deteriorated(*ideas) is True


def test_much_worse_by_global_improvement() -> None:
    assert [much_worse(total) for total in (5, 6, 7)] == [False, True, True]


def test_two_instruments_make_no_common_course() -> None:
    with pytest.raises(MixedInstruments, match="madrs and phq9"):
        Trajectory.of([rated(-1), Rating("phq9", NINE, 10, "P14D")])


def follow_up(*totals: tuple[float, int]) -> list[Rating]:
    return [rated(day, total) for day, total in totals]


@pytest.mark.parametrize(
    ("ratings", "on"),
    [
        pytest.param([(0, 8), (30, 22), (35, 22)], 30, id="twice, five days apart"),
        pytest.param([(0, 8), (30, 22), (45, 22)], 30, id="twice, fifteen days apart"),
        pytest.param([(0, 8), (30, 22), (34, 22)], None, id="four days is too close"),
        pytest.param([(0, 8), (30.1, 22), (35, 22)], 30.1, id="five days, at an earlier hour"),
        pytest.param([(0, 8), (30, 22), (45.2, 22)], 30, id="fifteen days, at a later hour"),
        pytest.param([(0, 8), (30, 22), (46, 22)], None, id="sixteen days is too far"),
        pytest.param([(0, 8), (30, 21), (37, 30)], None, id="21 is not 22"),
        pytest.param([(0, 8), (30, 25)], None, id="once is not twice"),
        pytest.param(
            [(0, 8), (30, 22), (33, 23), (36, 24)], 30, id="denser ratings lose nothing"
        ),
        pytest.param([(0, 8), (30, 22), (33, 15), (36, 24)], None, id="better in between"),
        pytest.param([], None, id="nobody rated"),
    ],
)
def test_relapse_by_two_ratings(ratings: list[tuple[float, int]], on: float | None) -> None:
    found = relapse(RelapseDefinition.JANSSEN, baseline=34, follow_up=follow_up(*ratings))
    assert found == (None if on is None else Relapse(rated(on).at, RelapseSign.RATINGS))


@pytest.mark.parametrize(
    ("ratings", "on"),
    [
        pytest.param([(0, 8), (30, 21), (44, 21)], 30, id="half of 26 points lost, twice"),
        pytest.param([(0, 8), (30, 20), (44, 21)], None, id="only the second has lost half"),
        pytest.param([(0, 8), (30, 21), (44.1, 21)], 30, id="14 days apart, later in the day"),
        pytest.param([(0, 8), (30, 21), (45, 21)], None, id="more than 14 days apart"),
        pytest.param([(0, 2), (30, 18), (40, 18)], 30, id="exactly half, exactly 18"),
        pytest.param([(0, 1), (30, 17), (40, 17)], None, id="17 is not 18"),
        pytest.param([(0, 21), (30, 21), (40, 21)], None, id="nothing gained was lost"),
    ],
)
def test_relapse_by_lost_improvement(
    ratings: list[tuple[float, int]], on: float | None
) -> None:
    series = follow_up(*ratings)
    found = relapse(RelapseDefinition.LYSGLIMT, baseline=34, follow_up=series)
    assert found == (None if on is None else Relapse(rated(on).at, RelapseSign.LOSS))
    assert relapse(RelapseDefinition.JANSSEN, baseline=34, follow_up=series) is None


def test_who_gained_nothing_has_nothing_to_lose() -> None:
    series = follow_up((0, 21), (10, 21))
    assert relapse(RelapseDefinition.LYSGLIMT, baseline=21, follow_up=series) is None


def test_an_event_is_relapse_by_itself_and_the_first_counts() -> None:
    event = RelapseEvent(RelapseEventKind.ADMISSION, NINE + timedelta(days=20))
    found = relapse(
        RelapseDefinition.JANSSEN,
        baseline=34,
        follow_up=follow_up((0, 8), (30, 22), (35, 22)),
        events=[event],
    )
    assert found == Relapse(event.at, RelapseSign.EVENT)


@given(totals=st.lists(st.integers(0, 60), max_size=6))
def test_the_wider_definition_never_dates_a_relapse_later(totals: list[int]) -> None:
    series = follow_up(*((7 * n, total) for n, total in enumerate(totals)))
    narrow, wide = (
        relapse(definition, baseline=34, follow_up=series) for definition in RelapseDefinition
    )
    assert narrow is None or (wide is not None and wide.at <= narrow.at)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        pytest.param(20, ReliableChange.IMPROVED, id="more than the noise"),
        pytest.param(25, ReliableChange.UNCHANGED, id="within the noise"),
        pytest.param(40, ReliableChange.WORSE, id="worse by more than the noise"),
    ],
)
def test_a_reliable_change_is_more_than_noise(current: int, expected: ReliableChange) -> None:
    precision = Precision(sd=Decimal(6), reliability=Decimal("0.82"))
    assert round(precision.index, 2) == Decimal("7.06")
    assert reliable_change(30, current, precision) is expected


@pytest.mark.parametrize(
    ("sd", "reliability", "field"),
    [("0", "0.8", "sd"), ("6", "1", "reliability"), ("6", "-0.1", "reliability")],
)
def test_a_precision_that_cannot_be_is_refused(sd: str, reliability: str, field: str) -> None:
    with pytest.raises(Implausible) as refusal:
        Precision(Decimal(sd), Decimal(reliability))
    assert refusal.value.facts["field"] == field
