"""The table of what dose counts: every medicine bears its name in both languages."""

from decimal import Decimal

import pytest

from lysglimt.knowledge.eligibility.adequacy import adequacy


def test_every_medicine_of_the_table_has_a_name_in_both_languages() -> None:
    table = adequacy()
    listed = {one.atc for one in table.antidepressant} | {one.atc for one in table.augmenter}
    assert set(table.names) == listed
    assert all(name.nb and name.en for name in table.names.values())
    assert table.names["N06AB06"].nb == "sertralin"


@pytest.mark.parametrize(
    ("atc", "mg", "asked"),
    [
        pytest.param("N06AB04", "4000", True, id="citalopram 4000 mg: a zero or two too many"),
        pytest.param("N06AB04", "40", False, id="citalopram 40 mg"),
        pytest.param("N06AB04", None, False, id="no dose is known"),
        pytest.param("A10BA02", "4000", False, id="no antidepressant"),
    ],
)
def test_a_dose_far_above_the_adequate_one_is_asked_about(
    atc: str, mg: str | None, *, asked: bool
) -> None:
    most = adequacy().unusual(atc, None if mg is None else Decimal(mg))
    assert (most is not None) is asked
    assert most is None or most < Decimal(mg or 0)
