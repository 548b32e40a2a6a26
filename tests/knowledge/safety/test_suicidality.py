from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.safety import safety_items
from lysglimt.knowledge.safety.suicidality import (
    Anchor,
    NoSuchItem,
    Promptness,
    SafetyAnswer,
    SafetyTask,
    answered_by_a_doctor,
    can_ask_for_a_doctor,
    days_to_ask,
    in_their_time,
    news,
    promptness,
    suicidality_table,
    task,
)

SOON, TODAY, NOW = Promptness
PHQ_1 = SafetyAnswer("phq9", "i9", 1)
PHQ_2 = SafetyAnswer("phq9", "i9", 2)
MADRS_2 = SafetyAnswer("madrs", "i10", 2)
INTENT = SafetyAnswer("cssrs_screener", "i4", 1)
PLAN = SafetyAnswer("cssrs_screener", "i5", 1)
BEHAVIOUR = SafetyAnswer("cssrs_screener", "i6", 1)


@pytest.mark.parametrize(
    ("instrument", "item", "value", "act"),
    [
        pytest.param("phq9", "i9", 0, None, id="PHQ-9 not at all"),
        pytest.param("phq9", "i9", 1, SOON, id="PHQ-9 several days"),
        pytest.param("phq9", "i9", 2, TODAY, id="PHQ-9 more than half the days"),
        pytest.param("madrs", "i10", 1, None, id="MADRS 1"),
        pytest.param("madrs", "i10", 2, SOON, id="MADRS 2"),
        pytest.param("madrs", "i10", 3, SOON, id="MADRS 3"),
        pytest.param("madrs", "i10", 4, TODAY, id="MADRS 4"),
        pytest.param("madrs", "i10", 5, TODAY, id="MADRS 5, between"),
        pytest.param("madrs", "i10", 6, NOW, id="MADRS 6, a plan"),
        pytest.param("madrs_s", "i9", 6, NOW, id="MADRS-S 6"),
        pytest.param("phq9", "i9", 3, TODAY, id="PHQ-9 counts days, not plans"),
        pytest.param("qids_sr16", "i12", 2, TODAY, id="QIDS 2"),
        pytest.param("qids_sr16", "i12", 3, NOW, id="QIDS 3, a plan or an attempt"),
        pytest.param("hamd17", "i3", 3, TODAY, id="HAM-D 3"),
        pytest.param("hamd17", "i3", 4, NOW, id="HAM-D 4, an attempt"),
        pytest.param("bdi2", "i9", 2, TODAY, id="BDI-II 2"),
        pytest.param("bdi2", "i9", 3, NOW, id="BDI-II 3, intent"),
        pytest.param("cssrs_screener", "i1", 1, SOON, id="wish to be dead"),
        pytest.param("cssrs_screener", "i3", 1, TODAY, id="a method without intent"),
        pytest.param("cssrs_screener", "i4", 1, NOW, id="intent"),
        pytest.param("cssrs_screener", "i5", 1, NOW, id="plan and intent"),
        pytest.param("cssrs_screener", "i6", 1, TODAY, id="behaviour, lifetime"),
        pytest.param("cssrs_screener", "i6b", 1, NOW, id="behaviour in the last three months"),
        pytest.param("cssrs_screener", "i4", 0, None, id="no intent"),
    ],
)
def test_when_to_act_on_an_answer(
    instrument: str, item: str, value: int, act: Promptness | None
) -> None:
    assert promptness(SafetyAnswer(instrument, item, value)) is act


def test_what_is_acted_on_the_same_day_a_doctor_answers() -> None:
    assert [answered_by_a_doctor(act) for act in (SOON, TODAY, NOW)] == [False, True, True]


@pytest.mark.parametrize("scale", sorted({row.instrument for row in safety_items()}))
def test_every_instrument_that_asks_about_suicide_can_ask_for_a_doctor(scale: str) -> None:
    assert can_ask_for_a_doctor(scale)


def test_nothing_positive_opens_nothing() -> None:
    assert task([SafetyAnswer("phq9", "i9", 0)]) is None
    assert task([]) is None


def test_the_most_urgent_answer_decides_when() -> None:
    step = task([PHQ_1, INTENT, MADRS_2])
    assert step is not None
    assert step.opened
    assert step.task.act is NOW
    assert step.task.answers == (PHQ_1, INTENT, MADRS_2)


def test_a_repeated_positive_is_added_to_the_open_task() -> None:
    first = task([PHQ_2])
    assert first is not None
    again = task([PHQ_2], open_tasks=[first.task])
    assert again is not None
    assert not again.opened
    assert again.task == first.task


def test_a_milder_positive_is_added_and_keeps_the_urgency() -> None:
    first = task([PHQ_2])
    assert first is not None
    again = task([MADRS_2], open_tasks=[first.task])
    assert again is not None
    assert not again.opened
    assert again.task.act is TODAY
    assert again.task.answers == (PHQ_2, MADRS_2)


def test_a_more_urgent_answer_opens_a_new_task() -> None:
    first = task([PHQ_1])
    assert first is not None
    worse = task([PHQ_2], open_tasks=[first.task])
    assert worse is not None
    assert worse.opened


@pytest.mark.parametrize("new", [PLAN, BEHAVIOUR], ids=["plan", "behaviour"])
def test_new_intent_plan_or_behaviour_opens_a_new_task(new: SafetyAnswer) -> None:
    first = task([INTENT])
    assert first is not None
    again = task([INTENT, new], open_tasks=[first.task])
    assert again is not None
    assert again.opened


def test_the_same_intent_again_is_added() -> None:
    first = task([INTENT])
    assert first is not None
    again = task([INTENT], open_tasks=[first.task])
    assert again is not None
    assert not again.opened


@pytest.mark.parametrize("item", ["i4", "i5", "i6", "i6b"])
def test_the_same_answer_since_the_last_contact_is_another_event(item: str) -> None:
    said = SafetyAnswer("cssrs_screener", item, 1, "since_last_contact")
    first = task([said])
    assert first is not None
    again = task([said], open_tasks=[first.task])
    assert again is not None
    assert again.opened
    assert again.task.act is NOW


def test_thoughts_since_the_last_contact_are_still_added() -> None:
    said = SafetyAnswer("cssrs_screener", "i2", 1, "since_last_contact")
    first = task([said])
    assert first is not None
    again = task([said], open_tasks=[first.task])
    assert again is not None
    assert again.added_to == first.task


def since(item: str, value: int = 1) -> SafetyAnswer:
    return SafetyAnswer("cssrs_screener", item, value, recall="since_last_contact")


@pytest.mark.parametrize(
    ("said", "before", "new"),
    [
        pytest.param([since("i1", 0)], [], [], id="a no is no news"),
        pytest.param([since("i1")], [], [since("i1")], id="a first wish to be dead"),
        pytest.param([since("i1")], [since("i1")], [], id="the same thoughts again"),
        pytest.param([PHQ_2], [PHQ_1], [PHQ_2], id="more than before"),
        pytest.param([PHQ_1], [PHQ_2], [], id="less than before"),
        pytest.param([since("i4")], [since("i4")], [since("i4")], id="intent is another event"),
        pytest.param([INTENT], [INTENT], [], id="the same intent of the last month"),
    ],
)
def test_what_is_new_since_the_answers_before(
    said: list[SafetyAnswer], before: list[SafetyAnswer], new: list[SafetyAnswer]
) -> None:
    assert news(said, before=before) == tuple(new)


@pytest.mark.parametrize("window", ["", "since_last_contact", "lifetime"])
@pytest.mark.parametrize(
    ("recently", "act"),
    [
        pytest.param(0, TODAY, id="long ago"),
        pytest.param(1, NOW, id="in the last months"),
    ],
)
def test_behaviour_ever_is_now_only_where_it_is_of_the_last_months(
    window: str, recently: int, act: Promptness
) -> None:
    ever = SafetyAnswer("cssrs_screener", "i6", 1, window)
    months = SafetyAnswer("cssrs_screener", "i6b", recently, window)
    said = in_their_time([ever, months])
    step = task(said)
    assert step is not None
    assert step.task.act is act
    assert bool(news(said, before=[])) is bool(recently)


def test_behaviour_of_which_it_is_not_said_when_is_of_the_time_asked_about() -> None:
    assert in_their_time([since("i6")]) == (since("i6"),)
    assert in_their_time([since("i6", 0), since("i6b", 0)])[0] == since("i6", 0)
    step = task(in_their_time([since("i6")]))
    assert step is not None
    assert step.task.act is NOW


def test_an_attempt_long_ago_is_added_to_the_open_task_and_opens_no_other() -> None:
    said = in_their_time([since("i6"), since("i6b", 0)])
    first = task(said)
    assert first is not None
    again = task(said, open_tasks=[first.task])
    assert again is not None
    assert not again.opened


def test_behaviour_once_in_a_life_becomes_new_when_it_is_of_the_last_three_months() -> None:
    once = task([SafetyAnswer("cssrs_screener", "i6", 1, "lifetime")])
    assert once is not None
    assert once.task.act is TODAY
    now = task(
        [SafetyAnswer("cssrs_screener", "i6", 1, "behaviour_3m")], open_tasks=[once.task]
    )
    assert now is not None
    assert now.opened
    assert now.task.act is NOW


def test_every_open_task_is_read_and_the_one_that_says_the_same_is_added_to() -> None:
    newest, oldest = SafetyTask(SOON, (PHQ_1,)), SafetyTask(NOW, (INTENT,))
    again = task([INTENT], open_tasks=[newest, oldest])
    assert again is not None
    assert again.added_to is oldest


def test_the_windows_of_the_rule_are_those_of_the_instrument() -> None:
    recall = instrument("cssrs_screener").recall
    for window in {*suicidality_table().since_last, *suicidality_table().recent}:
        assert recall.variant(window).id == window


def test_an_item_the_rule_does_not_know_never_passes_as_negative() -> None:
    with pytest.raises(NoSuchItem, match="who5"):
        task([SafetyAnswer("who5", "i1", 0)])


def test_every_safety_item_of_every_instrument_has_a_rule() -> None:
    ruled = {(rule.instrument, rule.item) for rule in suicidality_table().ratings}
    assert {(row.instrument, row.item.id) for row in safety_items()} <= ruled


@given(value=st.integers(0, 6))
def test_a_higher_answer_is_never_acted_on_later(value: int) -> None:
    acts = [promptness(SafetyAnswer("madrs", "i10", v)) for v in (value, value + 1)]
    lower, higher = (-1 if act is None else act.order for act in acts)
    assert higher >= lower


def test_the_days_to_ask_follow_from_the_events() -> None:
    last = date(2026, 3, 2)
    due = days_to_ask({Anchor.LAST_DOSE: last, Anchor.FIRST_SESSION: date(2026, 2, 1)})
    assert due[0][0] == date(2026, 2, 2)
    assert [day for day, _ in due[1:]] == [
        last + timedelta(weeks=weeks) for weeks in (1, 2, 4, 8, 12)
    ]
    assert days_to_ask({}) == ()


def test_nobody_is_graded() -> None:
    words = {*Promptness}
    assert not {"low", "moderate", "high"} & {word.value for word in words}
