"""Which weight the dose rests on, and whether it is fresh."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.dosing.weights import (
    Sex,
    Weighing,
    WeightBasis,
    adult_height,
    adult_weight,
    far_from_last,
    needs_new_order,
    weight_findings,
    weights,
)
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.quantities import Centimetres, Kilograms
from lysglimt.knowledge.verdict import Standing

from .plans import body

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        pytest.param("700", "is too high", id="a slipped digit"),
        pytest.param("0", "is too low", id="nothing weighs nothing"),
        pytest.param("7", "is too low", id="a digit left out"),
        pytest.param("29.9", "is too low", id="just below the adult range"),
        pytest.param("250.1", "is too high", id="just above the adult range"),
        pytest.param("8O", "is not a number", id="the letter O for a nought"),
        pytest.param("", "is not a number", id="an empty box"),
        pytest.param("8_0", "is not a number", id="Python's own underscore"),
        pytest.param("8e1", "is not a number", id="an exponent"),
        pytest.param("NaN", "is not a number", id="not a number by name"),
        pytest.param("٨٠", "is not a number", id="digits of another script"),
    ],
)
def test_a_weight_that_cannot_be_is_refused_with_its_reason(typed: str, why: str) -> None:
    with pytest.raises(Implausible, match=why) as refusal:
        adult_weight(typed)
    assert refusal.value.facts == {
        "field": "weight_kg",
        "value": typed,
        "allowed": "30-250 kg",
    }


@pytest.mark.parametrize(
    ("typed", "kg"),
    [
        pytest.param("30", "30", id="the lowest is accepted"),
        pytest.param("250", "250", id="the highest is accepted"),
        pytest.param(" 82,5 ", "82.5", id="with a Norwegian comma"),
    ],
)
def test_a_weight_is_taken_exactly_as_typed(typed: str, kg: str) -> None:
    assert adult_weight(typed) == Kilograms(Decimal(kg))


@pytest.mark.parametrize("typed", ["119", "231", "1.70", "tall"])
def test_a_height_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(Implausible, match="allowed is 120-230 cm"):
        adult_height(typed)


def test_the_range_holds_for_a_weight_that_was_not_typed() -> None:
    with pytest.raises(Implausible):
        weights(Kilograms(Decimal(7)), Centimetres(Decimal(170)), Sex.FEMALE)


@pytest.mark.parametrize(
    ("sex", "ideal", "adjusted"),
    [
        pytest.param(Sex.FEMALE, "61.34", "68.804", id="45.5 + 0.9 for each cm above 152.4"),
        pytest.param(Sex.MALE, "65.84", "71.504", id="50 + 0.9 for each cm above 152.4"),
    ],
)
def test_all_three_weights_are_always_there(sex: Sex, ideal: str, adjusted: str) -> None:
    assert {basis: kg.value for basis, kg in body("80", "170", sex).each.items()} == {
        WeightBasis.ACTUAL: Decimal(80),
        WeightBasis.IDEAL: Decimal(ideal),
        WeightBasis.ADJUSTED: Decimal(adjusted),
    }


@given(kg=st.integers(30, 250), cm=st.integers(120, 230), sex=st.sampled_from(Sex))
def test_the_adjusted_weight_lies_between_the_two(kg: int, cm: int, sex: Sex) -> None:
    three = body(str(kg), str(cm), sex)
    low, high = sorted((three.actual, three.ideal))
    assert low <= three.adjusted <= high


@pytest.mark.parametrize(
    ("ordered", "measured", "new"),
    [
        pytest.param("80", "84", False, id="exactly 5 % up is not a change"),
        pytest.param("80", "84.1", True, id="more than 5 % up is"),
        pytest.param("80", "76", False, id="exactly 5 % down is not a change"),
        pytest.param("80", "75.9", True, id="more than 5 % down is"),
    ],
)
def test_more_than_five_percent_needs_a_new_order(
    ordered: str, measured: str, *, new: bool
) -> None:
    assert needs_new_order(Kilograms(Decimal(ordered)), Kilograms(Decimal(measured))) is new


@pytest.mark.parametrize(
    ("on", "maintenance", "kg", "standing"),
    [
        pytest.param(date(2026, 3, 9), False, "80", Standing.MET, id="7 days old is fresh"),
        pytest.param(date(2026, 3, 8), False, "80", Standing.UNKNOWN, id="8 days is not"),
        pytest.param(date(2026, 3, 2), True, "80", Standing.MET, id="14 days in maintenance"),
        pytest.param(date(2026, 3, 1), True, "80", Standing.UNKNOWN, id="15 days is not"),
        pytest.param(date(2026, 3, 17), False, "80", Standing.UNKNOWN, id="not yet weighed"),
        pytest.param(TODAY, False, "85", Standing.EXCLUDED, id="too far from the order"),
    ],
)
def test_a_weight_is_fresh_and_fits_the_order(
    on: date, *, maintenance: bool, kg: str, standing: Standing
) -> None:
    [finding] = weight_findings(
        Weighing(Kilograms(Decimal(kg)), on),
        ordered=Kilograms(Decimal(80)),
        session_on=TODAY,
        maintenance=maintenance,
    )
    assert finding.standing is standing
    assert finding.basis.awaits_approval


def test_a_patient_who_was_never_weighed_is_a_question() -> None:
    [finding] = weight_findings(
        None, ordered=Kilograms(Decimal(80)), session_on=TODAY, maintenance=False
    )
    assert finding.question is not None


def test_a_weight_far_from_the_last_is_told_in_words() -> None:
    last = Weighing(Kilograms(Decimal("72.4")), date(2026, 3, 2))
    assert far_from_last(last, Kilograms(Decimal("76.02"))) is None, "5 % stands"
    far = far_from_last(last, Kilograms(Decimal("97.40")))
    assert far is not None
    assert far.nb == "97,4 kg er mer enn 5 % fra siste vekt, 72,4 kg 02.03.2026"
    assert far.en == "97.4 kg is more than 5 % from the last weight, 72.4 kg on 2026-03-02"
