"""What may be shown without saying who someone is: small numbers, and what would give them back.

A count from 1 to `few` is withheld. Then further cells are, so that no sum gives it back: for each
small cell a move is sought, whole numbers that may be added to the cells without changing one sum
or one cell that is shown, and that lift the small cell by `room` or more. The cells of the cheapest
move are withheld with it. The problem, with a general system of sums, is that of
[fischetti-salazar]; one move at a time is a heuristic for it, which withholds enough and not
always the fewest. The move itself is the proof: the tables with it added are tables that a reader
cannot tell from ours.

A nought is always shown, and so the reader may know that what is withheld is 1 or more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf, log2

import numpy as np

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError, Inconsistent
from lysglimt.knowledge.figures import Figure
from lysglimt.science.whole_numbers import Equation, cheapest

from .proportions import Proportion
from .table_set import Cell, TableSet

ALREADY = 0.001
"""What it costs to move a cell that is withheld anyway: next to nothing."""


class Unprotectable(ClinicalError):
    """What is known elsewhere gives a small count away, whatever is withheld here."""

    code = "register.unprotectable"


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    few: Figure[int]
    room: Figure[int]


@cache
def disclosure_rules() -> DisclosureRules:
    return read(DisclosureRules, files("lysglimt.register") / "disclosure.toml")


@dataclass(frozen=True, slots=True)
class Publication:
    """``shown`` may be published, and that the others are withheld.

    ``small`` is for the log alone: who knows which of the withheld are small knows too much.
    """

    shown: Mapping[Cell, int]
    withheld: frozenset[Cell]
    small: frozenset[Cell]
    tables: TableSet

    def proportion(self, count: Cell, of: Cell) -> Proportion | None:
        """None where one of the two, or what would follow from it, is withheld.

        Raises Inconsistent for two cells whose difference was never looked at.
        """
        if not any(one.total == of and count in one.parts for one in self.tables.relations):
            raise Inconsistent(f"{count}: is not a part of {of} in these tables")
        if count in self.withheld or of in self.withheld:
            return None
        return Proportion(self.shown[count], self.shown[of])


def published(tables: TableSet, *, known: frozenset[Cell] = frozenset()) -> Publication:
    """What may be shown of tables that belong together.

    ``known`` are cells that stand elsewhere already: withholding them would protect nobody.
    Raises Unprotectable where a small count can be worked out from those.
    """
    few, room = disclosure_rules().few.value, disclosure_rules().room.value
    small = {one for one, count in tables.counts.items() if 1 <= count <= few} - known
    withheld, safe = set(small), set[Cell]()
    # The least first: what protects it lifts the others too, more often than not.
    for one in sorted(small, key=lambda each: (tables.counts[each], each)):
        if one in safe:
            continue
        move = cheapest_move(tables, one, frozenset(withheld), known=known, room=room)
        withheld |= move.keys()
        safe |= {each for each in small if move.get(each, 0) >= room}
    return Publication(
        {each: count for each, count in tables.counts.items() if each not in withheld},
        frozenset(withheld),
        frozenset(small),
        tables,
    )


def cheapest_move(
    tables: TableSet,
    small: Cell,
    withheld: frozenset[Cell],
    *,
    known: frozenset[Cell],
    room: int,
) -> Mapping[Cell, int]:
    """What is added to the cells that move, so that ``small`` rises by ``room`` or more."""
    cells = [one for one, count in tables.counts.items() if count and one not in known]
    place = {one: number for number, one in enumerate(cells)}
    counts = np.array([tables.counts[one] for one in cells], dtype=np.float64)
    cost = [ALREADY if one in withheld else 1 + log2(tables.counts[one]) for one in cells]
    # Up and down are two numbers, so that what each costs is a sum.
    low, high = np.zeros(2 * len(cells)), np.full(2 * len(cells), inf)
    high[len(cells) :] = counts - 1
    low[place[small]], high[len(cells) + place[small]] = room, 0
    found = cheapest(np.array(cost + cost), equations(tables, place), low=low, high=high)
    if found is None:
        raise Unprotectable(
            f"{named(small)}: can be worked out from what is known elsewhere",
            field="cell",
            value=named(small),
            allowed="cells that are not known elsewhere",
        )
    move = {one: found[n] - found[len(cells) + n] for one, n in place.items()}
    return proven({one: by for one, by in move.items() if by}, tables, small, room=room)


def equations(tables: TableSet, place: Mapping[Cell, int]) -> list[Equation]:
    """That each sum stays what it is, in ups and in downs."""
    made: list[Equation] = []
    for one in tables.relations:
        signs = {place[part]: 1 for part in one.parts if part in place}
        if one.total in place:
            signs[place[one.total]] = -1
        if signs:
            down = {number + len(place): -sign for number, sign in signs.items()}
            made.append({**signs, **down})
    return made


def proven(
    move: Mapping[Cell, int], tables: TableSet, small: Cell, *, room: int
) -> Mapping[Cell, int]:
    """The move, when whole numbers say that it is one; a solver reckons with fractions."""
    whole = all(
        move.get(one.total, 0) == sum(move.get(part, 0) for part in one.parts)
        for one in tables.relations
    )
    possible = all(tables.counts[one] + by >= 1 for one, by in move.items())
    if not (whole and possible and move.get(small, 0) >= room):
        raise Inconsistent(f"{named(small)}: the solver's move is none")
    return move


def named(one: Cell) -> str:
    return ", ".join(f"{dimension} {value}" for dimension, value in one) or "everybody"
