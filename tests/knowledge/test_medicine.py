import pytest

from lysglimt.knowledge.medicine import Medicine, NotACode


@pytest.mark.parametrize("code", ["N06AB", "n06ab06", "N06AB6", "sertralin", "N06AB06 "])
def test_a_medicine_is_known_by_its_whole_code(code: str) -> None:
    with pytest.raises(NotACode, match="N06AB06") as refused:
        Medicine(code)
    assert refused.value.facts["field"] == "atc"


def test_an_amount_may_be_unknown() -> None:
    assert Medicine("N06AB06").mg_per_day is None
