"""One who knows the rules, reads every table and has a solver: what can be told of a withheld cell?"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from lysglimt.register.disclosure_control import Publication, disclosure_rules
from lysglimt.register.table_set import Cell, Dimension, Leaf, TableSet, table_set


@dataclass(frozen=True, slots=True)
class Attack:
    """Knows the cells that are shown, all sums, and that what is withheld is 1 or more."""

    places: dict[Cell, int]
    matrix: np.ndarray
    right: np.ndarray

    def solved(self, cell: Cell, sign: int, *, most: float = inf) -> dict[Cell, int] | None:
        """A possible table where the cell is highest (1) or lowest (-1); None where it has no end."""
        cost = np.zeros(len(self.places))
        cost[self.places[cell]] = -sign
        done = milp(
            cost,
            integrality=np.ones(len(cost)),
            bounds=Bounds(np.ones(len(cost)), np.full(len(cost), most)),
            constraints=LinearConstraint(self.matrix, self.right, self.right),
        )
        # 2 no such table, 3 no end, 4 one of the two: the true table is one, so there is no end.
        assert done.status in {0, 3, 4}, done.message
        if done.status:
            return None
        return {one: round(float(done.x[place])) for one, place in self.places.items()}

    def end(self, cell: Cell, sign: int) -> float:
        found = self.solved(cell, sign)
        return sign * inf if found is None else found[cell]

    def recovered(self, truth: Mapping[Cell, int], small: frozenset[Cell]) -> list[Cell]:
        """Cells of which can be told what they are; of small ones, that they are near it.

        Every table found shows that much at least is possible: also of the other cells.
        """
        safe: set[Cell] = set()
        found: list[Cell] = []
        high = max(truth.values()) * 3 + 50
        for cell in sorted(self.places):
            if cell in safe:
                continue
            possible = self.solved(cell, 1, most=high) or {}
            safe |= {
                one for one, n in possible.items() if far(n - truth[one], small=one in small)
            }
            if cell in safe or self.end(cell, 1) == inf:
                continue
            if cell in small or self.end(cell, -1) == truth[cell]:
                found.append(cell)
        return found


ROOM = disclosure_rules().room.value


def far(by: int, *, small: bool) -> bool:
    return by >= ROOM if small else by != 0


def attack(found: Publication) -> Attack:
    """Built from what is published alone: ``shown``, ``withheld``, and what adds up to what."""
    places = {cell: place for place, cell in enumerate(sorted(found.withheld))}
    rows, right = [], []
    for one in found.tables.relations:
        row, known = np.zeros(len(places)), 0
        for cell, sign in ((one.total, -1), *((part, 1) for part in one.parts)):
            if cell in places:
                row[places[cell]] += sign
            else:
                known += sign * found.shown[cell]
        if row.any():
            rows.append(row)
            right.append(-known)
    return Attack(places, np.array(rows).reshape(-1, len(places)), np.array(right))


def random_tables(seed: int) -> TableSet:
    """Units in regions, an outcome, perhaps a period and a sex; few people in most cells."""
    chance = np.random.default_rng((7, seed))
    regions = [f"r{n}" for n in range(int(chance.integers(1, 4)))]
    units = {
        one: tuple(f"{one}u{n}" for n in range(int(chance.integers(1, 5)))) for one in regions
    }
    dimensions = [
        Dimension("place", {"country": tuple(regions), **units}),
        Dimension("outcome", {"all": ("yes", "no", "missing")[: int(chance.integers(2, 4))]}),
        Dimension("period", {"years": ("2026", "2027", "2028")[: int(chance.integers(2, 4))]}),
    ]
    tables = [
        [["place", "outcome"]],
        [["place", "outcome"], ["place", "period"]],
        [["place", "outcome"], ["place", "period"], ["outcome", "period"]],
        [["place", "outcome", "period"]],
    ][int(chance.choice(4, p=[0.5, 0.3, 0.15, 0.05]))]
    mean = chance.gamma(1.0, float(chance.choice([1.5, 5.0, 20.0])), 200)
    leaves = [
        (place, outcome, period)
        for place in dimensions[0].finest
        for outcome in dimensions[1].finest
        for period in dimensions[2].finest
    ]
    people: dict[Leaf, int] = {
        leaf: int(chance.poisson(mean[n])) for n, leaf in enumerate(leaves)
    }
    return table_set(dimensions, tables, people)
