"""A score is converted for a group, never for a patient."""

from dataclasses import replace
from decimal import Decimal

import pytest

from lysglimt.knowledge.errors import Inconsistent, Unknown
from lysglimt.knowledge.instruments.crosswalks import (
    Crosswalks,
    NotPooled,
    OutsideCrosswalk,
    Path,
    Point,
    crosswalks,
    pooled_change,
    pooled_conversion,
)

WALKS = crosswalks()


def test_all_six_crosswalks_say_how_they_were_made_and_where_they_are_from() -> None:
    assert len(WALKS) == 6
    assert all(one.method.nb and one.basis.source.key for one in WALKS.values())
    assert WALKS["phq9_promis_dep"].basis.awaits_approval


@pytest.mark.parametrize(
    ("walk", "origin", "target", "mean", "converted"),
    [
        pytest.param("bdi_hrsd_ids_linear", "hamd17", "ids_sr30", "20", "38.88", id="linear"),
        pytest.param("qids_hrsd", "", "ids_sr30", "25", "63", id="the misprinted row"),
        pytest.param("qids_hrsd", "", "hamd17", "14", "18.5", id="a printed range"),
        pytest.param("hamd_madrs", "", "madrs", "15", "19.5", id="between two anchors"),
        pytest.param("hamd_madrs", "", "madrs", "40", "52.5", id="the last anchor"),
        pytest.param("phq9_madrs", "", "madrs", "15", "24", id="an anchor"),
        pytest.param("hamd_bdi2", "", "bdi2", "10", "13", id="the first anchor"),
        pytest.param("phq9_promis_dep", "", "promis_depression_t", "0", "37.4", id="T score"),
    ],
)
def test_a_mean_is_converted_as_published(
    walk: str, origin: str, target: str, mean: str, converted: str
) -> None:
    found = pooled_conversion(
        WALKS[walk], target, origin=origin, mean=Decimal(mean), patients=40
    )
    assert found.converted == Decimal(converted)
    assert (found.method, found.basis) == (WALKS[walk].method, WALKS[walk].basis)


def test_a_mean_change_has_its_own_path() -> None:
    found = pooled_change(WALKS["hamd_madrs"], "madrs", mean=Decimal(10), patients=12)
    assert found.converted == 12
    assert found.of_change


@pytest.mark.parametrize("patients", [0, 1])
def test_one_patient_is_not_a_group(patients: int) -> None:
    with pytest.raises(NotPooled) as refusal:
        pooled_conversion(WALKS["phq9_madrs"], "madrs", mean=Decimal(9), patients=patients)
    assert refusal.value.facts["value"] == patients


@pytest.mark.parametrize("mean", ["9.9", "40.1"])
def test_a_mean_beyond_the_anchors_is_refused(mean: str) -> None:
    with pytest.raises(OutsideCrosswalk, match="goes from 10 to 40"):
        pooled_conversion(WALKS["hamd_madrs"], "madrs", mean=Decimal(mean), patients=40)


def test_a_mean_beyond_the_scale_is_refused_by_a_line_too() -> None:
    with pytest.raises(OutsideCrosswalk, match="goes from 0 to 52"):
        pooled_conversion(
            WALKS["bdi_hrsd_ids_linear"], "bdi", origin="hamd17", mean=Decimal(53), patients=9
        )


def test_a_path_that_is_not_there_or_not_the_only_one_is_refused() -> None:
    walk = WALKS["bdi_hrsd_ids_linear"]
    with pytest.raises(Unknown, match="0 paths"):
        pooled_conversion(walk, "madrs", mean=Decimal(9), patients=40)
    with pytest.raises(Unknown, match="2 paths"):
        pooled_conversion(walk, "bdi", mean=Decimal(9), patients=40)


def test_a_crosswalk_that_contradicts_itself_is_refused() -> None:
    one, two = (Point(Decimal(n), Decimal(n), Decimal(n)) for n in (1, 2))
    for points in ((two, one), (one,)):
        with pytest.raises(Inconsistent, match="two or more, rising"):
            Path("a", "b", points=points)
    with pytest.raises(Inconsistent, match="either points or a line"):
        Path("a", "b")
    with pytest.raises(Inconsistent, match="is above"):
        Point(Decimal(1), Decimal(3), Decimal(2))
    walk = WALKS["hamd_bdi2"]
    with pytest.raises(Inconsistent, match="share an id"):
        Crosswalks((walk, walk))
    with pytest.raises(Inconsistent, match="belong together"):
        replace(walk, spread=Decimal(1))
