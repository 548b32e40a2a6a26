from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.medicine import Doses, DoseUnit, Medicine, NotACode


@pytest.mark.parametrize("code", ["N06AB", "n06ab06", "N06AB6", "sertralin", "N06AB06 "])
def test_a_medicine_is_known_by_its_whole_code(code: str) -> None:
    with pytest.raises(NotACode, match="N06AB06") as refused:
        Medicine(code)
    assert refused.value.facts["field"] == "atc"


def test_an_amount_may_be_unknown() -> None:
    assert Medicine("N06AB06").mg_per_day is None


def test_a_code_that_nobody_knows_is_empty() -> None:
    assert Medicine("", name="Valerina natt").atc == ""


@pytest.mark.parametrize(
    ("unit", "said", "mg"),
    [
        pytest.param("mg", {"morning": 5, "night": 10}, 15, id="summed over the day"),
        pytest.param("mg", {"morning": 5, "needed": 10}, 15, id="as needed counts, at most"),
        pytest.param("ug", {"morning": 25}, Decimal("0.025"), id="micrograms"),
        pytest.param("g", {"morning": 1, "evening": 1}, 2000, id="grams"),
        pytest.param("tablet", {"morning": 1}, None, id="of a tablet nobody knows"),
        pytest.param("mg", {}, None, id="nothing is said"),
        pytest.param("mg", {"night": 0}, 0, id="none at all is said"),
    ],
)
def test_the_amount_of_a_day_is_summed_where_it_is_a_mass(
    unit: str, said: dict[str, Any], mg: Any
) -> None:
    doses = Doses(DoseUnit(unit), **{at: Decimal(amount) for at, amount in said.items()})
    assert doses.mg_per_day == mg


@pytest.mark.parametrize(
    ("said", "late"),
    [
        ({"morning": 5}, False),
        ({"evening": 5}, True),
        ({"night": 5}, True),
        ({"night": 0}, False),
    ],
)
def test_a_dose_of_the_evening_is_late(said: dict[str, Any], late: Any) -> None:
    doses = Doses(DoseUnit.TABLET, **{at: Decimal(amount) for at, amount in said.items()})
    assert doses.late is late


@given(
    amounts=st.lists(st.none() | st.decimals(0, 1000, places=2), min_size=5, max_size=5),
    unit=st.sampled_from(DoseUnit),
)
def test_a_day_is_never_less_than_its_largest_dose(
    amounts: list[Decimal | None], unit: DoseUnit
) -> None:
    doses = Doses(unit, *amounts)
    whole, each = doses.mg_per_day, unit.milligrams
    if whole is not None and each is not None:
        assert whole >= max(doses.stated) * each
