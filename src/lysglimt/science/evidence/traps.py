"""What a loader of trials must know beside the rows: overlaps, crossovers, disputed figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class Overlap:
    trials: tuple[str, ...]
    why: Text


@dataclass(frozen=True, slots=True)
class Disputed:
    trial: str
    columns: tuple[str, ...]
    why: Text


@dataclass(frozen=True, slots=True)
class Traps:
    designs: tuple[str, ...]
    interventions: tuple[str, ...]
    crossovers: tuple[str, ...]
    adaptive: tuple[str, ...]
    scales: Mapping[str, str]
    qualifiers: Mapping[str, Text]
    overlaps: tuple[Overlap, ...]
    disputed: tuple[Disputed, ...]

    def construct(self, scale: str) -> str | None:
        """``depression`` or ``ideation``; None for a scale that nobody placed."""
        names = [name for name in self.scales if scale == name or scale.startswith(f"{name}-")]
        return self.scales[max(names, key=len)] if names else None

    def overlap(self, trial: str) -> Overlap | None:
        return next((one for one in self.overlaps if trial in one.trials), None)

    def dispute(self, trial: str, column: str) -> Disputed | None:
        known = (one for one in self.disputed if one.trial == trial and column in one.columns)
        return next(known, None)


@cache
def traps() -> Traps:
    return read(Traps, files("lysglimt.science.evidence") / "traps.toml")
