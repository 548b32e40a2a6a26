"""Inside the planned range, outside it, or so far outside that the dose stops."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible, Inconsistent
from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.monitoring.interventions import (
    PumpAdvice,
    RescueOrder,
    RescueOrders,
    interventions,
    pump_advice,
    rescue_orders,
)
from lysglimt.knowledge.monitoring.limits import (
    Light,
    light,
    limits,
    outside,
    outside_before,
    with_symptoms,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSign, baseline

from .readings import reading, readings

BEFORE = baseline([reading(-10, systolic=150), reading(-5, systolic=150)])


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        ("systolic", 159, "green"),
        ("systolic", 160, "amber"),
        pytest.param("systolic", 199, "amber", id="180 and over once is amber"),
        ("systolic", 200, "red"),
        ("diastolic", 99, "green"),
        ("diastolic", 100, "amber"),
        pytest.param("diastolic", 110, "amber", id="110 once is amber"),
        ("diastolic", 120, "red"),
        ("heart_rate", 44, "red"),
        ("heart_rate", 45, "amber"),
        ("heart_rate", 49, "amber"),
        ("heart_rate", 50, "green"),
        ("heart_rate", 110, "green"),
        ("heart_rate", 111, "amber"),
        pytest.param("heart_rate", 121, "amber", id="over 120 for less than five minutes"),
        ("heart_rate", 140, "amber"),
        ("heart_rate", 141, "red"),
        ("spo2", 94, "green"),
        ("spo2", 93, "amber"),
        ("spo2", 91, "amber"),
        ("spo2", 90, "red"),
        ("respiratory_rate", 7, "red"),
        ("respiratory_rate", 8, "amber"),
        ("respiratory_rate", 10, "green"),
        ("respiratory_rate", 24, "green"),
        ("respiratory_rate", 25, "amber"),
        ("respiratory_rate", 31, "red"),
        ("moaas", 4, "green"),
        ("moaas", 3, "amber"),
        ("moaas", 2, "red"),
        ("rass", -1, "green"),
        ("rass", -2, "amber"),
        ("rass", -3, "red"),
        ("rass", 2, "amber"),
        ("rass", 3, "red"),
        ("distress", 5, "green"),
        ("distress", 6, "amber"),
        ("distress", 8, "red"),
        ("cadss", 19, "green"),
        ("cadss", 20, "amber"),
        pytest.param("cadss", 60, "amber", id="strong dissociation without distress"),
        ("nausea", 3, "green"),
        ("nausea", 4, "amber"),
        pytest.param("temperature", 39, "green", id="temperature has no planned range"),
    ],
)
def test_every_row_of_the_planned_ranges(sign: str, value: int, expected: str) -> None:
    usual = {
        **BEFORE,
        VitalSign.SYSTOLIC: Fraction(199),
    }  # no rise, so that the rows stand alone
    found = outside([readings(10, {sign: value})], usual)
    assert light(found) == expected
    assert [one.sign for one in found] == ([] if expected == "green" else [sign])


@pytest.mark.parametrize(
    ("usual", "now", "expected"),
    [
        pytest.param(110, 139, Light.GREEN, id="29 over baseline"),
        pytest.param(110, 140, Light.AMBER, id="30 over baseline"),
        pytest.param(110, 159, Light.AMBER, id="49 over baseline"),
        pytest.param(105, 155, Light.RED, id="50 over baseline, though under 160"),
        pytest.param(110, 60, Light.GREEN, id="a fall is no rise"),
    ],
)
def test_a_rise_counts_from_this_sessions_baseline(
    usual: int, now: int, expected: Light
) -> None:
    before = baseline([reading(-10, systolic=usual), reading(-5, systolic=usual)])
    assert light(outside([reading(10, systolic=now, diastolic=40)], before)) is expected


def test_a_baseline_may_lie_between_two_numbers() -> None:
    before = baseline([reading(-10, systolic=110), reading(-5, systolic=111)])
    assert light(outside([reading(10, systolic=140)], before)) is Light.GREEN
    assert light(outside([reading(10, systolic=141)], before)) is Light.AMBER


@pytest.mark.parametrize(
    ("sign", "first", "then", "minutes", "expected"),
    [
        pytest.param("systolic", 181, 180, 5, "red", id="twice five minutes apart"),
        pytest.param("systolic", 181, 180, 4, "amber", id="twice four minutes apart"),
        pytest.param("systolic", 181, 179, 5, "amber", id="the second is lower"),
        pytest.param("diastolic", 110, 112, 5, "red", id="diastolic twice"),
        pytest.param("heart_rate", 125, 122, 5, "red", id="pulse over 120 for five minutes"),
        pytest.param("heart_rate", 120, 122, 5, "amber", id="120 is not over 120"),
    ],
)
def test_what_lasts_five_minutes_is_red(
    sign: str, first: int, then: int, minutes: int, expected: str
) -> None:
    series = [readings(10, {sign: first}), readings(10 + minutes, {sign: then})]
    assert light(outside(series, BEFORE)) == expected


def test_a_lower_reading_in_between_starts_the_five_minutes_again() -> None:
    series = [reading(10, systolic=185), reading(14, systolic=170), reading(16, systolic=185)]
    assert light(outside(series, BEFORE)) is Light.AMBER


def test_a_set_without_the_sign_does_not_break_the_five_minutes() -> None:
    series = [reading(10, systolic=185), reading(12, systolic=None), reading(15, systolic=185)]
    assert light(outside(series, BEFORE)) is Light.RED


def test_five_minutes_are_read_off_the_chart() -> None:
    series = [reading(10 + 40 / 60, systolic=185), reading(15 + 10 / 60, systolic=185)]
    assert light(outside(series, BEFORE)) is Light.RED


@pytest.mark.parametrize(
    ("spo2", "on_oxygen", "expected"),
    [
        pytest.param(93, False, "amber", id="93 on air"),
        pytest.param(93, True, "red", id="93 on oxygen"),
        pytest.param(94, True, "green", id="94 on oxygen"),
    ],
)
def test_a_low_saturation_on_oxygen_is_red(
    spo2: int, *, on_oxygen: bool, expected: str
) -> None:
    assert light(outside([reading(10, spo2=spo2, on_oxygen=on_oxygen)], BEFORE)) == expected


@pytest.mark.parametrize(
    ("cadss", "distress", "expected"),
    [
        pytest.param(40, 5, "amber", id="strong, and calm"),
        pytest.param(40, 6, "red", id="strong, with distress"),
        pytest.param(39, 6, "amber", id="distress, less strong"),
    ],
)
def test_strong_dissociation_is_red_only_with_distress(
    cadss: int, distress: int, expected: str
) -> None:
    found = outside([reading(10, cadss=cadss, distress=distress)], BEFORE)
    assert light(found) == expected
    assert len([one for one in found if one.sign == "cadss"]) == 1


def test_dissociation_without_distress_measured_stays_amber() -> None:
    assert light(outside([reading(10, cadss=50, distress=None)], BEFORE)) is Light.AMBER


values = st.integers(50, 260)


@given(lower=values, higher=values)
def test_a_higher_pressure_is_never_a_milder_light(lower: int, higher: int) -> None:
    low, high = sorted((lower, higher))
    seen = [
        light(outside([reading(10, systolic=value, diastolic=40)], BEFORE))
        for value in (low, high)
    ]
    assert seen[0].rank <= seen[1].rank


def test_the_words_are_about_a_range_and_never_an_alarm() -> None:
    for one in outside([reading(10, systolic=210, signs="chest_pain")], BEFORE):
        assert "alarm" not in f"{one.reason.nb} {one.reason.en}".lower()


@pytest.mark.parametrize("sign", sorted(limits().signs))
def test_every_sign_seen_has_its_light_and_an_order(sign: str) -> None:
    found = outside([reading(10, signs=sign)], BEFORE)
    assert [(one.sign, one.light) for one in found] == [(sign, limits().signs[sign].light)]
    assert interventions(found)


def test_a_sign_nobody_knows_is_refused() -> None:
    with pytest.raises(Implausible, match="sign: headach is refused"):
        outside([reading(10, signs="headach")], BEFORE)


@pytest.mark.parametrize(
    ("age", "sign", "value", "expected"),
    [
        (40, VitalSign.SYSTOLIC, 139, Light.GREEN),
        (40, VitalSign.SYSTOLIC, 140, Light.AMBER),
        (40, VitalSign.SYSTOLIC, 160, Light.RED),
        pytest.param(65, VitalSign.SYSTOLIC, 149, Light.GREEN, id="from 65 years up to 150"),
        pytest.param(65, VitalSign.SYSTOLIC, 150, Light.AMBER, id="from 65 years amber at 150"),
        pytest.param(65, VitalSign.SYSTOLIC, 160, Light.RED, id="red is the same at any age"),
        (65, VitalSign.DIASTOLIC, 90, Light.AMBER),
        (40, VitalSign.DIASTOLIC, 100, Light.RED),
        (40, VitalSign.HEART_RATE, 101, Light.AMBER),
        (40, VitalSign.HEART_RATE, 111, Light.RED),
        (40, VitalSign.HEART_RATE, 44, Light.RED),
        (40, VitalSign.OXYGEN, 95, Light.GREEN),
        (40, VitalSign.OXYGEN, 94, Light.AMBER),
        (40, VitalSign.OXYGEN, 91, Light.RED),
        pytest.param(40, VitalSign.NAUSEA, 9, Light.GREEN, id="nausea is no gate"),
    ],
)
def test_the_start_gate_has_ranges_of_its_own(
    age: int, sign: VitalSign, value: int, expected: Light
) -> None:
    assert light(outside_before(sign, value, age=age)) is expected


@pytest.mark.parametrize(
    ("age", "said", "mark"),
    [
        pytest.param(64, "155 mmHg (≥ 140)", Mark.OWN, id="our own limit below 65"),
        pytest.param(65, "155 mmHg (≥ 150)", Mark.MEMORY, id="the remembered one from 65"),
    ],
)
def test_the_gate_names_the_limit_that_it_used(age: int, said: str, mark: Mark) -> None:
    [found] = outside_before(VitalSign.SYSTOLIC, 155, age=age)
    assert found.reason.nb.endswith(said)
    assert found.basis.mark is mark


@pytest.mark.parametrize(
    ("found", "signs", "advice", "first"),
    [
        pytest.param({}, "", PumpAdvice.GO_ON, None, id="all green"),
        pytest.param(
            {"systolic": 170}, "", PumpAdvice.SLOW, "blood-pressure-amber", id="amber"
        ),
        pytest.param({"systolic": 205}, "", PumpAdvice.PAUSE, "blood-pressure-red", id="red"),
        pytest.param(
            {"systolic": 205},
            "severe_headache",
            PumpAdvice.STOP,
            "emergency-symptoms",
            id="red with symptoms",
        ),
        pytest.param({"spo2": 88}, "", PumpAdvice.STOP, "airway-red", id="low saturation"),
        pytest.param({"distress": 9}, "", PumpAdvice.STOP, "distress-red", id="panic"),
        pytest.param(
            {"nausea": 5}, "", PumpAdvice.GO_ON, "nausea", id="nausea is treated, not stopped"
        ),
        pytest.param(
            {"heart_rate": 150, "distress": 7},
            "",
            PumpAdvice.PAUSE,
            "heart-rate-red",
            id="gravest first",
        ),
    ],
)
def test_what_is_done_follows_what_is_outside(
    found: dict[str, int], signs: str, advice: PumpAdvice, first: str | None
) -> None:
    seen = outside([readings(10, found, signs=signs)], {})
    assert pump_advice(seen) is advice
    assert [order.id for order in interventions(seen)][:1] == ([first] if first else [])


@pytest.mark.parametrize(
    ("sign", "value", "order"),
    [
        pytest.param("heart_rate", 150, "heart-rate-red", id="a fast pulse"),
        pytest.param("heart_rate", 40, "heart-rate-low", id="a slow pulse: no beta-blocker"),
        pytest.param("rass", -4, "sedation-red", id="deeply sedated: airway"),
        pytest.param("rass", 3, "psychosis", id="agitated: low stimuli, not stimulation"),
        pytest.param("rass", 2, "distress-amber", id="restless: calm"),
        pytest.param("rass", -2, "sedation-amber", id="drowsy: slower"),
        pytest.param("respiratory_rate", 35, "airway-red", id="fast breathing"),
        pytest.param("respiratory_rate", 6, "airway-red", id="slow breathing"),
    ],
)
def test_too_low_is_not_treated_as_too_high(sign: str, value: int, order: str) -> None:
    seen = outside([readings(10, {sign: value})], {})
    assert [one.id for one in interventions(seen)] == [order]


@pytest.mark.parametrize("value", [30, 40, 44])
def test_a_beta_blocker_is_never_proposed_for_a_slow_pulse(value: int) -> None:
    seen = outside([readings(10, {"heart_rate": value})], {})
    steps = [step.en for order in interventions(seen) for step in order.steps]
    assert not [step for step in steps if step.startswith("Beta-blocker")]


def test_an_arrhythmia_is_treated_by_the_ecg_and_not_by_the_pulse() -> None:
    seen = outside([reading(10, signs="arrhythmia")], {})
    assert [one.id for one in interventions(seen)] == ["arrhythmia"]


def test_a_red_pressure_with_symptoms_has_its_own_order() -> None:
    calm = interventions(outside([reading(10, systolic=205)], {}))
    ill = interventions(outside([reading(10, systolic=205, signs="chest_pain")], {}))
    assert "blood-pressure-red-symptoms" in {order.id for order in ill}
    assert "blood-pressure-red-symptoms" not in {order.id for order in calm}


def test_trouble_with_the_line_is_no_symptom() -> None:
    assert not with_symptoms(outside([reading(10, signs="extravasation")], BEFORE))
    assert with_symptoms(outside([reading(10, signs="chest_pain")], BEFORE))
    assert not with_symptoms(outside([reading(10, signs="vomiting", systolic=205)], BEFORE))


def test_every_sign_outside_its_range_has_an_order() -> None:
    covered = {
        (sign, order.light, low)
        for order in rescue_orders()
        for sign in order.signs
        for low in ({True, False} if order.low is None else {order.low})
    }
    for name, row in limits().during.items():
        for light_of, limit, low in (
            (Light.AMBER, row.amber_from, False),
            (Light.AMBER, row.amber_to, True),
            (Light.RED, row.red_from or row.red_held_from, False),
            (Light.RED, row.red_to, True),
        ):
            assert limit is None or (name, light_of, low) in covered, (name, low)


def test_an_order_for_a_sign_nobody_knows_is_refused() -> None:
    order = rescue_orders()[0]
    strange = RescueOrder("x", ("bp",), order.light, order.pump, order.basis, order.steps)
    with pytest.raises(Inconsistent, match="bp: no such sign"):
        RescueOrders((strange,))


def test_a_decimal_reading_is_compared_exactly() -> None:
    warm = reading(10, temperature=Decimal("38.4"))
    assert not outside([warm], BEFORE)


def test_an_order_tells_other_steps_once_the_pump_no_longer_runs() -> None:
    for order in rescue_orders():
        assert order.told(running=True) == order.steps
        assert order.told(running=False) == (order.still or order.steps)
    assert any(order.still and order.still != order.steps for order in rescue_orders())
