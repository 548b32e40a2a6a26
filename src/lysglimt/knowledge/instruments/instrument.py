"""A rating instrument, whole: items, scoring, bands, outcome rules, licence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Inconsistent, Unknown
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.quantities import half_up
from lysglimt.knowledge.text import Text

from .bands import BandSet
from .item import Item
from .licence import Licence, Misprint, Translation
from .method import Method, Scoring
from .outcome import OutcomeRules
from .recall import Recall


class Domain(StrEnum):
    """What an instrument is about."""

    DEPRESSION = "depression"
    ANXIETY = "anxiety"
    SUICIDALITY = "suicidality"
    DISSOCIATION = "dissociation"
    PSYCHOSIS = "psychosis"
    MANIA = "mania"
    SEDATION = "sedation"
    RECOVERY = "recovery"
    ADVERSE_EFFECTS = "adverse_effects"
    GLOBAL = "global"
    FUNCTION = "function"
    WELLBEING = "wellbeing"
    UTILITY = "utility"
    ALCOHOL = "alcohol"
    DRUGS = "drugs"
    COGNITION = "cognition"
    BLADDER = "bladder"
    RESISTANCE = "resistance"
    EXPERIENCE = "experience"


class Rater(StrEnum):
    """Who answers."""

    CLINICIAN = "clinician"
    PSYCHIATRIST = "psychiatrist"
    CERTIFIED = "certified"
    NURSE = "nurse"
    CLINICIAN_OR_NURSE = "clinician_or_nurse"
    TRAINED_STAFF = "trained_staff"
    SELF = "self"
    SELF_OR_CLINICIAN = "self_or_clinician"
    COMPUTER = "computer"

    @property
    def is_patient(self) -> bool:
        """The patient reads the wording: only the validated one will do."""
        return self in {Rater.SELF, Rater.SELF_OR_CLINICIAN}


class Prorating(StrEnum):
    """How a total may be made with an answer missing, and only when asked for."""

    NONE = "none"
    MEAN_OF_ANSWERED = "mean_of_answered"
    MAXIMUM_OF_ANSWERED = "maximum_of_answered"


@dataclass(frozen=True, slots=True)
class MissingRule:
    """At most ``most`` missing answers are made up for; a safety item never is."""

    prorating: Prorating
    most: int
    basis: Basis
    note: Text

    def __post_init__(self) -> None:
        if (self.prorating is Prorating.NONE) is not (self.most == 0):
            raise Inconsistent("prorating and how many may be missing do not agree")


@dataclass(frozen=True, slots=True)
class Code:
    """The instrument, or part of it, in a code system; ``send`` is false for what is not said."""

    system: str
    of: str
    code: str
    basis: Basis
    send: bool = True
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One of several forms an instrument has, and when it is used."""

    id: str
    when: Text


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument is data. ``items`` have neutral labels; validated wording is a pack."""

    id: str
    version: str
    name: str
    short: str
    domain: Domain
    rater: Rater
    minutes: str
    recall: Recall
    scoring: Scoring
    missing: MissingRule
    licence: Licence
    translations: tuple[Translation, ...]
    use: Text
    items: tuple[Item, ...] = ()
    extra_items: tuple[Item, ...] = ()
    bands: tuple[BandSet, ...] = ()
    outcome: OutcomeRules = field(default_factory=OutcomeRules)
    codes: tuple[Code, ...] = ()
    code_notes: tuple[Text, ...] = ()
    misprints: tuple[Misprint, ...] = ()
    forms: tuple[Form, ...] = ()
    components: tuple[Text, ...] = ()
    components_basis: Basis | None = None
    own_work: bool = False
    validated: bool = True
    caveats: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        self._check_items()
        self._check_references()
        self._check_range()
        self._check_bands()

    def _check_items(self) -> None:
        for name in ("id", "number"):
            named = [getattr(item, name) for item in (*self.items, *self.extra_items)]
            twice = sorted({one for one in named if named.count(one) > 1})
            if twice:
                raise Inconsistent(f"two items share the {name} {', '.join(twice)}")
        if len({band_set.id for band_set in self.bands}) != len(self.bands):
            raise Inconsistent("two band sets share an id")

    def _check_references(self) -> None:
        known = {item.id for item in self.items}
        named: Iterable[str] = chain(
            (item.ask_if for item in self.items if item.ask_if),
            (item.excludes for item in self.items if item.excludes),
            chain.from_iterable(self.scoring.groups),
            chain.from_iterable(one.names for one in self.scoring.derived),
            (misprint.item for misprint in self.misprints if misprint.item),
        )
        strangers = sorted(set(named) - known)
        if strangers:
            raise Inconsistent(f"{', '.join(strangers)}: no such item")
        if self.scoring.groups and sorted(chain(*self.scoring.groups)) != sorted(known):
            raise Inconsistent("the groups must hold every item once")

    def _check_range(self) -> None:
        """The range of the total is what the items can make."""
        stated = (self.scoring.lowest, self.scoring.highest)
        if self.scoring.method.makes_total and stated != self.reach:
            made = " to ".join(str(one) for one in self.reach)
            raise Inconsistent(f"the items make {made}, not {stated[0]} to {stated[1]}")

    def _check_bands(self) -> None:
        for band_set in self.bands:
            covered = (Decimal(band_set.lowest), Decimal(band_set.highest))
            if covered != (self.scoring.lowest, self.scoring.highest):
                raise Inconsistent(
                    f"{band_set.id}: the bands do not cover the range of the total"
                )

    @property
    def reach(self) -> tuple[Decimal, Decimal]:
        """The lowest and the highest total that the items can make."""
        low = REACH[self.scoring.method](self, [item.lowest for item in self.items])
        high = REACH[self.scoring.method](self, [item.highest for item in self.items])
        # Levels of a value set take away: its best state is the lowest level of every item.
        return (high, low) if self.scoring.value_set else (low, high)

    def item(self, item_id: str) -> Item:
        """The item of that id, unscored ones too. Raises Unknown with the nearest id."""
        known = {item.id: item for item in (*self.items, *self.extra_items)}
        if item_id not in known:
            nearest = next(iter(get_close_matches(item_id, known, n=1, cutoff=0)), "")
            raise Unknown(
                f"{self.short} has no item '{item_id}', the nearest is '{nearest}'",
                field=item_id,
                value=item_id,
                allowed=tuple(known),
                nearest=nearest,
            )
        return known[item_id]

    def valued(self, levels: Sequence[int]) -> Decimal:
        """The index of a state: full health less what each dimension's level takes off."""
        value_set = self.scoring.value_set
        if value_set is None:
            raise Inconsistent(f"{self.id} has no value set")
        off = (
            value_set.coefficients[item.dimension][level - item.lowest]
            for item, level in zip(self.items, levels, strict=True)
        )
        return half_up(value_set.constant + sum(off), Decimal(1).scaleb(-value_set.decimals))

    @property
    def safety_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.safety)


def _sum(instrument: Instrument, levels: list[int]) -> Decimal:
    return Decimal(sum(levels) * instrument.scoring.multiplier)


def _mean(_: Instrument, levels: list[int]) -> Decimal:
    return Decimal(sum(levels)) / len(levels)


def _groups(instrument: Instrument, levels: list[int]) -> Decimal:
    level = dict(zip((item.id for item in instrument.items), levels, strict=True))
    groups = instrument.scoring.groups
    return Decimal(sum(max(level[item_id] for item_id in group) for group in groups))


def _valued(instrument: Instrument, levels: list[int]) -> Decimal:
    return instrument.valued(levels)


REACH = {
    Method.SUM: _sum,
    Method.MEAN: _mean,
    Method.MAXIMUM_OF_GROUPS: _groups,
    Method.ORDINAL: _sum,
    Method.VALUE_SET: _valued,
}
"""What one answer for every item makes by each method that makes a total."""


def _catalogue() -> Traversable:
    return files("lysglimt.knowledge.instruments") / "catalogue"


@cache
def _ids() -> tuple[str, ...]:
    names = (file.name for file in _catalogue().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def instrument(instrument_id: str) -> Instrument:
    """The instrument of that id, read once. Raises Unknown with the nearest id."""
    if instrument_id not in _ids():
        nearest = get_close_matches(instrument_id, _ids(), n=1, cutoff=0)[0]
        raise Unknown(
            f"No instrument is called '{instrument_id}', the nearest is '{nearest}'",
            field="instrument",
            value=instrument_id,
            allowed=_ids(),
            nearest=nearest,
        )
    return read(Instrument, _catalogue() / f"{instrument_id}.toml")


def instruments() -> Mapping[str, Instrument]:
    """Every instrument of the catalogue by its id."""
    return {instrument_id: instrument(instrument_id) for instrument_id in _ids()}
