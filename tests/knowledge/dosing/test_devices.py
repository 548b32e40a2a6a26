"""Nasal devices: each counted once, five minutes apart, and nothing that happened is lost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.dosing.devices import (
    AFTER_THE_END,
    COUNT,
    DEVICE_CHECK,
    EXPIRED,
    INTERVAL,
    LAST_UNKNOWN,
    NOT_ALLOWED,
    ONE_NOSTRIL,
    UNCHECKED,
    DeviceAct,
    DeviceCard,
    DeviceEvent,
    Devices,
    DevicesOutOfOrder,
    NasalDeviceGiven,
    against_device,
    against_order,
    device_card,
    devices_of,
    incomplete,
    of_devices,
    refuse_mixed_up,
)
from lysglimt.knowledge.dosing.nasal import NasalIndication, nasal_rules
from lysglimt.knowledge.quantities import Milligrams
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RESISTANT, ACUTE = NasalIndication.RESISTANT, NasalIndication.ACUTE
FIVE = timedelta(minutes=5)


def at(minute: int) -> datetime:
    return NOON + minute * MINUTE


def given_at(minute: int, took: int = 0) -> DeviceEvent:
    return DeviceEvent(at(minute), DeviceAct.GIVEN, begun=at(minute - took))


def one(minute: int, **more: object) -> NasalDeviceGiven:
    said: dict[str, object] = {"begun": at(minute), "given": at(minute), "on": NOON.date()}
    return NasalDeviceGiven(**(said | more))  # type: ignore[arg-type]  # each has its type above


def mg(amount: int) -> Milligrams:
    return Milligrams(Decimal(amount))


minutes = st.lists(st.integers(0, 60), max_size=6)
acts = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([DeviceAct.GIVEN, DeviceAct.LOST])),
    max_size=6,
)


def events(told: list[tuple[int, DeviceAct]]) -> tuple[DeviceEvent, ...]:
    return tuple(
        given_at(minute) if act is DeviceAct.GIVEN else DeviceEvent(at(minute), act)
        for minute, act in told
    )


@given(told=acts, ordered=st.integers(1, 3))
def test_what_is_delivered_is_28_mg_for_each_device_given_and_for_no_other(
    told: list[tuple[int, DeviceAct]], ordered: int
) -> None:
    found = Devices(ordered, events(told))
    assert found.delivered.value == 28 * sum(act is DeviceAct.GIVEN for _, act in told)


@given(told=acts, order=st.randoms(), ordered=st.integers(1, 3))
def test_the_order_in_which_facts_came_says_nothing(
    told: list[tuple[int, DeviceAct]], order: object, ordered: int
) -> None:
    first = Devices(ordered, events(told))
    mixed = list(told)
    order.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis hands out a Random
    second = Devices(ordered, events(mixed))
    for name in ("count", "delivered", "started", "first_given", "over", "next_from"):
        assert getattr(first, name) == getattr(second, name)


@given(told=minutes, begun=st.integers(0, 60))
def test_five_minutes_are_asked_for_to_every_other_device(told: list[int], begun: int) -> None:
    devices = Devices(None, tuple(map(given_at, told)))
    found = {each.criterion for each in against_device(devices, one(begun))}
    near = any(abs(at(minute) - at(begun)) < FIVE for minute in told)
    assert (INTERVAL in found) is near


@given(told=minutes, ordered=st.integers(1, 3))
def test_the_session_is_over_when_as_many_are_given_as_are_ordered(
    told: list[int], ordered: int
) -> None:
    found = Devices(ordered, tuple(map(given_at, told)))
    assert (found.over is not None) is (len(told) >= ordered)
    assert incomplete(found) is (len(told) < ordered)
    if found.over is None and told:
        assert found.next_from == at(max(told)) + FIVE
    else:
        assert found.next_from is None


def test_the_time_that_is_left_is_told_in_whole_minutes() -> None:
    devices = Devices(2, (given_at(0),))
    told = NasalDeviceGiven(begun=at(3) + timedelta(seconds=20), given=at(4), on=NOON.date())
    [found] = against_device(devices, told)
    assert found.reason.en == "5 min are to pass between devices; 2 min are left"
    assert found.basis == nasal_rules().device.rest.basis


def test_the_wait_counts_from_the_first_device_and_its_beginning_is_the_start() -> None:
    found = Devices(2, (given_at(9, took=2), given_at(3, took=1)))
    assert (found.started, found.first_given, found.over) == (at(2), at(3), at(9))
    assert found.next_from is None


def test_without_an_order_nothing_is_over_or_incomplete() -> None:
    found = Devices(None, (given_at(0),))
    assert found.over is None
    assert not incomplete(found)
    assert not [each for each in against_device(found, one(9)) if each.criterion == COUNT]


@pytest.mark.parametrize(
    ("devices", "told", "rule"),
    [
        pytest.param(Devices(1, (given_at(0),)), one(6), COUNT, id="one more than ordered"),
        pytest.param(
            Devices(2, ()), one(0, expires=date(2026, 3, 1)), EXPIRED, id="expired yesterday"
        ),
        pytest.param(
            Devices(2, ()), one(0, both_nostrils=False), ONE_NOSTRIL, id="one nostril"
        ),
        pytest.param(
            Devices(3, (given_at(0), DeviceEvent(at(5), DeviceAct.ENDED))),
            one(9),
            AFTER_THE_END,
            id="after the end",
        ),
        pytest.param(Devices(2, (given_at(0),)), one(4), INTERVAL, id="a minute too early"),
        pytest.param(
            Devices(2, (given_at(0), DeviceEvent(at(5), DeviceAct.LOST))),
            one(9, checked=False),
            UNCHECKED,
            id="after a loss, and nobody has counted anew",
        ),
    ],
)
def test_what_speaks_against_a_device_is_told(
    devices: Devices, told: NasalDeviceGiven, rule: str
) -> None:
    assert [each.criterion for each in against_device(devices, told)] == [rule]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(one(5), id="five minutes to the minute"),
        pytest.param(one(9, expires=NOON.date()), id="expires today"),
        pytest.param(one(9, expires=None), id="an unknown package"),
    ],
)
def test_nothing_speaks_against_a_device_as_it_should_be(told: NasalDeviceGiven) -> None:
    assert against_device(Devices(2, (given_at(0),)), told) == ()


def test_unjudged_neither_time_nor_readings_speak() -> None:
    held = Finding("device:red", Standing.EXCLUDED, Text("r", "r"), nasal_rules().in_date)
    devices = Devices(2, (given_at(0),))
    judged = against_device(devices, one(1), held_by=[held])
    assert {each.criterion for each in judged} == {INTERVAL, "device:red"}
    assert against_device(devices, one(1), held_by=[held], judged=False) == ()


def test_a_device_that_overlaps_another_leaves_the_whole_rest() -> None:
    devices = Devices(2, (given_at(5, took=3),))
    [found] = against_device(devices, one(3))
    assert found.reason.en.endswith("5 min are left")


LOST, ENDED = DeviceEvent(at(3), DeviceAct.LOST), DeviceEvent(at(4), DeviceAct.ENDED)


@pytest.mark.parametrize(
    ("devices", "apart", "to_lay_out"),
    [
        pytest.param(Devices(2, (given_at(0),)), 0, 1, id="one is still to come"),
        pytest.param(
            Devices(2, (given_at(0), LOST, given_at(9))), 1, 0, id="a lost one replaced"
        ),
        pytest.param(
            Devices(2, (given_at(0), LOST, ENDED)), 1, 1, id="lost, and no more given"
        ),
        pytest.param(Devices(3, (given_at(0), ENDED)), 2, 2, id="two were not opened"),
        pytest.param(Devices(None, (given_at(0), ENDED)), 0, 0, id="it is not known how many"),
    ],
)
def test_what_went_into_nobody_is_counted_when_the_session_is_over(
    devices: Devices, apart: int, to_lay_out: int
) -> None:
    assert (devices.apart, devices.to_lay_out) == (apart, to_lay_out)


def test_an_end_says_that_the_session_is_over_and_short() -> None:
    found = Devices(3, (given_at(0), given_at(6), DeviceEvent(at(4), DeviceAct.ENDED)))
    assert found.over == at(6), "never before the last device"
    assert incomplete(found), "two of three are 67 %"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param((DeviceEvent(at(0), DeviceAct.ENDED),), id="before any device"),
        pytest.param(
            (given_at(0), *(DeviceEvent(at(n), DeviceAct.ENDED) for n in (1, 2))), id="twice"
        ),
    ],
)
def test_an_end_that_cannot_be_is_refused(told: tuple[DeviceEvent, ...]) -> None:
    with pytest.raises(DevicesOutOfOrder):
        refuse_mixed_up(Devices(2, told))


def test_a_device_is_begun_before_it_is_given_and_no_other_is_begun() -> None:
    refuse_mixed_up(Devices(2, (given_at(0), DeviceEvent(at(1), DeviceAct.ENDED))))
    with pytest.raises(DevicesOutOfOrder):
        DeviceEvent(at(0), DeviceAct.GIVEN, begun=at(1))
    with pytest.raises(DevicesOutOfOrder):
        DeviceEvent(at(0), DeviceAct.GIVEN)
    with pytest.raises(DevicesOutOfOrder):
        DeviceEvent(at(0), DeviceAct.LOST, begun=at(0))


@pytest.mark.parametrize(
    ("age", "indication", "previous", "allowed"),
    [
        pytest.param(64, RESISTANT, None, (2,), id="an adult's first day"),
        pytest.param(64, RESISTANT, mg(56), (2, 3), id="an adult's later days"),
        pytest.param(65, RESISTANT, None, (1,), id="the first day at 65"),
        pytest.param(65, RESISTANT, mg(28), (1, 2), id="one step at a time at 65"),
        pytest.param(40, ACUTE, None, (3,), id="acute"),
        pytest.param(40, ACUTE, mg(84), (2, 3), id="acute, if not tolerated"),
        pytest.param(65, ACUTE, None, (), id="the label is silent"),
    ],
)
def test_the_card_allows_what_the_label_does(
    age: int,
    indication: NasalIndication,
    previous: Milligrams | None,
    allowed: tuple[int, ...],
) -> None:
    card = device_card(age, indication, previous)
    assert card.allowed == allowed
    assert card.older is (age >= 65)
    assert card.first_day is (previous is None)
    for count in (1, 2, 3):
        assert bool(against_order(card, count)) is (count not in allowed)


@pytest.mark.parametrize("age", [40, 70])
def test_while_the_last_dose_is_not_recorded_nothing_is_known_to_be_allowed(age: int) -> None:
    card = device_card(age, RESISTANT, None, unrecorded=date(2026, 3, 2))
    assert (card.first_day, card.allowed) == (False, ())
    for count in (1, 2, 3):
        [found] = against_order(card, count)
        assert (found.criterion, found.standing) == (LAST_UNKNOWN, Standing.UNKNOWN)
        assert "02.03.2026" in found.reason.nb


def test_what_is_not_allowed_says_what_is() -> None:
    card: DeviceCard = device_card(40, RESISTANT, mg(56))
    [found] = against_order(card, 1)
    assert found.criterion == NOT_ALLOWED
    assert found.reason.en == "By the label today: 56 or 84 mg"
    [silent] = against_order(device_card(70, ACUTE, None), 1)
    assert "acute use" in silent.reason.en


@given(count=st.integers(0, 9))
def test_devices_and_milligrams_are_one_count(count: int) -> None:
    assert devices_of(of_devices(count)) == count


def test_two_persons_count_and_look_at_each_device() -> None:
    assert {"patient", "drug", "count", "expiry", "unprimed"} == DEVICE_CHECK.keys()
