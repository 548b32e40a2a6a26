"""Who is telephoned after a session, and when nobody asks any more."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.safety.after_session import (
    AfterCheckState,
    after_session_rules,
    state_of,
)


def wall(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A day of March by the clock on the wall."""
    return datetime.combine(date(2026, 3, day), time(hour, minute))


STOPPED = wall(2, 10, 40)
CHECKS = after_session_rules().checks


@pytest.mark.parametrize(
    ("check", "now", "state"),
    [
        pytest.param("evening", wall(2, 16, 59), "not-yet", id="before five"),
        pytest.param("evening", wall(2, 17, 0), "due", id="at five"),
        pytest.param("evening", wall(2, 22, 0), "due", id="at ten"),
        pytest.param("evening", wall(2, 22, 1), "late", id="after ten"),
        pytest.param("next-day", wall(3, 6, 39), "not-yet", id="before eight"),
        pytest.param("next-day", wall(3, 6, 40), "due", id="twenty hours on"),
        pytest.param("next-day", wall(3, 14, 41), "late", id="four hours late"),
        pytest.param("next-day", wall(10, 6, 39), "late", id="still asked"),
        pytest.param("next-day", wall(10, 6, 40), "over", id="a week later"),
    ],
)
def test_a_check_is_due_late_and_over(check: str, now: datetime, state: str) -> None:
    assert state_of(CHECKS[check], STOPPED, now=now) == state


@given(
    first=st.datetimes(wall(1), wall(20)),
    later=st.timedeltas(timedelta(0), timedelta(days=10)),
)
def test_a_check_never_comes_back(first: datetime, later: timedelta) -> None:
    order = list(AfterCheckState)
    for check in CHECKS.values():
        before, after = (state_of(check, STOPPED, now=one) for one in (first, first + later))
        assert order.index(before) <= order.index(after)


def test_what_is_asked_has_the_words_of_the_adverse_events_and_is_our_own() -> None:
    rules = after_session_rules()
    assert [one.id for one in rules.terms] == list(rules.symptoms)
    assert {rules.basis.mark, rules.ecg.basis.mark, rules.keep_asking.basis.mark} == {Mark.OWN}
    assert list(CHECKS) == ["evening", "next-day"]
