"""What the laboratory is asked, and which values can be true."""

from dataclasses import replace
from decimal import Decimal

import pytest

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.safety.analytes import analytes, panel_of, panels
from lysglimt.knowledge.safety.exposure import exposure_grid


def test_every_laboratory_value_of_the_schedule_can_be_entered() -> None:
    asked = {
        way.removeprefix("lab:")
        for check in exposure_grid().check
        for ways in check.needs
        for way in ways
        if way.startswith("lab:")
    }
    assert asked == analytes().keys()
    assert {panel_of(one).id for one in asked} == panels().keys()


@pytest.mark.parametrize("name", ["alt", "ast", "ggt", "alp", "bilirubin"])
def test_what_is_usual_is_possible_and_a_limit_is_usual(name: str) -> None:
    one = analytes()[name]
    assert one.possible is not None
    assert one.usual is not None
    assert one.limit is not None
    for figure in (one.usual.lowest, one.usual.highest):
        assert one.possible.holds(figure.value)
    assert one.usual.holds(one.limit.lowest.value)
    assert not one.usual.holds(one.possible.highest.value + Decimal(1))
    for figure in (one.possible.lowest, one.usual.highest, one.limit.highest):
        assert figure.unit == one.unit
        assert figure.awaits_approval


def test_an_amount_has_ranges_and_a_sign_has_none() -> None:
    with pytest.raises(Inconsistent, match="ranges"):
        replace(analytes()["alt"], usual=None)
    with pytest.raises(Inconsistent, match="ranges"):
        replace(analytes()["hcg"], unit="U/l")


def test_what_a_panel_asks_has_a_word_of_its_own() -> None:
    with pytest.raises(Inconsistent, match="without a word"):
        replace(panels()["urine"], about=None)
