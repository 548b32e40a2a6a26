"""How much was given, here and elsewhere: what is not known is never counted as nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.safety.cumulative import (
    DosesGiven,
    ExposureSum,
    exposure_lines,
    exposure_sum,
    span_lengths,
    spans,
)

ON = date(2026, 6, 30)


def dose(ago: int | None, mg: Any = 40, *, until: int | None = None, **more: Any) -> DosesGiven:
    first = None if ago is None else ON - timedelta(days=ago)
    last = ON - timedelta(days=until) if until is not None else first
    said: dict[str, Any] = {"product": "ketamine", "clinic": "Moss", **more}
    amount = None if mg is None else Decimal(mg)
    return DosesGiven(first=first, last=last, mg=amount, **said)


def sums(*doses: DosesGiven) -> tuple[ExposureSum, ...]:
    [line] = exposure_lines(doses, ON, named=lambda one: one.product)
    return line.sums


def test_life_and_the_last_thirty_ninety_and_365_days() -> None:
    found = sums(dose(0), dose(29), dose(30), dose(89), dose(90), dose(364), dose(365))
    assert [one.sessions for one in found] == [7, 2, 4, 6]
    assert [one.mg for one in found] == [Decimal(n * 40) for n in (7, 2, 4, 6)]
    assert all(one.whole for one in found)
    assert [length.days for length in span_lengths()] == [30, 90, 365]


def test_an_amount_that_nobody_knows_is_counted_beside_the_sum() -> None:
    life, month, *_ = sums(dose(5), dose(5, None), dose(40, None, sessions=None))
    assert (life.sessions, life.mg) == (2, Decimal(40))
    assert (life.unweighed, life.uncounted) == (2, 1)
    assert not life.whole
    assert (month.unweighed, month.uncounted) == (1, 0)


@pytest.mark.parametrize(
    ("told", "unsure"),
    [
        pytest.param(dose(None), [0, 1, 1, 1], id="no day"),
        pytest.param(dose(200, until=20, sessions=5), [0, 1, 1, 0], id="partly in the span"),
        pytest.param(dose(None, until=20), [0, 1, 1, 1], id="first day not known"),
        pytest.param(dose(None, until=500), [0, 0, 0, 0], id="over long ago"),
    ],
)
def test_what_may_fall_in_a_span_is_told_apart(told: DosesGiven, unsure: list[int]) -> None:
    assert [one.unsure for one in sums(told)] == unsure


def test_each_clinic_and_product_has_its_line() -> None:
    doses = [dose(5), dose(6, clinic="Oslo"), dose(7, 84, product="esketamine")]
    lines = exposure_lines(doses, ON, named=lambda one: f"{one.product}, {one.clinic}")
    assert [line.name for line in lines] == [
        "esketamine, Moss",
        "ketamine, Moss",
        "ketamine, Oslo",
    ]
    assert exposure_lines([], ON, named=lambda one: one.product) == ()


def test_it_does_not_end_before_it_begins() -> None:
    with pytest.raises(Inconsistent, match="before first"):
        dose(5, until=6)


given_doses = st.lists(
    st.builds(
        dose,
        st.none() | st.integers(0, 800),
        st.none() | st.integers(1, 100),
        sessions=st.none() | st.integers(1, 10),
    ),
    max_size=12,
)


@given(given_doses)
def test_a_longer_span_never_holds_less(doses: list[DosesGiven]) -> None:
    life, *windows = (exposure_sum(doses, since=since) for since in spans(ON))
    for shorter, longer in zip(windows, [*windows[1:], life], strict=True):
        assert shorter.sessions <= longer.sessions
        assert shorter.mg <= longer.mg


@given(given_doses)
def test_every_entry_is_known_or_counted_as_not_known(doses: list[DosesGiven]) -> None:
    life = exposure_sum(doses, since=None)
    assert life.unsure == 0
    assert life.unweighed == sum(one.mg is None for one in doses)
    assert life.whole is all(one.mg is not None and one.sessions is not None for one in doses)
