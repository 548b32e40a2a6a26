from decimal import Decimal

import pytest

from lysglimt.knowledge.figures import Mark
from lysglimt.knowledge.safety.adverse_events import (
    alt_grade,
    ggt_grade,
    pressure_class,
    qtc_grade,
    taxonomy,
)


def test_a_term_of_ctcae_is_cited_and_a_term_of_our_own_is_not() -> None:
    for term in taxonomy().term:
        if term.ctcae is None:
            assert term.basis.mark is Mark.OWN


def test_every_term_is_listed_once() -> None:
    assert len(taxonomy().terms) == len(taxonomy().term) == 54


def test_dissociation_has_a_scale_of_our_own() -> None:
    term = taxonomy().terms["dissociation"]
    assert sorted(term.grades) == ["1", "2", "3", "4"]
    assert term.ctcae is None


def test_a_grade_that_ctcae_does_not_have_is_not_there() -> None:
    assert "4" not in taxonomy().terms["nausea"].grades
    assert "1" not in taxonomy().terms["hypoxia"].grades


def test_seriousness_and_causality_are_listed() -> None:
    assert len(taxonomy().seriousness) == 6
    assert len(taxonomy().causality) == 6


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        pytest.param([(119, 79)], 0, id="below 120/80"),
        pytest.param([(120, 79)], 1, id="systolic 120"),
        pytest.param([(119, 80)], 1, id="diastolic 80 alone"),
        pytest.param([(139, 90)], 2, id="either part decides"),
        pytest.param([(150, 85), (160, 80), (130, 80)], 3, id="the peak decides"),
        pytest.param([], None, id="not measured"),
    ],
)
def test_the_peak_class_of_the_blood_pressure(
    readings: list[tuple[int, int]], expected: int | None
) -> None:
    assert pressure_class(readings) == expected


@pytest.mark.parametrize(
    ("x_uln", "alt", "ggt"),
    [
        ("1", 0, 0),
        ("1.1", 1, 1),
        ("2.5", 1, 1),
        ("3", 1, 2),
        ("3.1", 2, 2),
        ("5", 2, 2),
        ("5.1", 3, 3),
        ("20", 3, 3),
        ("20.1", 4, 4),
    ],
)
def test_liver_enzymes_are_graded_above_each_limit(x_uln: str, alt: int, ggt: int) -> None:
    assert alt_grade(Decimal(x_uln)) == alt
    assert ggt_grade(Decimal(x_uln)) == ggt


@pytest.mark.parametrize(
    ("qtc", "before", "grade"),
    [
        pytest.param(449, None, 0, id="449"),
        pytest.param(450, None, 1, id="450"),
        pytest.param(480, None, 1, id="480"),
        pytest.param(481, None, 2, id="481"),
        pytest.param(500, None, 2, id="500"),
        pytest.param(501, None, 3, id="501"),
        pytest.param(440, 380, 3, id="60 ms longer"),
        pytest.param(440, 381, 0, id="59 ms longer"),
    ],
)
def test_qtc_is_graded(qtc: int, before: int | None, grade: int) -> None:
    assert qtc_grade(qtc, before_ms=before) == grade
