"""Chance that is everybody's own: the same for a person however many there are beside."""

from numpy.random import Generator, Philox

MOST_SEED = 2**32
UNITS = 2**40
"""Streams from here on are those of units; the numbers below belong to people."""


def stream(seed: int, number: int, *, purpose: int = 0) -> Generator:
    """For each purpose a stream of its own, which no other one disturbs."""
    return Generator(Philox(key=[seed, number], counter=[0, 0, 0, purpose]))


def happens(chance: Generator, share: float) -> bool:
    return bool(chance.random() < share)
