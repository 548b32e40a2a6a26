"""Nobody is recognised in a small number, nor in what is left when the others are taken away."""

import os
from collections.abc import Mapping

import pytest

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.register.disclosure_control import (
    Publication,
    Unprotectable,
    disclosure_rules,
    proven,
    published,
)
from lysglimt.register.proportions import Proportion
from lysglimt.register.table_set import Cell, Dimension, Leaf, TableSet, table_set

from .attacks import attack, random_tables

LONG = os.environ.get("LYSGLIMT_LONG") == "true"
TABLES, PARTS = (10_000, 20) if LONG else (200, 2)
PLACE = Dimension(
    "place", {"country": ("west", "north"), "west": ("w1", "w2"), "north": ("n1", "n2")}
)
OUTCOME = Dimension("outcome", {"all": ("yes", "no")})
PEOPLE: Mapping[Leaf, int] = {
    ("w1", "yes"): 3,
    ("w1", "no"): 20,
    ("w2", "yes"): 12,
    ("w2", "no"): 30,
    ("n1", "yes"): 25,
    ("n1", "no"): 40,
    ("n2", "yes"): 18,
    ("n2", "no"): 0,
}


def tables(people: Mapping[Leaf, int] = PEOPLE) -> TableSet:
    return table_set([PLACE, OUTCOME], [["place", "outcome"]], people)


def at(place: str = "", outcome: str = "") -> Cell:
    named = {"outcome": outcome, "place": place}
    return tuple((name, value) for name, value in named.items() if value)


def test_cells_add_up_over_units_regions_country_and_outcomes() -> None:
    counts = tables().counts
    assert len(counts) == 7 * 3
    assert counts[()] == 148
    assert counts[at("west")] == 65
    assert counts[at("west", "yes")] == 15
    assert counts[at("n2", "no")] == 0
    assert counts[at(outcome="yes")] == 58


def test_margins_that_two_tables_share_are_one_cell() -> None:
    period = Dimension("period", {"years": ("2026", "2027")})
    people: Mapping[Leaf, int] = {
        (place, outcome, "2026"): n for (place, outcome), n in PEOPLE.items()
    }
    linked = table_set(
        [PLACE, OUTCOME, period], [["place", "outcome"], ["place", "period"]], people
    )
    assert len(linked.counts) == 21 + 7 * 2
    assert linked.counts[at("west")] == 65
    assert linked.counts[("period", "2026"), ("place", "w1")] == 23


def test_a_small_cell_takes_others_with_it_until_no_sum_gives_it_back() -> None:
    found = published(tables())
    assert found.small == {at("w1", "yes")}
    assert at("w1", "yes") in found.withheld
    # With the total of the unit and the other outcome shown, it would be one minus the other.
    assert found.withheld & {at("w1"), at("w1", "no")}
    assert found.withheld & {at("w2", "yes"), at("west", "yes")}
    assert not attack(found).recovered(found.tables.counts, found.small)


def test_a_nought_is_shown_and_what_is_large_enough_is_too() -> None:
    found = published(tables({**PEOPLE, ("w1", "yes"): 5}))
    assert not found.withheld
    assert found.shown == found.tables.counts


@pytest.mark.parametrize(("count", "withheld"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_are_withheld(count: int, *, withheld: bool) -> None:
    found = published(tables({**PEOPLE, ("w1", "yes"): count}))
    assert (at("w1", "yes") in found.withheld) is withheld


def test_a_proportion_is_made_only_of_what_may_be_shown() -> None:
    found = published(tables())
    assert found.proportion(at("w1", "yes"), at("w1")) is None
    assert found.proportion(at("n1", "yes"), at("n1")) == Proportion(25, 65)
    with pytest.raises(Inconsistent, match="is not a part of"):
        found.proportion(at("n1", "yes"), at("north"))


def test_a_proportion_is_not_made_when_those_without_are_few() -> None:
    found = published(tables({**PEOPLE, ("w1", "yes"): 20, ("w1", "no"): 3}))
    assert found.proportion(at("w1", "yes"), at("w1")) is None


def test_what_stands_elsewhere_is_not_withheld_and_others_are() -> None:
    known = frozenset({at("w1", "no")})
    found = published(tables(), known=known)
    assert not found.withheld & known
    assert at("w1") in found.withheld


def test_what_is_known_elsewhere_can_give_a_small_number_away() -> None:
    known = frozenset({at("w1"), at("w1", "no")})
    with pytest.raises(
        Unprotectable, match="outcome yes, place w1: can be worked out"
    ) as refused:
        published(tables(), known=known)
    assert refused.value.code == "register.unprotectable"


def test_everybody_can_be_the_only_one_there_is() -> None:
    alone = dict.fromkeys(PEOPLE, 0) | {("w1", "yes"): 2}
    found = published(tables(alone))
    assert found.withheld == {one for one, n in found.tables.counts.items() if n}
    assert not attack(found).recovered(found.tables.counts, found.small)


def test_the_same_tables_are_always_published_in_the_same_way() -> None:
    turned = dict(reversed(list(PEOPLE.items())))
    assert published(tables(turned)).withheld == published(tables()).withheld


def test_the_limits_are_ours_and_say_so() -> None:
    rules = disclosure_rules()
    assert (rules.few.value, rules.room.value) == (4, 5)
    assert rules.few.awaits_approval
    assert rules.room.awaits_approval


@pytest.mark.parametrize(
    "move",
    [
        pytest.param({at("w1", "yes"): 5}, id="a sum no longer holds"),
        pytest.param({}, id="nothing moves"),
        pytest.param(
            {at("w1", "yes"): 20, at("w1", "no"): -20, at("west", "yes"): 20, at("west", "no"): -20,
             at(outcome="yes"): 20, at(outcome="no"): -20}, id="somebody would be less than one"),
    ],
)  # fmt: skip
def test_a_move_that_is_none_is_refused(move: Mapping[Cell, int]) -> None:
    with pytest.raises(Inconsistent, match="the solver's move is none"):
        proven(move, tables(), at("w1", "yes"), room=5)


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ({"all": ("a", "b"), "a": ("b",)}, "a value is a part of two others"),
        ({"all": ("a",), "rest": ("b",)}, "one value, and only one"),
        ({"all": ()}, "has at least one"),
    ],
)
def test_a_dimension_is_a_tree(parts: Mapping[str, tuple[str, ...]], refusal: str) -> None:
    with pytest.raises(Inconsistent, match=refusal):
        Dimension("place", parts)


def test_tables_that_do_not_add_up_are_refused() -> None:
    right = tables()
    with pytest.raises(Inconsistent, match="is not the sum of its parts"):
        TableSet({**right.counts, (): 1}, right.relations)
    with pytest.raises(Inconsistent, match="less than nobody"):
        TableSet({(): -1}, ())


def bare(whole: TableSet) -> Publication:
    """Small cells withheld and nothing else, as a hurried hand would do it."""
    small = frozenset(one for one, n in whole.counts.items() if 1 <= n <= 4)
    shown = {one: n for one, n in whole.counts.items() if one not in small}
    return Publication(shown, small, small, whole)


def test_the_attack_finds_what_a_hurried_hand_gives_away() -> None:
    found = bare(tables())
    assert attack(found).recovered(found.tables.counts, found.small) == [at("w1", "yes")]
    given = [bare(random_tables(seed)) for seed in range(20)]
    away = [
        attack(one).recovered(one.tables.counts, one.small) for one in given if one.withheld
    ]
    assert sum(map(bool, away)) > len(away) / 2


@pytest.mark.parametrize("part", range(PARTS))
def test_no_withheld_cell_of_random_tables_can_be_worked_out(
    part: int, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = small = withheld = 0
    recovered: list[tuple[int, Cell]] = []
    for seed in range(part, TABLES, PARTS):
        found = published(random_tables(seed))
        cells += len(found.tables.counts)
        small += len(found.small)
        withheld += len(found.withheld)
        if found.withheld:
            lost = attack(found).recovered(found.tables.counts, found.small)
            recovered += [(seed, one) for one in lost]
    with capsys.disabled():
        print(  # noqa: T201 - the figures of the attack, for who runs it
            f"\n{TABLES // PARTS} sets of tables, {cells} cells, {small} small, "
            f"{withheld} withheld, {len(recovered)} recovered"
        )
    assert small > TABLES / PARTS
    assert not recovered
