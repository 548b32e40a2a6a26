"""A reading that cannot be is stopped, one that seldom is is asked about."""

from decimal import Decimal
from fractions import Fraction

import pytest

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.monitoring.before_start import risen_from
from lysglimt.knowledge.monitoring.vital_signs import (
    SIGN_NAMES,
    VitalSet,
    VitalSign,
    baseline,
    plausible,
    provisional,
    questions,
    typed_sign,
)

from .readings import NINE, reading


@pytest.mark.parametrize(
    ("sign", "typed"),
    [
        pytest.param(VitalSign.SYSTOLIC, "1200", id="1200/80: a digit too many"),
        pytest.param(VitalSign.SYSTOLIC, "12", id="a digit left out"),
        pytest.param(VitalSign.DIASTOLIC, "8O", id="a letter"),
        pytest.param(VitalSign.OXYGEN, "101", id="more than all of it"),
        pytest.param(VitalSign.HEART_RATE, "66.5", id="half a beat"),
        pytest.param(VitalSign.DISTRESS, "11", id="beyond the scale"),
        pytest.param(VitalSign.AROUSAL, "-6", id="below the scale"),
    ],
)
def test_a_reading_that_cannot_be_is_stopped(sign: VitalSign, typed: str) -> None:
    with pytest.raises(Implausible) as refusal:
        typed_sign(sign, typed)
    assert (refusal.value.facts["field"], refusal.value.facts["value"]) == (sign, typed)


@pytest.mark.parametrize(
    ("sign", "typed", "value"),
    [
        (VitalSign.SYSTOLIC, "124", Decimal(124)),
        (VitalSign.AROUSAL, "-2", Decimal(-2)),
        (VitalSign.TEMPERATURE, "36,8", Decimal("36.8")),
    ],
)
def test_a_reading_is_taken_as_typed(sign: VitalSign, typed: str, value: Decimal) -> None:
    assert typed_sign(sign, typed) == value


def test_an_unusual_reading_is_asked_about_and_then_stands() -> None:
    asked = questions(reading(systolic=202, diastolic=124))
    assert {finding.criterion for finding in asked} == {
        "plausible:systolic",
        "plausible:diastolic",
    }
    assert all(finding.question for finding in asked)


def test_nothing_in_the_amber_band_is_asked_about() -> None:
    assert not questions(reading(systolic=199, diastolic=119, heart_rate=140))


def test_ordinary_readings_are_not_asked_about() -> None:
    assert not questions(reading())


@pytest.mark.parametrize(("systolic", "diastolic"), [(80, 80), (78, 124)])
def test_the_diastolic_pressure_is_the_lower(systolic: int, diastolic: int) -> None:
    with pytest.raises(Implausible, match=f"below the systolic pressure {systolic}"):
        reading(systolic=systolic, diastolic=diastolic)


def test_what_was_not_measured_says_why() -> None:
    vitals = VitalSet(NINE, {}, not_measured={VitalSign.SYSTOLIC: "cuff taken off at request"})
    assert vitals.value(VitalSign.SYSTOLIC) is None


@pytest.mark.parametrize(
    ("values", "why"),
    [
        pytest.param({}, " ", id="no reason"),
        pytest.param({VitalSign.SYSTOLIC: 120}, "asleep", id="measured and not measured"),
    ],
)
def test_a_sign_is_measured_or_has_a_reason(values: dict[VitalSign, int], why: str) -> None:
    with pytest.raises(Implausible, match="a value, or the reason"):
        VitalSet(NINE, values, not_measured={VitalSign.SYSTOLIC: why})


def test_the_baseline_is_the_mean_of_the_two_latest_readings() -> None:
    before = [reading(-10, systolic=131), reading(-30, systolic=170), reading(-5, systolic=124)]
    assert baseline(before)[VitalSign.SYSTOLIC] == Fraction(255, 2)


def test_a_sign_read_once_has_no_baseline() -> None:
    before = baseline([reading(-10, systolic=None), reading(-5)])
    assert VitalSign.SYSTOLIC not in before
    assert before[VitalSign.HEART_RATE] == 66


def test_every_sign_has_a_name_and_a_range() -> None:
    for sign in VitalSign:
        limits = plausible().of(sign)
        assert limits.lowest <= limits.ask_below <= limits.ask_above <= limits.highest, sign
        assert SIGN_NAMES[sign].nb


def test_the_one_reading_of_a_sign_is_provisional_and_no_baseline() -> None:
    before = [reading(-10, systolic=None), reading(-5, systolic=121)]
    assert provisional(before) == {VitalSign.SYSTOLIC: 121}
    assert not provisional([reading(-10), reading(-5)])
    assert not provisional([])


@pytest.mark.parametrize(
    ("before", "usual"),
    [
        pytest.param([reading(-5, systolic=121)], 121, id="one sound reading"),
        pytest.param(
            [reading(-20, systolic=172), reading(-5, systolic=121)],
            121,
            id="one since a pressure that was red",
        ),
        pytest.param([reading(-9, systolic=120), reading(-4, systolic=124)], 122, id="two"),
        pytest.param([reading(-5, systolic=172)], None, id="one, and red"),
        pytest.param([], None, id="none"),
    ],
)
def test_a_rise_is_judged_from_the_baseline_or_the_one_sound_reading(
    before: list[VitalSet], usual: int | None
) -> None:
    assert risen_from(before, age=44).get(VitalSign.SYSTOLIC) == usual
