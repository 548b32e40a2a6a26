"""Percentiles of any number of curves in little room: values are counted in narrow bins."""

from dataclasses import dataclass

import numpy as np

from .network import Array

LOWEST, HIGHEST = 1e-4, 1e4
WIDTH = 0.005
"""Of a bin, in logarithms: no percentile is wrong by more than half a per cent for it."""
BINS = int(np.log(HIGHEST / LOWEST) / WIDTH) + 2
"""One below for what is nothing, one above."""


class Tally:
    """Counts at each time, people block by block; what was counted is forgotten."""

    def __init__(self, times: int) -> None:
        self._counts = np.zeros((times, BINS), dtype=np.int64)
        self._rows = np.arange(times)[:, None] * BINS

    def add(self, seen: Array) -> None:
        """One row for each time, one column for each person."""
        logs = np.log(np.maximum(seen, LOWEST / 2) / LOWEST)
        bins = np.clip(np.floor(logs / WIDTH).astype(np.int64) + 1, 0, BINS - 1)
        found = np.bincount((bins + self._rows).ravel(), minlength=self._counts.size)
        self._counts += found.reshape(self._counts.shape)

    @property
    def people(self) -> int:
        return int(self._counts[0].sum())

    def percentile(self, percent: float) -> Array:
        """At each time; what lies below the lowest bin is none."""
        below = np.cumsum(self._counts, axis=1)
        wanted = percent / 100 * self.people
        first = np.argmax(below >= wanted, axis=1)
        rows = np.arange(len(first))
        inside = self._counts[rows, first]
        share = 1 - (below[rows, first] - wanted) / np.maximum(inside, 1)
        found: Array = LOWEST * np.exp((first - 1 + share) * WIDTH)
        found[first == 0] = 0.0
        return found


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one number among the people."""

    mean: float
    cv_percent: float


class Moments:
    """Mean and spread of one number for each person, block by block."""

    def __init__(self) -> None:
        self._people, self._mean, self._squares = 0, 0.0, 0.0

    def add(self, numbers: Array) -> None:
        """Joined by distance from the mean, so that nothing cancels."""
        people, mean = len(numbers), float(numbers.mean())
        every, apart = self._people + people, mean - self._mean
        self._squares += float(((numbers - mean) ** 2).sum())
        self._squares += apart * apart * self._people * people / every
        self._mean += apart * people / every
        self._people = every

    @property
    def spread(self) -> Spread:
        return Spread(self._mean, 100 * (self._squares / self._people) ** 0.5 / self._mean)
