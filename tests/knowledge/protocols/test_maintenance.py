"""Maintenance: its interval, its reviews, and when it is over."""

from dataclasses import replace

import pytest

from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import CourseFacts, RegisteredIn, SessionGiven
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.protocols.state import CourseState, Due, Matter, Phase

from .courses import (
    DEFAULT,
    SIX,
    codes,
    day,
    decision,
    facts,
    given,
    proposed,
    rating,
    rule,
    state,
    step,
)

RESPONSE = (*given(*SIX), rating(18, 14), decision(19, "maintenance"))
"""Six sessions, response, maintenance: the first session of it is planned for day 45."""


def due(course: CourseState, matter: Matter, instrument: str | None = None) -> list[Due]:
    return [
        one
        for one in course.advice.due
        if one.matter is matter and instrument in {None, one.instrument}
    ]


def without_review(protocol: Protocol) -> Protocol:
    assert protocol.maintenance is not None
    return replace(protocol, maintenance=replace(protocol.maintenance, review=None))


@pytest.mark.parametrize(
    ("on", "offered"),
    [
        pytest.param(41, False, id="before the margin"),
        pytest.param(42, True, id="three days before"),
        pytest.param(49, True, id="late is offered still"),
    ],
)
def test_a_session_is_offered_when_the_interval_has_passed(on: int, *, offered: bool) -> None:
    assert step(state(facts(*RESPONSE), on)) is offered


def test_a_session_under_the_shortest_interval_is_noted() -> None:
    assert codes(state(facts(*RESPONSE, *given(30)), 30)) == ["maintenance-too-early"]
    assert codes(state(facts(*RESPONSE, *given(31)), 31)) == []
    assert codes(state(facts(*RESPONSE, *given(45, 46)), 46)) == [
        "too-early",
        "maintenance-too-early",
    ]


FORTNIGHT = (
    *(*RESPONSE, *given(45), rating(45, 10), *given(73), rating(73, 16)),
    *(decision(74, "shorten"), decision(75, "shorten")),
)


@pytest.mark.parametrize(
    ("since", "offered"),
    [
        pytest.param(11, False, id="the margin opens nothing below the shortest interval"),
        pytest.param(13, False, id="a day below it"),
        pytest.param(14, True, id="at the shortest interval"),
    ],
)
def test_at_the_shortest_interval_nothing_sooner_is_offered(
    since: int, *, offered: bool
) -> None:
    assert state(facts(*FORTNIGHT), 76).recorded.interval_days == 14
    assert step(state(facts(*FORTNIGHT), 73 + since)) is offered


@pytest.mark.parametrize(
    ("since", "noted"),
    [
        pytest.param(24, ["maintenance-too-early"], id="before the margin"),
        pytest.param(25, [], id="within the margin"),
    ],
)
def test_where_no_shortest_interval_is_stated_the_margin_is_the_limit(
    since: int, noted: list[str]
) -> None:
    assert DEFAULT.maintenance is not None
    stages = tuple(replace(one, shortest=None) for one in DEFAULT.maintenance.stages)
    unbounded = replace(DEFAULT, maintenance=replace(DEFAULT.maintenance, stages=stages))
    on = 17 + since
    planned = course_state(unbounded, facts(*RESPONSE), day(on))
    assert step(planned) is not bool(noted)
    assert codes(course_state(unbounded, facts(*RESPONSE, *given(on)), day(on))) == noted


def test_twice_at_ten_lengthens_by_a_week() -> None:
    once = facts(*RESPONSE, *given(45), rating(45, 10))
    assert not step(state(once, 46), "lengthen")
    twice = facts(*RESPONSE, *given(45, 73), rating(45, 10), rating(73, 9))
    assert proposed(state(twice, 74)) == ["lengthen"]
    longer = replace(twice, decisions=(*twice.decisions, decision(74, "lengthen")))
    assert state(longer, 74).recorded.interval_days == 35
    assert codes(state(longer, 74)) == []
    assert not step(state(longer, 74), "lengthen")


def test_the_evaluation_is_not_one_of_the_two() -> None:
    remission = (*given(*SIX), rating(18, 8), decision(19, "maintenance"))
    assert not step(state(facts(*remission, *given(45), rating(45, 8)), 46), "lengthen")


def test_a_rise_of_six_shortens_by_a_week_down_to_a_fortnight() -> None:
    five = facts(*RESPONSE, *given(45), rating(45, 19))
    assert not step(state(five, 46), "shorten")
    six = facts(*RESPONSE, *given(45), rating(45, 20))
    assert proposed(state(six, 46)) == ["shorten"]
    shorter = replace(six, decisions=(*six.decisions, decision(46, "shorten")))
    assert state(shorter, 46).recorded.interval_days == 21
    assert not step(state(shorter, 46), "shorten")
    worse = replace(
        shorter,
        ratings=(*shorter.ratings, rating(60, 26)),
        decisions=(*shorter.decisions, decision(61, "shorten"), decision(62, "shorten")),
    )
    now = state(worse, 62)
    assert now.recorded.interval_days == 14
    assert codes(now) == ["not-a-step"]


def test_an_interval_changed_without_cause_is_noted() -> None:
    for kind in ("lengthen", "shorten"):
        course = facts(*RESPONSE, decision(20, kind))
        assert codes(state(course, 20)) == ["interval-otherwise"]


def test_lost_response_is_said_at_the_review_and_when_the_interval_is_at_its_limit() -> None:
    lost = facts(*RESPONSE, *given(45), rating(45, 18))
    assert proposed(state(lost, 46)) == ["stop", "continue"]
    assert rule(state(lost, 46)) == "EV-6"
    at_review = facts(*RESPONSE, *given(45, 73, 101), rating(101, 30))
    assert proposed(state(at_review, 102)) == ["stop", "continue"]


def test_one_high_rating_asks_for_a_second_and_two_are_a_relapse() -> None:
    high = facts(*RESPONSE, *given(45), rating(45, 22))
    once = state(high, 46)
    assert (proposed(once), rule(once)) == (["shorten"], "OUT-REL-D")
    assert "MADRS 22" in said(once)
    assert "5–15" in said(once)
    twice = facts(*RESPONSE, *given(45), rating(45, 28), rating(54, 33))
    now = state(twice, 54)
    assert (proposed(now), rule(now)) == (["stop", "continue", "shorten"], "OUT-REL-D")
    assert said(now).startswith("Relapse from 2026-02-19")


def test_half_of_the_improvement_lost_twice_within_a_fortnight_is_a_relapse() -> None:
    lost = facts(*RESPONSE, *given(45), rating(45, 8), rating(50, 21), rating(56, 21))
    assert said(state(lost, 56)).startswith("Relapse from 2026-02-24")
    later = facts(*RESPONSE, *given(45), rating(45, 8), rating(50, 21), rating(66, 21))
    assert "elapse" not in said(state(later, 66))


def test_a_relapse_that_a_doctor_has_answered_is_told_again_by_the_next_rating() -> None:
    twice = facts(*RESPONSE, *given(45), rating(45, 28), rating(54, 33))
    for kind in ("continue", "shorten"):
        answered = replace(twice, decisions=(*twice.decisions, decision(55, kind)))
        assert "elapse" not in said(state(answered, 56))
        again = replace(answered, ratings=(*answered.ratings, rating(64, 30)))
        assert said(state(again, 64)).startswith("Relapse")


def test_what_was_never_gained_cannot_be_lost() -> None:
    unhelped = (*given(*SIX), rating(18, 30), decision(19, "maintenance"))
    high = facts(*unhelped, *given(45), rating(45, 28), rating(54, 33))
    assert "elapse" not in said(state(high, 54))


def test_a_relapse_is_told_where_no_review_is_planned_and_past_the_last_session() -> None:
    protocol = without_review(DEFAULT)
    high = facts(*RESPONSE, *given(45), rating(45, 28))
    assert "MADRS 28" in said(course_state(protocol, high, day(46)))
    twice = facts(*RESPONSE, *given(45), rating(45, 28), rating(54, 33))
    assert said(course_state(protocol, twice, day(54))).startswith("Relapse")


def said(course: CourseState) -> str:
    assert course.advice.next is not None
    return course.advice.next.ground.reason.en


def test_a_review_after_three_sessions_or_three_months() -> None:
    three = state(facts(*RESPONSE, *given(42, 63, 84), rating(84, 14)), 84)
    assert [one.earliest for one in due(three, Matter.REVIEW)] == [day(84)]
    assert proposed(three) == ["continue", "stop"]
    months = state(facts(*RESPONSE, *given(45)), 50)
    assert [one.earliest.isoformat() for one in due(months, Matter.REVIEW)] == ["2026-04-24"]
    held = facts(*RESPONSE, *given(42, 63, 84), decision(85, "continue"))
    assert [one.earliest.isoformat() for one in due(state(held, 85), Matter.REVIEW)] == [
        "2026-06-30"
    ]


def test_the_hard_review_comes_at_twelve_sessions_from_the_first() -> None:
    six_more = tuple(31 + 14 * n for n in range(6))
    course = facts(*RESPONSE, *given(*six_more))
    now = state(course, 120)
    assert now.recorded.sessions == 12
    assert not step(now)
    assert proposed(now) == ["continue", "stop"]
    beyond = replace(course, sessions=given(*SIX, *six_more, 130))
    assert codes(state(beyond, 130)) == ["session-without-review"]
    held = replace(course, decisions=(*course.decisions, decision(102, "continue")))
    assert step(state(held, 130))


def test_the_hard_review_comes_six_months_from_the_first() -> None:
    course = facts(*RESPONSE, *given(45, 73, 101, 129, 150))
    assert "hard" not in str(due(state(course, 180), Matter.REVIEW))
    assert step(state(course, 180))
    assert not step(state(course, 181))
    assert len(due(state(course, 181), Matter.REVIEW)) == 2
    held = replace(course, decisions=(*course.decisions, decision(181, "continue")))
    assert step(state(held, 185))


def test_ratings_come_with_the_session_and_not_too_often() -> None:
    now = state(facts(*RESPONSE), 20)
    [madrs] = due(now, Matter.RATING, "madrs")
    assert (madrs.earliest, madrs.latest, madrs.session) == (day(42), day(48), 1)
    done = state(facts(*RESPONSE, rating(45, 10)), 45)
    assert not due(done, Matter.RATING, "madrs")


def test_stop_in_maintenance_goes_to_follow_up() -> None:
    course = facts(*RESPONSE, decision(40, "stop"))
    assert state(course, 40).recorded.phase is Phase.FOLLOW_UP
    assert state(course, 40).recorded.interval_days is None


def nasal(*stated: object) -> CourseFacts:
    sessions = tuple(SessionGiven(day(n)) for n in (0, 3, 7, 10, 14, 17, 21, 24))
    return facts(*sessions, rating(26, 14), decision(27, "maintenance"), *stated)


def test_esketamine_goes_weekly_then_every_other_week() -> None:
    protocol = latest("esketamine-adult")
    first = course_state(protocol, nasal(), day(27))
    assert first.recorded.interval_days == 7
    weekly = tuple(SessionGiven(day(n)) for n in (31, 38, 45, 52))
    later = course_state(protocol, nasal(*weekly), day(52))
    assert later.recorded.interval_days == 14
    tighter = course_state(
        protocol, nasal(*weekly, rating(52, 22), decision(53, "shorten")), day(53)
    )
    assert tighter.recorded.interval_days == 7
    longer = course_state(protocol, nasal(decision(28, "lengthen")), day(28))
    assert longer.recorded.interval_days == 14


def test_maintenance_with_a_fixed_number_ends() -> None:
    protocol = latest("phillips")
    run = tuple(SessionGiven(day(n)) for n in (0, 2, 4, 7, 9, 11))
    weekly = tuple(SessionGiven(day(n)) for n in (18, 25, 32, 39))
    course = facts(*run, rating(12, 8), decision(13, "maintenance"), *weekly)
    now = course_state(protocol, course, day(46))
    assert not step(now)
    assert proposed(now) == ["stop"]
    assert not due(now, Matter.SESSION)
    assert now.recorded.interval_days is None
    more = course_state(
        protocol, replace(course, sessions=(*course.sessions, SessionGiven(day(46)))), day(46)
    )
    assert more.recorded.maintenance_sessions == 5


def test_a_protocol_without_maintenance_does_not_go_there() -> None:
    course = facts(*given(*SIX), rating(18, 8), decision(19, "maintenance"))
    ketect = latest("elekt-d")
    now = course_state(ketect, course, day(19))
    assert now.recorded.phase is Phase.EVALUATION
    assert "not-a-step" in codes(now)
    assert not step(now, "maintenance")
    assert not step(now, "extend")


def test_a_protocol_without_an_early_end_says_so() -> None:
    now = course_state(latest("elekt-d"), facts(*given(0, 3)), day(4))
    assert not step(now, "end-induction")


def test_maintenance_without_reviews() -> None:
    protocol = without_review(DEFAULT)
    now = course_state(protocol, facts(*RESPONSE, decision(20, "lengthen")), day(45))
    assert codes(now) == ["not-a-step"]
    assert proposed(now) == []
    assert not due(now, Matter.REVIEW)
    assert not step(now, "lengthen")
    assert step(now)
    given_one = course_state(protocol, facts(*RESPONSE, *given(45)), day(45))
    assert given_one.recorded.maintenance_sessions == 1


def test_the_longest_interval_is_a_limit() -> None:
    run = (*given(0, 5), decision(6, "end-induction"), decision(7, "maintenance"))
    changes = (decision(8, "lengthen"), decision(9, "lengthen"))
    now = course_state(latest("va-observed"), facts(*run, *changes), day(9))
    assert now.recorded.interval_days == 28
    assert codes(now)[-1] == "not-a-step"


def test_a_course_outside_the_register_by_decision_may_go_on() -> None:
    by_decision = replace(facts(*RESPONSE), registration=RegisteredIn.DECISION)
    assert step(state(by_decision, 45))


@pytest.mark.parametrize(
    "total", [pytest.param(8, id="remission"), pytest.param(17, id="response")]
)
def test_where_there_is_no_maintenance_none_is_proposed(total: int) -> None:
    run = given(*SIX, 21, 24)
    now = course_state(latest("karma-dep2"), facts(*run, rating(25, total)), day(26))
    assert proposed(now) == ["stop"]
    assert not step(now, "maintenance")


def test_a_partial_response_without_an_extension_is_left_to_the_doctor() -> None:
    run = given(0, 2, 4, 7, 9, 11)
    now = course_state(latest("phillips"), facts(*run, rating(12, 22)), day(13))
    assert proposed(now) == ["stop"]
    assert step(now, "maintenance")
    assert now.advice.next is not None
    assert "no extension" in now.advice.next.ground.reason.en


def test_esketamine_goes_on_by_its_label() -> None:
    sessions = tuple(SessionGiven(day(n)) for n in (0, 3, 7, 10, 14, 17, 21, 24))
    now = course_state(latest("esketamine-adult"), facts(*sessions, rating(26, 14)), day(27))
    assert rule(now) == "EV-7"
    assert proposed(now) == ["maintenance"]
    assert now.advice.next is not None
    assert now.advice.next.ground.basis.source.key == "mims-hk"
