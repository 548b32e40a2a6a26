"""Where a course stands at each boundary of its rules."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import (
    Answered,
    CourseFacts,
    DecisionKind,
    Pause,
    RatingGiven,
    RegisteredIn,
    SessionGiven,
    StopGround,
    Timing,
    Trigger,
    TriggerKind,
)
from lysglimt.knowledge.protocols.grounds import ground
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.naming import DECISION_NAMES, EVENT_NAMES
from lysglimt.knowledge.protocols.protocol import Kind, Route
from lysglimt.knowledge.protocols.state import RULE_VERSION, CourseState, Due, Matter, Phase

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
    session,
    state,
    step,
)


def due(course: CourseState, matter: Matter, instrument: str | None = None) -> list[Due]:
    return [
        one
        for one in course.advice.due
        if one.matter is matter and instrument in {None, one.instrument}
    ]


@pytest.mark.parametrize(
    ("on", "offered"),
    [
        pytest.param(1, False, id="the day after is too early"),
        pytest.param(2, True, id="two calendar days after, Monday then Wednesday"),
        pytest.param(7, True, id="a week after is the last day"),
        pytest.param(8, False, id="beyond a week induction is broken"),
    ],
)
def test_a_session_is_offered_outside_the_gap_and_before_a_break(
    on: int, *, offered: bool
) -> None:
    assert step(state(facts(*given(0)), on)) is offered


@pytest.mark.parametrize(
    ("on", "offered"),
    [
        pytest.param(6, False, id="a third within seven days"),
        pytest.param(7, True, id="the first has left the seven days"),
    ],
)
def test_two_sessions_in_any_seven_days(on: int, *, offered: bool) -> None:
    assert step(state(facts(*given(0, 3)), on)) is offered


@pytest.mark.parametrize(
    ("share", "counted"),
    [
        pytest.param(69, 0, id="under 70 % is exposure"),
        pytest.param(70, 1, id="70 % counts"),
        pytest.param(110, 1, id="more than prescribed counts and is noted"),
    ],
)
def test_a_session_counts_from_seventy_per_cent(share: int, counted: int) -> None:
    course = state(facts(session(0, share)), 1)
    assert course.recorded.counted == counted
    assert course.recorded.sessions == 1
    assert codes(course) == {69: ["not-counted"], 110: ["more-than-prescribed"]}.get(share, [])


@pytest.mark.parametrize(
    ("total", "decisions"),
    [
        pytest.param(10, ["maintenance", "stop"], id="10 is remission"),
        pytest.param(17, ["maintenance"], id="exactly half is response"),
        pytest.param(18, ["extend"], id="47 % is partial"),
        pytest.param(26, ["stop"], id="under a quarter is none"),
    ],
)
def test_the_evaluation_after_six(total: int, decisions: list[str]) -> None:
    course = state(facts(*given(*SIX), rating(18, total)), 19)
    assert course.recorded.phase is Phase.EVALUATION
    assert proposed(course) == decisions
    assert step(course, "extend") is (decisions == ["extend"])
    assert step(course, "maintenance") is ("maintenance" in decisions)


def test_the_outcome_is_exact() -> None:
    outcome = state(facts(*given(*SIX), rating(18, 17)), 19).advice.outcome
    assert outcome is not None
    assert outcome.reduction == Fraction(1, 2)
    assert (outcome.response, outcome.partial, outcome.remission) == (True, False, False)


@pytest.mark.parametrize(
    ("rated", "codes_", "awaited"),
    [
        pytest.param(rating(17, 17, Timing.AFTER), ["evaluation-early"], True, id="same day"),
        pytest.param(rating(18, 17), [], False, id="24 h"),
        pytest.param(rating(21, 17), [], False, id="96 h"),
        pytest.param(rating(22, 17), ["evaluation-outside-window"], False, id="beyond 96 h"),
    ],
)
def test_the_evaluation_has_a_window(
    rated: RatingGiven, codes_: list[str], *, awaited: bool
) -> None:
    course = state(facts(*given(*SIX), rated), 23)
    assert codes(course) == codes_
    assert bool(due(course, Matter.EVALUATION)) is awaited
    assert (course.advice.outcome is None) is awaited


def test_a_rating_inside_the_window_is_preferred() -> None:
    course = state(facts(*given(*SIX), rating(19, 20), rating(23, 8)), 24)
    assert course.advice.outcome is not None
    assert course.advice.outcome.current.total == 20


def test_after_partial_two_more_and_then_judged_again() -> None:
    extended = facts(*given(*SIX), rating(18, 22), decision(19, "extend"), *given(21, 24))
    assert state(extended, 23).recorded.phase is Phase.INDUCTION
    again = state(extended, 25)
    assert (again.recorded.phase, again.recorded.counted) == (Phase.EVALUATION, 8)
    judged = replace(extended, ratings=(*extended.ratings, rating(25, 20)))
    assert proposed(state(judged, 26)) == ["stop"]
    assert step(state(judged, 26), "maintenance")
    assert not step(state(judged, 26), "extend")
    kept = replace(judged, decisions=(*judged.decisions, decision(26, "maintenance")))
    assert state(kept, 26).recorded.phase is Phase.MAINTENANCE
    assert codes(state(kept, 26)) == ["maintained-otherwise"]


def test_a_second_extension_is_no_step() -> None:
    twice = facts(
        *given(*SIX),
        rating(18, 22),
        decision(19, "extend"),
        *given(21, 24),
        rating(25, 20),
        decision(26, "extend"),
    )
    assert state(twice, 26).recorded.phase is Phase.EVALUATION
    assert codes(state(twice, 26)) == ["not-a-step"]


def test_extending_without_a_partial_response_is_noted() -> None:
    course = facts(*given(*SIX), rating(18, 30), decision(19, "extend"))
    assert codes(state(course, 19)) == ["extended-otherwise"]
    blind = facts(*given(*SIX), decision(19, "extend"))
    assert codes(state(blind, 19)) == ["decision-without-rating"]


def test_maintenance_without_a_rating_is_noted() -> None:
    course = facts(*given(*SIX), decision(19, "maintenance"))
    assert codes(state(course, 19)) == ["decision-without-rating"]


@pytest.mark.parametrize(
    ("course", "may"),
    [
        pytest.param(facts(*given(0, 3, 7), rating(8, 9)), False, id="three sessions"),
        pytest.param(facts(*given(0, 3, 7, 10), rating(8, 9)), True, id="rated after three"),
        pytest.param(facts(*given(0, 3, 7, 10), rating(11, 10)), True, id="rated after four"),
        pytest.param(facts(*given(0, 3, 7, 10), rating(11, 11)), False, id="11 is none"),
        pytest.param(facts(*given(0, 3, 7, 10), rating(4, 9)), False, id="rated too soon"),
        pytest.param(
            facts(*given(0, 3, 7, 10), rating(8, 9), rating(11, 20)), False, id="not held"
        ),
    ],
)
def test_induction_may_end_at_four_in_remission(course: CourseFacts, *, may: bool) -> None:
    now = state(course, 11)
    assert step(now, "end-induction") is may
    assert (proposed(now) == ["end-induction"]) is may
    ended = replace(course, decisions=(decision(12, "end-induction"),))
    assert state(ended, 12).recorded.phase is Phase.EVALUATION
    assert (codes(state(ended, 12)) == []) is may


@pytest.mark.parametrize(
    ("total", "flagged"),
    [pytest.param(28, True, id="18 % is under"), pytest.param(27, False, id="21 % is not")],
)
def test_no_improvement_after_four_is_flagged(total: int, *, flagged: bool) -> None:
    course = state(facts(*given(0, 3, 7, 10), rating(11, total)), 12)
    assert (rule(course) == "EV-3") is flagged


def test_a_flag_falls_when_it_is_answered_or_the_patient_improves() -> None:
    flagged = facts(*given(0, 3, 7, 10), rating(11, 30))
    answered = replace(flagged, decisions=(decision(12, "continue"),))
    assert rule(state(answered, 12)) == "EV-1"
    better = facts(*given(0, 3, 7, 10, 14), rating(11, 30), rating(15, 20))
    assert rule(state(better, 15)) == "EV-1"
    before_the_fifth = facts(*given(0, 3, 7, 10, 14), rating(14, 30, Timing.BEFORE))
    assert rule(state(before_the_fifth, 15)) == "EV-3"
    after_the_fifth = facts(*given(0, 3, 7, 10, 14), rating(15, 30))
    assert rule(state(after_the_fifth, 15)) == "EV-1"


def test_no_futility_stop_before_session_three() -> None:
    stop = replace(decision(4, "stop"), ground=StopGround.FUTILITY)
    assert codes(state(facts(*given(0, 3), stop), 4)) == ["futility-stop-too-early"]
    late = replace(decision(8, "stop"), ground=StopGround.FUTILITY)
    assert codes(state(facts(*given(0, 3, 7), late), 8)) == []
    wish = replace(decision(4, "stop"), ground=StopGround.PATIENT)
    assert codes(state(facts(*given(0, 3), wish), 4)) == []


def test_a_broken_run_counts_on_by_a_decision() -> None:
    broken = facts(*given(0, 3, 13))
    now = state(broken, 13)
    assert codes(now) == ["broken-induction"]
    assert (now.recorded.counted, now.recorded.run) == (2, 3)
    assert not step(now)
    answered = replace(broken, decisions=(decision(14, "count-on"),))
    assert state(answered, 15).recorded.counted == 3
    assert step(state(answered, 15))
    ahead = facts(*given(0, 3), decision(12, "count-on"), *given(13))
    assert state(ahead, 13).recorded.counted == 3


def test_counting_on_can_complete_the_run() -> None:
    course = facts(*given(0, 3, 7, 10, 14, 24), decision(25, "count-on"))
    assert state(course, 24).recorded.phase is Phase.INDUCTION
    assert state(course, 25).recorded.phase is Phase.EVALUATION
    assert state(course, 25).recorded.since == day(25)


def test_more_than_a_fortnight_proposes_a_restart_with_a_new_baseline() -> None:
    long = facts(*given(0, 3), rating(19, 30), decision(20, "restart"), *given(21))
    assert proposed(state(long, 18)) == ["restart", "count-on", "stop"]
    assert proposed(state(facts(*given(0, 3)), 17)) == ["count-on", "restart", "stop"]
    assert state(long, 20).recorded.counted == 0
    assert step(state(long, 20))
    now = state(long, 21)
    assert (now.recorded.run, now.recorded.sessions) == (1, 3)
    assert now.recorded.baseline == rating(19, 30)
    without = facts(*given(0, 3), decision(20, "restart"))
    assert not step(state(without, 20))
    assert due(state(without, 20), Matter.RATING, "madrs")
    late = state(facts(*given(0, 3, 20)), 20)
    assert codes(late) == ["long-gap"]


def test_counting_on_needs_a_break() -> None:
    assert codes(state(facts(*given(0), decision(1, "count-on")), 1)) == ["not-a-step"]


@pytest.mark.parametrize(
    ("rated", "found"),
    [
        pytest.param(rating(-7, 30), True, id="seven days before"),
        pytest.param(rating(-8, 30), False, id="eight days before"),
        pytest.param(rating(0, 30, Timing.BEFORE), True, id="the same day, before the dose"),
        pytest.param(rating(0, 30, Timing.AFTER), False, id="never after the dose"),
        pytest.param(rating(0, 30), False, id="the same day, not said when"),
    ],
)
def test_the_baseline_is_fresh_and_before_the_dose(rated: RatingGiven, *, found: bool) -> None:
    course = state(facts(rated, *given(0), baseline=None), 0)
    assert (course.recorded.baseline == rated) is found
    assert (codes(course) == []) is found


def test_without_a_baseline_the_doctor_decides() -> None:
    course = state(facts(*given(*SIX), rating(18, 20), baseline=None), 19)
    assert rule(course) == "OUT-BASE"
    assert step(course, "maintenance")
    zero = state(facts(*given(*SIX), rating(18, 20), baseline=0), 19)
    assert codes(zero) == ["zero-baseline"]
    assert rule(zero) == "OUT-BASE"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"consented": None}, "no-consent", id="no consent"),
        pytest.param({"consented": day(1)}, "no-consent", id="consent after the session"),
        pytest.param({"registration": None}, "no-registration", id="no register, no study"),
        pytest.param(
            {"registration": RegisteredIn.DECISION}, "registered-by-decision", id="by decision"
        ),
        pytest.param(
            {"pauses": (Pause(day(0), None, "ferie"),)}, "session-in-pause", id="in a pause"
        ),
    ],
)
def test_a_start_against_the_rules_is_noted(change: dict[str, object], code: str) -> None:
    course = replace(facts(*given(0)), **change)  # type: ignore[arg-type]
    assert codes(state(course, 1)) == [code]


def test_nothing_starts_before_consent_and_registration() -> None:
    bare = CourseFacts(planned_start=day(0))
    now = state(bare, 1)
    [one] = due(now, Matter.SESSION)
    assert [ground.rule for ground in one.blocked_by] == ["START", "START", "OUT-BASE"]
    assert one.overdue
    assert due(now, Matter.CONSENT)
    assert due(now, Matter.REGISTRATION)
    ready = replace(facts(), planned_start=day(1))
    assert step(state(ready, 1))
    assert not step(state(ready, 0))
    assert step(state(facts(), 0))
    assert not due(state(facts(), 0), Matter.RATING, "madrs")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"consented": None}, id="without consent"),
        pytest.param({"registration": None}, id="outside register and study"),
    ],
)
def test_a_session_given_against_the_rules_does_not_open_the_next(
    change: dict[str, object],
) -> None:
    course = replace(facts(*given(0)), **change)  # type: ignore[arg-type]
    assert not step(state(course, 3))
    assert not step(state(replace(course, sessions=given(0, 3)), 7))


def test_research_goes_on_only_in_a_study() -> None:
    protocol = replace(DEFAULT, kind=Kind.RESEARCH)
    outside = facts(*given(0))
    assert not step(course_state(protocol, outside, day(3)))
    inside = replace(outside, registration=RegisteredIn.STUDY)
    assert step(course_state(protocol, inside, day(3)))


def test_an_offer_of_our_own_shows_no_literature() -> None:
    course = facts(*given(*SIX), rating(18, 22), decision(19, "extend"))
    now = state(course, 21)
    assert now.advice.next is not None
    assert now.advice.next.ground.basis.mark is Mark.OWN


def test_other_route_and_unrecorded_amounts_are_noted() -> None:
    bare = SessionGiven(day(0), route=Route.ORAL)
    assert codes(state(facts(bare), 0)) == ["amount-not-recorded", "other-route"]


def test_sessions_where_none_belong_are_noted_and_move_nothing() -> None:
    course = state(facts(*given(*SIX, 21)), 21)
    assert course.recorded.phase is Phase.EVALUATION
    assert codes(course) == ["session-without-decision"]
    stopped = facts(*given(0), decision(1, "stop"), *given(3))
    assert codes(state(stopped, 3)) == ["session-after-stop"]
    closed = facts(*given(0), decision(1, "close"), *given(3))
    assert codes(state(closed, 3)) == ["session-after-close"]


@pytest.mark.parametrize("kind", list(TriggerKind))
def test_a_stop_event_stops(kind: TriggerKind) -> None:
    course = replace(facts(*given(0, 3)), triggers=(Trigger(kind, day(4)),))
    now = state(course, 7)
    withdrawn = kind is TriggerKind.CONSENT_WITHDRAWN
    assert proposed(now) == (["stop"] if withdrawn else ["stop", "continue"])
    assert rule(now) == "EV-5"
    assert not step(now)
    again = replace(course, decisions=(decision(5, "continue"),))
    assert step(state(again, 7)) is not withdrawn
    agreed = replace(course, renewed=(day(5),))
    assert step(state(agreed, 7)) is withdrawn
    found = replace(course, triggers=(Trigger(kind, day(4), reversible=True),))
    assert step(state(found, 7)) is (kind is TriggerKind.RED_THRESHOLD)
    despite = replace(course, sessions=given(0, 3, 7))
    assert codes(state(despite, 7)) == ["session-despite-stop-event"]


def test_a_stop_event_before_the_start_closes() -> None:
    course = replace(facts(), triggers=(Trigger(TriggerKind.PREGNANCY, day(0)),))
    assert proposed(state(course, 0)) == ["close"]


def test_a_pause_blocks_while_it_lasts() -> None:
    course = replace(facts(*given(0)), pauses=(Pause(day(1), day(3), "reise"),))
    assert not step(state(course, 3))
    assert step(state(course, 4))


def test_what_is_later_than_the_day_is_not_counted() -> None:
    course = facts(*given(*SIX), rating(18, 10), decision(19, "maintenance"))
    assert state(course, 5).recorded.sessions == 2
    assert state(course, 5).rule_version == RULE_VERSION


def test_follow_up_counts_from_the_last_dose() -> None:
    course = facts(*given(0), decision(1, "stop"))
    visits = due(state(course, 1), Matter.FOLLOW_UP, "madrs")
    assert [one.earliest.isoformat() for one in visits] == [
        "2026-01-22",
        "2026-03-22",
        "2026-06-21",
        "2026-12-22",
    ]
    assert proposed(state(course, 1)) == []
    seen = replace(course, ratings=(*course.ratings, rating(31, 20)))
    assert len(due(state(seen, 31), Matter.FOLLOW_UP, "madrs")) == 3
    assert proposed(state(course, 400)) == ["close"]
    stopped_by_event = replace(course, triggers=(Trigger(TriggerKind.MISUSE, day(1)),))
    assert proposed(state(stopped_by_event, 2)) == []


def test_ratings_due_around_the_first_sessions() -> None:
    course = state(facts(*given(0)), 1)
    [after] = due(course, Matter.RATING, "madrs")
    assert (after.earliest, after.latest, after.session) == (day(1), day(1), 1)
    assert not due(state(facts(*given(0)), 2), Matter.RATING, "madrs")
    third = state(facts(*given(0, 3)), 4)
    assert [one.earliest for one in due(third, Matter.RATING, "madrs")] == [day(7)]
    rated = state(facts(*given(0, 3), rating(5, 30)), 6)
    assert [one.earliest for one in due(rated, Matter.RATING, "madrs")] == [day(8)]
    done = state(facts(*given(0, 3), rating(7, 30)), 7)
    assert not due(done, Matter.RATING, "madrs")


def test_another_protocol_of_research_starts_only_in_a_study() -> None:
    protocol = latest("psilocybin")
    outside = course_state(protocol, facts(), day(0))
    assert [one.ground.rule for one in due(outside, Matter.REGISTRATION)] == ["START"]
    assert not step(outside)
    started = course_state(protocol, facts(*given(0)), day(0))
    assert "not-in-study" in codes(started)
    inside = replace(facts(*given(0)), registration=RegisteredIn.STUDY)
    now = course_state(protocol, inside, day(1))
    assert "not-in-study" not in codes(now)
    assert not step(now)
    assert proposed(now) == []
    ended = replace(inside, decisions=(decision(1, "end-induction"),))
    assert course_state(protocol, ended, day(1)).recorded.phase is Phase.EVALUATION


def test_a_comparator_is_recorded_and_nothing_is_proposed() -> None:
    protocol = latest("ect")
    course = replace(facts(*(SessionGiven(day(n)) for n in (0, 2, 4))), registration=None)
    now = course_state(protocol, course, day(6))
    assert now.recorded.counted == 3
    assert codes(now) == []
    assert not due(now, Matter.SESSION)
    assert proposed(now) == []
    assert not step(now)


def test_without_a_definition_remission_is_unknown() -> None:
    protocol = replace(DEFAULT, remission=None)
    now = course_state(protocol, facts(*given(*SIX), rating(18, 8)), day(19))
    assert now.advice.outcome is not None
    assert now.advice.outcome.remission is None
    assert proposed(now) == ["maintenance"]


def test_without_a_longest_gap_nothing_breaks() -> None:
    run = replace(DEFAULT.induction, maximum_gap=None, restart_gap=None)
    protocol = replace(DEFAULT, induction=run)
    now = course_state(protocol, facts(*given(0)), day(60))
    assert step(now)
    assert [one.latest for one in due(now, Matter.SESSION)] == [None]


def test_a_restarted_run_can_be_ended_before_its_first_session() -> None:
    empty = facts(*given(0), decision(20, "restart"), decision(21, "end-induction"))
    now = state(empty, 21)
    assert now.recorded.phase is Phase.EVALUATION
    assert codes(now) == ["ended-early-without-remission"]
    assert not due(now, Matter.EVALUATION)
    assert proposed(now) == []


def test_an_instrument_without_a_total_is_due_until_it_is_answered() -> None:
    course = facts(*given(0, 3))
    assert due(state(course, 7), Matter.RATING, "cssrs_screener")
    answered = replace(course, answered=(Answered("cssrs_screener", day(7)),))
    assert not due(state(answered, 7), Matter.RATING, "cssrs_screener")


def test_in_a_registered_study_only_the_unknown_schedule_stands_in_the_way() -> None:
    planned = replace(facts(), registration=RegisteredIn.STUDY)
    now = course_state(latest("psilocybin"), planned, day(0))
    assert not due(now, Matter.REGISTRATION)
    session = next(one for one in now.advice.steps if one.decision is None)
    assert (session.allowed, session.ground) == (False, ground("unknown-schedule"))


def asked_of_suicidality(course: CourseFacts, on: int) -> list[tuple[int, bool]]:
    """Days after the last dose, or the stop, on which it is due, and whether it is overdue."""
    now = state(course, on)
    return [
        ((one.latest - day(0)).days, one.overdue)
        for one in due(now, Matter.RATING, "cssrs_screener")
        if one.latest
    ]


def test_suicidality_is_asked_after_the_last_dose() -> None:
    course = facts(*given(0), decision(1, "stop"))
    planned = [(4, False), *((7 * week, False) for week in (1, 2, 4, 8, 12))]
    assert sorted(asked_of_suicidality(course, 1)) == planned
    silent = asked_of_suicidality(course, 30)
    assert [one for one, overdue in silent if overdue] == [4, 7, 14, 28]


def test_a_late_answer_covers_what_was_missed() -> None:
    course = facts(*given(0), decision(1, "stop"))
    late = replace(course, answered=(Answered("cssrs_screener", day(30)),))
    assert asked_of_suicidality(late, 31) == [(56, False), (84, False)]


def test_nothing_after_the_last_dose_is_asked_while_treatment_goes_on() -> None:
    grounds = {one.ground.rule for one in state(facts(*given(0)), 8).advice.due}
    assert not grounds & {"AFTER-STOP", "AFTER-LAST-DOSE"}


def test_a_course_is_not_closed_before_the_last_question() -> None:
    protocol = latest("esketamine-acute")
    stopped = facts(*given(0), decision(1, "stop"))
    assert proposed(course_state(protocol, stopped, day(84))) == []
    assert proposed(course_state(protocol, stopped, day(85))) == ["close"]


def reason(course: CourseState) -> str:
    assert course.advice.next is not None
    return course.advice.next.ground.reason.nb


def test_a_reason_is_told_in_the_readers_language() -> None:
    session_step = state(facts(*given(0)), 1).advice.steps[0]
    assert session_step.ground.reason.nb.startswith("Tidligst 07.01.2026:")
    assert session_step.ground.reason.en.startswith("Not before 2026-01-07:")
    event = Trigger(TriggerKind.RED_THRESHOLD, day(1))
    assert "Stopphendelse: rød måling." in reason(
        state(replace(facts(*given(0)), triggers=(event,)), 2)
    )
    [odd] = state(facts(*given(0), decision(1, "lengthen")), 1).recorded.deviations
    assert odd.ground.reason.nb.startswith("«forlenge intervallet» er ikke et skritt")


def test_every_decision_and_event_has_a_name() -> None:
    assert set(DECISION_NAMES) == set(DecisionKind)
    assert set(EVENT_NAMES) == set(TriggerKind)


def test_only_sessions_that_count_lead_to_an_early_end() -> None:
    """Remission was rated before the third that counts, and nobody has rated since."""
    short = (session(0), session(3, share=50), session(7), session(10), session(14))
    early = state(facts(*short, rating(8, 9)), 15)
    assert early.recorded.counted == 4
    assert not step(early, "end-induction")
    assert step(state(facts(*short, rating(11, 9)), 15), "end-induction")


@pytest.mark.parametrize(
    ("course", "on", "field"),
    [
        pytest.param(facts(), date(9999, 12, 31), "on", id="asked for a day that never comes"),
        pytest.param(
            CourseFacts(planned_start=date(9999, 12, 30)), day(0), "planned_start", id="planned"
        ),
        pytest.param(
            CourseFacts(sessions=(SessionGiven(date(201, 1, 5)),)),
            day(0),
            "sessions on",
            id="0201",
        ),
    ],
)
def test_a_day_that_no_course_can_have_is_refused(
    course: CourseFacts, on: date, field: str
) -> None:
    with pytest.raises(Implausible, match=f"{field}: .* allowed is 1900-01-01 to 2199-12-31"):
        course_state(DEFAULT, course, on)
