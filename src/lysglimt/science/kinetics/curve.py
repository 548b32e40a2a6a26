"""What is seen over time after doses: pieces, each a level and exponentials that die away to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

import numpy as np

from .modes import modes
from .network import Array, Network, Values

STRIDE = 16
"""On an even grid an exponential is the product of a coarse step and one of so many fine ones."""
EVEN = 1e-9


@dataclass(frozen=True, slots=True)
class Entry:
    """So many milligrams into a compartment: at once, or evenly over some hours."""

    compartment: str
    start: float
    hours: float
    amount: Array

    @property
    def end(self) -> float:
        return self.start + self.hours


@dataclass(frozen=True, slots=True)
class Piece:
    """Between two doses, starts or stops. Axes: level (person), weights and rates (mode, person)."""

    start: float
    end: float
    level: Array
    weights: Array
    rates: Array

    def at(self, elapsed: Array, out: Array) -> None:
        """Add what is seen so many hours after the start to ``out`` (time, person)."""
        out += self.level
        step = _even_step(elapsed)
        for weight, rate in zip(self.weights, self.rates, strict=True):
            if step is None:
                out += weight * np.exp(-np.multiply.outer(elapsed, rate))
                continue
            fine = np.exp(-np.multiply.outer(step * np.arange(STRIDE), rate))
            coarse = weight * np.exp(-np.multiply.outer(elapsed[::STRIDE], rate))
            for number, factor in enumerate(coarse):
                part = out[number * STRIDE : (number + 1) * STRIDE]
                part += factor * fine[: len(part)]

    def area(self, hours: float) -> Array:
        """The area below it for so many hours from its start, exactly."""
        dying: Array = -np.expm1(-self.rates * hours) / self.rates
        area: Array = self.level * hours + (self.weights * dying).sum(axis=0)
        return area

    def times(self, factor: Array) -> "Piece":
        return replace(self, level=self.level * factor, weights=self.weights * factor)


@dataclass(frozen=True, slots=True)
class Curve:
    """Pieces in their order, from the first dose on; before it there is nothing."""

    pieces: tuple[Piece, ...]

    @property
    def people(self) -> int:
        return len(self.pieces[0].level)

    @property
    def edges(self) -> tuple[float, ...]:
        return tuple(piece.start for piece in self.pieces)

    def at(self, times: Array) -> Array:
        """One row for each of the times (hours, rising), one column for each person."""
        seen = np.zeros((len(times), self.people))
        for piece in self.pieces:
            first, last = np.searchsorted(times, (piece.start, piece.end))
            if first < last:
                piece.at(times[first:last] - piece.start, seen[first:last])
        return seen

    def area(self, until: float) -> Array:
        """From nothing until that hour."""
        area = np.zeros(self.people)
        for piece in self.pieces:
            if piece.start < until:
                area += piece.area(min(piece.end, until) - piece.start)
        return area

    def times(self, factor: Array) -> "Curve":
        return Curve(tuple(piece.times(factor) for piece in self.pieces))

    def __add__(self, other: "Curve") -> "Curve":
        """Both together, of the same doses."""
        return Curve(
            tuple(
                replace(
                    one,
                    level=one.level + two.level,
                    weights=np.concatenate((one.weights, two.weights)),
                    rates=np.concatenate((one.rates, two.rates)),
                )
                for one, two in zip(self.pieces, other.pieces, strict=True)
            )
        )


def _even_step(elapsed: Array) -> float | None:
    if len(elapsed) <= STRIDE:
        return None
    step = (elapsed[-1] - elapsed[0]) / (len(elapsed) - 1)
    even = np.abs(np.diff(elapsed) - step).max() <= EVEN * step
    return float(step) if even else None


def amounts(
    network: Network,
    values: Values,
    entries: Sequence[Entry],
    *,
    seen: str,
    lagging: float | None = None,
) -> Curve:
    """The milligrams in the compartment ``seen``; ``lagging`` behind it by that rate, if given.

    What lags is an effect site: it takes nothing away from what it follows.
    """
    part = network.upstream(seen)
    place = {name: number for number, name in enumerate(part.names)}
    known = [entry for entry in entries if entry.compartment in place]
    people = len(next(iter(values.values())))
    matrix, target = part.rates(values, people), place[seen]
    if lagging is not None:
        matrix = np.pad(matrix, ((0, 1), (0, 1), (0, 0)))
        matrix[-1, target], matrix[-1, -1] = lagging, -lagging
        target = len(matrix) - 1
    into = sorted({place[entry.compartment] for entry in known})
    rates, weights = modes(matrix, target, into)
    answers = dict(zip(into, weights, strict=True))
    answering = {id(entry): answers[place[entry.compartment]] for entry in known}
    edges = sorted({edge for entry in entries for edge in (entry.start, entry.end)})
    return Curve(tuple(_pieces(edges, known, rates=rates, answers=answering)))


def _pieces(
    edges: Iterable[float],
    entries: Sequence[Entry],
    *,
    rates: Array,
    answers: Mapping[int, Array],
) -> Iterator[Piece]:
    state = np.zeros_like(rates)
    for start, end in pairwise([*edges, inf]):
        drive = np.zeros_like(rates)
        for entry in entries:
            if entry.hours == 0 and entry.start == start:
                state = state + answers[id(entry)] * entry.amount
            elif entry.start <= start < entry.end:
                drive += answers[id(entry)] * (entry.amount / entry.hours)
        steady = drive / rates
        dying = state - steady
        yield Piece(start, end, steady.sum(axis=0), dying, rates)
        if end < inf:
            state = steady + dying * np.exp(-rates * (end - start))
