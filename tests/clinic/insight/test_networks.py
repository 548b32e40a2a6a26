"""The network on the page: picture, tables, and words on what they do not say."""

import pytest
from django.test import Client
from django.utils.translation import override

from lysglimt.clinic.insight.net_picture import LARGEST, SMALLEST, network_picture, radius
from lysglimt.clinic.insight.networks import (
    NETWORKS,
    PART_OF,
    TREATMENTS,
    network_of,
    probability,
    ratio,
    show,
    shown,
    with_reach,
)
from lysglimt.clinic.insight.trials import QUESTIONS
from lysglimt.science.evidence.traps import traps

from .islands_made import made
from .test_evidence import page
from .test_unit import as_lead

__all__ = ["as_lead"]


def test_every_treatment_of_the_table_has_a_name() -> None:
    assert TREATMENTS.keys() == set(traps().interventions) - {"other"}


def test_a_question_belongs_to_a_network_that_there_is() -> None:
    assert PART_OF.keys() < QUESTIONS.keys()
    assert set(PART_OF.values()) == NETWORKS.keys()


@pytest.mark.parametrize("name", NETWORKS)
def test_the_picture_keeps_within_its_frame_and_has_a_row_for_each_line(name: str) -> None:
    with override("nb"):
        scene = network_picture(network_of(name), heading="x")
    assert len(scene.rows) == len(scene.lines) > 0
    for dot in scene.dots:
        assert dot.radius <= dot.x <= scene.width - dot.radius
        assert dot.radius <= dot.y <= scene.height - dot.radius
    for label in scene.labels:
        left, right = label.extent
        assert 0 <= left <= right <= scene.width
        assert 10 < label.y < scene.height
    assert all(int(line.kind[-1]) in range(1, 5) for line in scene.lines)


def test_a_dot_grows_with_the_people_and_is_never_lost() -> None:
    assert radius(700, 700) == LARGEST
    assert radius(175, 700) == LARGEST // 2
    assert radius(1, 700) == SMALLEST


def test_the_league_reads_row_against_column() -> None:
    with override("en"):
        spray, _ = shown(network_of("weeks-remission"))
    assert spray.league.columns[1:] == (
        "esketamine spray",
        "quetiapine",
        "placebo spray + tablet",
    )
    rows = {row[0]: row[1:] for row in spray.league.rows}
    assert rows["esketamine spray"][0] == "–"
    assert rows["esketamine spray"][2].startswith("1.91 (1.18 to")
    assert rows["placebo spray + tablet"][0].startswith("0.52 (")


def test_a_score_stands_with_what_it_does_not_say() -> None:
    with override("en"):
        spray, _ = shown(network_of("weeks-remission"))
        [alone, _] = shown(network_of("weeks-response"))
    assert [row[-1] for row in spray.order.rows] == ["0.98", "0.32", "0.20"]
    assert any("does not say how much better" in one for one in spray.cautions)
    assert any("Reif 2023" in one for one in spray.cautions)
    assert {row[-1] for row in alone.order.rows} == {"not ranked"}
    assert not any("P-score" in one for one in alone.cautions)


def test_what_cannot_be_looked_at_is_said() -> None:
    with override("en"):
        [spray, drip] = shown(network_of("weeks-response"))
    assert any("compared in two ways" in one for one in spray.whole)
    assert drip.whole[1].startswith("No comparison has two trials")
    assert {row[-1] for row in drip.local.rows} == {"cannot be looked at"}
    assert {row[1] for row in drip.local.rows} > {"none"}


def test_a_loop_is_looked_at_from_both_ways() -> None:
    found = made(
        a={"saline": 10, "midazolam": 12},
        b={"midazolam": 10, "ect": 14},
        c={"saline": 5, "ect": 16},
    )
    with override("en"):
        said = show(found, found.islands[0])
    assert any(one.startswith("Between comparisons: Q = ") for one in said.whole)
    assert all(row[-1].startswith("p ") for row in said.local.rows)
    assert all("none" not in row for row in said.local.rows)


def test_nothing_is_ranked_through_trials_that_contradict_each_other() -> None:
    found = made(
        a={"ect": 36, "saline": 8},
        b={"ect": 8, "saline": 36},
        c={"saline": 10, "midazolam": 12},
    )
    with override("en"):
        said = show(found, found.islands[0])
    assert {row[-1] for row in said.order.rows} == {"not ranked"}
    assert said.cautions[0].startswith("The trials of one comparison contradict each other")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_shows_the_network_that_its_question_is_part_of(
    as_lead: Client, language: str
) -> None:
    shown_there = page(as_lead, "nasal-quetiapine", language)
    with override(language):
        assert str(NETWORKS["weeks-remission"].words) in shown_there
        assert str(TREATMENTS["quetiapine"]) in shown_there
    assert "Reif 2023" in shown_there
    method = {
        "nb": "etter normalfordelingen (z), uten frihetsgrader",
        "en": "DerSimonian and Laird",
    }
    assert method[language] in shown_there


def test_every_interval_is_the_one_that_the_page_names() -> None:
    """By the normal distribution: 1.96 standard errors to each side."""
    with override("en"):
        assert with_reach(0.0, 1.0) == "1.00 (0.14 to 7.10)"


def test_a_question_that_stands_alone_shows_none(as_lead: Client) -> None:
    assert "The network" not in page(as_lead, "nasal-change")
    assert "The network" not in page(as_lead, "drip-ideation")


def test_figures_are_written_as_the_reader_writes_them() -> None:
    with override("nb"):
        assert ratio(0.0) == "1,00"
        assert [probability(p) for p in (0.0001, 0.0234, 0.5)] == [
            "p < 0,001",
            "p = 0,023",
            "p = 0,5",
        ]
