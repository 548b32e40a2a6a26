"""A moment is typed day first, as it is written here, whatever language the browser speaks."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.utils import translation

from lysglimt.clinic.design.days import MomentField


@pytest.mark.parametrize("typed", ["04.03.2026 09:30", "04.03.2026 09.30", "2026-03-04T09:30"])
def test_a_moment_is_read_in_norwegian_time(typed: str) -> None:
    assert MomentField().clean(typed) == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["03/04/2026 9:30 AM", "09:30", "31.02.2026 09:30", "i går"])
def test_what_is_no_moment_is_refused_with_what_was_typed_and_an_example(typed: str) -> None:
    with translation.override("nb"), pytest.raises(forms.ValidationError) as refused:
        MomentField().clean(typed)
    assert typed in str(refused.value)
    assert "14.03.2026 09:30" in str(refused.value)


def test_the_hour_that_a_clock_change_skips_is_refused() -> None:
    with pytest.raises(forms.ValidationError):
        MomentField().clean("29.03.2026 02:30")
