"""How resistant has the depression proved, on the Maudsley staging?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure

from .candidate import EpisodeSeverity
from .trials import Answer


class StagingBand(StrEnum):
    """What a total of the Maudsley staging is called."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class StagingStep:
    """The points up to and including so many months or failures; the last has no end."""

    up_to: int | None
    points: int


@dataclass(frozen=True, slots=True)
class StagingRange:
    """The totals that share a name, both ends included."""

    name: StagingBand
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class StagingTable:
    """The points of every dimension as data; ``edges`` is the basis of the exact edges."""

    basis: Basis
    edges: Basis
    resistant_above: Figure[Decimal]
    duration: tuple[StagingStep, ...]
    severity: Mapping[str, int]
    failures: tuple[StagingStep, ...]
    augmentation: int
    ect: int
    bands: tuple[StagingRange, ...]


@dataclass(frozen=True, slots=True)
class Maudsley:
    """Points by dimension, None where not known; the total only when all are known.

    Not ``applicable`` without a failure: the scale begins at one.
    """

    points: Mapping[str, int | None]
    applicable: bool

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name, points in self.points.items() if points is None)

    @property
    def total(self) -> int | None:
        known = [points for points in self.points.values() if points is not None]
        return sum(known) if self.applicable and len(known) == len(self.points) else None

    @property
    def band(self) -> StagingBand | None:
        total = self.total
        if total is None:
            return None
        return next(
            one.name for one in staging_table().bands if one.lowest <= total <= one.highest
        )


@cache
def staging_table() -> StagingTable:
    return read(StagingTable, files("lysglimt.knowledge.eligibility") / "maudsley.toml")


def staging(
    *,
    started: date | None,
    on: date,
    severity: EpisodeSeverity | None,
    failures: tuple[int, int] | None,
    augmented: Answer,
    ect: Answer,
) -> Maudsley:
    """``failures`` is how many antidepressants failed for certain, and at most. [msm]"""
    table = staging_table()
    return Maudsley(
        points={
            "duration": None if started is None else _months(table.duration, started, on),
            "severity": None if severity is None else table.severity[severity],
            "failures": None if failures is None else _failures(table.failures, *failures),
            "augmentation": _used(augmented, table.augmentation),
            "ect": _used(ect, table.ect),
        },
        applicable=failures is None or failures[1] > 0,
    )


def _months(steps: Sequence[StagingStep], started: date, on: date) -> int:
    return next(
        step.points
        for step in steps
        if step.up_to is None or on <= months_after(started, step.up_to)
    )


def _failures(steps: Sequence[StagingStep], certain: int, at_most: int) -> int | None:
    """None when what is not known about the trials could change the points."""
    least, most = (
        next(step.points for step in steps if step.up_to is None or count <= step.up_to)
        for count in (certain, at_most)
    )
    return least if least == most and certain > 0 else None


def _used(answer: Answer, points: int) -> int | None:
    return {Answer.YES: points, Answer.NO: 0}.get(answer)
