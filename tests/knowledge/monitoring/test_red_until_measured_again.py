"""What was outside the planned range stays so until the sign is measured again."""

import pytest

from lysglimt.knowledge.monitoring.bedside import bedside
from lysglimt.knowledge.monitoring.limits import Light, Outside, light, outside
from lysglimt.knowledge.monitoring.vital_signs import VitalSet

from .readings import reading

HIGH = reading(5, systolic=206)


def unmeasured(minute: float) -> VitalSet:
    return reading(minute, systolic=None, diastolic=None)


@pytest.mark.parametrize(
    ("series", "worst", "stands"),
    [
        pytest.param([HIGH], Light.RED, False, id="as it is measured"),
        pytest.param([HIGH, unmeasured(10)], Light.RED, True, id="nobody measured it since"),
        pytest.param([HIGH, unmeasured(10), unmeasured(15)], Light.RED, True, id="nor later"),
        pytest.param([HIGH, reading(10)], Light.GREEN, False, id="measured, and calm"),
        pytest.param(
            [HIGH, reading(10, systolic=170), unmeasured(15)],
            Light.AMBER,
            True,
            id="as it was when it was measured last",
        ),
        pytest.param([reading(5), unmeasured(10)], Light.GREEN, False, id="it was calm"),
    ],
)
def test_a_sign_is_as_it_was_when_it_was_measured_last(
    series: list[VitalSet], worst: Light, *, stands: bool
) -> None:
    found = outside(series, {})
    assert light(found) is worst
    assert any(one.stands for one in found) is stands
    assert all(one.reason.nb.endswith("ikke målt på nytt") for one in found if one.stands)


def read(*series: VitalSet) -> list[tuple[bool, bool]]:
    found: list[tuple[VitalSet, tuple[Outside, ...]]] = [
        (one, outside(series[: number + 1], {})) for number, one in enumerate(series)
    ]
    return [(one.green, one.red) for one in bedside(found)]


def test_a_set_that_leaves_out_a_sign_that_was_red_is_not_green() -> None:
    green, red, neither = (True, False), (False, True), (False, False)
    assert read(HIGH, unmeasured(10)) == [red, red]
    assert read(HIGH, reading(10), unmeasured(15)) == [red, green, neither]
    assert read(reading(5), unmeasured(10)) == [green, green]
    assert read(reading(5, systolic=165), unmeasured(10)) == [neither, neither]


def test_a_danger_sign_answered_is_no_reading_to_take_again() -> None:
    told = reading(5, signs="chest_pain")
    over = VitalSet(reading(10).at, reading(10).values, over=frozenset({"chest_pain"}))
    assert read(told, over) == [(False, True), (True, False)]
