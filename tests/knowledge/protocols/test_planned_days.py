"""On which days the sessions of a run may be booked."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.planned_days import (
    earliest_after,
    first_weekday,
    maintenance_window,
    off_plan,
    proposed_days,
    too_close,
    within,
)
from lysglimt.knowledge.protocols.schedule import Span
from lysglimt.knowledge.verdict import Standing

from .courses import SIX, day, decision, facts, rating
from .courses import given as sessions

MONDAY = date(2026, 3, 2)
NORWAY = latest("iv-ketamine-no")
SILENT = replace(
    NORWAY, induction=replace(NORWAY.induction, minimum_gap=None, maximum_gap=None)
)
UNCOUNTED = replace(NORWAY, induction=replace(NORWAY.induction, per_week=None))


def days(*offsets: int) -> list[date]:
    return [MONDAY + timedelta(days=offset) for offset in offsets]


def test_six_sessions_are_proposed_twice_a_week_and_never_in_a_weekend() -> None:
    proposed = proposed_days(NORWAY, first=MONDAY, taken=(), count=6)
    assert list(proposed) == days(0, 2, 7, 9, 14, 16)


def test_a_run_that_would_fall_on_a_saturday_waits_until_monday() -> None:
    friday = MONDAY + timedelta(days=4)
    assert list(proposed_days(NORWAY, first=friday, taken=(), count=2)) == days(4, 7)


def test_where_the_sources_are_silent_a_session_a_weekday_is_proposed() -> None:
    friday = MONDAY + timedelta(days=4)
    assert list(proposed_days(SILENT, first=friday, taken=(), count=3)) == days(4, 7, 8)


@pytest.mark.parametrize(
    ("booked", "found"),
    [
        pytest.param((0, 2), (), id="Monday then Wednesday is allowed"),
        pytest.param((0, 1), (1,), id="the minimum gap is two calendar days"),
        pytest.param((0, 2, 4), (4,), id="the third within seven days is one too many"),
        pytest.param((4, 0, 2), (4,), id="in whatever order they are booked"),
        pytest.param((0, 2, 7), (), id="a week after the first there is room again"),
    ],
)
def test_a_day_too_close_to_the_one_before_is_named(
    booked: tuple[int, ...], found: tuple[int, ...]
) -> None:
    assert list(too_close(NORWAY, days(*booked))) == days(*found)


def test_the_reason_names_the_first_day_that_is_allowed() -> None:
    [why] = too_close(NORWAY, days(0, 1)).values()
    assert (why.rule, "2026-03-04" in why.reason.en) == ("GAP-MIN", True)


def test_without_a_number_a_week_the_gap_alone_counts() -> None:
    assert earliest_after(UNCOUNTED, days(0, 2)) == days(4)[0]
    assert earliest_after(SILENT, days(0)) is None


@given(
    taken=st.lists(st.integers(min_value=0, max_value=30), max_size=4),
    first=st.integers(min_value=0, max_value=30),
    count=st.integers(min_value=1, max_value=8),
)
def test_what_is_proposed_is_never_too_close(taken: list[int], first: int, count: int) -> None:
    before = days(*sorted(set(taken)))
    proposed = proposed_days(NORWAY, first=days(first)[0], taken=before, count=count)
    after = [day for day in proposed if not before or day > max(before)]
    assert list(proposed) == after or not before
    assert all(later > earlier for earlier, later in pairwise(proposed))
    assert not set(too_close(NORWAY, [*before, *proposed])) & set(proposed)


MAINTAINED = facts(*sessions(*SIX), rating(18, 14), decision(19, "maintenance"))
"""The next session is planned for day 45, three days either way."""


def test_the_window_of_maintenance_follows_from_what_is_given_and_booked() -> None:
    asked = day(20)
    assert maintenance_window(NORWAY, MAINTAINED, booked=(), on=asked) == Span(day(42), day(48))
    later = maintenance_window(NORWAY, MAINTAINED, booked=[day(45)], on=asked)
    assert later == Span(day(70), day(76))
    run = facts(*sessions(0, 3))
    assert maintenance_window(NORWAY, run, booked=(), on=day(4)) is None


@pytest.mark.parametrize(
    ("on", "answered", "standing"),
    [
        pytest.param(41, "", Standing.NEEDS_SPECIALIST, id="too early asks for a doctor"),
        pytest.param(41, "Travel (Dr A)", Standing.CAUTION, id="a doctor has decided it"),
        pytest.param(42, "", None, id="the first day"),
        pytest.param(48, "", None, id="the last day"),
        pytest.param(49, "", Standing.CAUTION, id="late is told"),
    ],
)
def test_a_day_outside_the_window_is_told_before_the_start(
    on: int, answered: str, standing: Standing | None
) -> None:
    found = off_plan(NORWAY, MAINTAINED, on=day(on), answered=answered)
    assert [one.standing for one in found] == ([] if standing is None else [standing])
    assert all(answered in one.reason.nb for one in found)


def test_a_session_of_the_day_itself_does_not_move_its_window() -> None:
    begun = facts(*sessions(*SIX, 45), rating(18, 14), decision(19, "maintenance"))
    assert off_plan(NORWAY, begun, on=day(45)) == ()


@pytest.mark.parametrize(
    ("span", "today", "first"),
    [
        pytest.param(Span(day(42), day(48)), day(20), day(42), id="a Monday"),
        pytest.param(Span(day(40), day(46)), day(20), day(42), id="a Saturday waits"),
        pytest.param(Span(day(40), day(41)), day(20), day(40), id="no weekday in it"),
        pytest.param(Span(day(42), day(48)), day(44), day(44), id="some days have been"),
        pytest.param(Span(day(42), day(48)), day(54), day(56), id="all days have been"),
        pytest.param(Span(day(42), None), day(20), day(42), id="no last day"),
    ],
)
def test_the_first_weekday_of_a_window(span: Span, today: date, first: date) -> None:
    assert first_weekday(span, today=today) == first
    assert within(span, first) is (today != day(54))
