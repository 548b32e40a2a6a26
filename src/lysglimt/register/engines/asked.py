"""The indicators counted by an engine: it adds and counts whole numbers; what they say is reckoned here."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lysglimt.register.indicators.durability import curve_of
from lysglimt.register.indicators.indicator import (
    Condition,
    Counted,
    Indicator,
    IndicatorKind,
)
from lysglimt.register.indicators.measured import (
    Found,
    Group,
    Measured,
    Share,
    frequency_of,
    middle_of,
    refuse_unknown_groups,
    told_of,
)
from lysglimt.register.proportions import Proportion

from .facts import DAYS_OBSERVED, EngineFacts
from .from_ibis import Column, Table, answered, constant, one_if

YEARS, DAYS_A_YEAR = "years_observed", Fraction(1461, 4)
Number = dict[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator under one definition; without a name under its own."""

    indicator: Indicator
    definition: str = ""

    @property
    def counts(self) -> tuple[Condition, ...]:
        named = (Condition(self.definition, has=("yes",)),) if self.definition else ()
        return named or self.indicator.counts


def reckoned(
    told: EngineFacts, asked: Sequence[Asked], *, by: Sequence[str] = ()
) -> dict[Asked, list[Measured]]:
    """As `measured`, of many at once: one question to the engine for each kind of fact.

    Raises Unknown for a group that there is none of.
    """
    refuse_unknown_groups(by)
    found: dict[Asked, list[Measured]] = {}
    for rows in Counted:
        these = [one for one in asked if one.indicator.rows is rows]
        if these:
            found |= _reckoned(told[rows], these, by)
    return {one: found[one] for one in asked}


def definitions(indicator: Indicator, told: EngineFacts) -> list[str]:
    if not indicator.each:
        return [""]
    names: Iterable[str] = told[indicator.rows].columns
    return sorted(name for name in names if name.startswith(indicator.each))


def _reckoned(
    facts: Table, asked: Sequence[Asked], by: Sequence[str]
) -> dict[Asked, list[Measured]]:
    sums = [_sums(facts, one) for one in asked]
    named = {
        f"{name}_{place}": column
        for place, columns in enumerate(sums)
        for name, column in columns.items()
    }
    grouped = facts.group_by(list(by)) if by else facts
    lines = answered(grouped.agg(**named))
    lines.sort(key=lambda line: tuple(str(line[name]) for name in by))
    found: dict[Asked, list[Measured]] = {}
    for place, one in enumerate(asked):
        spread = _spread(facts, one, by)
        found[one] = []
        for line in lines:
            group = tuple(line[name] for name in by)
            numbers = {name: int(line[f"{name}_{place}"] or 0) for name in sums[place]}
            if numbers["n"] or not by:
                told = _found(one, numbers, spread.get(group, {}))
                found[one].append(
                    told_of(one.indicator, group, told, definition=one.definition)
                )
    return found


def _sums(facts: Table, asked: Asked) -> Mapping[str, Column]:
    indicator = asked.indicator
    among = _all(facts, (_so(facts, one) for one in indicator.among))
    found = {"n": one_if(among).sum()}
    match indicator.kind:
        case IndicatorKind.PROPORTION:
            known = _all(facts, (_known(facts, one) for one in asked.counts))
            so = _all(facts, (_so(facts, one) for one in asked.counts))
            found["known"] = one_if(among & known).sum()
            found["count"] = one_if(among & so).sum()
        case IndicatorKind.RATE:
            found["count"] = facts[indicator.event].sum(where=among)
            found["of"] = facts[_kept_as(indicator.exposure)].sum(where=among)
        case IndicatorKind.MEDIAN | IndicatorKind.SURVIVAL:
            pass
    return found


def _spread(
    facts: Table, asked: Asked, by: Sequence[str]
) -> Mapping[Group, Counter[tuple[int, int]]]:
    """How many have each number of days, with and without the event. Engines differ in medians."""
    indicator = asked.indicator
    if indicator.kind not in {IndicatorKind.MEDIAN, IndicatorKind.SURVIVAL}:
        return {}
    days, event = facts[indicator.exposure], facts[indicator.event] if indicator.event else None
    had = constant(0) if event is None else event
    kept = facts.mutate(spread_days=days, spread_event=had)
    kept = kept.filter(
        _all(kept, (_so(kept, one) for one in indicator.among)),
        kept.spread_days.notnull(),
        kept.spread_event.notnull(),
    )
    lines = kept.group_by([*by, "spread_days", "spread_event"]).agg(people=kept.count())
    found: dict[Group, Counter[tuple[int, int]]] = {}
    for line in answered(lines):
        group = tuple(line[name] for name in by)
        each = int(line["spread_days"]), int(line["spread_event"])
        found.setdefault(group, Counter())[each] += int(line["people"])
    return found


def _found(asked: Asked, line: Number, spread: Mapping[tuple[int, int], int]) -> Found:
    indicator = asked.indicator
    match indicator.kind:
        case IndicatorKind.PROPORTION:
            count, known, n = line["count"], line["known"], line["n"]
            return Share(Proportion(count, n), Proportion(count, known), n - known)
        case IndicatorKind.RATE:
            of = Fraction(line["of"])
            years = indicator.exposure == YEARS
            return frequency_of(indicator, line["count"], of / DAYS_A_YEAR if years else of)
        case IndicatorKind.MEDIAN:
            days: dict[int | Decimal, int] = {day: n for (day, _), n in spread.items()}
            return middle_of(days, of=line["n"])
        case IndicatorKind.SURVIVAL:
            counts = {(day, event == 1): number for (day, event), number in spread.items()}
            return curve_of(counts, until=indicator.per)


def _kept_as(exposure: str) -> str:
    return DAYS_OBSERVED if exposure == YEARS else exposure


def _all(facts: Table, conditions: Iterable[Column]) -> Column:
    whole = _each(facts)
    for one in conditions:
        whole = whole & one
    return whole


def _each(facts: Table) -> Column:
    """Of every fact: each is of a course."""
    return facts["course"].notnull()


def _known(facts: Table, condition: Condition) -> Column:
    return _each(facts) if condition.known else facts[condition.variable].notnull()


def _so(facts: Table, condition: Condition) -> Column:
    """What is not known is not so: never nothing, which would hide in an `and`."""
    value = facts[condition.variable]
    if condition.known:
        return value.notnull()
    if condition.at_least is not None:
        return value.notnull() & (value >= condition.at_least)
    return value.notnull() & value.cast("string").isin(condition.has)
