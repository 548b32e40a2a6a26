"""What was really given: pauses, rate changes, residue, waste, and the way back from a pause."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.dosing.ceilings import Ceiling, CeilingOverride
from lysglimt.knowledge.dosing.delivery import (
    BedsideReading,
    Delivery,
    FasterThanPrescribed,
    OutOfSequence,
    PauseReason,
    PumpAct,
    PumpEvent,
    account,
    allowed_rate,
    deviations,
    highest_rate,
    is_incomplete,
    too_fast,
)
from lysglimt.knowledge.dosing.resumption import resumption
from lysglimt.knowledge.quantities import Milligrams, MillilitresPerHour

from .plans import order, plan

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
CARD = plan()
"""80 kg: 40 mg in 40 ml, 60 ml/h for 40 min: one milligram a minute."""


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def ml_h(rate: str) -> MillilitresPerHour:
    return MillilitresPerHour(Decimal(rate))


def mg(amount: str) -> Milligrams:
    return Milligrams(Decimal(amount))


def start(rate: str = "60") -> PumpEvent:
    return PumpEvent(NINE, PumpAct.START, ml_h(rate))


def rate(minute: float, value: str) -> PumpEvent:
    return PumpEvent(at(minute), PumpAct.RATE, ml_h(value))


def pause(minute: float, reason: PauseReason = PauseReason.TOILET) -> PumpEvent:
    return PumpEvent(at(minute), PumpAct.PAUSE, reason=reason)


def resume(minute: float, value: str = "60") -> PumpEvent:
    return PumpEvent(at(minute), PumpAct.RESUME, ml_h(value))


def stop(minute: float) -> PumpEvent:
    return PumpEvent(at(minute), PumpAct.STOP)


def given_by(*events: PumpEvent) -> Delivery:
    return Delivery(CARD, events)


@pytest.mark.parametrize(
    ("events", "minute", "given_mg"),
    [
        pytest.param((start(),), 0, "0", id="nothing at the start"),
        pytest.param((start(),), -5, "0", id="nothing before it"),
        pytest.param((start(),), 10, "10", id="a milligram a minute"),
        pytest.param(
            (start(),), 90, "40", id="never more than the plan, however long it stands"
        ),
        pytest.param((start(), pause(10)), 25, "10", id="a pause gives nothing"),
        pytest.param(
            (start(), pause(10), resume(20)), 25, "15", id="resumed after ten minutes"
        ),
        pytest.param((start(), rate(10, "30")), 30, "20", id="half the rate, half the amount"),
        pytest.param((start(), stop(12)), 60, "12", id="stopped early"),
        pytest.param(
            (start(), rate(10, "30"), stop(20)), 5, "5", id="asked about an earlier time"
        ),
    ],
)
def test_what_is_given_is_the_sum_of_the_segments(
    events: tuple[PumpEvent, ...], minute: int, given_mg: str
) -> None:
    assert given_by(*events).delivered(at(minute)) == mg(given_mg)


minute = st.integers(0, 130)


@given(first=minute, second=minute, later=minute)
def test_what_is_given_never_falls_and_never_passes_the_plan(
    first: int, second: int, later: int
) -> None:
    pauses_at, resumes_at = sorted((first, second))
    delivery = given_by(start(), pause(pauses_at), resume(resumes_at))
    amounts = [delivery.delivered(at(m)) for m in sorted((0, first, second, later))]
    assert amounts == sorted(amounts)
    assert amounts[-1] <= CARD.dose
    assert delivery.remaining(at(later)).value + delivery.pumped(at(later)).value == 40


@given(cut=st.integers(1, 39), until=minute, speed=st.decimals(1, 60, places=1))
def test_splitting_a_segment_changes_nothing(cut: int, until: int, speed: Decimal) -> None:
    whole = given_by(start(str(speed)))
    split = given_by(start(str(speed)), rate(cut, str(speed)))
    assert whole.delivered(at(until)) == split.delivered(at(until))


def test_how_long_is_left_follows_the_rate() -> None:
    delivery = given_by(start(), rate(10, "30"))
    assert delivery.time_left(at(0)) == timedelta(minutes=40)
    assert delivery.time_left(at(10)) == timedelta(minutes=60)
    assert delivery.remaining(at(10)).value == 30


def test_nothing_is_left_to_count_down_in_a_pause() -> None:
    assert given_by(start(), pause(10)).time_left(at(15)) is None


def test_before_the_start_the_pump_stands() -> None:
    assert given_by(start()).rate(at(-1)) == ml_h("0")


@pytest.mark.parametrize(
    "events",
    [
        pytest.param((), id="nothing happened"),
        pytest.param((stop(0),), id="a stop without a start"),
        pytest.param((start(), start()), id="two starts"),
        pytest.param((start(), resume(5)), id="resumed without a pause"),
        pytest.param((start(), stop(5), resume(6)), id="resumed after the stop"),
        pytest.param((start(), pause(10), rate(12, "30")), id="a rate while paused"),
        pytest.param((start(), pause(10), resume(5)), id="resumed before the pause"),
    ],
)
def test_a_pump_does_one_thing_after_another(events: tuple[PumpEvent, ...]) -> None:
    with pytest.raises(OutOfSequence):
        given_by(*events)


@pytest.mark.parametrize(
    ("act", "speed", "reason"),
    [
        pytest.param(PumpAct.START, None, None, id="a start without a rate"),
        pytest.param(PumpAct.STOP, "10", None, id="a stop with a rate"),
        pytest.param(PumpAct.PAUSE, None, None, id="a pause without a reason"),
        pytest.param(PumpAct.STOP, None, PauseReason.LINE, id="a stop with a pause's reason"),
    ],
)
def test_a_pump_event_says_what_it_must(
    act: PumpAct, speed: str | None, reason: PauseReason | None
) -> None:
    with pytest.raises(OutOfSequence):
        PumpEvent(NINE, act, ml_h(speed) if speed else None, reason)


def test_the_stop_is_known_when_it_has_come() -> None:
    assert given_by(start()).stopped is None
    assert given_by(start(), stop(41)).stopped == at(41)


@pytest.mark.parametrize(
    ("given_mg", "incomplete"),
    [
        pytest.param("27.9", True, id="just under 70 %"),
        pytest.param("28", False, id="exactly 70 % is complete"),
    ],
)
def test_under_seventy_percent_is_an_incomplete_session(
    given_mg: str, *, incomplete: bool
) -> None:
    assert is_incomplete(mg(given_mg), CARD) is incomplete


@pytest.mark.parametrize(
    ("events", "highest"),
    [
        pytest.param((start(),), "60", id="as prescribed"),
        pytest.param((start(), pause(10)), "60", id="as prescribed after a practical pause"),
        pytest.param((start(), pause(9, PauseReason.DISTRESS)), "30", id="half after distress"),
        pytest.param(
            (start(), pause(9, PauseReason.SEDATION), resume(20, "30"), rate(22, "20")),
            "30",
            id="slower is free, back up stops at half",
        ),
        pytest.param(
            (
                start(),
                pause(9, PauseReason.SEDATION),
                resume(20, "30"),
                pause(25, PauseReason.OXYGEN),
            ),
            "15",
            id="half of half the second time",
        ),
    ],
)
def test_lost_time_is_never_caught_up(events: tuple[PumpEvent, ...], highest: str) -> None:
    delivery = given_by(*events)
    assert highest_rate(delivery) == ml_h(highest)
    assert allowed_rate(delivery, ml_h(highest)) == ml_h(highest)
    with pytest.raises(FasterThanPrescribed) as refusal:
        allowed_rate(delivery, ml_h(f"{Decimal(highest) + Decimal('0.1')}"))
    assert refusal.value.facts["field"] == "rate_ml_per_h"


def test_a_rate_of_nothing_is_a_pause_and_not_a_rate() -> None:
    with pytest.raises(FasterThanPrescribed):
        allowed_rate(given_by(start()), ml_h("0"))


GREEN_TWICE = (BedsideReading(at(12), green=True), BedsideReading(at(17), green=True))


@pytest.mark.parametrize(
    ("readings", "allowed"),
    [
        pytest.param(GREEN_TWICE, True, id="two green readings five minutes apart"),
        pytest.param(GREEN_TWICE[:1], False, id="one is not two"),
        pytest.param((), False, id="none at all"),
        pytest.param(
            (GREEN_TWICE[0], BedsideReading(at(16), green=True)), False, id="four minutes apart"
        ),
        pytest.param(
            (*GREEN_TWICE, BedsideReading(at(18), green=False)), False, id="not green any more"
        ),
        pytest.param(
            (GREEN_TWICE[0], BedsideReading(at(14), green=False), GREEN_TWICE[1]),
            False,
            id="a reading between them was not green",
        ),
        pytest.param(
            (BedsideReading(at(5), green=True), GREEN_TWICE[0]),
            False,
            id="green before the pause does not count",
        ),
    ],
)
def test_after_a_pause_for_the_patient_it_goes_on_when_calm(
    readings: tuple[BedsideReading, ...], *, allowed: bool
) -> None:
    delivery = given_by(start(), pause(10, PauseReason.BLOOD_PRESSURE))
    way_back = resumption(delivery, at(20), readings)
    assert way_back.allowed is allowed
    assert way_back.highest == ml_h("30")


def test_after_a_practical_pause_it_goes_on_at_the_rate_before() -> None:
    slowed = given_by(start(), rate(5, "45"), pause(10))
    way_back = resumption(slowed, at(12))
    assert (way_back.allowed, way_back.highest) == (True, ml_h("45"))


@pytest.mark.parametrize(
    ("events", "why"),
    [
        pytest.param(
            (start(), pause(10)), "den ordinerte hastigheten, 40 mg på 40 min", id="as ordered"
        ),
        pytest.param(
            (start(), rate(5, "45"), pause(10)), "hastigheten før pausen", id="it was slowed"
        ),
        pytest.param(
            (start(), pause(10, PauseReason.BLOOD_PRESSURE)),
            "50 % av hastigheten før pausen, 60 ml/t",
            id="for the patient's sake",
        ),
        pytest.param(
            (
                start(),
                pause(9, PauseReason.SEDATION),
                resume(20, "30"),
                rate(22, "60"),
                pause(25),
            ),
            "50 % av hastigheten før en tidligere pause",
            id="set back up since",
        ),
    ],
)
def test_the_highest_rate_says_why_it_is_no_higher(
    events: tuple[PumpEvent, ...], why: str
) -> None:
    assert resumption(given_by(*events), at(30)).why.nb == why


def test_an_infusion_that_waiting_does_not_open_tells_no_rate() -> None:
    delivery = given_by(start(), pause(10, PauseReason.BLOOD_PRESSURE))
    assert resumption(delivery, at(20)).open, "green readings are still to come"
    assert not resumption(delivery, at(20), red_with_symptoms=True).open


def test_red_with_symptoms_is_not_resumed() -> None:
    delivery = given_by(start(), pause(10, PauseReason.HEART_RATE))
    assert not resumption(delivery, at(20), GREEN_TWICE, red_with_symptoms=True).allowed


def test_it_is_resumed_at_most_twice() -> None:
    events = [start()]
    for n in (1, 2, 3):
        events.append(pause(20 * n, PauseReason.DISTRESS))
        calm = [BedsideReading(at(20 * n + m), green=True) for m in (1, 6)]
        assert resumption(given_by(*events), at(20 * n + 7), calm).allowed is (n < 3)
        events.append(resume(20 * n + 7, str(60 / 2**n)))
    assert {found.criterion for found in deviations(given_by(*events), at(70))} == {
        "delivery:resume-count"
    }


@pytest.mark.parametrize(
    ("minute_back", "allowed"),
    [
        pytest.param(119, True, id="within 120 minutes, pauses included"),
        pytest.param(120, False, id="at 120 minutes it has ended"),
    ],
)
def test_the_longest_time_includes_the_pauses(minute_back: int, *, allowed: bool) -> None:
    delivery = given_by(start(), pause(10))
    assert resumption(delivery, at(minute_back)).allowed is allowed


def test_a_longer_time_that_was_ordered_stands() -> None:
    longer = CeilingOverride(Ceiling.DURATION, by="Dr. Berg", reason="slow on purpose")
    card = plan(longer, ordered=order(minutes=150))
    assert Delivery(card, (start("16"),)).must_end_by() == at(150)


@pytest.mark.parametrize("events", [(start(),), (start(), stop(20))])
def test_what_is_not_paused_is_not_resumed(events: tuple[PumpEvent, ...]) -> None:
    with pytest.raises(OutOfSequence, match="not paused"):
        resumption(given_by(*events), at(25))


@pytest.mark.parametrize(
    ("events", "found"),
    [
        pytest.param((start(), stop(40)), set(), id="as planned"),
        pytest.param((start(), rate(5, "70"), stop(38)), {"rate"}, id="faster than prescribed"),
        pytest.param((start("10"), stop(121)), {"duration"}, id="longer than 120 minutes"),
        pytest.param(
            (start(), pause(10, PauseReason.DISTRESS), resume(20, "40"), stop(60)),
            {"resume-rate"},
            id="resumed at more than half",
        ),
        pytest.param((start(), pause(10), resume(20), stop(50)), set(), id="a practical pause"),
    ],
)
def test_what_happened_is_counted_and_a_deviation_is_said(
    events: tuple[PumpEvent, ...], found: set[str]
) -> None:
    said = deviations(given_by(*events), at(130))
    assert {finding.criterion.removeprefix("delivery:") for finding in said} == found


@pytest.mark.parametrize(
    ("flushed", "delivered", "residue"),
    [
        pytest.param(True, "40", "0", id="a flushed line gives all that was pumped"),
        pytest.param(False, "38.5", "1.5", id="what stays in the line is not given"),
    ],
)
def test_the_line_is_accounted_for(*, flushed: bool, delivered: str, residue: str) -> None:
    reckoned = account(
        mg("40"), drawn=mg("50"), wasted=mg("10"), line=mg("1.5"), flushed=flushed
    )
    assert (reckoned.delivered, reckoned.residue) == (mg(delivered), mg(residue))
    assert reckoned.balances
    assert reckoned.unaccounted == mg("0")


@pytest.mark.parametrize(
    ("wasted", "balances"),
    [
        pytest.param("9.5", True, id="exactly 1 % of 50 mg missing"),
        pytest.param("9.4", False, id="more than 1 % missing"),
        pytest.param("10.5", True, id="exactly 1 % too much"),
        pytest.param("10.6", False, id="more wasted than there was"),
    ],
)
def test_drawn_is_given_wasted_and_left_within_one_percent(
    wasted: str, *, balances: bool
) -> None:
    reckoned = account(mg("40"), drawn=mg("50"), wasted=mg(wasted), line=mg("0"), flushed=True)
    assert reckoned.balances is balances


def test_a_line_holds_no_more_than_was_pumped() -> None:
    reckoned = account(mg("1"), drawn=mg("50"), wasted=mg("49"), line=mg("2"), flushed=False)
    assert reckoned.delivered == mg("0")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param("60", [], id="as prescribed"),
        pytest.param("59.9", [], id="slower"),
        pytest.param(
            "120", ["120 ml/h is faster than prescribed, 60 ml/h"], id="in 20 minutes"
        ),
        pytest.param(
            "540",
            [
                "540 ml/h gives the whole dose in less than 20 min",
                "540 ml/h is faster than prescribed, 60 ml/h",
            ],
            id="a zero too many",
        ),
    ],
)
def test_a_rate_above_the_prescribed_one_is_told_before_it_is_set(
    wanted: str, found: list[str]
) -> None:
    assert [one.reason.en for one in too_fast(given_by(start()), ml_h(wanted))] == found


def test_a_rate_is_told_with_a_comma_in_norwegian() -> None:
    [found] = too_fast(given_by(start()), ml_h("60.5"))
    assert found.reason.nb == "60,5 ml/t er raskere enn ordinert, 60 ml/t"


@pytest.mark.parametrize(
    ("readings", "wanted", "against"),
    [
        pytest.param(GREEN_TWICE, "30", set(), id="calm, and at half the rate"),
        pytest.param(GREEN_TWICE, "60", {"resume:rate"}, id="calm, and at the full rate"),
    ],
)
def test_what_speaks_against_going_on_at_a_rate(
    readings: tuple[BedsideReading, ...], wanted: str, against: set[str]
) -> None:
    delivery = given_by(start(), pause(10, PauseReason.BLOOD_PRESSURE))
    way_back = resumption(delivery, at(20), readings)
    found = {one.criterion for one in way_back.against(ml_h(wanted))}
    assert {one for one in found if one == "resume:rate"} == against


def test_without_two_green_readings_something_speaks_against_any_rate() -> None:
    delivery = given_by(start(), pause(10, PauseReason.BLOOD_PRESSURE))
    way_back = resumption(delivery, at(20), ())
    assert {one.criterion for one in way_back.against(ml_h("10"))} - {"resume:rate"}
