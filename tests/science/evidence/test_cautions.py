"""A row in order is told, when it comes, why a plain pool will leave it out."""

from collections.abc import Mapping

import pytest

from lysglimt.science.evidence.cautions import cautions
from lysglimt.science.evidence.trial_checks import problems

from .test_traps import CONTROL, GOOD, sheet


@pytest.mark.parametrize(
    ("row", "why"),
    [
        pytest.param({"design": "crossover"}, "crossover", id="7: paired people"),
        pytest.param({"design": "randomised withdrawal"}, "enriched-withdrawal", id="9: withdrawal"),
        pytest.param({"design": "parallel (enriched responders)"}, "enriched", id="9: enriched"),
        pytest.param({"design": "parallel NON-RANDOMISED"}, "not-randomised", id="9: no lot"),
        pytest.param({"trial_id": "su2017"}, "overlap", id="8: the sample of Li 2016"),
        pytest.param({"remitters": "25"}, "more-remission-than-response", id="10: as in Lii 2023"),
        pytest.param({"change_sd": "", "change_se": "1.8"}, "least-squares", id="6: an LS mean"),
        pytest.param({"response_definition": ""}, "undefined", id="3: what was response?"),
        pytest.param({"pool_flag": "another question"}, "flagged", id="flagged by its reader"),
        pytest.param(
            {
                "scale": "SSI", "response_definition": ">=50% SSI", "remitters": "",
                "remission_definition": "", "baseline_sd": "", "endpoint_sd": "", "change_sd": "",
            },
            "other-construct", id="4: ideation",
        ),
    ],
)  # fmt: skip
def test_a_row_is_told_why_a_pool_will_leave_it_out(row: Mapping[str, str], why: str) -> None:
    made = sheet(GOOD | dict(row))
    assert not problems(made)
    assert {one.allowed for one in cautions(made)} == {why}
    assert all(one.row == 2 and one.reason.nb != one.reason.en for one in cautions(made))


def test_of_a_plain_trial_there_is_nothing_to_tell() -> None:
    assert not cautions(sheet(GOOD, CONTROL))
