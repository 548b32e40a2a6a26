"""How much of a list from outside the register has: individuals, courses and units."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lysglimt.knowledge.errors import Implausible
from lysglimt.register.indicators.coverage import Coverage
from lysglimt.register.indicators.covered import (
    Course,
    covered,
    norwegian,
    reference_list,
    swedish,
)
from lysglimt.register.proportions import Proportion

from .made import START, Made, register

YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}
ROWS = register(
    Made("a"), Made("b"), Made("c", unit=2), Made("gone", choice="reserved"),
    Made("none", sessions=0), Made("before", start=date(2025, 3, 3)),
)  # fmt: skip
OUTSIDE: list[Course] = [
    (1, "p-a", START),
    (1, "p-b", date(2026, 9, 1)),   # another course of b
    (1, "p-gone", START),
    (3, "p-d", START),
    (3, "p-e", date(2027, 1, 1)),   # of the next year
]  # fmt: skip


def test_coverage_is_told_of_people_courses_and_units() -> None:
    found = covered(ROWS, OUTSIDE, **YEAR)
    assert found.individuals == Coverage(both=2, only_here=1, only_outside=2)
    assert found.courses == Coverage(both=1, only_here=2, only_outside=3)
    assert found.units == Coverage(both=1, only_here=1, only_outside=1)


def test_it_is_told_of_each_unit_also_of_one_that_never_delivered() -> None:
    found = covered(ROWS, OUTSIDE, **YEAR).by_unit
    assert list(found) == [1, 2, 3]
    assert found[1] == Coverage(2, 0, 1)
    assert found[3] == Coverage(0, 0, 1)
    assert found[3].faint


def test_who_opted_out_is_missing_and_never_named() -> None:
    found = covered(ROWS, OUTSIDE, **YEAR)
    assert found.individuals.only_outside == 2
    assert "gone" not in repr(found)


def test_three_of_five_by_either_definition_with_wilsons_interval() -> None:
    one = covered(ROWS, OUTSIDE, **YEAR).individuals
    assert norwegian(one) == swedish(one) == Proportion(3, 5)
    assert one.of_the_list.share == Fraction(1, 2)
    interval = one.proportion.interval
    assert interval
    # Wilson's interval of 3 of 5, reckoned by hand.
    assert (round(float(interval.low), 4), round(float(interval.high), 4)) == (0.2307, 0.8824)


@given(*[st.integers(0, 50)] * 3)
def test_the_definitions_of_norway_and_sweden_are_one_share(
    both: int, here: int, outside: int
) -> None:
    one = Coverage(both, here, outside)
    assert norwegian(one) == swedish(one) == one.proportion


def test_a_list_is_read_or_refused_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("unit,person,started_on\n1,p-a,2026-03-02\n", encoding="utf-8")
    assert reference_list(file) == [(1, "p-a", START)]
    for line, said in (
        ("x,p-a,2026-03-02", "line 2: unit: x is refused, allowed is a whole number from 1"),
        ("1,,2026-03-02", "line 2: person"),
        ("1,p-a,2.3.2026", "line 2: started_on: 2.3.2026 is refused, allowed is yyyy-mm-dd"),
        ("1", "line 2: person"),
    ):
        file.write_text(f"unit,person,started_on\n{line}\n", encoding="utf-8")
        with pytest.raises(Implausible) as refused:
            reference_list(file)
        assert said in str(refused.value)
    file.write_text("person,unit\n", encoding="utf-8")
    with pytest.raises(Implausible, match="allowed is unit, person, started_on"):
        reference_list(file)
