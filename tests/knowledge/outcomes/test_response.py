"""Did the patient get better: response and remission under each definition."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible, Unknown
from lysglimt.knowledge.outcomes.response import (
    Change,
    NoBaseline,
    NoTotal,
    in_remission,
    outcomes,
    plausible_total,
    remission,
    total_range,
)

scores = st.integers(0, 60)


@pytest.mark.parametrize(
    ("baseline", "current", "response", "partial"),
    [
        pytest.param(34, 18, False, True, id="47 % is not yet half"),
        pytest.param(34, 17, True, False, id="exactly half counts, and counts once"),
        pytest.param(33, 17, False, True, id="16 of 33 is not half"),
        pytest.param(32, 24, False, True, id="exactly a quarter is partial"),
        pytest.param(32, 25, False, False, id="less than a quarter is no response"),
        pytest.param(20, 26, False, False, id="worse"),
    ],
)
def test_a_patient_has_one_outcome(
    baseline: int, current: int, *, response: bool, partial: bool
) -> None:
    change = Change(baseline, current)
    assert (change.response, change.partial) == (response, partial)


@given(baseline=scores.filter(bool), current=scores)
def test_nobody_is_counted_twice(baseline: int, current: int) -> None:
    change = Change(baseline, current)
    assert not (change.response and change.partial)
    assert (change.reduction < 0) == (current > baseline)


@given(baseline=scores.filter(bool), first=scores, second=scores)
def test_a_lower_score_is_never_a_worse_outcome(baseline: int, first: int, second: int) -> None:
    low, high = sorted((first, second))
    better, worse = (outcomes("madrs", baseline=baseline, current=one) for one in (low, high))
    assert bool(better.response) >= bool(worse.response)
    assert all(better.remission[name] >= worse.remission[name] for name in worse.remission)


def test_a_reduction_is_exact() -> None:
    assert Change(Decimal("33.3"), Decimal("11.1")).reduction == Fraction(2, 3)


@pytest.mark.parametrize("baseline", [0, -1])
def test_nothing_is_reduced_from_nothing(baseline: int) -> None:
    with pytest.raises(NoBaseline) as refusal:
        Change(baseline, 3)
    assert refusal.value.facts["field"] == "baseline"


@pytest.mark.parametrize(
    ("instrument", "total", "expected"),
    [
        pytest.param("madrs", 9, {"le10": True, "le12": True, "biok": True}, id="below 10"),
        pytest.param("madrs", 10, {"le10": True, "le12": True, "biok": False}, id="at 10"),
        pytest.param("madrs", 11, {"le10": False, "le12": True, "biok": False}, id="above 10"),
        pytest.param("madrs", 12, {"le12": True}, id="at 12"),
        pytest.param("madrs", 13, {"le12": False}, id="above 12"),
        pytest.param("phq9", 5, {"lt5": False, "va_le5": True}, id="PHQ-9 at 5"),
        pytest.param("phq9", 4, {"lt5": True, "va_le5": True}, id="PHQ-9 below 5"),
        pytest.param("qids_sr16", 5, {"le5": True}, id="QIDS at 5"),
        pytest.param("qids_sr16", 6, {"le5": False}, id="QIDS above 5"),
        pytest.param("hamd17", 7, {"le7": True}, id="HAM-D17 at 7"),
        pytest.param("ssi", 3, {"le3": True}, id="suicidal remission at 3"),
        pytest.param("ssi", 4, {"le3": False}, id="not at 4"),
        pytest.param("sds", 6, {"le6": True}, id="functional remission at 6"),
    ],
)
def test_remission_under_each_definition(
    instrument: str, total: int, expected: dict[str, bool]
) -> None:
    found = remission(instrument, total)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("instrument", "total", "expected"),
    [("madrs", 10, True), ("madrs", 11, False), ("sds", 7, False), ("wsas", 0, None)],
)
def test_the_default_definition(instrument: str, total: int, expected: bool | None) -> None:  # noqa: FBT001 - None is a case
    assert in_remission(instrument, total) is expected


@pytest.mark.parametrize("baseline", [None, 0])
def test_without_a_baseline_there_is_remission_and_no_response(baseline: int | None) -> None:
    found = outcomes("madrs", baseline=baseline, current=8)
    assert (found.reduction, found.response, found.partial) == (None, None, None)
    assert found.remission["le10"]


def test_an_instrument_answers_by_its_own_rules() -> None:
    assert outcomes("cgi_i", baseline=None, current=2).response is True
    assert outcomes("cgi_i", baseline=None, current=3).response is False
    assert outcomes("wsas", baseline=30, current=3).response is None
    entered = outcomes("ssi", baseline=20, current=14)
    assert (entered.response, entered.partial) == (False, True)


@pytest.mark.parametrize(
    ("instrument", "highest"), [("madrs", 60), ("sds", 30), ("ssi", 38), ("hamd17", 52)]
)
def test_the_range_of_a_total(instrument: str, highest: int) -> None:
    assert total_range(instrument) == (Decimal(0), Decimal(highest))
    assert plausible_total(instrument, highest) == highest
    with pytest.raises(Implausible, match=f"allowed is 0-{highest}"):
        plausible_total(instrument, highest + 1)


def test_an_instrument_without_a_total_has_no_range() -> None:
    with pytest.raises(NoTotal):
        total_range("cssrs_screener")


def test_an_instrument_nobody_knows_is_refused() -> None:
    with pytest.raises(Unknown, match="madrs"):
        remission("mards", 3)
