"""What the virtual clinic takes for granted, each figure with its mark and source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text
from lysglimt.science.kinetics.figures import Number

ORIGIN = Text(
    nb="SYNTETISK: laget av Lysglimts virtuelle klinikk. Ingen av disse menneskene finnes.",
    en="SYNTHETIC: made by the virtual clinic of Lysglimt. None of these people exist.",
)
"""Stands in every file that is written."""


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """How likely in one session; ``very_common`` is who calls it so."""

    term: str
    in_session: Number
    very_common: Basis | None = None


@dataclass(frozen=True, slots=True)
class OtherScale:
    """Another scale on a day with so many points of the MADRS."""

    instrument: str
    at_none: Number
    each_point: Number
    spread: Number


@dataclass(frozen=True, slots=True)
class Tried:
    atc: str
    mg_per_day: Number


@dataclass(frozen=True, slots=True)
class ClinicFigures:
    version: str
    figures: Mapping[str, Mapping[str, Number]]
    events: tuple[SessionEvent, ...]
    scales: tuple[OtherScale, ...]
    medicines: tuple[Tried, ...]


@cache
def clinic_figures() -> ClinicFigures:
    return read(ClinicFigures, files("lysglimt.science.virtual") / "clinic.toml")


@cache
def reckoned() -> Mapping[str, float]:
    """Every figure by its name; shares are of one."""
    groups = clinic_figures().figures.values()
    return {name: number.reckoned for group in groups for name, number in group.items()}
