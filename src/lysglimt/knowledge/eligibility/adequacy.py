"""What counts as a fair trial of a medicine: dose, time and how regularly it was taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.text import Text


class FloorTable(StrEnum):
    """Whose lowest doses are used: the default, or one of two published forms."""

    DEFAULT = "default"
    ATHF = "athf"
    ATRQ = "atrq"


@dataclass(frozen=True, slots=True)
class Antidepressant:
    """One row of the table: amounts in mg a day by mouth; None where no form states one."""

    atc: str
    name: Text
    floor: Figure[Decimal]
    ddd: Figure[Decimal] | None = None
    athf: Figure[Decimal] | None = None
    atrq: Figure[Decimal] | None = None
    note_below: Figure[Decimal] | None = None
    serum_suffices: bool = False

    def lowest(self, table: FloorTable) -> Figure[Decimal] | None:
        """The lowest adequate dose before age is considered."""
        return {
            FloorTable.DEFAULT: self.floor,
            FloorTable.ATHF: self.athf,
            FloorTable.ATRQ: self.atrq,
        }[table]


@dataclass(frozen=True, slots=True)
class Augmenter:
    """A medicine that is added to an antidepressant. Lithium has no floor but a serum range."""

    atc: str
    name: Text
    floor: Figure[Decimal] | None
    ddd: Figure[Decimal] | None


@dataclass(frozen=True, slots=True)
class Adequacy:
    """The whole table with the times, shares and counts that go with it."""

    weeks: Figure[timedelta]
    weeks_athf: Figure[timedelta]
    adherence: Figure[Decimal]
    unusual_above: Figure[int]
    """So many times the lowest adequate dose: more is asked about, never refused."""
    failures: Figure[int]
    failed_below: Figure[Decimal]
    older_from: Figure[int]
    older_share: Figure[Decimal]
    older_share_of: str
    augmentation_weeks: Figure[timedelta]
    lithium_lowest: Figure[Decimal]
    lithium_highest: Figure[Decimal]
    ect_sessions: Figure[int]
    ect_sessions_athf: Figure[int]
    rtms_sessions: Figure[int]
    psychotherapy_sessions: Figure[int]
    antidepressant: tuple[Antidepressant, ...]
    augmenter: tuple[Augmenter, ...]

    @property
    def antidepressants(self) -> Mapping[str, Antidepressant]:
        return {one.atc: one for one in self.antidepressant}

    @property
    def augmenters(self) -> Mapping[str, Augmenter]:
        return {one.atc: one for one in self.augmenter}

    @property
    def names(self) -> Mapping[str, Text]:
        """What every medicine of the table is called, by its ATC code."""
        listed = [(one.atc, one.name) for one in self.antidepressant]
        return dict(listed + [(one.atc, one.name) for one in self.augmenter])

    def unusual(self, atc: str, mg_per_day: Decimal | None) -> Decimal | None:
        """The dose above which one asks whether it is right, when this is above it. [own-proposal]"""
        row = self.antidepressants.get(atc)
        if row is None or mg_per_day is None:
            return None
        most: Decimal = row.floor.value * self.unusual_above.value
        return most if mg_per_day > most else None

    def share(self, atc: str, age: int) -> Decimal:
        """The part of the floor that suffices at this age: half for tricyclics from 65 years."""
        older = age >= self.older_from.value and atc.startswith(self.older_share_of)
        return self.older_share.value if older else Decimal(1)

    def long_enough(self, table: FloorTable) -> Figure[timedelta]:
        return self.weeks_athf if table is FloorTable.ATHF else self.weeks


@cache
def adequacy() -> Adequacy:
    """The table as shipped; a unit's pharmacist approves it."""
    return read(Adequacy, files("lysglimt.knowledge.eligibility") / "adequacy.toml")
