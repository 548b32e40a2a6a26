"""How answers become a score: the methods there are, and their figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text


class Method(StrEnum):
    """Every way a total is made. The last three make none."""

    SUM = "sum"
    MEAN = "mean"
    MAXIMUM_OF_GROUPS = "maximum_of_groups"
    ORDINAL = "ordinal"
    VALUE_SET = "value_set"
    BRANCHING = "branching"
    PROFILE = "profile"
    EXTERNAL = "external"

    @property
    def makes_total(self) -> bool:
        return self not in {Method.BRANCHING, Method.PROFILE, Method.EXTERNAL}


class Direction(StrEnum):
    """Which way is worse."""

    HIGHER_WORSE = "higher_worse"
    LOWER_WORSE = "lower_worse"
    HIGHER_BETTER = "higher_better"
    HIGHER_MORE = "higher_more"
    ZERO_BEST = "zero_best"
    RECORD = "record"


class Derivation(StrEnum):
    """Every kind of further answer that a set of answers gives."""

    SUM_OF = "sum_of"
    SUM_REACHES = "sum_reaches"
    SYMPTOM_COUNT = "symptom_count"
    HIGHEST_YES = "highest_yes"
    CUT_BY_SEX = "cut_by_sex"
    ALL_POINTS_FROM = "all_points_from"
    EACH_REACHES_SHARE = "each_reaches_share"
    ANY_REACHES = "any_reaches"
    DIGITS = "digits"
    MAXIMUM = "maximum"


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise of one item since the baseline."""

    item: str
    by: int


@dataclass(frozen=True, slots=True)
class Derived:
    """A further answer. ``items`` it rests on; ``reaches`` is the answer an item counts from.

    ``core`` items: at least one must reach. ``lowest``-``highest`` is how many must reach.
    ``parts`` are other derived sums, each to reach ``percent`` of its maximum. ``men`` and
    ``women`` are totals to reach.
    """

    id: str
    kind: Derivation
    label: Text
    basis: Basis
    items: tuple[str, ...] = ()
    reaches: Mapping[str, int] = field(default_factory=dict)
    core: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    threshold: int | None = None
    percent: int | None = None
    lowest: int | None = None
    highest: int | None = None
    men: int | None = None
    women: int | None = None
    rise: Rise | None = None

    def __post_init__(self) -> None:
        missing = [name for name in NEEDED[self.kind] if getattr(self, name) in (None, (), {})]
        if missing:
            raise Inconsistent(f"{self.id}: '{self.kind}' needs {', '.join(missing)}")

    @property
    def names(self) -> frozenset[str]:
        """Every item this refers to."""
        rising = {self.rise.item} if self.rise else set()
        return frozenset({*self.items, *self.reaches, *self.core, *rising})


NEEDED: Mapping[Derivation, tuple[str, ...]] = {
    Derivation.SUM_OF: ("items",),
    Derivation.SUM_REACHES: ("items", "threshold"),
    Derivation.SYMPTOM_COUNT: ("core", "reaches", "lowest", "highest"),
    Derivation.HIGHEST_YES: ("items",),
    Derivation.CUT_BY_SEX: ("men", "women"),
    Derivation.ALL_POINTS_FROM: ("items",),
    Derivation.EACH_REACHES_SHARE: ("parts", "percent"),
    Derivation.ANY_REACHES: ("reaches",),
    Derivation.DIGITS: ("items",),
    Derivation.MAXIMUM: (),
}
"""What each kind of derivation must state."""


@dataclass(frozen=True, slots=True)
class ValueSet:
    """What each level of each dimension takes off full health: a country's preferences."""

    id: str
    constant: Decimal
    decimals: int
    coefficients: Mapping[str, tuple[Decimal, ...]]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Parent:
    """The longer instrument whose answers this one can be read from: nobody asks twice."""

    instrument: str
    items: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class SchoolingBonus:
    """Points added for short schooling. The total never passes the scale's highest."""

    years_at_most: int
    adds: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Triage:
    """A grading that is known and kept off. Nothing computes it."""

    rule: Text
    why_off: Text
    why_basis: Basis
    basis: Basis


@dataclass(frozen=True, slots=True)
class Scoring:
    """``lowest`` and ``highest`` bound the total; ``multiplier`` scales the sum of the items."""

    method: Method
    direction: Direction
    basis: Basis
    lowest: Decimal | None = None
    highest: Decimal | None = None
    multiplier: int = 1
    groups: tuple[tuple[str, ...], ...] = ()
    derived: tuple[Derived, ...] = ()
    value_set: ValueSet | None = None
    read_from: Parent | None = None
    schooling: SchoolingBonus | None = None
    triage: Triage | None = None
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        bounded = self.lowest is not None and self.highest is not None
        if bounded is not self.method.makes_total:
            raise Inconsistent(f"'{self.method}' and the bounds of the total do not agree")
        if bool(self.groups) is not (self.method is Method.MAXIMUM_OF_GROUPS):
            raise Inconsistent("groups and their method belong together")
        if (self.value_set is not None) is not (self.method is Method.VALUE_SET):
            raise Inconsistent("a value set and its method belong together")
        sums = {one.id for one in self.derived if one.kind is Derivation.SUM_OF}
        for one in self.derived:
            if not sums.issuperset(one.parts):
                raise Inconsistent(f"{one.id}: a part is no sum of this instrument")
