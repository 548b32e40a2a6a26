"""What the laboratory is asked over months, and which values can be true at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class ValueRange:
    """From the lowest to the highest, both included."""

    lowest: Figure[Decimal]
    highest: Figure[Decimal]

    def holds(self, value: Decimal) -> bool:
        return self.lowest.value <= value <= self.highest.value


@dataclass(frozen=True, slots=True)
class Analyte:
    """Without a ``unit`` the answer is negative or positive.

    Outside ``possible`` a value is refused, outside ``usual`` it is asked about. ``limit`` is
    what an upper limit of a laboratory can be; the limit itself is typed from the answer.
    """

    id: str
    name: Text
    unit: str = ""
    possible: ValueRange | None = None
    usual: ValueRange | None = None
    limit: ValueRange | None = None

    def __post_init__(self) -> None:
        if bool(self.unit) is not (self.possible is not None and self.usual is not None):
            raise Inconsistent(f"{self.id} has an amount without ranges, or ranges without one")


@dataclass(frozen=True, slots=True)
class LabPanel:
    """What is taken together; ``asks`` is what decides how a finding is read, ``about`` in a word."""

    id: str
    name: Text
    analyte: tuple[Analyte, ...]
    asks: Text | None = None
    about: Text | None = None

    def __post_init__(self) -> None:
        if bool(self.asks) is not bool(self.about):
            raise Inconsistent(
                f"{self.id} asks something without a word for it, or has one for nothing"
            )


@dataclass(frozen=True, slots=True)
class LabList:
    """Every panel."""

    panel: tuple[LabPanel, ...]


@cache
def panels() -> Mapping[str, LabPanel]:
    listed = read(LabList, files("lysglimt.knowledge.safety") / "analytes.toml")
    return {panel.id: panel for panel in listed.panel}


@cache
def analytes() -> Mapping[str, Analyte]:
    return {one.id: one for panel in panels().values() for one in panel.analyte}


def panel_of(analyte: str) -> LabPanel:
    """Raises KeyError for what no panel takes."""
    return {one.id: panel for panel in panels().values() for one in panel.analyte}[analyte]
