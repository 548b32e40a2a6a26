"""Tables that belong together: what is counted in one adds up to what is counted in another."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from lysglimt.knowledge.errors import Inconsistent

Cell = tuple[tuple[str, str], ...]
"""Dimension and value, in the order of the names. What is not named is the whole: () is everybody."""
Leaf = tuple[str, ...]
"""The finest value of each dimension, in the order of the dimensions."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """Values in their order: ``parts`` of each that has any, from the whole down.

    ``{"all": ("west", "north"), "west": ("1", "2"), "north": ("3",)}``
    """

    name: str
    parts: Mapping[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        named = [part for parts in self.parts.values() for part in parts]
        if len(named) != len(set(named)):
            raise Inconsistent(f"{self.name}: a value is a part of two others")
        if len(set(self.parts) - set(named)) != 1:
            raise Inconsistent(f"{self.name}: one value, and only one, is part of no other")
        if not all(self.parts.values()):
            raise Inconsistent(f"{self.name}: a value that has parts has at least one")

    @property
    def whole(self) -> str:
        [top] = set(self.parts) - {part for parts in self.parts.values() for part in parts}
        return top

    @property
    def finest(self) -> tuple[str, ...]:
        every = [part for parts in self.parts.values() for part in parts]
        return tuple(part for part in every if part not in self.parts)

    @property
    def values(self) -> tuple[str, ...]:
        return (self.whole, *(part for parts in self.parts.values() for part in parts))

    def holding(self, value: str) -> Iterator[str]:
        """The value itself, what it is a part of, and so on to the whole."""
        yield value
        for whole, parts in self.parts.items():
            if value in parts:
                yield from self.holding(whole)


@dataclass(frozen=True, slots=True)
class Relation:
    """A cell that is the sum of others."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TableSet:
    """All cells that would be published together, and how they hang together."""

    counts: Mapping[Cell, int]
    relations: tuple[Relation, ...]

    def __post_init__(self) -> None:
        for one in self.relations:
            if self.counts[one.total] != sum(self.counts[part] for part in one.parts):
                raise Inconsistent(f"{one.total}: is not the sum of its parts")
        if any(count < 0 for count in self.counts.values()):
            raise Inconsistent("counts: a cell has less than nobody")


def cell(values: Mapping[str, str], dimensions: Sequence[Dimension]) -> Cell:
    """The cell of these values: a dimension that is not named, or at its whole, is left out."""
    whole = {one.name: one.whole for one in dimensions}
    return tuple(sorted((name, one) for name, one in values.items() if whole[name] != one))


def table_set(
    dimensions: Sequence[Dimension],
    tables: Sequence[Sequence[str]],
    people: Mapping[Leaf, int],
) -> TableSet:
    """Each table crosses the dimensions it names; the margins they share are the same cells."""
    known = {one.name: one for one in dimensions}
    places = {one.name: place for place, one in enumerate(dimensions)}
    counts: dict[Cell, int] = {}
    relations: dict[Relation, None] = {}
    for table in tables:
        crossed = [known[name] for name in table]
        counted: Counter[Cell] = Counter()
        for leaf, number in people.items():
            for values in product(*(one.holding(leaf[places[one.name]]) for one in crossed)):
                counted[cell(dict(zip(table, values, strict=True)), crossed)] += number
        for values in product(*(one.values for one in crossed)):
            where = dict(zip(table, values, strict=True))
            counts[cell(where, crossed)] = counted[cell(where, crossed)]
            relations |= dict.fromkeys(_sums(where, crossed))
    return TableSet(counts, tuple(relations))


def _sums(where: Mapping[str, str], crossed: Sequence[Dimension]) -> Iterator[Relation]:
    for one in crossed:
        if parts := one.parts.get(where[one.name], ()):
            yield Relation(
                cell(where, crossed),
                tuple(cell({**where, one.name: part}, crossed) for part in parts),
            )
