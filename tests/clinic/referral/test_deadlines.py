"""Ten working days, by the Norwegian calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.clinic.referral.deadlines import (
    assessment_due,
    easter_sunday,
    is_working_day,
    public_holidays,
)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        pytest.param(2024, 3, 31, id="2024"),
        pytest.param(2025, 4, 20, id="2025"),
        pytest.param(2026, 4, 5, id="2026"),
        pytest.param(2027, 3, 28, id="2027"),
        pytest.param(2008, 3, 23, id="an early one"),
        pytest.param(2038, 4, 25, id="the latest there is"),
        pytest.param(1818, 3, 22, id="the earliest there is"),
    ],
)
def test_easter_falls_where_the_almanac_says(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param(date(2026, 3, 2), date(2026, 3, 16), id="a plain Monday: two weeks"),
        pytest.param(date(2026, 3, 7), date(2026, 3, 20), id="received on a Saturday"),
        pytest.param(date(2026, 3, 30), date(2026, 4, 16), id="over Easter: three days more"),
        pytest.param(date(2026, 5, 11), date(2026, 5, 27), id="Ascension and Whit Monday"),
        pytest.param(date(2025, 12, 22), date(2026, 1, 8), id="over Christmas and New Year"),
        pytest.param(date(2026, 4, 27), date(2026, 5, 12), id="the first of May"),
    ],
)
def test_ten_working_days_after_the_day_it_came(received: date, due: date) -> None:
    assert assessment_due(received) == due


def test_a_year_has_twelve_holidays_unless_two_fall_together() -> None:
    assert len(public_holidays(2026)) == 12
    # Ascension Day and the first of May.
    assert len(public_holidays(2008)) == 11


@given(received=st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_the_deadline_is_a_working_day_and_ten_of_them_lie_between(received: date) -> None:
    due = assessment_due(received)
    days = [date.fromordinal(n) for n in range(received.toordinal() + 1, due.toordinal() + 1)]
    assert is_working_day(due)
    assert sum(is_working_day(day) for day in days) == 10
