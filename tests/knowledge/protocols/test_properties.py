"""What holds for every course, whatever was recorded and in whatever order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.decided import STEPS
from lysglimt.knowledge.protocols.facts import (
    CourseFacts,
    DecisionKind,
    DecisionMade,
    Pause,
    RatingGiven,
    RegisteredIn,
    SessionGiven,
    Timing,
    Trigger,
    TriggerKind,
)
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.protocols.protocol import Protocol, days
from lysglimt.knowledge.protocols.state import CourseState, DueStatus, Matter, Phase

from .courses import DEFAULT, day, step

DAYS = st.integers(0, 260).map(day)
SESSIONS = st.builds(
    SessionGiven,
    on=DAYS,
    prescribed=st.just(Decimal(40)),
    delivered=st.sampled_from([Decimal(20), Decimal(40)]),
)
RATINGS = st.builds(
    RatingGiven,
    instrument=st.just("madrs"),
    total=st.integers(0, 60),
    on=st.integers(-9, 260).map(day),
    timing=st.sampled_from([None, *Timing]),
)
DECISIONS = st.builds(
    DecisionMade,
    kind=st.sampled_from([one for one in DecisionKind if one is not DecisionKind.CLOSE]),
    on=DAYS,
    reason=st.just("noted"),
    by=st.just("psykiater A"),
)


@st.composite
def runs(draw: st.DrawFn) -> tuple[SessionGiven, ...]:
    """Sessions a few days apart, as most are; some under dose, some too early or too late."""
    at, found = 0, []
    for gap in draw(st.lists(st.sampled_from([1, 2, 3, 4, 4, 5, 7, 9, 16, 28]), max_size=14)):
        at += gap
        found.append(SessionGiven(day(at), Decimal(40), draw(AMOUNTS)))
    return tuple(found)


AMOUNTS = st.sampled_from([Decimal(20), Decimal(40), Decimal(40), Decimal(40)])

FACTS = st.builds(
    CourseFacts,
    consented=st.sampled_from([None, day(-3)]),
    registration=st.sampled_from([None, *RegisteredIn]),
    planned_start=st.sampled_from([None, day(0)]),
    sessions=st.one_of(runs(), st.lists(SESSIONS, max_size=8).map(tuple)),
    ratings=st.lists(RATINGS, max_size=8).map(tuple),
    decisions=st.lists(DECISIONS, max_size=6).map(tuple),
    triggers=st.lists(
        st.builds(Trigger, kind=st.sampled_from(TriggerKind), on=DAYS), max_size=1
    ).map(tuple),
    pauses=st.sampled_from([(), (Pause(day(20), day(30), "reise"),)]),
)
PROTOCOLS = st.one_of(st.just(DEFAULT), st.sampled_from(list(protocols().values())))


@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS)
def test_a_session_is_never_offered_inside_the_minimum_gap(
    protocol: Protocol, facts: CourseFacts, on: date
) -> None:
    course = course_state(protocol, facts, on)
    last, gap = course.recorded.last_session, protocol.induction.minimum_gap
    offered = step(course) or any(
        one.matter is Matter.SESSION and one.status in {DueStatus.DUE, DueStatus.OVERDUE}
        for one in course.advice.due
    )
    if offered and last:
        assert gap is not None
        assert (on - last).days >= days(gap)


@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS)
def test_what_is_offered_is_no_session_too_early(
    protocol: Protocol, facts: CourseFacts, on: date
) -> None:
    known = replace(facts, sessions=tuple(one for one in facts.sessions if one.on < on))
    if step(course_state(protocol, known, on)):
        now = SessionGiven(on, Decimal(40), Decimal(40))
        course = course_state(protocol, replace(known, sessions=(*known.sessions, now)), on)
        noted = {one.code for one in course.recorded.deviations if one.on == on}
        assert not noted & {"too-early", "maintenance-too-early"}


@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS, data=st.data())
def test_the_order_of_facts_does_not_matter(
    protocol: Protocol, facts: CourseFacts, on: date, data: st.DataObject
) -> None:
    shuffled = CourseFacts(
        consented=facts.consented,
        registration=facts.registration,
        planned_start=facts.planned_start,
        sessions=tuple(data.draw(st.permutations(facts.sessions))),
        ratings=tuple(data.draw(st.permutations(facts.ratings))),
        decisions=tuple(data.draw(st.permutations(facts.decisions))),
        triggers=tuple(data.draw(st.permutations(facts.triggers))),
        pauses=tuple(data.draw(st.permutations(facts.pauses))),
    )
    assert course_state(protocol, shuffled, on) == course_state(protocol, facts, on)


@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS)
def test_maintenance_rests_on_a_recorded_decision(
    protocol: Protocol, facts: CourseFacts, on: date
) -> None:
    course = course_state(protocol, facts, on)
    if course.recorded.phase is Phase.MAINTENANCE or course.recorded.maintenance_sessions:
        assert any(
            one.kind is DecisionKind.MAINTENANCE and one.on <= on for one in facts.decisions
        )


@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS)
def test_no_more_than_the_protocols_sessions_without_a_decision(
    protocol: Protocol, facts: CourseFacts, on: date
) -> None:
    undecided = CourseFacts(
        facts.consented,
        facts.registration,
        facts.planned_start,
        facts.sessions,
        facts.ratings,
        (),
        facts.triggers,
        facts.pauses,
    )
    course = course_state(protocol, undecided, on)
    sessions = protocol.induction.sessions
    if step(course):
        assert sessions is not None
        assert course.recorded.counted < sessions.value
    assert course.recorded.phase in {Phase.PLANNED, Phase.INDUCTION, Phase.EVALUATION}


def open_matters(course: CourseState) -> set[tuple[object, ...]]:
    return {
        (one.matter, one.instrument, one.session, one.latest)
        for one in course.advice.due
        if one.overdue
    }


@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS, later=st.integers(1, 120))
def test_what_is_overdue_stays_so_until_something_is_recorded(
    protocol: Protocol, facts: CourseFacts, on: date, later: int
) -> None:
    first = max(
        on,
        *(one.on for one in facts.sessions),
        *(one.on for one in facts.ratings),
        *(one.on for one in facts.decisions),
        *(one.on for one in facts.triggers),
        day(0),
    )
    early = course_state(protocol, facts, first)
    late = course_state(protocol, facts, date.fromordinal(first.toordinal() + later))
    assert open_matters(early) <= open_matters(late)
    assert late.recorded.phase is early.recorded.phase


@settings(max_examples=50)
@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS)
def test_there_is_one_phase_and_only_its_steps_are_open(
    protocol: Protocol, facts: CourseFacts, on: date
) -> None:
    course = course_state(protocol, facts, on)
    opened = {one.decision for one in course.advice.steps if one.allowed and one.decision}
    assert opened <= STEPS[course.recorded.phase]
    assert len(course.advice.steps) == 1 + len(DecisionKind)
    if course.recorded.phase is Phase.CLOSED:
        assert not course.advice.due
        assert course.advice.next is None


@given(protocol=PROTOCOLS, facts=FACTS, on=DAYS)
def test_every_session_of_the_past_is_counted_once(
    protocol: Protocol, facts: CourseFacts, on: date
) -> None:
    recorded = course_state(protocol, facts, on).recorded
    assert recorded.sessions == sum(one.on <= on for one in facts.sessions)
    assert recorded.counted <= recorded.run <= recorded.sessions
