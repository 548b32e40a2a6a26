"""Every made-up history is one that the course engine of the clinic accepts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.protocols.course import course_state, steps_that_move
from lysglimt.knowledge.protocols.facts import CourseFacts, DecisionKind
from lysglimt.knowledge.protocols.induction_effect import induction_effect
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import days
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.science.virtual import course as told
from lysglimt.science.virtual.asked import Practice
from lysglimt.science.virtual.session import prescribed
from lysglimt.science.virtual.story import Story
from lysglimt.science.virtual.tables import tables
from lysglimt.science.virtual.tally import column

from .lives import asked, course, register

OF_PEOPLE = {
    "evaluation-outside-window",
    "not-counted",
    "broken-induction",
    "long-gap",
}
"""Departures that happen in any clinic: somebody came late, a session was stopped. The rest are wrong."""
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STORIES = st.builds(
    lambda seed, number, name, practice: course(
        asked(seed=seed, name=name, practice=practice), number
    )[0],
    st.integers(0, 2**32 - 1),
    st.integers(1, 100_000),
    st.sampled_from(["pooled", "sceptical"]),
    st.sampled_from(list(Practice)),
)


def before(facts: CourseFacts, day: date) -> CourseFacts:
    """What was known when a session of that day was about to begin."""
    stopping = {DecisionKind.STOP, DecisionKind.CLOSE}
    return replace(
        facts,
        sessions=tuple(one for one in facts.sessions if one.on < day),
        ratings=tuple(one for one in facts.ratings if one.on <= day),
        decisions=tuple(
            one
            for one in facts.decisions
            if one.on < day or (one.on == day and one.kind not in stopping)
        ),
        triggers=tuple(one for one in facts.triggers if one.on < day),
    )


@FEW
@given(story=STORIES)
def test_every_session_is_one_that_the_engine_offers_that_day(story: Story) -> None:
    protocol = latest(story.protocol.id)
    for session in story.facts.sessions:
        state = course_state(protocol, before(story.facts, session.on), session.on)
        offered = next(step for step in state.advice.steps if step.decision is None)
        assert offered.allowed, (session.on, offered.ground.reason.en)


@FEW
@given(story=STORIES)
def test_no_state_on_the_way_is_one_that_the_engine_calls_impossible(story: Story) -> None:
    facts, protocol = story.facts, latest(story.protocol.id)
    days_told = {one.on for one in facts.sessions} | {one.on for one in facts.ratings}
    days_told |= {one.on for one in facts.decisions}
    for day in sorted(days_told):
        state = course_state(protocol, facts, day)
        assert {one.code for one in state.recorded.deviations} <= OF_PEOPLE
    assert max(days_told) <= story.asked.until


@FEW
@given(story=STORIES)
def test_every_decision_is_a_step_of_its_phase(story: Story) -> None:
    decisions = story.facts.decisions
    for number, decision in enumerate(decisions):
        known = replace(story.facts, decisions=decisions[:number])
        # One to go on stands before a session of its day, which is not given yet.
        if decision.kind not in {DecisionKind.STOP, DecisionKind.CLOSE}:
            earlier = tuple(one for one in known.sessions if one.on < decision.on)
            known = replace(known, sessions=earlier)
        assert decision.kind in steps_that_move(story.protocol, known, decision.on)


@FEW
@given(story=STORIES)
def test_no_session_comes_inside_the_minimum_gap(story: Story) -> None:
    least = story.protocol.induction.minimum_gap
    given_on = [one.on for one in story.facts.sessions]
    gaps = [later - earlier for earlier, later in pairwise(given_on)]
    assert least is not None
    assert all(gap.days >= days(least) for gap in gaps)


@FEW
@given(story=STORIES)
def test_nobody_is_maintained_who_was_not_evaluated(story: Story) -> None:
    facts = story.facts
    kept = [one for one in facts.decisions if one.kind is DecisionKind.MAINTENANCE]
    for decision in kept:
        found = induction_effect(story.protocol, facts, decision.on)
        run = [one.on for one in facts.sessions if one.on <= decision.on]
        assert found.completed
        assert any(run[-1] < one.on <= decision.on for one in facts.ratings) or found.rating
    phases = set(column(story.rows, "sessions", "phase"))
    assert ("maintenance" in phases) <= bool(kept)


def test_a_register_has_courses_in_every_phase_and_of_both_kinds_of_unit() -> None:
    rows = register()
    assert {"closed", "follow-up", "maintenance"} <= {*column(rows, "courses", "phase")}
    assert {*column(rows, "courses", "protocol")} == {"iv-ketamine-no", "private-clinic"}
    kinds = {*column(rows, "decisions", "kind")}
    assert {"maintenance", "extend", "stop", "close", "shorten", "end-induction"} <= kinds
    assert {"patient", "futility", "other"} <= {*column(rows, "courses", "stop_ground")}


def test_of_hundreds_no_course_departs_otherwise_than_people_do() -> None:
    for name in ("pooled", "sceptical"):
        found = column(register(name=name), "courses", "departures")
        codes = {code for one in found if isinstance(one, list) for code in one}
        assert {"not-counted", "evaluation-outside-window"} <= codes <= OF_PEOPLE


def test_some_relapse_and_a_relapse_comes_after_a_response() -> None:
    rows = register()
    found = list(
        zip(
            column(rows, "courses", "relapsed_on"),
            column(rows, "courses", "response"),
            column(rows, "courses", "remission"),
            column(rows, "courses", "first_session_on"),
            strict=True,
        )
    )
    relapsed = [row for row in found if row[0] is not None]
    assert 20 < len(relapsed) < len(found)
    for on, response, remission, first in relapsed:
        assert response or remission
        assert isinstance(on, date)
        assert isinstance(first, date)
        assert on > first + timedelta(days=7)


def test_where_everybody_gets_all_nobody_leaves_and_nothing_is_missed() -> None:
    wanted = asked(practice=Practice.SIX)
    for number in range(1, 30):
        story, rows = course(wanted, number)
        assert rows["missed"] == []
        kinds = {one.ground for one in story.decisions if one.ground}
        assert not {ground.value for ground in kinds} & {"patient", "consent", "futility"}
        assert story.person.unit.protocol == "iv-ketamine-no"


def test_the_row_of_a_course_is_what_the_engine_says_of_its_facts() -> None:
    for number in range(1, 25):
        story, rows = course(asked(), number)
        (row,) = rows["courses"]
        said: Mapping[str, object] = dict(zip(tables()["courses"], row, strict=True))
        state = course_state(latest(story.protocol.id), story.facts, story.asked.until)
        assert said["phase"] == state.recorded.phase.value
        assert said["sessions"] == state.recorded.sessions == len(rows["sessions"])
        assert said["maintenance_sessions"] == state.recorded.maintenance_sessions
        assert said["departures"] == sorted({d.code for d in state.recorded.deviations})


def test_a_story_that_comes_to_no_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "NEXT", dict.fromkeys(Phase, lambda _: True))
    with pytest.raises(Inconsistent, match="came to no end"):
        course(asked(), 1)


def test_without_a_dose_by_weight_nobody_is_given_one() -> None:
    story, _ = course(asked(), 1)
    story.protocol = replace(story.protocol, dose=None)
    with pytest.raises(Inconsistent, match="states no dose"):
        prescribed(story)


def test_the_dose_follows_the_weight_up_to_the_cap() -> None:
    story, _ = course(asked(), 1)
    for weight, milligrams in ((60.0, "30.0"), (71.3, "35.5"), (240.0, "100")):
        story.person = replace(story.person, weight_kg=weight)
        assert prescribed(story) == Decimal(milligrams)
