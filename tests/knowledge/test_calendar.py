from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.calendar import months_after


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        pytest.param(
            date(2025, 8, 31), 6, date(2026, 2, 28), id="the last day of a short month"
        ),
        pytest.param(date(2023, 8, 31), 6, date(2024, 2, 29), id="in a leap year"),
        pytest.param(date(2025, 12, 1), 1, date(2026, 1, 1), id="over the new year"),
        pytest.param(date(2025, 3, 2), 12, date(2026, 3, 2), id="a year"),
        pytest.param(date(2025, 3, 2), 0, date(2025, 3, 2), id="none"),
    ],
)
def test_months_are_counted_as_a_clinic_counts_them(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


@given(day=st.dates(date(1950, 1, 1), date(2100, 1, 1)), months=st.integers(0, 240))
def test_more_months_are_never_earlier(day: date, months: int) -> None:
    assert months_after(day, months) <= months_after(day, months + 1)
