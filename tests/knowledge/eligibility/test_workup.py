from datetime import date, timedelta

import pytest

from lysglimt.knowledge.eligibility.workup import Readiness, readiness, repeat_due, workup

START = date(2026, 3, 2)


def ready(part: str, *, days_before: int | None, possible: bool | None = True) -> Readiness:
    done = {} if days_before is None else {part: START - timedelta(days=days_before)}
    return readiness(done, first_session=START, pregnancy_possible=possible)[part]


@pytest.mark.parametrize(
    ("part", "days_before", "expected"),
    [
        pytest.param("ecg", 30, Readiness.DONE, id="thirty days old"),
        pytest.param("ecg", 31, Readiness.EXPIRED, id="thirty-one days old"),
        pytest.param("ecg", 0, Readiness.DONE, id="the same day"),
        pytest.param("ecg", -1, Readiness.MISSING, id="after the start"),
        pytest.param("ecg", None, Readiness.MISSING, id="never"),
        pytest.param("hcg", 7, Readiness.DONE, id="hCG seven days old"),
        pytest.param("hcg", 8, Readiness.EXPIRED, id="hCG eight days old"),
    ],
)
def test_a_part_of_the_workup_has_a_window(
    part: str, days_before: int | None, expected: Readiness
) -> None:
    assert ready(part, days_before=days_before) is expected


@pytest.mark.parametrize(
    ("possible", "expected"),
    [
        pytest.param(True, Readiness.MISSING, id="possible"),
        pytest.param(False, Readiness.NOT_NEEDED, id="not possible"),
        pytest.param(None, Readiness.UNKNOWN, id="not known"),
    ],
)
def test_hcg_is_for_those_who_may_become_pregnant(
    *, possible: bool | None, expected: Readiness
) -> None:
    assert ready("hcg", days_before=None, possible=possible) is expected


def test_hcg_is_repeated_every_four_weeks() -> None:
    assert repeat_due({"hcg": START}, on=START) == {"hcg": date(2026, 3, 30)}
    assert repeat_due({}, on=START) == {"hcg": START}


def test_the_workup_and_the_session_list_are_whole() -> None:
    parts = [part.id for part in workup().part]
    assert len(parts) == len(set(parts)) == 32
    assert {"weight", "cssrs", "escort"} <= {check.id for check in workup().each_session}
