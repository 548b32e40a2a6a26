"""When a patient is next asked about suicide, wherever the patient is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.safety.asking import (
    AskingEnd,
    AskingHistory,
    Care,
    asking_plan,
)

MONDAY = date(2026, 3, 2)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def after(days: int) -> date:
    return MONDAY + days * DAY


TREATED = AskingHistory(care=Care.TREATED, begun=MONDAY)
INDUCED = replace(TREATED, first_session=after(7), last_dose=after(7), asked=(after(7),))
OVER = AskingHistory(
    care=Care.OVER,
    begun=MONDAY,
    first_session=after(7),
    sixth_session=after(24),
    last_dose=after(24),
    left=after(30),
)


@pytest.mark.parametrize(
    ("history", "occasion", "by"),
    [
        pytest.param(TREATED, "baseline", MONDAY, id="nobody has asked before the treatment"),
        pytest.param(
            replace(TREATED, next_session=after(3)), "baseline", after(3), id="by the session"
        ),
        pytest.param(
            replace(TREATED, next_session=after(30), asked=(MONDAY - 14 * DAY,)),
            "before-session",
            after(30),
            id="asked a fortnight before the course, then before the session",
        ),
        pytest.param(
            replace(TREATED, asked=(MONDAY - 15 * DAY,)),
            "baseline",
            MONDAY,
            id="asked too long before the course",
        ),
        pytest.param(
            replace(INDUCED, next_session=after(9)),
            "after-first-session",
            after(8),
            id="a day after the first session",
        ),
        pytest.param(
            replace(INDUCED, next_session=after(9), asked=(after(8),)),
            "before-session",
            after(9),
            id="asked the day after, then before the next",
        ),
        pytest.param(
            replace(
                INDUCED,
                sixth_session=after(24),
                last_dose=after(24),
                next_session=after(52),
                asked=(after(24),),
            ),
            "after-sixth-session",
            after(25),
            id="what was asked before the sixth dose is not the answer after it",
        ),
        pytest.param(
            replace(INDUCED, asked=(after(8),)),
            "after-last-dose",
            after(14),
            id="nothing is booked: a week after the dose",
        ),
        pytest.param(
            replace(INDUCED, asked=(after(8),), left=after(10)),
            "drop-out-or-no-response",
            after(13),
            id="within three days of staying away",
        ),
        pytest.param(
            OVER, "after-last-dose", after(31), id="the week comes before the third day"
        ),
        pytest.param(
            replace(OVER, asked=(after(31),)), "after-last-dose", after(38), id="then two weeks"
        ),
        pytest.param(
            replace(OVER, asked=(after(90),)),
            "after-last-dose",
            after(24 + 84),
            id="a late answer covers what was missed",
        ),
        pytest.param(
            replace(OVER, first_session=None, sixth_session=None, last_dose=None),
            "drop-out-or-no-response",
            after(33),
            id="cancelled before the first dose",
        ),
        pytest.param(
            AskingHistory(care=Care.WAITING, begun=MONDAY),
            "nobody-named",
            MONDAY,
            id="waits, and nobody keeps in touch",
        ),
        pytest.param(
            AskingHistory(care=Care.REFUSED, begun=MONDAY, contact_on=after(20)),
            "contact",
            after(20),
            id="refused, with a named contact",
        ),
        pytest.param(
            replace(OVER, asked=(after(24 + 84),), referred_on=after(120)),
            "nobody-named",
            after(120),
            id="asked to the end, and referred anew",
        ),
        pytest.param(
            replace(OVER, ended_on=after(31), referred_on=after(300), contact_on=after(310)),
            "after-last-dose",
            after(31),
            id="what was ended goes on with a new referral",
        ),
        pytest.param(
            replace(OVER, asked=(after(200),), agreed_on=after(210)),
            "agreed",
            after(210),
            id="what was agreed after an answer",
        ),
    ],
)
def test_each_patient_has_the_next_occasion(
    history: AskingHistory, occasion: str, by: date
) -> None:
    found = asking_plan(history, MONDAY).next
    assert found is not None
    assert (found.occasion.id, found.by) == (occasion, by)
    assert found.late(by + DAY)
    assert not found.late(by)


@pytest.mark.parametrize(
    ("history", "on", "end"),
    [
        pytest.param(
            replace(OVER, asked=(after(24 + 84),)),
            after(110),
            AskingEnd.FOLLOWED,
            id="followed",
        ),
        pytest.param(replace(OVER, ended_on=after(31)), after(40), AskingEnd.SAID, id="said"),
        pytest.param(
            AskingHistory(care=Care.REFUSED, begun=MONDAY, no_contact=True),
            after(40),
            AskingEnd.NO_CONTACT,
            id="the refusal says why nobody",
        ),
        pytest.param(OVER, after(30 + 183), AskingEnd.PASSED, id="half a year has passed"),
    ],
)
def test_an_end_is_said(history: AskingHistory, on: date, end: AskingEnd) -> None:
    plan = asking_plan(history, on)
    assert (plan.dues, plan.end, plan.next) == ((), end, None)


def test_what_was_ended_before_a_new_dose_goes_on() -> None:
    again = replace(OVER, ended_on=after(31), last_dose=after(40), left=None)
    assert asking_plan(again, after(41)).next is not None


def test_nobody_is_forgotten_half_a_year_after_as_long_as_something_is_agreed() -> None:
    agreed = replace(OVER, contact_on=after(300))
    found = asking_plan(agreed, after(290))
    assert [one.occasion.id for one in found.dues] == ["contact"]


days = st.integers(min_value=0, max_value=400).map(after)
maybe = st.none() | days
histories = st.builds(
    AskingHistory,
    care=st.sampled_from(Care),
    begun=days,
    asked=st.lists(days, max_size=5).map(tuple),
    **dict.fromkeys(
        (
            *("first_session", "sixth_session", "last_dose", "next_session", "left"),
            *("contact_on", "agreed_on", "ended_on", "referred_on"),
        ),
        maybe,
    ),
    no_contact=st.booleans(),
)


@given(history=histories, on=days)
def test_nobody_is_ever_without_a_next_day_or_an_end(history: AskingHistory, on: date) -> None:
    plan = asking_plan(history, on)
    assert (plan.end is None) is bool(plan.dues)
    assert list(plan.dues) == sorted(plan.dues, key=lambda one: (one.by, one.occasion.id))


@given(history=histories, on=days)
def test_to_ask_never_makes_a_patient_later(history: AskingHistory, on: date) -> None:
    before = asking_plan(history, on)
    now = asking_plan(replace(history, asked=(*history.asked, on)), on)
    late = {(one.occasion.id, one.by) for one in before.dues if one.late(on)}
    still = {
        (one.occasion.id, one.by)
        for one in now.dues
        if one.late(on) and one.occasion.id != "nobody-named"
    }
    assert still <= late
    assert still <= {one for one in late if one[0] == "contact"}


def test_of_the_weeks_after_the_last_dose_it_is_said_which() -> None:
    weeks = [due.name.en for due in asking_plan(OVER, MONDAY).dues if due.week]
    assert weeks == [f"Week {n} after the last dose" for n in (1, 2, 4, 8, 12)]
    baseline = asking_plan(TREATED, MONDAY).next
    assert baseline is not None
    assert baseline.name == baseline.occasion.name
