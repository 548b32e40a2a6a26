"""A danger sign stands until somebody has said that it is over."""

from dataclasses import replace

import pytest

from lysglimt.knowledge.monitoring.bedside import red_with_symptoms
from lysglimt.knowledge.monitoring.before_start import accepted, told_danger
from lysglimt.knowledge.monitoring.interventions import interventions, steps_told
from lysglimt.knowledge.monitoring.limits import (
    Light,
    answered_for,
    danger,
    is_danger,
    light,
    limits,
    outside,
    standing_signs,
    with_symptoms,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSet
from lysglimt.knowledge.verdict import Standing

from .readings import at, reading


def over(minute: float, *signs: str) -> VitalSet:
    return replace(reading(minute), over=frozenset(signs))


TOLD = reading(5, signs="chest_pain")


@pytest.mark.parametrize(
    ("series", "stands"),
    [
        pytest.param([TOLD], {"chest_pain": 5}, id="as it is told"),
        pytest.param([TOLD, reading(10)], {"chest_pain": 5}, id="a calm set answers nothing"),
        pytest.param([TOLD, over(10, "chest_pain")], {}, id="asked about, and over"),
        pytest.param(
            [TOLD, over(10, "chest_pain"), reading(15, signs="chest_pain")],
            {"chest_pain": 15},
            id="it comes back",
        ),
        pytest.param(
            [reading(5, signs="chest_pain seizure"), over(10, "seizure")],
            {"chest_pain": 5},
            id="one of two is over",
        ),
        pytest.param([reading(5, signs="vomiting")], {}, id="what is amber stands for no one"),
        pytest.param([], {}, id="nothing is told"),
    ],
)
def test_a_danger_sign_stands_until_it_is_answered(
    series: list[VitalSet], stands: dict[str, int]
) -> None:
    assert standing_signs(series) == {sign: at(minute) for sign, minute in stands.items()}


def test_an_ordinary_set_after_chest_pain_is_still_red() -> None:
    found = outside([TOLD, reading(10)], {})
    assert light(found) is Light.RED
    assert with_symptoms(found)
    assert outside([TOLD, reading(10), over(15, "chest_pain")], {}) == ()


@pytest.mark.parametrize(
    ("sign", "danger"), [("chest_pain", True), ("vomiting", False), ("?", False)]
)
def test_the_red_signs_are_the_danger_signs(sign: str, *, danger: bool) -> None:
    assert is_danger(sign) is danger


@pytest.mark.parametrize("sign", ["chest_pain", "seizure", "apnoea", "arrhythmia"])
def test_what_lists_as_danger_is_among_them(sign: str) -> None:
    assert sign in [one for one in limits().signs if is_danger(one)]


def told(*signs: str, running: bool = True) -> list[str]:
    found = outside([reading(5, signs=" ".join(signs), systolic=206, distress=7)], {})
    return [step.nb for _, step in steps_told(interventions(found), running=running)]


def test_the_pump_is_stopped_once_and_then_neither_paused_nor_slowed() -> None:
    steps = told("chest_pain")
    assert steps[0].startswith("Stopp")
    assert not [one for one in steps[1:] if one.startswith(("Stopp", "Pause"))]
    assert not [one for one in steps if "senk hastigheten" in one or "Halver" in one]
    paused = told()
    assert paused[0].startswith("Pause infusjonen")
    assert not [one for one in paused if "senk hastigheten" in one]
    assert not [one for one in told(running=False) if one.startswith(("Stopp", "Pause"))]


def test_amber_alone_still_slows_the_pump() -> None:
    found = outside([reading(5, distress=7)], {})
    [(order, step)] = steps_told(interventions(found), running=True)
    assert (order.light, "senk hastigheten" in step.nb) == (Light.AMBER, True)


def test_a_danger_sign_before_the_start_forbids_it_until_it_is_over() -> None:
    [stands] = told_danger([TOLD, reading(10)])
    assert (stands.criterion, stands.standing) == ("gate:chest_pain", Standing.EXCLUDED)
    assert [*told_danger([TOLD, over(10, "chest_pain")])] == []
    assert danger([TOLD])[0].light is Light.RED


def test_what_has_a_button_of_its_own_is_a_danger_sign_with_something_to_do() -> None:
    at_hand = [sign for sign, seen in limits().signs.items() if seen.one_tap]
    assert {"chest_pain", "breathlessness", "unresponsive"} <= {*at_hand}
    for sign in at_hand:
        assert is_danger(sign)
        assert told(sign)[0].startswith("Stopp"), sign


@pytest.mark.parametrize(
    ("by_doctor", "seen", "stands"),
    [
        pytest.param(False, None, True, id="a nurse says so, no doctor has come"),
        pytest.param(True, None, False, id="a doctor says so"),
        pytest.param(False, 4, True, id="a doctor came before it was told"),
        pytest.param(False, 5, False, id="a doctor came in the same minute"),
        pytest.param(False, 20, False, id="a doctor came after it was over"),
    ],
)
def test_a_danger_sign_is_over_by_a_doctors_word(
    *, by_doctor: bool, seen: int | None, stands: bool
) -> None:
    series = [(reading(5.5, signs="chest_pain"), False), (over(10, "chest_pain"), by_doctor)]
    heard = answered_for(series, seen=None if seen is None else at(seen))
    assert bool(standing_signs(heard)) is stands


def test_nothing_measured_before_a_danger_sign_counts_for_a_start() -> None:
    before = [reading(0), reading(5), TOLD, reading(21)]
    assert accepted(before, age=44) == (before[3],)
    assert accepted([*before, reading(26, signs="chest_pain")], age=44) == ()


@pytest.mark.parametrize(
    ("sets", "complaint", "found"),
    [
        pytest.param([reading(5, signs="chest_pain")], None, True, id="a danger sign"),
        pytest.param([reading(5, systolic=206)], None, False, id="red alone"),
        pytest.param([reading(5, systolic=206)], 0, True, id="five minutes before it"),
        pytest.param([reading(6, systolic=206)], 0, False, id="longer before it"),
        pytest.param([reading(5, systolic=206)], 15, True, id="red still"),
        pytest.param([reading(5, systolic=206), reading(10)], 10, True, id="until it is calm"),
        pytest.param([reading(5, systolic=206), reading(10)], 11, False, id="calm by then"),
        pytest.param([reading(5)], 5, False, id="nothing is red"),
        pytest.param([reading(25, systolic=206)], 20, False, id="later than asked about"),
        pytest.param([], 5, False, id="nothing was read"),
    ],
)
def test_red_with_symptoms_is_a_danger_sign_or_a_complaint_while_something_is_red(
    sets: list[VitalSet], complaint: int | None, *, found: bool
) -> None:
    read = [(one, outside([one], {})) for one in sets]
    told = [] if complaint is None else [at(complaint)]
    assert red_with_symptoms(read, told, until=at(20)) is found
