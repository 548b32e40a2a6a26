"""Scores of one scale expressed in another: for pooled figures only, never for one patient."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError, Inconsistent, Unknown
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text

LEAST_POOLED = 2
"""A mean of one patient is one patient's score, and every author warns against that."""


class OutsideCrosswalk(ClinicalError):
    """A mean beyond what the crosswalk was made from."""

    code = "crosswalk.outside"


class NotPooled(ClinicalError):
    """A single patient's score is not converted."""

    code = "crosswalk.not-pooled"


@dataclass(frozen=True, slots=True)
class Point:
    """A score and its counterpart; where print has a range, from ``lowest`` to ``highest``."""

    score: Decimal
    lowest: Decimal
    highest: Decimal

    def __post_init__(self) -> None:
        if self.lowest > self.highest:
            raise Inconsistent(f"{self.score}: {self.lowest} is above {self.highest}")

    @property
    def middle(self) -> Decimal:
        return (self.lowest + self.highest) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """``intercept`` + ``slope`` x score, for scores from ``lowest`` to ``highest``."""

    intercept: Decimal
    slope: Decimal
    lowest: Decimal
    highest: Decimal
    standard_error: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """From one scale to another, by points or by a line, of totals or of changes."""

    origin: str
    target: str
    of_change: bool = False
    points: tuple[Point, ...] = ()
    line: Line | None = None

    def __post_init__(self) -> None:
        if bool(self.points) is (self.line is not None):
            raise Inconsistent(f"{self.origin} to {self.target}: either points or a line")
        scores = [point.score for point in self.points]
        if len(scores) == 1 or scores != sorted(set(scores)):
            raise Inconsistent(
                f"{self.origin} to {self.target}: scores are not two or more, rising"
            )

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        if self.line is not None:
            return self.line.lowest, self.line.highest
        return self.points[0].score, self.points[-1].score

    def converted(self, mean: Decimal) -> Decimal:
        """The mean's counterpart, between two printed points by a straight line."""
        if self.line is not None:
            return self.line.intercept + self.line.slope * mean
        low, high = next(pair for pair in pairwise(self.points) if mean <= pair[1].score)
        share = (mean - low.score) / (high.score - low.score)
        return low.middle + share * (high.middle - low.middle)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A published conversion: how it was made, where it is from, and what to beware of.

    ``spread`` is the standard deviation of actual less converted scores, in points.
    """

    id: str
    method: Text
    basis: Basis
    paths: tuple[Path, ...]
    note: Text | None = None
    spread: Decimal | None = None
    spread_basis: Basis | None = None

    def __post_init__(self) -> None:
        if (self.spread is None) is not (self.spread_basis is None):
            raise Inconsistent(f"{self.id}: spread and spread_basis belong together")


@dataclass(frozen=True, slots=True)
class Crosswalks:
    """All crosswalks of the catalogue."""

    crosswalks: tuple[Crosswalk, ...]

    def __post_init__(self) -> None:
        if len({one.id for one in self.crosswalks}) != len(self.crosswalks):
            raise Inconsistent("two crosswalks share an id")


@dataclass(frozen=True, slots=True)
class PooledConversion:
    """A converted mean, which is shown with its method and its source or not at all."""

    mean: Decimal
    converted: Decimal
    patients: int
    origin: str
    target: str
    of_change: bool
    crosswalk: str
    method: Text
    basis: Basis
    note: Text | None


@cache
def crosswalks() -> Mapping[str, Crosswalk]:
    """Every crosswalk by its id."""
    file = files("lysglimt.knowledge.instruments") / "pooled" / "crosswalks.toml"
    return {one.id: one for one in read(Crosswalks, file).crosswalks}


def pooled_conversion(
    crosswalk: Crosswalk, target: str, *, mean: Decimal, patients: int, origin: str = ""
) -> PooledConversion:
    """The mean total of a group of ``patients`` on the ``target`` scale.

    ``origin`` is needed where the crosswalk has several paths to the target. Raises NotPooled
    for fewer than two patients, OutsideCrosswalk, and Unknown where there is no such path.
    """
    path = _path(crosswalk, origin, target, of_change=False)
    return _converted(crosswalk, path, mean=mean, patients=patients)


def pooled_change(
    crosswalk: Crosswalk, target: str, *, mean: Decimal, patients: int
) -> PooledConversion:
    """As ``pooled_conversion``, of the mean change of a group."""
    path = _path(crosswalk, "", target, of_change=True)
    return _converted(crosswalk, path, mean=mean, patients=patients)


def _path(crosswalk: Crosswalk, origin: str, target: str, *, of_change: bool) -> Path:
    found = [
        path
        for path in crosswalk.paths
        if path.target == target and path.of_change is of_change and origin in {"", path.origin}
    ]
    if len(found) != 1:
        known = ", ".join(f"{path.origin} to {path.target}" for path in crosswalk.paths)
        raise Unknown(
            f"{crosswalk.id} has {len(found)} paths from '{origin}' to '{target}'; it has: {known}",
            field="target",
            value=target,
            allowed=known,
        )
    return found[0]


def _converted(
    crosswalk: Crosswalk, path: Path, *, mean: Decimal, patients: int
) -> PooledConversion:
    if patients < LEAST_POOLED:
        raise NotPooled(
            f"patients: {patients} is not allowed; a crosswalk is for means of "
            f"{LEAST_POOLED} patients or more",
            field="patients",
            value=patients,
            allowed=f"{LEAST_POOLED} or more",
        )
    low, high = path.bounds
    if not low <= mean <= high:
        raise OutsideCrosswalk(
            f"mean: {mean} is not allowed; {crosswalk.id} goes from {low} to {high}",
            field="mean",
            value=mean,
            allowed=f"{low} to {high}",
        )
    return PooledConversion(
        mean=mean,
        converted=path.converted(mean),
        patients=patients,
        origin=path.origin,
        target=path.target,
        of_change=path.of_change,
        crosswalk=crosswalk.id,
        method=crosswalk.method,
        basis=crosswalk.basis,
        note=crosswalk.note,
    )
