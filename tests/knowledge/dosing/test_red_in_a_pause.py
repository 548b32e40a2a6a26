"""A red reading counts in every pause, whatever reason was tapped."""

import pytest

from lysglimt.knowledge.dosing.delivery import (
    BedsideReading,
    Delivery,
    PauseReason,
    deviations,
)
from lysglimt.knowledge.dosing.resumption import as_the_patient_was, resumption

from .test_delivery import at, given_by, ml_h, pause, resume, start


def red(minute: float) -> BedsideReading:
    return BedsideReading(at(minute), green=False, red=True)


def amber(minute: float) -> BedsideReading:
    return BedsideReading(at(minute), green=False)


def green(minute: float) -> BedsideReading:
    return BedsideReading(at(minute), green=True)


PRACTICAL = [PauseReason.TOILET, PauseReason.CANNULA, PauseReason.LINE]


@pytest.mark.parametrize("reason", PRACTICAL)
@pytest.mark.parametrize(
    ("readings", "allowed", "highest"),
    [
        pytest.param((red(9),), False, "30", id="red before the pause, nothing since"),
        pytest.param((red(9), green(11)), False, "30", id="one green is not calm"),
        pytest.param(
            (red(9), green(12), green(17)), True, "30", id="calm in the pause: half the rate"
        ),
        pytest.param((green(5), red(12)), False, "30", id="red while it stands still"),
        pytest.param((red(10),), False, "30", id="red in the minute of the pause"),
        pytest.param(
            (red(2), green(3), green(8)), True, "60", id="calm again before the pause"
        ),
        pytest.param(
            (red(1), green(2), green(7), amber(9)),
            True,
            "60",
            id="calm again, then amber before a practical pause",
        ),
        pytest.param(
            (red(1), green(3), amber(5), green(8)), False, "30", id="an amber between the green"
        ),
        pytest.param(
            (amber(9),), True, "60", id="amber alone does not close a practical pause"
        ),
        pytest.param((), True, "60", id="nothing was read"),
        pytest.param((red(40),), True, "60", id="red later than asked about"),
    ],
)
def test_a_practical_reason_does_not_unlock_the_pump_after_red(
    reason: PauseReason,
    readings: tuple[BedsideReading, ...],
    highest: str,
    *,
    allowed: bool,
) -> None:
    way_back = resumption(given_by(start(), pause(10, reason)), at(20), readings)
    assert (way_back.allowed, way_back.highest) == (allowed, ml_h(highest))


@pytest.mark.parametrize("reason", list(PauseReason))
def test_red_with_symptoms_closes_the_way_back_from_every_pause(reason: PauseReason) -> None:
    calm = (green(12), green(17))
    delivery = given_by(start(), pause(10, reason))
    way_back = resumption(delivery, at(20), calm, red_with_symptoms=True)
    against = [one.criterion for one in way_back.verdict.reasons]
    assert against == ["resume:symptoms"]


@pytest.mark.parametrize("reason", PRACTICAL)
def test_going_on_at_full_rate_after_red_is_a_deviation(reason: PauseReason) -> None:
    went = given_by(start(), pause(10, reason), resume(20))
    assert deviations(went, at(25)) == ()
    [found] = deviations(as_the_patient_was(went, (red(9),)), at(25))
    assert found.criterion == "delivery:resume-rate"


def test_what_is_red_after_a_pause_leaves_that_pause_as_it_was() -> None:
    went = given_by(start(), pause(10), resume(12), pause(30))
    troubled = as_the_patient_was(went, (red(25),))
    assert [one.reason for one in troubled.events] == [
        *(None, PauseReason.TOILET),
        *(None, PauseReason.NOT_SAID),
    ]


def test_a_reason_of_the_patients_own_stays_as_it_was_told() -> None:
    went = given_by(start(), pause(10, PauseReason.DISTRESS))
    assert as_the_patient_was(went, (red(9),)) == went


def test_the_pauses_taken_for_the_patient_count_with_the_others() -> None:
    events, readings = [start()], []
    for n in (1, 2, 3):
        events.append(pause(20 * n))
        readings += [red(20 * n - 1), green(20 * n + 1), green(20 * n + 6)]
        way_back = resumption(
            Delivery(given_by(start()).plan, tuple(events)), at(20 * n + 7), readings
        )
        assert way_back.allowed is (n < 3)
        events.append(resume(20 * n + 7, str(60 / 2**n)))
