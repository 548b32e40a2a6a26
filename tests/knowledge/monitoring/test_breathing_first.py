"""Who breathes poorly or is drowsy is helped to breathe first, and is given nothing that sedates."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.monitoring.interventions import (
    WITHHELD,
    PumpAdvice,
    RescueOrder,
    RescueOrders,
    interventions,
    pump_advice,
    rescue_orders,
    steps_told,
    told_first,
)
from lysglimt.knowledge.monitoring.limits import Outside, limits, outside
from lysglimt.knowledge.text import Text

from .readings import readings

SEDATING = ("midazolam", "azepam", "haloperidol", "olanzapin")
BREATHING_SIGNS = {
    *("spo2", "respiratory_rate", "moaas", "apnoea", "unresponsive"),
    *("laryngospasm", "vomiting_airway", "breathlessness"),
}


def found(signs: str = "", **values: int) -> tuple[Outside, ...]:
    return outside([readings(10, values, signs=signs)], {})


def told(outside_now: tuple[Outside, ...], *, running: bool = True) -> list[str]:
    return [step.nb for _, step in steps_told(interventions(outside_now), running=running)]


def first(outside_now: tuple[Outside, ...], *, running: bool = True) -> list[str]:
    steps = steps_told(interventions(outside_now), running=running)
    return [step.nb for step in told_first(steps)]


def breathes_poorly(one: Outside) -> bool:
    return one.sign in BREATHING_SIGNS or (one.sign == "rass" and one.low)


def sedates(step: Text) -> bool:
    return any(drug in f"{step.nb} {step.en}".lower() for drug in SEDATING)


def test_a_drowsy_patient_short_of_oxygen_gets_oxygen_and_a_doctor_and_no_midazolam() -> None:
    now = found(systolic=228, diastolic=124, spo2=91, moaas=3, distress=8)
    steps = told(now)
    assert steps[:3] == [
        "Stopp pumpen",
        "Endre leie, oksygen 2 l/min, mål på nytt etter 5 min, si fra til lege",
        "Nærvær, jording, mindre inntrykk; virkningen gir seg på minutter",
    ]
    assert not [step for step in steps if "idazolam" in step]
    assert WITHHELD.nb in steps
    assert first(now) == steps[:2]


def test_an_airway_in_danger_comes_first_and_no_midazolam_at_all() -> None:
    now = found(spo2=88, moaas=2, respiratory_rate=8, distress=9)
    assert told(now)[0] == "Stopp, frie luftveier, oksygen 15 l/min, stimuler, nødanrop"
    assert first(now) == told(now)[:1]
    assert not [step for step in told(now) if "idazolam" in step]


def test_who_is_awake_and_breathes_well_may_be_given_midazolam() -> None:
    steps = told(found(distress=9))
    assert steps[0] == "Stopp; virkningen gir seg på minutter"
    assert steps[1].startswith("Midazolam 1–2 mg iv bare ved fare")
    assert WITHHELD.nb not in steps
    assert first(found(distress=9)) == steps[:1]


@pytest.mark.parametrize(
    ("signs", "values", "begins"),
    [
        pytest.param(
            "chest_pain",
            {"spo2": 92},
            ["Stopp og nødanrop", "Endre leie, oksygen 2 l/min"],
            id="the emergency call is not put behind two litres of oxygen",
        ),
        pytest.param(
            "panic seizure",
            {"spo2": 92},
            ["Stopp og nødanrop", "Endre leie, oksygen 2 l/min"],
            id="of two that stop the pump the emergency is told",
        ),
        pytest.param(
            "",
            {"systolic": 205, "moaas": 3},
            ["Pause infusjonen, lege til pasienten", "Si fra til lege"],
            id="the pump is paused, not slowed",
        ),
        pytest.param(
            "breathlessness",
            {"systolic": 205},
            ["Stopp og nødanrop"],
            id="breathless before the pressure",
        ),
        pytest.param(
            "",
            {"moaas": 3, "spo2": 92},
            ["Endre leie, oksygen 2 l/min", "Halver hastigheten, si fra til lege"],
            id="oxygen before the rate",
        ),
        pytest.param("", {"moaas": 3}, ["Halver hastigheten, si fra til lege"], id="drowsy"),
        pytest.param(
            "psychosis",
            {"moaas": 3},
            ["Stopp pumpen", "Si fra til lege"],
            id="drowsy and psychotic: the sedation is not forgotten",
        ),
    ],
)
def test_the_pump_and_then_the_breathing(
    signs: str, values: Mapping[str, int], begins: list[str]
) -> None:
    steps = told(found(signs, **values))
    starts = zip(steps, begins, strict=False)
    assert all(step.startswith(begin) for step, begin in starts), steps


def test_with_no_pump_running_the_emergency_is_named_beside_the_oxygen() -> None:
    now = found("chest_pain", spo2=92)
    assert [step.split(",")[0] for step in first(now, running=False)] == [
        "Endre leie",
        "Nødanrop",
    ]


def test_oxygen_and_the_slower_pump_are_both_named_first() -> None:
    now = found(moaas=3, spo2=92, systolic=170)
    assert [step.split(",")[0] for step in first(now)] == ["Endre leie", "Halver hastigheten"]


def test_deep_sedation_by_either_scale_asks_for_one_amount_of_oxygen() -> None:
    oxygen = [step for step in told(found(rass=-3, spo2=92)) if "oksygen" in step]
    assert oxygen == ["Stopp, frie luftveier, oksygen 15 l/min, stimuler, nødanrop"]


VALUES: Mapping[str, tuple[int, ...]] = {
    "systolic": (124, 170, 205),
    "diastolic": (78, 105, 121),
    "heart_rate": (40, 47, 66, 115, 150),
    "spo2": (88, 92, 98),
    "respiratory_rate": (6, 8, 14, 27, 35),
    "moaas": (1, 3, 5),
    "rass": (-4, -2, 0, 2, 3),
    "distress": (1, 7, 9),
    "cadss": (0, 25, 50),
    "nausea": (0, 5),
}
ANYTHING = st.builds(
    lambda values, signs: outside([readings(10, values, signs=" ".join(signs))], {}),
    st.fixed_dictionaries({sign: st.sampled_from(held) for sign, held in VALUES.items()}),
    st.sets(st.sampled_from(sorted(limits().signs)), max_size=4),
)


@given(now=ANYTHING, running=st.booleans())
def test_who_breathes_poorly_is_never_offered_a_sedative(
    now: tuple[Outside, ...], *, running: bool
) -> None:
    steps = [step for _, step in steps_told(interventions(now), running=running)]
    if any(map(breathes_poorly, now)):
        assert not [step.nb for step in steps if sedates(step)]
    else:
        assert WITHHELD not in steps


@given(now=ANYTHING, running=st.booleans())
def test_nothing_but_the_pump_is_told_before_the_breathing(
    now: tuple[Outside, ...], *, running: bool
) -> None:
    called = interventions(now)
    steps = steps_told(called, running=running)
    assert {order.id for order, _ in steps} <= {order.id for order in called}
    poor = any(map(breathes_poorly, now))
    assert poor is any(order.breathing for order in called)
    if not poor:
        assert not [order for order, _ in steps if order.breathing]
        return
    begins = [order for order, _ in steps]
    if not begins[0].breathing:
        top, begins = steps[0], begins[1:]
        assert (running, top[1]) == (True, top[0].first)
    breathing = [order.breathing for order in begins]
    assert breathing[0]
    assert breathing == sorted(breathing, reverse=True)
    assert any(order.breathing for order, step in steps if step in told_first(steps))


@given(now=ANYTHING, running=st.booleans())
def test_the_pump_is_told_once_and_nothing_twice(
    now: tuple[Outside, ...], *, running: bool
) -> None:
    called = interventions(now)
    steps = [step.nb for _, step in steps_told(called, running=running)]
    assert len(steps) == len({*steps})
    pump = [step for step in steps if step.startswith(("Stopp", "Pause "))]
    halting = running and pump_advice(now).rank >= PumpAdvice.PAUSE.rank
    assert pump == (steps[:1] if halting else [])


def test_every_order_that_halts_the_pump_can_say_so_alone() -> None:
    for order in rescue_orders():
        if order.pump.rank >= PumpAdvice.PAUSE.rank and not order.breathing:
            assert order.first is not None, order.id


def test_every_drug_that_sedates_is_marked_as_one() -> None:
    for order in rescue_orders():
        for running in (True, False):
            for number, step in enumerate(order.told(running=running), start=1):
                assert sedates(step) is (number in order.sedates), order.id


def halting() -> RescueOrder:
    return next(one for one in rescue_orders() if one.id == "distress-red")


def test_an_order_that_halts_the_pump_and_cannot_say_so_is_refused() -> None:
    with pytest.raises(Inconsistent, match="how the pump is halted"):
        RescueOrders((replace(halting(), first=None),))


def test_an_order_that_marks_a_step_it_has_not_is_refused() -> None:
    with pytest.raises(Inconsistent, match="no step 3"):
        replace(halting(), sedates=(3,))
