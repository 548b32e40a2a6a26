"""What the first run led to does not change by what comes after it."""

from dataclasses import replace

import pytest

from lysglimt.knowledge.protocols.course import steps_that_move
from lysglimt.knowledge.protocols.facts import CourseFacts, DecisionKind, Timing
from lysglimt.knowledge.protocols.grounds import ground
from lysglimt.knowledge.protocols.induction_effect import InductionEffect, induction_effect

from .courses import DEFAULT, SIX, day, decision, facts, given, rating

LATER = 120
DONE = (*given(*SIX), rating(19, 16))


def effect(course: CourseFacts, on: int = LATER) -> InductionEffect:
    return induction_effect(DEFAULT, course, day(on))


def total(course: CourseFacts) -> int | None:
    found = effect(course).outcome
    return found.current.total if found else None


def test_six_sessions_and_a_rating_make_an_effect() -> None:
    found = effect(facts(*DONE))
    assert found.completed
    assert found.outcome is not None
    assert (found.outcome.baseline.total, found.outcome.current.total) == (34, 16)
    assert found.outcome.response


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(
            (decision(20, "maintenance"), *given(48), rating(47, 30)), id="maintenance"
        ),
        pytest.param((decision(20, "extend"), *given(22, 25), rating(27, 8)), id="extension"),
        pytest.param((decision(20, "stop"), rating(60, 34)), id="stopped and relapsed"),
        pytest.param((*given(24), rating(26, 2)), id="a session without decision"),
    ],
)
def test_what_comes_after_the_run_does_not_bear_on_it(after: tuple[object, ...]) -> None:
    assert total(facts(*DONE, *after)) == 16


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        pytest.param(Timing.BEFORE, 12, id="before the next dose"),
        pytest.param(Timing.AFTER, None, id="after the next dose"),
    ],
)
def test_a_rating_on_the_day_of_the_next_session_counts_before_its_dose(
    timing: Timing, expected: int | None
) -> None:
    course = facts(*given(*SIX, 20), decision(18, "extend"), rating(20, 12, timing))
    assert total(course) == expected


def test_an_early_end_completes_the_run() -> None:
    course = facts(*given(*SIX[:4]), rating(11, 8), decision(11, "end-induction"))
    assert effect(course).completed
    assert total(course) == 8


def test_who_stopped_before_the_end_has_not_completed() -> None:
    course = facts(*given(*SIX[:3]), decision(8, "stop"), rating(9, 30))
    assert effect(course) == InductionEffect(completed=False)


def test_what_is_missing_is_told_apart() -> None:
    assert effect(facts(*given(*SIX))) == InductionEffect(completed=True)
    no_baseline = effect(facts(*DONE, baseline=None))
    assert no_baseline == InductionEffect(completed=True, rating=rating(19, 16))


def test_the_order_of_the_facts_does_not_matter() -> None:
    course = facts(*DONE, decision(20, "maintenance"), *given(48))
    turned = replace(course, sessions=course.sessions[::-1], ratings=course.ratings[::-1])
    assert effect(turned) == effect(course)


def test_only_decisions_that_move_the_course_are_offered() -> None:
    after = facts(*DONE)
    assert set(steps_that_move(DEFAULT, after, day(20))) == {
        DecisionKind.EXTEND,
        DecisionKind.MAINTENANCE,
        DecisionKind.CONTINUE,
        DecisionKind.STOP,
        DecisionKind.CLOSE,
    }
    extended = facts(*given(*SIX, 20, 23), decision(18, "extend"))
    assert DecisionKind.EXTEND not in steps_that_move(DEFAULT, extended, day(24))


def test_the_evaluation_window_says_that_it_counts_calendar_days() -> None:
    for name in ("evaluation", "evaluation-outside-window"):
        said = ground(name, earliest=1, latest=4, after=5).reason
        assert "1–4 kalenderdager" in said.nb
        assert "1–4 calendar days" in said.en
