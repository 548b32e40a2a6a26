"""What is due over months, from the facts of a course: never two ways, never forgotten."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.safety.exposure import Moment, exposure_grid
from lysglimt.knowledge.safety.over_months import (
    CheckDue,
    CheckStanding,
    CourseOverMonths,
    check_due,
    checks_due,
    done_on,
    may_be_pregnant,
    overdue,
    why,
)

FIRST = date(2026, 1, 5)
CHECKS = {check.id: check for check in exposure_grid().check}
SIX = tuple(FIRST + timedelta(days=days) for days in (0, 3, 7, 10, 14, 17))
SIXTH = SIX[-1]
INDUCTION, TREATED = CourseOverMonths(sessions=SIX[:3]), CourseOverMonths(sessions=SIX)
PLANNED = CourseOverMonths()
OVER = replace(TREATED, ended=SIXTH)


def stands(check: str, course: CourseOverMonths, on: date, **seen: Any) -> CheckDue:
    days = {name.replace("__", ":").replace("_", "-"): (day,) for name, day in seen.items()}
    return check_due(CHECKS[check], replace(course, seen={**course.seen, **days}), on)


@pytest.mark.parametrize(
    ("check", "course", "on", "standing", "by"),
    [
        pytest.param(
            "heart-baseline", PLANNED, FIRST, "due", None, id="before the first session"
        ),
        pytest.param("mania-evaluation", PLANNED, FIRST, "later", None, id="not yet"),
        pytest.param("heart-baseline", INDUCTION, FIRST, "due", FIRST, id="on the first day"),
        pytest.param(
            "heart-baseline",
            INDUCTION,
            FIRST + timedelta(days=1),
            "overdue",
            FIRST,
            id="the first dose came before it",
        ),
        pytest.param("kset-session", INDUCTION, SIX[2], "due", None, id="with each session"),
        pytest.param("kset-session", PLANNED, FIRST, "later", None, id="no session yet"),
        pytest.param("kset-session", OVER, SIXTH, "later", None, id="no session any more"),
        pytest.param(
            "heart-session", INDUCTION, FIRST, "at-the-chair", None, id="in the chart"
        ),
        pytest.param("mania-evaluation", INDUCTION, SIX[2], "later", None, id="not six yet"),
        pytest.param(
            "mania-evaluation",
            TREATED,
            SIXTH,
            "due",
            SIXTH + timedelta(days=14),
            id="six were given",
        ),
        pytest.param(
            "mania-evaluation",
            TREATED,
            SIXTH + timedelta(days=15),
            "overdue",
            SIXTH + timedelta(days=14),
            id="a fortnight after",
        ),
        pytest.param(
            "liver-maintenance",
            TREATED,
            SIXTH,
            "coming",
            date(2026, 4, 22),
            id="in three months",
        ),
        pytest.param(
            "liver-maintenance",
            TREATED,
            date(2026, 4, 10),
            "due",
            date(2026, 4, 22),
            id="a fortnight before",
        ),
        pytest.param(
            "liver-maintenance",
            TREATED,
            date(2026, 4, 23),
            "overdue",
            date(2026, 4, 22),
            id="the day after",
        ),
        pytest.param("liver-maintenance", OVER, date(2026, 6, 1), "later", None, id="over"),
        pytest.param(
            "function-end",
            OVER,
            date(2026, 7, 22),
            "due",
            date(2026, 8, 5),
            id="six months after the end",
        ),
        pytest.param(
            "function-end",
            OVER,
            date(2027, 7, 22),
            "overdue",
            date(2026, 8, 5),
            id="nobody has looked for a year and a half",
        ),
        pytest.param(
            "function-end", OVER, date(2027, 7, 23), "later", None, id="nobody is reminded"
        ),
        pytest.param("liver-end", OVER, date(2026, 8, 1), "later", None, id="normal liver"),
        pytest.param(
            "liver-end",
            replace(OVER, liver_abnormal=True),
            date(2026, 8, 1),
            "due",
            date(2026, 8, 5),
            id="abnormal liver",
        ),
    ],
)
def test_a_check_stands_as_the_course_does(
    check: str, course: CourseOverMonths, *, on: date, standing: str, by: date | None
) -> None:
    found = stands(check, course, on)
    assert (found.standing, found.by) == (CheckStanding(standing), by)
    assert found.late is (standing == "overdue")


def test_an_induction_shorter_than_six_is_evaluated_when_it_ended() -> None:
    short = replace(INDUCTION, evaluated=SIX[2])
    assert stands("mania-evaluation", short, SIX[2]).standing is CheckStanding.DUE


def test_what_was_seen_is_done_and_when() -> None:
    found = stands("heart-baseline", INDUCTION, SIX[2], workup__ecg=FIRST)
    assert (found.standing, found.done_on) == (CheckStanding.DONE, FIRST)
    found = stands("mania-evaluation", TREATED, SIXTH, rating__ymrs=SIXTH)
    assert found.standing is CheckStanding.DONE


def test_all_five_liver_tests_are_asked_for_and_the_oldest_counts() -> None:
    check = CHECKS["liver-evaluation"]
    four = {f"lab:{name}": (SIXTH,) for name in ("alt", "ast", "ggt", "alp")}
    assert done_on(check, four) is None
    earlier = SIXTH - timedelta(days=2)
    assert done_on(check, {**four, "lab:bilirubin": (earlier,)}) == earlier
    assert done_on(check, {"made:liver-evaluation": (SIXTH,)}) == SIXTH


def test_why_a_check_is_not_done_is_an_answer_until_it_is_asked_again() -> None:
    course = replace(INDUCTION, unmade={"heart-baseline": (FIRST,)})
    found = stands("heart-baseline", course, SIX[2])
    assert (found.standing, found.done_on) == (CheckStanding.NOT_DONE, FIRST)
    before = replace(PLANNED, unmade={"heart-baseline": (FIRST,)})
    assert stands("heart-baseline", before, FIRST).standing is CheckStanding.NOT_DONE


def test_why_a_repeated_check_is_not_done_puts_it_off_and_is_no_test() -> None:
    """Three months from the sixth session, or 28 days from the reason."""
    day = months_after(SIXTH, 3)
    early = replace(TREATED, unmade={"mania-maintenance": (SIXTH + timedelta(days=9),)})
    assert stands("mania-maintenance", early, SIXTH + timedelta(days=20)).by == day
    late = replace(TREATED, unmade={"mania-maintenance": (day,)})
    asked = stands("mania-maintenance", late, day)
    assert (asked.standing, asked.by) == (CheckStanding.COMING, day + timedelta(days=28))
    again = stands("mania-maintenance", late, day + timedelta(days=29))
    assert again.standing is CheckStanding.OVERDUE
    done = stands("mania-maintenance", late, day, rating__ymrs=day)
    assert done.by == months_after(day, 3)


def test_what_was_seen_in_an_earlier_course_is_no_baseline_of_this_one() -> None:
    before = FIRST - timedelta(days=400)
    anew = replace(PLANNED, earlier=before)
    assert stands("heart-baseline", anew, FIRST, workup__ecg=before).standing == "due"
    late = replace(INDUCTION, earlier=before, unmade={"heart-baseline": (before,)})
    assert stands("heart-baseline", late, SIX[2]).standing == "overdue"
    since = before + timedelta(days=1)
    assert stands("heart-baseline", anew, FIRST, workup__ecg=since).standing == "done"


def test_a_new_medicine_asks_for_an_ecg_and_the_next_one_answers() -> None:
    began = SIX[1]
    course = replace(INDUCTION, new_medicine=began)
    asked = stands("heart-maintenance", course, began, workup__ecg=FIRST)
    assert (asked.standing, asked.by) == (CheckStanding.DUE, began + timedelta(days=14))
    assert "QT interval" in asked.why.en
    late = stands("heart-maintenance", course, began + timedelta(days=15), workup__ecg=FIRST)
    assert late.standing is CheckStanding.OVERDUE
    assert stands("heart-maintenance", course, SIX[2], workup__ecg=began).standing == "done"
    told = replace(course, unmade={"heart-maintenance": (began,)})
    assert stands("heart-maintenance", told, SIX[2]).standing == "not-done"
    over = replace(OVER, new_medicine=SIXTH)
    assert stands("heart-maintenance", over, SIXTH).standing == "later"
    planned = replace(PLANNED, new_medicine=FIRST)
    assert stands("heart-maintenance", planned, FIRST).standing == "later"


def test_after_the_end_no_baseline_is_asked_for() -> None:
    assert stands("heart-baseline", OVER, SIXTH + timedelta(days=200)).standing == "later"


def test_a_shorter_induction_stays_evaluated_when_a_sixth_session_comes() -> None:
    course = replace(TREATED, sessions=(*SIX[:4], SIX[3] + timedelta(days=40)))
    early = replace(course, evaluated=SIX[3])
    sixth = replace(early, sessions=(*early.sessions, SIX[3] + timedelta(days=60)))
    for known in (early, sixth):
        found = stands("mania-maintenance", known, SIX[3] + timedelta(days=61))
        assert found.by == months_after(SIX[3], 3)


def test_what_a_rule_reads_is_entered_as_a_result() -> None:
    by_result = {check.id for check in exposure_grid().check if check.by_result}
    assert {"liver-maintenance", "bladder-evaluation", "cognition-maintenance"} <= by_result
    assert not by_result & {"heart-baseline", "mania-maintenance", "bladder-session"}


def test_each_session_is_asked_for_anew() -> None:
    asked = stands("mania-session", INDUCTION, SIX[2], made__mania_session=SIX[2])
    assert asked.standing is CheckStanding.DONE
    again = stands("mania-session", INDUCTION, SIX[2], made__mania_session=SIX[1])
    assert (again.standing, again.done_on) == (CheckStanding.DUE, SIX[1])


def test_a_dip_is_due_with_the_sixth_session_since_the_last() -> None:
    later = tuple(SIXTH + timedelta(weeks=n) for n in range(1, 7))
    course = replace(TREATED, sessions=(*SIX, *later))
    on = later[-1]
    found = stands("bladder-maintenance", course, on, lab__urine_dip=SIXTH)
    assert (found.standing, found.by) == (CheckStanding.DUE, on)
    late = stands("bladder-maintenance", course, on + timedelta(days=1), lab__urine_dip=SIXTH)
    assert (late.standing, late.by) == (CheckStanding.OVERDUE, on)


def test_more_than_one_session_a_week_asks_for_monthly_liver_tests() -> None:
    on = SIXTH + timedelta(days=30)
    often = tuple(on - timedelta(days=5 * n) for n in range(5))
    course = replace(TREATED, sessions=(*SIX, *often))
    assert stands("liver-frequent", course, on).by == date(2026, 2, 22)
    seldom = replace(TREATED, sessions=(*SIX, *often[:3]))
    assert stands("liver-frequent", seldom, on).by is None


def test_done_a_little_before_six_months_counts() -> None:
    on = date(2026, 7, 20)
    found = stands("function-end", OVER, on, rating__eq5d5l=on, rating__wsas=on)
    assert found.by == date(2027, 2, 5)


def test_of_whom_cannot_be_pregnant_no_test_is_asked() -> None:
    asked = {one.check.domain for one in checks_due(TREATED, SIXTH)}
    assert "pregnancy" in asked
    not_asked = checks_due(replace(TREATED, pregnancy_possible=False), SIXTH)
    assert "pregnancy" not in {one.check.domain for one in not_asked}


@pytest.mark.parametrize(
    ("sex", "age", "asked"),
    [("f", 54, True), ("f", 55, False), ("m", 30, False), ("", 30, True)],
)
def test_a_pregnancy_test_is_asked_of_whom_it_can_say_something(
    sex: str, age: int, *, asked: bool
) -> None:
    assert may_be_pregnant(sex=sex, age=age) is asked


def test_what_presses_most_stands_first_and_is_counted() -> None:
    found = checks_due(TREATED, SIXTH + timedelta(days=20))
    order = list(CheckStanding)
    assert [order.index(one.standing) for one in found] == sorted(
        order.index(one.standing) for one in found
    )
    late = sum(one.late for one in found)
    assert overdue(TREATED, SIXTH + timedelta(days=20)) == late > 0


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("heart-baseline", "Before the first session"),
        ("mania-session", "With each session"),
        ("mania-evaluation", "After session 6"),
        ("bladder-maintenance", "In maintenance, every 3 months or each 6th session"),
        ("pregnancy-maintenance", "In maintenance, every 28 days"),
        ("liver-frequent", "In maintenance with more than one session a week, every 1 months"),
        ("function-end", "After the end, 6 and 12 months"),
        ("cognition-end", "After the end, 6 months"),
    ],
)
def test_each_check_says_why_it_is_asked(check: str, words: str) -> None:
    assert why(CHECKS[check]).en == words


def test_whatever_is_asked_by_hand_has_a_way_to_be_done() -> None:
    for check in exposure_grid().check:
        assert check.at_the_chair or check.needs or check.asks, check.id


courses = st.builds(
    CourseOverMonths,
    sessions=st.lists(
        st.dates(FIRST, FIRST + timedelta(days=400)), max_size=12, unique=True
    ).map(tuple),
    ended=st.none() | st.dates(FIRST + timedelta(days=400), FIRST + timedelta(days=900)),
    evaluated=st.none() | st.dates(FIRST, FIRST + timedelta(days=300)),
    liver_abnormal=st.booleans(),
)
days = st.dates(FIRST, FIRST + timedelta(days=1500))


@given(courses, days)
def test_every_check_stands_somehow_once(course: CourseOverMonths, on: date) -> None:
    found = checks_due(course, on)
    assert sorted(one.check.id for one in found) == sorted(CHECKS)
    for one in found:
        assert one.late is (one.standing is CheckStanding.OVERDUE)
        if one.late:
            assert one.by is not None
            assert one.by < on


@given(courses, days, st.sampled_from(sorted(CHECKS)))
def test_what_was_done_today_is_not_overdue(
    course: CourseOverMonths, on: date, check: str
) -> None:
    seen = replace(course, seen={f"made:{check}": (on,)})
    asked = CHECKS[check]
    begun = {Moment.EVALUATION, Moment.AFTER_END, Moment.IF_ABNORMAL}
    ahead = asked.moment in begun and any(day > on for day in course.sessions)
    if not ahead:
        assert not check_due(asked, seen, on).late


@given(courses, days)
def test_what_is_overdue_stays_so_until_somebody_looks_or_the_course_ends(
    course: CourseOverMonths, on: date
) -> None:
    going_on = replace(course, ended=None)
    late = {one.check.id for one in checks_due(going_on, on) if one.late}
    tomorrow = checks_due(going_on, on + timedelta(days=1))
    assert late - {"liver-frequent"} <= {one.check.id for one in tomorrow if one.late}
