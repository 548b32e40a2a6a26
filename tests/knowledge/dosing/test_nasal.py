"""Esketamine by nose: devices, rests and the doses of the label."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lysglimt.knowledge.dosing.nasal import (
    NasalIndication,
    NasalSchedule,
    NotInLabel,
    allowed_doses,
    device_sequence,
    nasal_dose,
    nasal_rules,
    nasal_schedule,
    next_device_at,
)
from lysglimt.knowledge.errors import Implausible, Inconsistent
from lysglimt.knowledge.quantities import Milligrams

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
RESISTANT, ACUTE = NasalIndication.RESISTANT, NasalIndication.ACUTE


def mg(amount: int) -> Milligrams:
    return Milligrams(Decimal(amount))


@pytest.mark.parametrize(
    ("age", "indication", "previous", "doses"),
    [
        pytest.param(64, RESISTANT, None, [56], id="day 1 below 65 years"),
        pytest.param(64, RESISTANT, 56, [56, 84], id="later below 65 years"),
        pytest.param(65, RESISTANT, None, [28], id="day 1 from 65 years"),
        pytest.param(65, RESISTANT, 28, [28, 56], id="28 mg steps from 65 years"),
        pytest.param(65, RESISTANT, 56, [28, 56, 84], id="one step either way"),
        pytest.param(65, RESISTANT, 84, [56, 84], id="one step down from the top"),
        pytest.param(40, ACUTE, None, [84], id="day 1 of acute use"),
        pytest.param(40, ACUTE, 84, [56, 84], id="reduced when not tolerated"),
    ],
)
def test_todays_doses_are_those_of_the_label(
    age: int, indication: NasalIndication, previous: int | None, doses: list[int]
) -> None:
    schedule = nasal_schedule(age, indication)
    last = mg(previous) if previous else None
    assert allowed_doses(schedule, last) == tuple(mg(dose) for dose in doses)
    assert nasal_dose(mg(doses[0]), schedule, last) == mg(doses[0])


def test_a_dose_the_label_does_not_allow_today_is_refused() -> None:
    with pytest.raises(Implausible, match="dose_mg: 84 is refused, allowed is 56 mg"):
        nasal_dose(mg(84), nasal_schedule(40, RESISTANT), None)


def test_acute_use_from_65_years_is_not_in_the_label() -> None:
    with pytest.raises(NotInLabel, match="below 65") as refusal:
        nasal_schedule(65, ACUTE)
    assert refusal.value.facts["value"] == 65


@pytest.mark.parametrize(("dose", "devices"), [(28, 1), (56, 2), (84, 3)])
def test_devices_are_five_minutes_apart(dose: int, devices: int) -> None:
    assert [step.earliest for step in device_sequence(mg(dose))] == [
        timedelta(minutes=5 * n) for n in range(devices)
    ]


@pytest.mark.parametrize("dose", [0, 30, 42])
def test_a_dose_is_whole_devices(dose: int) -> None:
    with pytest.raises(Implausible, match="whole devices of 28 mg"):
        device_sequence(mg(dose))


@pytest.mark.parametrize(
    ("given", "next_at"),
    [
        pytest.param([], None, id="the first waits for nothing"),
        pytest.param([0], 5, id="five minutes after the first"),
        pytest.param([0, 8], 13, id="five minutes after the one before, when it was late"),
        pytest.param([0, 5, 10], None, id="all are given, a sneezed one too"),
    ],
)
def test_the_next_device_waits_for_its_rest(given: list[int], next_at: int | None) -> None:
    times = [NINE + timedelta(minutes=minute) for minute in given]
    expected = None if next_at is None else NINE + timedelta(minutes=next_at)
    assert next_device_at(mg(84), times) == expected


def test_a_schedule_of_part_devices_is_refused() -> None:
    rules = nasal_rules()
    dose = replace(rules.device.content, value=mg(40))
    with pytest.raises(Inconsistent, match="every dose is whole devices"):
        replace(rules, schedules={"odd": NasalSchedule(first=(dose,), later=())})
