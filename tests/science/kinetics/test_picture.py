"""The picture of a simulation stands alone: title, words, units, and nothing outside its frame."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lysglimt.science.kinetics.asked import Asked, infused, simulated, sprayed
from lysglimt.science.kinetics.effects import Treated, effect_rules
from lysglimt.science.kinetics.model import kinetic_model, models
from lysglimt.science.kinetics.people import Person
from lysglimt.science.kinetics.picture import HEIGHT, WIDTH, nice_step, picture

from .reference import INTRANASAL, RACEMIC, TYPICAL

SVG = "{http://www.w3.org/2000/svg}"
SPRAY = Asked(
    INTRANASAL, sprayed(INTRANASAL, 84, devices=None, apart=None), Treated(TYPICAL), 300
)
DRIP = Asked(RACEMIC, infused(35, 40), Treated(TYPICAL))


def drawn(asked: Asked, language: str = "en") -> ET.Element:
    return ET.fromstring(picture(simulated(asked), language))  # noqa: S314 - our own text


def words(root: ET.Element) -> list[str]:
    return [str(one.text) for one in root.iter(f"{SVG}text")]


def places(root: ET.Element) -> list[tuple[float, float]]:
    found = [
        tuple(float(part) for part in point.split(","))
        for kind in ("polygon", "polyline")
        for one in root.iter(f"{SVG}{kind}")
        for point in one.attrib["points"].split()
    ]
    return [(x, y) for x, y in found]


def test_whoever_does_not_see_it_is_told_the_same() -> None:
    root = drawn(SPRAY)
    named = {one.attrib["id"]: str(one.text) for one in root if "id" in one.attrib}
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == ["title", "description"]
    assert named["title"] == "Esketamine in the blood after 84 mg into the nose"
    assert "highest 101 ng/ml at 44 min" in named["description"]
    assert "300 made-up people" in named["description"]
    assert effect_rules().label.en in named["description"]


def test_it_says_its_units_and_that_it_is_an_illustration_in_both_languages() -> None:
    for language, hours in (("en", "hours from the start"), ("nb", "timer fra start")):
        root = drawn(DRIP, language)
        said = words(root)
        assert "ng/ml" in said
        assert hours in said
        assert effect_rules().label.in_language(language) in " ".join(said)
        assert root.attrib["lang"] == language


def test_bokmal_writes_a_comma() -> None:
    assert "0,5" in words(drawn(DRIP, "nb"))
    assert "0.5" in words(drawn(DRIP, "en"))


def test_without_people_there_is_no_band_and_it_is_said() -> None:
    root = drawn(DRIP)
    assert root.find(f"{SVG}polygon") is None
    assert "no band: the typical person alone" in words(root)
    assert drawn(SPRAY).find(f"{SVG}polygon") is not None


def test_each_device_and_each_run_of_the_pump_has_its_mark() -> None:
    marks = [one for one in drawn(SPRAY).iter(f"{SVG}rect") if one.attrib["height"] == "8"]
    assert len(marks) == 3
    [drip] = [one for one in drawn(DRIP).iter(f"{SVG}rect") if one.attrib["height"] == "8"]
    assert float(drip.attrib["width"]) == pytest.approx((736 - 70) * (40 / 60) / 4, abs=0.1)


@pytest.mark.parametrize("name", sorted(models()))
@settings(max_examples=15)
@given(milligrams=st.floats(1, 200), over=st.integers(0, 240))
def test_nothing_is_drawn_outside_the_frame(name: str, milligrams: float, over: int) -> None:
    asked = Asked(kinetic_model(name), infused(milligrams, over), Treated(Person(weight_kg=60)))
    found = places(drawn(asked))
    assert found
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in found)
    assert max(y for _, y in found) <= 356
    assert min(y for _, y in found) >= 84


@given(st.floats(0.01, 1e5))
def test_the_levels_at_the_side_are_few_and_round(highest: float) -> None:
    step = nice_step(highest)
    assert 4 <= highest / step < 10.001
    assert f"{step:e}"[0] in "125"


def test_it_is_the_same_byte_for_byte() -> None:
    assert picture(simulated(SPRAY), "nb") == picture(simulated(SPRAY), "nb")


def test_where_the_blood_was_drawn_is_said_also_when_it_is_not_known() -> None:
    domino = Asked(kinetic_model("domino-1982"), infused(35, 40), Treated(TYPICAL))
    assert any("not known if venous or arterial" in one for one in words(drawn(domino)))
    assert any("venous blood" in one for one in words(drawn(DRIP)))
