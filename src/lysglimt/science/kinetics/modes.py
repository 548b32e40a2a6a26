"""A linear network by its modes: each answers a dose as one exponential that dies away."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lysglimt.knowledge.errors import Inconsistent

from .network import Array

NEAR = 1e-9
"""Two rates closer than this, relatively, make one pair of modes that cannot be told apart."""
NUDGE = 1e-5
"""How far two of at most three modes are moved apart: wrong by less than any figure shown."""
PUSH = 1e-4
"""The same of more modes; of four that fall together less would drown in rounding."""


def modes(matrix: Array, seen: int, entries: Sequence[int]) -> tuple[Array, list[Array]]:
    """How the compartment ``seen`` answers one unit that comes into each of the entries.

    The rates (mode, person), and for each entry the weights (mode, person): the amount seen is the
    sum of weight * exp(-rate * time).
    """
    size = len(matrix)
    if size <= 3:
        rates = CLOSED[size](matrix)
        return rates, [_by_powers(matrix, rates, seen=seen, entry=entry) for entry in entries]
    return _by_vectors(np.moveaxis(matrix, -1, 0), seen, entries)


def _one(matrix: Array) -> Array:
    rates: Array = -matrix[0]
    return rates


def _two(matrix: Array) -> Array:
    """The roots of the characteristic square, without cancelling."""
    half = -(matrix[0, 0] + matrix[1, 1]) / 2
    product = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]
    apart = np.sqrt(np.maximum(half * half - product, 0.0))
    fast = half + apart
    return _apart(np.stack((fast, product / fast)))


def _three(matrix: Array) -> Array:
    """The roots of the characteristic cube by angles; the slowest from the product of all."""
    a, b, c = (-matrix[n, n] for n in range(3))
    ab, ac, bc = (matrix[i, j] * matrix[j, i] for i, j in ((0, 1), (0, 2), (1, 2)))
    round_trips = (
        matrix[0, 1] * matrix[1, 2] * matrix[2, 0] + matrix[0, 2] * matrix[2, 1] * matrix[1, 0]
    )
    third = (a + b + c) / 3
    pairs = a * b + a * c + b * c - ab - ac - bc
    product = a * b * c - a * bc - b * ac - c * ab - round_trips
    p = np.maximum(third * third - pairs / 3, (1e-9 * third) ** 2)
    q = third**3 - third * pairs / 2 + product / 2
    angle = np.arccos(np.clip(q / p**1.5, -1.0, 1.0)) / 3
    reach = 2 * np.sqrt(p)
    fast = third + reach * np.cos(angle)
    middle = third + reach * np.cos(angle - 2 * np.pi / 3)
    return _apart(np.stack((fast, middle, product / (fast * middle))))


CLOSED = {1: _one, 2: _two, 3: _three}


def _apart(rates: Array) -> Array:
    """No two so near that their weights would be without bound; their mean stays where it was."""
    for faster, slower in pairwise(rates):
        near = faster - slower <= NUDGE * faster
        if near.any():
            middle = (faster[near] + slower[near]) / 2
            faster[near], slower[near] = middle * (1 + NUDGE / 2), middle * (1 - NUDGE / 2)
    return rates


def _by_powers(matrix: Array, rates: Array, *, seen: int, entry: int) -> Array:
    """Lagrange's polynomials of the matrix, of which one element is enough."""
    size = len(rates)
    zeroth = float(seen == entry)
    first = matrix[seen, entry]
    if size == 1:
        return np.ones_like(rates)
    if size == 2:
        fast, slow = rates
        gap = slow - fast
        return np.stack(((first + slow * zeroth) / gap, (first + fast * zeroth) / -gap))
    second = sum(matrix[seen, between] * matrix[between, entry] for between in range(3))
    weights = []
    for mode in range(3):
        one, other = (rates[n] for n in range(3) if n != mode)
        over = (one - rates[mode]) * (other - rates[mode])
        weights.append((second + (one + other) * first + one * other * zeroth) / over)
    return np.stack(weights)


def _by_vectors(matrix: Array, seen: int, entries: Sequence[int]) -> tuple[Array, list[Array]]:
    """Of any size, from the eigenvectors."""
    values, vectors = np.linalg.eig(matrix)
    if (odd := _inseparable(values)).any():
        nudged = matrix[odd]
        size = matrix.shape[-1]
        steps = 1 + PUSH * (np.arange(size) - (size - 1) / 2)
        nudged[:, range(size), range(size)] *= steps
        again, turned = np.linalg.eig(nudged)
        if np.iscomplexobj(again) and np.any(abs(again.imag) > NUDGE * abs(again.real)):
            raise Inconsistent("the flows run in a ring that makes amounts swing")
        values[odd], vectors[odd] = again, turned
    sides = np.zeros((matrix.shape[-1], len(entries)))
    sides[list(entries), range(len(entries))] = 1.0
    into = np.linalg.solve(vectors, np.broadcast_to(sides, (len(matrix), *sides.shape)))
    weights = (vectors[:, seen, :, None] * into).real
    return -values.real.T, [weights[..., number].T for number in range(len(entries))]


def _inseparable(values: NDArray[np.inexact]) -> NDArray[np.bool_]:
    """For whom two modes cannot be told apart, or have been split into a pair that swings."""
    ordered = np.sort(values.real, axis=-1)
    close = np.diff(ordered) <= NEAR * -ordered[:, :-1]
    swings = np.abs(values.imag).max(axis=-1) > 0
    found: NDArray[np.bool_] = close.any(axis=-1) | swings
    return found
