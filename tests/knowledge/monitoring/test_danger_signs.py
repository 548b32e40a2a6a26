"""A danger sign stands until somebody has said that it is over."""

from dataclasses import replace

import pytest

from lysglimt.knowledge.monitoring.limits import (
    Light,
    is_danger,
    light,
    limits,
    outside,
    standing_signs,
    with_symptoms,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSet

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
