"""An indicator is data: what is counted, among whom, which way is better, and who set the target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text


class Aspect(StrEnum):
    STRUCTURE = "structure"
    PROCESS = "process"
    OUTCOME = "outcome"
    SAFETY = "safety"
    ACCESS = "access"
    DATA_QUALITY = "data-quality"


class IndicatorKind(StrEnum):
    """A rate is events for so many sessions or years; survival is the share with an event by a day."""

    PROPORTION = "proportion"
    RATE = "rate"
    MEDIAN = "median"
    SURVIVAL = "survival"


class Counted(StrEnum):
    """What a fact is of."""

    COURSE = "course"
    SESSION = "session"
    FOLLOW_UP = "follow_up"
    EXPERIENCE = "experience"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Condition:
    """Of one variable of a fact: it has one of these values, is so much or more, or is known."""

    variable: str
    has: tuple[str, ...] = ()
    at_least: int | None = None
    known: bool = False

    def __post_init__(self) -> None:
        if sum((bool(self.has), self.at_least is not None, self.known)) != 1:
            raise Inconsistent("one of has, at_least and known belongs here, and only one")


@dataclass(frozen=True, slots=True)
class Targets:
    """Where goal attainment is high, and where it is no longer moderate."""

    green: Figure[Decimal]
    yellow: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class Indicator:
    """``least`` is how many it takes to say anything; ``references`` are what others found."""

    id: str
    name: Text
    aspect: Aspect
    kind: IndicatorKind
    rows: Counted
    among: tuple[Condition, ...]
    direction: Better
    least: Figure[int]
    basis: Basis
    counts: tuple[Condition, ...] = ()
    each: str = ""
    event: str = ""
    exposure: str = ""
    per: int = 1
    targets: Targets | None = None
    references: tuple[Figure[Decimal], ...] = ()

    def __post_init__(self) -> None:
        proportion, median = (
            self.kind is IndicatorKind.PROPORTION,
            self.kind is IndicatorKind.MEDIAN,
        )
        if bool(self.counts) is not proportion:
            raise Inconsistent("counts: belong to a proportion, and to nothing else")
        if bool(self.exposure) is proportion or bool(self.event) is (proportion or median):
            raise Inconsistent(
                "event, exposure: belong to a rate; a median has an exposure alone"
            )
        if self.targets and not self.ordered(self.targets):
            raise Inconsistent("targets: green is better than yellow, or the same")

    def ordered(self, targets: Targets) -> bool:
        green, yellow = targets.green.value, targets.yellow.value
        return green >= yellow if self.direction is Better.HIGHER else green <= yellow


@dataclass(frozen=True, slots=True)
class Windows:
    """How near in time one thing must be to another to be counted with it."""

    baseline: Figure[timedelta]
    evaluation: Figure[timedelta]
    induction: Figure[timedelta]
    work_up: Figure[timedelta]
    therapy: Figure[timedelta]
    sustained_after: Figure[int]
    sustained_within: Figure[timedelta]
    suicidal_lower: Figure[Decimal]
    suicidal_madrs: Figure[Decimal]
    suicidal_phq9: Figure[Decimal]
    liver: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class CoverageRule:
    id: str
    name: Text
    green: Figure[Decimal]
    yellow: Figure[Decimal]
    faint: Figure[Decimal]
    basis: Basis


@dataclass(frozen=True, slots=True)
class IndicatorFile:
    windows: Windows
    indicator: tuple[Indicator, ...]
    coverage: CoverageRule


@cache
def indicator_file() -> IndicatorFile:
    return load(files("lysglimt.register.indicators") / "catalogue.toml")


def load(file: Traversable) -> IndicatorFile:
    found = read(IndicatorFile, file)
    names = [one.id for one in found.indicator]
    if twice := {name for name in names if names.count(name) > 1}:
        raise Inconsistent(f"{file.name}: {', '.join(sorted(twice))} stands twice")
    return found


def indicators() -> Mapping[str, Indicator]:
    """By id, in the order of the file."""
    return {one.id: one for one in indicator_file().indicator}
