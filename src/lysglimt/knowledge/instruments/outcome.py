"""What counts as response, remission and relapse on an instrument: definitions, as data."""

from dataclasses import dataclass
from datetime import timedelta

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """A fall of ``reduction_percent`` of the baseline or more, or a total ``at_most``."""

    basis: Basis
    reduction_percent: int | None = None
    at_most: int | None = None

    def __post_init__(self) -> None:
        if (self.reduction_percent is None) is (self.at_most is None):
            raise Inconsistent("response is either a reduction or a total, not both")


@dataclass(frozen=True, slots=True)
class PartialResponseRule:
    """A fall of ``from_percent`` or more that stays under ``under_percent``."""

    from_percent: int
    under_percent: int
    basis: Basis

    def __post_init__(self) -> None:
        if self.from_percent >= self.under_percent:
            raise Inconsistent("partial response starts below where it ends")


@dataclass(frozen=True, slots=True)
class RemissionRule:
    """A total ``at_most``, under one author's name."""

    id: str
    at_most: int
    basis: Basis
    default: bool = False
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class RelapseRule:
    """``at_least`` at that many consecutive ratings so far apart, or an event of the list."""

    id: str
    at_least: int
    consecutive: int
    apart_from: Figure[timedelta]
    apart_to: Figure[timedelta]
    events: tuple[Text, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class MeaningfulChange:
    """How many points make a change that matters, and by which yardstick."""

    points: int
    yardstick: Text
    basis: Basis
    between_groups: bool = False


@dataclass(frozen=True, slots=True)
class Caseness:
    """A total from which the condition is likely, with how often that is right in percent."""

    at_least: int
    sensitivity: str
    specificity: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Gate:
    """A total that opens or closes a door: ``at_least``, ``at_most`` or ``equals``."""

    basis: Basis
    at_least: int | None = None
    at_most: int | None = None
    equals: int | None = None
    or_back_to_pre_dose: bool = False
    note: Text | None = None

    def __post_init__(self) -> None:
        if sum(one is not None for one in (self.at_least, self.at_most, self.equals)) != 1:
            raise Inconsistent("a gate states exactly one of at_least, at_most and equals")


@dataclass(frozen=True, slots=True)
class Flag:
    """What makes a clinician look: a total, one item, or a rise from before the dose."""

    basis: Basis
    note: Text
    total_at_least: int | None = None
    any_item_at_least: int | None = None
    rise_at_least: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRules:
    """Every published definition side by side; exactly one remission is the default."""

    response: ResponseRule | None = None
    partial_response: PartialResponseRule | None = None
    remission: tuple[RemissionRule, ...] = ()
    relapse: tuple[RelapseRule, ...] = ()
    meaningful_change: tuple[MeaningfulChange, ...] = ()
    caseness: Caseness | None = None
    discharge: Gate | None = None
    stop: Gate | None = None
    return_to_baseline: Gate | None = None
    flag: Flag | None = None

    def __post_init__(self) -> None:
        ids = [rule.id for rule in self.remission]
        if len(ids) != len(set(ids)):
            raise Inconsistent("two remissions share an id")
        defaults = sum(rule.default for rule in self.remission)
        if len(ids) > 1 and defaults != 1:
            raise Inconsistent(f"{defaults} remissions are the default; exactly one must be")

    @property
    def default_remission(self) -> RemissionRule | None:
        """The one marked so, or the only one there is."""
        marked = [rule for rule in self.remission if rule.default] or list(self.remission)
        return marked[0] if marked else None
