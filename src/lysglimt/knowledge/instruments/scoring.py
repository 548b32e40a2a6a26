"""Answers become a score: total, bands, what else they say, and what needs a clinician."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.quantities import half_up

from .answers import Answer, Answers, Reading, UnknownItem, reading
from .derivation import AnsweredForm, DerivedValue, derivations, stated
from .instrument import Instrument, Prorating
from .instrument import instrument as named
from .item import Attention
from .method import Method

WHOLE = Decimal(1)
SEXES = ("f", "m")
LONGEST_SCHOOLING = 40


class CircumstanceOutOfRange(ClinicalError):
    """Something told beside the answers, such as sex or years of schooling, is no such thing."""

    code = "instrument.circumstance-out-of-range"


@dataclass(frozen=True, slots=True)
class Score:
    """``total`` is None where an answer is missing or the instrument makes none.

    ``bands`` is band set to band code, ``derived`` is id to value (None: not decided),
    ``safety`` is one entry for each safety item, ``missing`` the ids of unanswered items.
    """

    instrument: str
    version: str
    total: int | Decimal | None
    bands: Mapping[str, str]
    derived: Mapping[str, DerivedValue]
    safety: Mapping[str, Attention]
    missing: tuple[str, ...]
    prorated: bool


@dataclass(frozen=True, slots=True)
class Total:
    """A total, whether it was prorated, and what to say beside it."""

    value: int | Decimal | None
    prorated: bool = False
    beside: Mapping[str, DerivedValue] | None = None


def score(
    instrument: Instrument,
    answers: Answers,
    *,
    sex: str | None = None,
    education_years: int | None = None,
    prorate: bool = False,
    baseline: Answers | None = None,
) -> Score:
    """The score of one set of answers, by item id or in order; None is not answered.

    A missing answer is never a zero: there is no total, unless ``prorate`` asks for the rule
    the instrument states, and never with a safety item missing. ``sex`` is "f" or "m", or
    unknown. ``baseline`` are the first answers, for the rules on a rise since then.

    Raises the refusals of ``answers.reading`` and CircumstanceOutOfRange.
    """
    _check_circumstances(sex, education_years)
    read = reading(instrument, answers)
    total = _schooled(instrument, _total(instrument, read, prorate=prorate), education_years)
    of = AnsweredForm(
        instrument=instrument,
        answers=read,
        total=total.value,
        sex=sex,
        baseline=None if baseline is None else reading(instrument, baseline),
    )
    return Score(
        instrument=instrument.id,
        version=instrument.version,
        total=total.value,
        bands=_bands(instrument, read, total.value),
        derived={**derivations(of), **_beside(instrument, read), **(total.beside or {})},
        safety=_safety(instrument, read),
        missing=read.missing,
        prorated=total.prorated,
    )


def short_form(instrument: Instrument, answers: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """The answers of a short form, read from those of the longer one it is part of.

    ``answers`` by item id of the longer instrument. Raises UnknownItem where the instrument is
    no short form, or as ``answers.reading`` does for the longer one.
    """
    parent = instrument.scoring.read_from
    if parent is None:
        raise UnknownItem(
            f"{instrument.short} is read from no other instrument",
            field="instrument",
            value=instrument.id,
            allowed=(),
        )
    values = reading(named(parent.instrument), answers).values
    ids = (item.id for item in instrument.items)
    return {own: values.get(item) for own, item in zip(ids, parent.items, strict=True)}


def _safety(instrument: Instrument, read: Reading) -> Mapping[str, Attention]:
    """Of each safety item by itself, whatever the total."""
    return {
        item.id: item.safety.attention(read.values.get(item.id))
        for item in instrument.items
        if item.safety
    }


def _check_circumstances(sex: str | None, education_years: int | None) -> None:
    if sex is not None and sex not in SEXES:
        raise CircumstanceOutOfRange(
            f"sex: {sex!r} is not allowed; allowed is f or m",
            field="sex",
            value=sex,
            allowed="f, m",
        )
    if education_years is not None and not 0 <= education_years <= LONGEST_SCHOOLING:
        raise CircumstanceOutOfRange(
            f"education_years: {education_years} is not allowed; allowed is "
            f"0-{LONGEST_SCHOOLING}",
            field="education_years",
            value=education_years,
            allowed=f"0-{LONGEST_SCHOOLING}",
        )


def _total(instrument: Instrument, read: Reading, *, prorate: bool) -> Total:
    if not instrument.scoring.method.makes_total:
        return Total(None)
    if not read.missing:
        return Total(TOTALS[instrument.scoring.method](instrument, _scored(instrument, read)))
    if prorate and _may_prorate(instrument, read):
        return PRORATED[instrument.missing.prorating](instrument, read)
    return Total(None)


def _scored(instrument: Instrument, read: Reading) -> Mapping[str, int]:
    return {
        item.id: item.scored(read.values[item.id])
        for item in instrument.items
        if item.id in read.values
    }


def _sum(instrument: Instrument, values: Mapping[str, int]) -> int:
    return sum(values.values()) * instrument.scoring.multiplier


def _mean(_: Instrument, values: Mapping[str, int]) -> int | Decimal:
    mean = Decimal(sum(values.values())) / len(values)
    return int(mean) if mean == mean.to_integral_value() else mean


def _maximum_of_groups(instrument: Instrument, values: Mapping[str, int]) -> int:
    """A group is as high as its highest answered item."""
    return sum(
        max(values[item] for item in group if item in values)
        for group in instrument.scoring.groups
    )


def _value_set(instrument: Instrument, values: Mapping[str, int]) -> Decimal:
    return instrument.valued([values[item.id] for item in instrument.items])


TOTALS: Mapping[Method, Callable[[Instrument, Mapping[str, int]], int | Decimal]] = {
    Method.SUM: _sum,
    Method.MEAN: _mean,
    Method.MAXIMUM_OF_GROUPS: _maximum_of_groups,
    Method.ORDINAL: _sum,
    Method.VALUE_SET: _value_set,
}
"""One pure function for each method that makes a total."""


def _may_prorate(instrument: Instrument, read: Reading) -> bool:
    """A safety item is never made up for, nor more answers than the rule states."""
    safety = {item.id for item in instrument.safety_items}
    return len(read.missing) <= instrument.missing.most and safety.isdisjoint(read.missing)


def _by_mean(instrument: Instrument, read: Reading) -> Total:
    """Each missing answer counts as the mean of the others; rounded once, at the end."""
    values = _scored(instrument, read)
    if instrument.scoring.method is Method.MEAN:
        return Total(_mean(instrument, values), prorated=True)
    whole = len(values) + len(read.missing)
    exact = Decimal(_sum(instrument, values)) * whole / len(values)
    return Total(
        int(half_up(exact, WHOLE)), prorated=True, beside={"prorated_unrounded": exact}
    )


def _by_group(instrument: Instrument, read: Reading) -> Total:
    """A group of several items stands on those answered; an empty group stands on nothing."""
    values = _scored(instrument, read)
    if any(values.keys().isdisjoint(group) for group in instrument.scoring.groups):
        return Total(None)
    return Total(_maximum_of_groups(instrument, values), prorated=True)


PRORATED: Mapping[Prorating, Callable[[Instrument, Reading], Total]] = {
    Prorating.MEAN_OF_ANSWERED: _by_mean,
    Prorating.MAXIMUM_OF_ANSWERED: _by_group,
}
"""One function for each rule on missing answers that makes a total."""


def _schooled(instrument: Instrument, total: Total, years: int | None) -> Total:
    """Points for short schooling.

    Unknown schooling leaves the total open, unless the sum is already the highest there is.
    """
    bonus = instrument.scoring.schooling
    highest = instrument.scoring.highest
    if bonus is None or total.value is None or total.value == highest:
        return total
    if years is None:
        return Total(None, beside={"sum": total.value, "total_needs": "education_years"})
    adds = bonus.adds if years <= bonus.years_at_most else 0
    return replace(total, value=min(total.value + adds, int(stated(highest))))


def _bands(
    instrument: Instrument, read: Reading, total: int | Decimal | None
) -> Mapping[str, str]:
    """No bands without a total, nor where an item does not apply: bands know the full scale."""
    if total is None or read.not_applicable:
        return {}
    found = ((band_set.id, band_set.band(total)) for band_set in instrument.bands)
    return {set_id: band.code for set_id, band in found if band is not None}


def _beside(instrument: Instrument, read: Reading) -> Mapping[str, DerivedValue]:
    """Unscored answers, what was not assessed, and the value set: stamped on every score."""
    beside: dict[str, DerivedValue] = dict(read.extra)
    if instrument.scoring.value_set:
        beside["value_set"] = instrument.scoring.value_set.id
    if read.not_assessed:
        beside["not_assessed"] = read.not_assessed
    return beside
