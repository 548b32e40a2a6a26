"""What a reading before a start says at once, before the start check is done."""

import pytest

from lysglimt.knowledge.monitoring.start_gate import told_at_once
from lysglimt.knowledge.monitoring.vital_signs import VitalSet
from lysglimt.knowledge.verdict import Standing

from .readings import reading

RED, CALM = 172, 128


@pytest.mark.parametrize(
    ("before", "actions"),
    [
        pytest.param([], [], id="nothing is read"),
        pytest.param([reading(-30)], [], id="calm"),
        pytest.param(
            [reading(-30, systolic=RED)],
            ["Hvile 15 min og ny måling"],
            id="red once, of one reading",
        ),
        pytest.param(
            [reading(-30, systolic=145)],
            ["Hvile 15 min og ny måling; legen avgjør"],
            id="amber: the doctor decides",
        ),
        pytest.param(
            [
                reading(-60, systolic=RED),
                reading(-40, systolic=RED),
                reading(-20, systolic=RED),
            ],
            ["Ikke start"],
            id="red after two rechecks",
        ),
        pytest.param([reading(-30, spo2=None)], [], id="a sign that was not read says nothing"),
        pytest.param([reading(-30, heart_rate=120)], ["Ikke start"], id="a red pulse"),
        pytest.param(
            [reading(-30, systolic=RED), reading(-25, systolic=CALM)],
            ["Hvile 15 min, så to målinger med fem minutters mellomrom"],
            id="calm too soon after red",
        ),
        pytest.param(
            [
                reading(-40, systolic=RED),
                reading(-20, systolic=CALM),
                reading(-14, systolic=CALM),
            ],
            [],
            id="rested, and calm twice",
        ),
    ],
)
def test_what_is_outside_before_the_start_is_told_at_once(
    before: list[VitalSet], actions: list[str]
) -> None:
    found = told_at_once(before, age=40)
    assert [one.action.nb for one in found if one.action] == actions
    assert all(one.standing is not Standing.MET for one in found)


def test_the_old_are_told_by_their_own_limit() -> None:
    assert told_at_once([reading(-30, systolic=145)], age=70) == ()
