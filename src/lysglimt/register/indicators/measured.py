"""An indicator reckoned: for all, or for each unit, year, protocol and so on."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from lysglimt.knowledge.errors import Unknown
from lysglimt.register.proportions import Proportion
from lysglimt.science.rates import Bounds, poisson_bounds

from .durability import Curve, curve
from .facts import GROUPS, Fact, Facts
from .indicator import Better, Condition, Indicator, IndicatorKind

Group = tuple[object, ...]
"""The values that the facts have in common, in the order they were asked for."""


class Level(StrEnum):
    """How much of a goal is attained. Of few, and where no target is set, there is none."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Share:
    """What is not known counts as not so in ``proportion``; ``complete`` is of those known alone."""

    proportion: Proportion
    complete: Proportion
    missing: int


@dataclass(frozen=True, slots=True)
class Frequency:
    """``count`` events in ``of`` sessions or years; ``rate`` and its bounds are for so many as asked."""

    count: int
    of: Fraction
    rate: Fraction | None
    bounds: Bounds | None


@dataclass(frozen=True, slots=True)
class Middle:
    value: float | None
    n: int
    missing: int


Found = Share | Frequency | Middle | Curve


@dataclass(frozen=True, slots=True)
class Measured:
    """``definition`` is the one that was counted under; ``few``: under the least it takes to say."""

    indicator: str
    group: Group
    definition: str
    found: Found
    few: bool
    level: Level | None = None


def measured(
    indicator: Indicator, told: Facts, *, by: Sequence[str] = (), definition: str = ""
) -> list[Measured]:
    """One for each group there is, in order; without ``by`` one for all. Nobody is ranked.

    Raises Unknown for a group that there is none of.
    """
    refuse_unknown_groups(by)
    groups: dict[Group, list[Fact]] = {} if by else {(): []}
    for fact in told[indicator.rows]:
        if holds(indicator.among, fact):
            groups.setdefault(tuple(fact[name] for name in by), []).append(fact)
    return [
        told_of(
            indicator,
            group,
            FOUND[indicator.kind](indicator, facts, definition),
            definition=definition,
        )
        for group, facts in sorted(groups.items(), key=lambda one: tuple(map(str, one[0])))
    ]


def refuse_unknown_groups(by: Sequence[str]) -> None:
    for name in by:
        if name not in GROUPS:
            raise Unknown(
                f"by: {name!r} is unknown, there are {', '.join(GROUPS)}",
                field="by",
                value=name,
                allowed=GROUPS,
            )


def definitions(indicator: Indicator, told: Facts) -> list[str]:
    """Every definition that it can be counted under; one without a name where there is one alone."""
    if not indicator.each:
        return [""]
    names = {name for fact in told[indicator.rows] for name in fact}
    return sorted(name for name in names if name.startswith(indicator.each))


def told_of(indicator: Indicator, group: Group, found: Found, *, definition: str) -> Measured:
    """What was found, with whether it is enough to say anything, and which goal is attained."""
    few = Fraction(size(found)) < indicator.least.value
    level = level_of(indicator, found) if isinstance(found, Share) and not few else None
    name = definition or (indicator.counts[0].variable if indicator.each else "")
    return Measured(indicator.id, group, name, found, few, level)


def size(found: Found) -> int | Fraction:
    match found:
        case Share(proportion=Proportion(of=of)) | Frequency(of=of):
            return of
        case Middle(n=n) | Curve(n=n):
            return n


def share(indicator: Indicator, facts: Sequence[Fact], definition: str) -> Share:
    asked = (Condition(definition, has=("yes",)),) if definition else indicator.counts
    known = [one for one in facts if all(is_known(each, one) for each in asked)]
    count, complete = (sum(holds(asked, one) for one in some) for some in (facts, known))
    return Share(
        Proportion(count, len(facts)), Proportion(complete, len(known)), len(facts) - len(known)
    )


def frequency(indicator: Indicator, facts: Sequence[Fact], _: str) -> Frequency:
    count = sum(int(one) for one in numbers(indicator.event, facts))
    of = sum((Fraction(one) for one in numbers(indicator.exposure, facts)), Fraction(0))
    return frequency_of(indicator, count, of)


def frequency_of(indicator: Indicator, count: int, of: Fraction) -> Frequency:
    """Events in so many sessions or years."""
    if not of:
        return Frequency(count, of, None, None)
    each = float(indicator.per / of)
    low, high = poisson_bounds(count)
    return Frequency(count, of, count * indicator.per / of, Bounds(low * each, high * each))


def middle(indicator: Indicator, facts: Sequence[Fact], _: str) -> Middle:
    return middle_of(Counter(numbers(indicator.exposure, facts)), of=len(facts))


def middle_of(values: Mapping[int | Decimal, int], *, of: int) -> Middle:
    """The one in the middle, or half way between the two; ``of`` are all that were asked."""
    n, seen = sum(values.values()), 0
    if not n:
        return Middle(None, 0, of)
    low, high = [], []
    for value in sorted(values):
        before, seen = seen, seen + values[value]
        low += [value] if before <= (n - 1) // 2 < seen else []
        high += [value] if before <= n // 2 < seen else []
    return Middle((float(low[0]) + float(high[0])) / 2, n, of - n)


def survived(indicator: Indicator, facts: Sequence[Fact], _: str) -> Curve:
    pairs = [
        (days, event == 1)
        for one in facts
        if isinstance(days := one.get(indicator.exposure), int)
        and isinstance(event := one.get(indicator.event), int)
    ]
    return curve(pairs, until=indicator.per)


FOUND: Mapping[IndicatorKind, Callable[[Indicator, Sequence[Fact], str], Found]] = {
    IndicatorKind.PROPORTION: share,
    IndicatorKind.RATE: frequency,
    IndicatorKind.MEDIAN: middle,
    IndicatorKind.SURVIVAL: survived,
}


def numbers(variable: str, facts: Iterable[Fact]) -> Iterator[int | Decimal]:
    for one in facts:
        value = one.get(variable)
        if isinstance(value, (int, Decimal)):
            yield value


def holds(conditions: Iterable[Condition], fact: Fact) -> bool:
    return all(is_so(one, fact) for one in conditions)


def is_known(condition: Condition, fact: Fact) -> bool:
    """That something is there is always known; what it is, only when it is there."""
    return condition.known or fact.get(condition.variable) is not None


def is_so(condition: Condition, fact: Fact) -> bool:
    value = fact.get(condition.variable)
    if value is None:
        return False
    if condition.at_least is not None:
        return isinstance(value, (int, Decimal)) and value >= condition.at_least
    return condition.known or written(value) in condition.has


def written(value: str | int | Decimal | date) -> str:
    return str(value)


def level_of(indicator: Indicator, found: Share) -> Level | None:
    """Reaching the target is enough, in either direction."""
    if indicator.targets is None or found.proportion.share is None:
        return None
    percent = found.proportion.share * 100
    sign = 1 if indicator.direction is Better.HIGHER else -1
    reached: Mapping[Level, Fraction] = {
        Level.HIGH: Fraction(indicator.targets.green.value),
        Level.MODERATE: Fraction(indicator.targets.yellow.value),
    }
    return next(
        (level for level, limit in reached.items() if sign * (percent - limit) >= 0), Level.LOW
    )
