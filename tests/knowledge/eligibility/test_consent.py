from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lysglimt.knowledge.eligibility.consent import Consent, consent_list, is_complete, uncovered

TODAY = date(2026, 3, 2)
ALL = frozenset(item.id for item in consent_list().item)
WHOLE = Consent(
    version=consent_list().version,
    covered=ALL,
    signed_by_patient=TODAY,
    signed_by_doctor=TODAY,
)


@pytest.mark.parametrize(
    ("changes", "complete"),
    [
        pytest.param({}, True, id="whole, signed today"),
        pytest.param({"covered": ALL - {"crisis"}}, False, id="the crisis plan was left out"),
        pytest.param({"signed_by_patient": None}, False, id="not signed by the patient"),
        pytest.param({"signed_by_doctor": date(2026, 3, 3)}, False, id="signed tomorrow"),
        pytest.param({"version": 0}, False, id="an older version"),
        pytest.param({"withdrawn": TODAY}, False, id="withdrawn today"),
        pytest.param({"withdrawn": date(2026, 3, 3)}, True, id="withdrawn tomorrow"),
    ],
)
def test_a_consent_is_complete_when_everything_was_said_and_signed(
    changes: dict[str, Any], *, complete: bool
) -> None:
    assert is_complete(replace(WHOLE, **changes), on=TODAY) is complete


def test_what_is_left_to_say_is_listed_in_order() -> None:
    assert [item.id for item in uncovered(ALL - {"stop", "driving"})] == ["driving", "stop"]


def test_all_sixteen_things_are_on_the_list() -> None:
    assert len(ALL) == 16
