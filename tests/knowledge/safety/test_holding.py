"""Which results hold the treatment, by which rule and source, until a doctor has answered for them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.safety.exposure import exposure_grid
from lysglimt.knowledge.safety.holding import (
    Hold,
    SeenResult,
    holds,
    times_upper,
)
from lysglimt.knowledge.safety.unanswered import open_questions
from lysglimt.knowledge.verdict import Standing

FIRST = date(2026, 1, 5)
GRID = exposure_grid()


def on(days: int) -> date:
    return FIRST + timedelta(days=days)


def reading(what: str, days: int = 30, **said: Any) -> SeenResult:
    amounts: dict[str, Any] = {
        name: Decimal(str(said.pop(name)))
        for name in ("value", "upper")
        if said.get(name) is not None
    }
    key = said.pop("key", f"{what}-{days}")
    return SeenResult(key=key, what=what, on=on(days), **amounts, **said)


def held(*readings: SeenResult, answered: tuple[str, ...] = ()) -> tuple[Hold, ...]:
    return holds(readings, answered=answered)


def asked(*readings: SeenResult) -> list[str]:
    return [one.rule for one in open_questions(readings)]


def dip(days: int, *, infection: bool | None = False, positive: bool = True) -> SeenResult:
    return reading("urine-dip", days, positive=positive, circumstance=infection)


RULES = [
    pytest.param(
        [dip(10), dip(20)], [dip(10)], "LT-dip", GRID.dip_positive, id="dip positive twice"
    ),
    pytest.param(
        [reading("cystitis", value=2)],
        [reading("cystitis", value=1)],
        "LT-cystitis",
        GRID.cystitis_grade,
        id="cystitis of grade 2",
    ),
    pytest.param(
        [reading("alt", value=151, upper=50)],
        [reading("alt", value=150, upper=50)],
        "LT-liver",
        GRID.alt_hold,
        id="ALT above three times the limit",
    ),
    pytest.param(
        [reading("ast", value=251, upper=50)],
        [reading("ast", value=149, upper=50)],
        "LT-liver",
        GRID.alt_stop,
        id="AST above five times the limit",
    ),
    pytest.param(
        [reading("moca", -5, value=28), reading("moca", value=24)],
        [reading("moca", -5, value=28), reading("moca", value=25)],
        "LT-cognition",
        GRID.moca_drop,
        id="MoCA four points lower",
    ),
    pytest.param(
        [reading("drug-screen", positive=True, circumstance=False)],
        [reading("drug-screen", positive=True, circumstance=True)],
        "LT-misuse",
        GRID.misuse,
        id="drug screen that no medicine explains",
    ),
    pytest.param(
        [reading("outside", positive=True)],
        [reading("outside", positive=False)],
        "LT-misuse",
        GRID.misuse,
        id="ketamine used outside",
    ),
    pytest.param(
        [reading("hcg", positive=True)],
        [reading("hcg", positive=False)],
        "LT-pregnancy",
        GRID.misuse,
        id="pregnancy test positive",
    ),
]
"""What holds, what does not quite, the rule, and the figure with its source."""


@pytest.mark.parametrize(("positive", "negative", "rule", "figure"), RULES)
def test_each_action_rule_holds_with_its_source_and_not_before(
    positive: list[SeenResult], negative: list[SeenResult], rule: str, figure: Any
) -> None:
    [hold] = held(*positive)
    assert hold.rule == rule
    assert hold.finding.basis == figure.basis
    assert hold.finding.basis.mark is Mark.OWN
    assert hold.finding.action is not None
    assert held(*negative) == ()


@pytest.mark.parametrize(
    ("value", "symptoms", "stops", "action"),
    [
        pytest.param(151, False, False, "repeat the test within 7 days", id="repeat and hold"),
        pytest.param(
            250, False, False, "repeat the test within 7 days", id="five is not above"
        ),
        pytest.param(251, False, True, "Stop the treatment", id="above five"),
        pytest.param(151, True, True, "Stop the treatment", id="with symptoms"),
    ],
)
def test_a_raised_enzyme_is_repeated_within_a_week_and_a_higher_one_stops(
    value: int, action: str, *, symptoms: bool, stops: bool
) -> None:
    [hold] = held(reading("alt", value=value, upper=50, circumstance=symptoms))
    assert hold.stops is stops
    assert hold.finding.action is not None
    assert action in hold.finding.action.en
    assert hold.repeat_by == on(37)
    assert hold.finding.standing is (Standing.EXCLUDED if stops else Standing.NEEDS_SPECIALIST)


def test_a_hair_above_the_limit_is_above_it() -> None:
    [hold] = held(reading("alt", value="150.01", upper=50))
    assert "3.01 times" in hold.finding.reason.en


def test_a_normal_test_lifts_nothing_and_a_doctor_does() -> None:
    raised, normal = (
        reading("alt", 30, value=170, upper=50),
        reading("alt", 36, value=40, upper=50),
    )
    [hold] = held(raised, normal)
    assert (hold.since, hold.newest, hold.repeat_by) == (on(30), on(30), None)
    assert "2026-02-04" in hold.told.reason.en
    assert held(raised, normal, answered=hold.keys) == ()


def test_a_test_that_was_not_taken_is_no_repeated_one() -> None:
    [hold] = held(reading("alt", 30, value=170, upper=50), reading("alt", 36))
    assert hold.repeat_by == on(37)


def test_what_comes_after_the_doctors_answer_holds_anew() -> None:
    first, second = (
        reading("alt", 30, value=170, upper=50),
        reading("alt", 60, value=170, upper=50),
    )
    [hold] = held(first, second, answered=(first.key,))
    assert hold.keys == (second.key,)
    assert hold.since == on(60)


def test_the_worst_of_several_results_speaks_and_all_of_them_are_answered_for() -> None:
    rows = [
        reading("alt", 30, value=300, upper=50),
        reading("alt", 40, value=170, upper=50),
        reading("ast", 40, value=160, upper=50),
    ]
    [hold] = held(*rows)
    assert hold.stops
    assert set(hold.keys) == {one.key for one in rows}
    assert held(*rows, answered=hold.keys) == ()


def test_the_worst_hold_stands_first() -> None:
    found = held(
        reading("outside", positive=True),
        reading("alt", value=300, upper=50),
        reading("cystitis", value=3),
    )
    assert [one.rule for one in found] == ["LT-liver", "LT-cystitis", "LT-misuse"]


@pytest.mark.parametrize(
    ("dips", "rules"),
    [
        pytest.param([dip(1), dip(2, infection=True)], [], id="one had an infection"),
        pytest.param(
            [dip(1), dip(2, positive=False), dip(3)], ["LT-dip"], id="a negative between"
        ),
        pytest.param(
            [dip(1), dip(2, infection=True), dip(3)], ["LT-dip"], id="infection skipped"
        ),
        pytest.param([dip(1), dip(2, infection=None)], [], id="not known is no hold"),
    ],
)
def test_dips_count_without_infection_and_a_negative_one_undoes_none(
    dips: list[SeenResult], rules: list[str]
) -> None:
    assert [one.rule for one in held(*dips)] == rules


@pytest.mark.parametrize(
    ("readings", "rules"),
    [
        pytest.param([reading("moca", 10, value=28)], [], id="nothing to compare with"),
        pytest.param(
            [reading("moca", 10, value=28), reading("moca", 60, value=24)],
            ["LT-cognition"],
            id="without a baseline against the first",
        ),
        pytest.param(
            [reading("moca", -90, value=30), reading("moca", -5, value=26)],
            ["LT-cognition"],
            id="doses elsewhere may have come before the first session here",
        ),
        pytest.param(
            [
                reading("moca", -90, value=29),
                reading("moca", -5, value=26),
                reading("moca", 90, value=25),
            ],
            ["LT-cognition"],
            id="a slow fall is a fall",
        ),
        pytest.param([reading("moca", -5, value=28), reading("moca", 90)], [], id="not taken"),
    ],
)
def test_moca_is_compared_with_the_best_before(
    readings: list[SeenResult], rules: list[str]
) -> None:
    assert [one.rule for one in held(*readings)] == rules


def test_a_hold_rests_on_all_that_it_is_compared_or_counted_with() -> None:
    [fall] = held(reading("moca", -5, value=28), reading("moca", 90, value=24))
    assert fall.keys == ("moca--5", "moca-90")
    [dips] = held(dip(1), dip(9, infection=True), dip(20))
    assert dips.keys == ("urine-dip-1", "urine-dip-20")
    assert held(dip(1), dip(20), answered=dips.keys) == ()
    [again] = held(dip(1), dip(20), dip(40), answered=dips.keys)
    assert again.since == on(40)
    [corrected] = held(replace(dip(1), key="another"), dip(20), answered=dips.keys)
    assert corrected.rule == "LT-dip"


def test_each_raised_enzyme_has_its_own_week() -> None:
    rows = [reading("alt", 30, value=170, upper=50), reading("ast", 33, value=170, upper=50)]
    assert held(*rows)[0].repeat_by == on(37)
    assert held(*rows, reading("alt", 36, value=40, upper=50))[0].repeat_by == on(40)


def test_a_doctors_own_hold_says_that_a_doctor_has_set_it() -> None:
    [hold] = held(reading("doctor", 30, positive=True))
    assert (hold.rule, hold.stops, hold.asks) == ("LT-doctor", False, False)
    assert hold.told.reason.en == "A doctor has put the treatment on hold. Set on 2026-02-04."
    assert held(reading("doctor", positive=True), answered=hold.keys) == ()


@pytest.mark.parametrize("what", ["alt", "ast"])
@pytest.mark.parametrize("upper", [None, 0])
def test_without_the_laboratorys_limit_nothing_is_guessed_and_it_is_asked_for(
    what: str, upper: int | None
) -> None:
    row = reading(what, value=900, upper=upper)
    assert times_upper(row) is None
    assert held(row) == ()
    [question] = open_questions([row])
    assert question.asks
    assert (question.rule, question.name) == ("LT-liver", f"LT-liver?{row.key}")
    assert question.told.standing is Standing.UNKNOWN
    assert question.finding.question is not None
    assert "upper limit" in question.finding.question.en
    assert question.finding.basis == GRID.alt_hold.basis
    assert open_questions([row], answered=[row.key]) == ()


def test_a_later_answer_ends_only_a_question_that_could_not_hold() -> None:
    """By the lowest upper limit that any laboratory has, three times is 60."""
    later = reading("alt", 37, value=20, upper=50)
    assert asked(reading("alt", 30, value=60), later) == []
    assert asked(reading("alt", 30, value=61), later) == ["LT-liver"]
    assert asked(reading("alt", 30, value=60), reading("alt", 37)) == ["LT-liver"]


@pytest.mark.parametrize(
    ("value", "symptoms", "rules"),
    [
        pytest.param(170, None, ["LT-liver"], id="it would stop, and nobody asked"),
        pytest.param(170, False, [], id="asked"),
        pytest.param(150, None, [], id="it does not hold"),
        pytest.param(251, None, [], id="it stops in any case"),
    ],
)
def test_of_a_raised_enzyme_the_symptoms_are_asked(
    value: int, rules: list[str], *, symptoms: bool | None
) -> None:
    row = reading("ast", value=value, upper=50, circumstance=symptoms)
    assert asked(row, reading("ast", 40, value=20, upper=50)) == rules


@pytest.mark.parametrize(
    ("readings", "rules"),
    [
        pytest.param([dip(1, infection=None)], [], id="one alone would not hold"),
        pytest.param([dip(1), dip(2, infection=None)], ["LT-dip"], id="with it it would"),
        pytest.param(
            [dip(1, infection=None), dip(2)], ["LT-dip"], id="the earlier one is not known"
        ),
        pytest.param(
            [dip(1), dip(2, infection=None), dip(3, positive=False)],
            ["LT-dip"],
            id="a later negative one answers nothing",
        ),
        pytest.param(
            [
                reading("drug-screen", 1, positive=True),
                reading("drug-screen", 9, positive=False),
            ],
            ["LT-misuse"],
            id="nor does a later negative screen",
        ),
        pytest.param([reading("bladder", positive=True)], ["LT-cystitis"], id="not graded"),
        pytest.param([reading("bladder", positive=True, value=1)], [], id="graded"),
        pytest.param([reading("bladder", positive=False)], [], id="no symptoms"),
        pytest.param(
            [
                reading("bladder", key="a", positive=True, value=1),
                reading("bladder", key="b", positive=True),
            ],
            [],
            id="graded on the same day, whichever is read first",
        ),
        pytest.param(
            [
                reading("elated", key="a", positive=True),
                reading("elated", key="b", positive=False),
            ],
            ["LT-mania"],
            id="a yes and a no of one day",
        ),
        pytest.param(
            [reading("moca-incomplete", key="z", positive=True), reading("moca", value=28)],
            [],
            id="a total of the same day",
        ),
        pytest.param(
            [reading("bladder", 1, positive=True), reading("bladder", 9, positive=False)],
            [],
            id="they are gone",
        ),
        pytest.param([reading("elated", positive=True)], ["LT-mania"], id="elated"),
        pytest.param([reading("elated", positive=False)], [], id="not elated"),
        pytest.param(
            [reading("elated", 9, positive=True), reading("ymrs", 9, value=4)],
            [],
            id="rated since",
        ),
        pytest.param(
            [reading("elated", 9, positive=True), reading("ymrs", 8, value=4)],
            ["LT-mania"],
            id="rated before",
        ),
        pytest.param([dip(1, infection=True), dip(2, infection=None)], [], id="one explained"),
        pytest.param([dip(1), dip(2)], [], id="known"),
        pytest.param(
            [reading("drug-screen", positive=True)], ["LT-misuse"], id="screen unexplained"
        ),
        pytest.param([reading("drug-screen", positive=False)], [], id="screen negative"),
        pytest.param([reading("ggt", value=90)], [], id="no rule speaks of GGT"),
        pytest.param(
            [reading("moca-incomplete", positive=True)], ["LT-cognition"], id="no total"
        ),
        pytest.param(
            [reading("moca-incomplete", 5, positive=True), reading("moca", 9, value=28)],
            [],
            id="a total since",
        ),
    ],
)
def test_what_decides_and_is_not_known_is_asked(
    readings: list[SeenResult], rules: list[str]
) -> None:
    assert asked(*readings) == rules
    keys = [key for one in open_questions(readings) for key in one.keys]
    assert open_questions(readings, answered=keys) == ()


def test_no_rule_speaks_of_what_it_does_not_name() -> None:
    assert held(reading("ggt", value=2000, upper=50), reading("bilirubin", value=90)) == ()


whats = st.sampled_from(
    ["alt", "ast", "urine-dip", "moca", "cystitis", "drug-screen", "outside", "hcg", "ggt"]
)


@st.composite
def results(draw: st.DrawFn) -> list[SeenResult]:
    found = draw(
        st.lists(
            st.tuples(
                whats,
                st.sampled_from([-60, -5, 10, 20, 30, 400]),
                st.sampled_from([None, 0, 24, 28, 60, 151, 300]),
                st.sampled_from([None, 20, 50]),
                st.sampled_from([True, False, None]),
                st.sampled_from([True, False, None]),
            ),
            max_size=5,
        )
    )
    return [
        reading(
            what,
            days,
            key=f"{n}",
            value=value,
            upper=upper,
            positive=positive,
            circumstance=why,
        )
        for n, (what, days, value, upper, positive, why) in enumerate(found)
    ]


@given(results(), st.randoms())
def test_the_order_in_which_results_are_entered_changes_nothing(
    rows: list[SeenResult], random: Any
) -> None:
    mixed = random.sample(rows, len(rows))
    assert held(*mixed) == held(*rows)
    assert set(open_questions(mixed)) == set(open_questions(rows))


@given(results())
def test_whoever_answers_for_every_result_has_lifted_every_hold(rows: list[SeenResult]) -> None:
    keys = tuple(key for hold in held(*rows) for key in hold.keys)
    assert held(*rows, answered=keys) == ()


@given(results(), results())
def test_nothing_that_is_entered_beside_it_lifts_a_hold(
    rows: list[SeenResult], more: list[SeenResult]
) -> None:
    """Be it normal, of an earlier day, or entered late."""
    beside = [replace(one, key=f"more-{one.key}") for one in more]
    assert {one.rule for one in held(*rows)} <= {one.rule for one in held(*rows, *beside)}


@given(results())
def test_an_enzyme_without_a_limit_neither_holds_nor_is_called_well(
    rows: list[SeenResult],
) -> None:
    unlimited = [replace(one, upper=None) for one in rows if one.what in {"alt", "ast"}]
    assert held(*unlimited) == ()
    taken = {one.what for one in unlimited if one.value is not None or one.positive is not None}
    assert {one.finding.reason.en[:3].lower() for one in open_questions(unlimited)} == taken
