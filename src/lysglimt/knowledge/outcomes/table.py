"""A group of patients, visit by visit: how many, how they scored, how many responded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lysglimt.knowledge.errors import Unknown

from .response import Total, outcome_rules, outcomes


@dataclass(frozen=True, slots=True)
class Rated:
    """One patient at one visit; ``score`` is None where it is missing."""

    patient: str
    visit: str
    score: Total | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and sample standard deviation; the latter takes two, both are None of none."""

    n: int
    mean: Fraction | None
    sd: Decimal | None


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """One visit. ``n``, mean and sd are of all who were rated.

    Change, response, partial response and remission are of the ``compared`` alone: rated here
    and with a baseline above zero. Response is None where the instrument does not define it. ``missing`` are patients of the group without a score here.
    """

    n: int
    mean: Fraction | None
    sd: Decimal | None
    missing: int
    compared: int
    change: Spread
    response: int | None
    partial: int | None
    remission: Mapping[str, int]


def spread(values: Sequence[Fraction]) -> Spread:
    if not values:
        return Spread(0, None, None)
    mean = sum(values, Fraction(0)) / len(values)
    if len(values) == 1:
        return Spread(1, mean, None)
    variance = sum(((one - mean) ** 2 for one in values), Fraction(0)) / (len(values) - 1)
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return Spread(len(values), mean, root)


def by_visit(
    rows: Sequence[Rated], *, baseline: str, instrument: str
) -> Mapping[str, VisitSummary]:
    """Each visit in the order it first appears. Raises Unknown when no row is the baseline."""
    visits = list(dict.fromkeys(row.visit for row in rows))
    if baseline not in visits:
        raise Unknown(
            f"baseline: no row has the visit {baseline!r}, there are {', '.join(visits)}",
            field="baseline",
            value=baseline,
            allowed=tuple(visits),
        )
    scores = {visit: _scores(rows, visit) for visit in visits}
    patients = len({row.patient for row in rows})
    return {
        visit: _summary(instrument, scores[visit], scores[baseline], patients=patients)
        for visit in visits
    }


def _scores(rows: Sequence[Rated], visit: str) -> Mapping[str, Total]:
    return {
        row.patient: row.score for row in rows if row.visit == visit and row.score is not None
    }


def _summary(
    instrument: str, scores: Mapping[str, Total], before: Mapping[str, Total], *, patients: int
) -> VisitSummary:
    compared = {who: score for who, score in scores.items() if before.get(who, 0) > 0}
    found = [
        outcomes(instrument, baseline=before[who], current=score)
        for who, score in compared.items()
    ]
    changes = [Fraction(score) - Fraction(before[who]) for who, score in compared.items()]
    rules, rated = (
        outcome_rules(instrument),
        spread([Fraction(score) for score in scores.values()]),
    )
    return VisitSummary(
        n=rated.n,
        mean=rated.mean,
        sd=rated.sd,
        missing=patients - rated.n,
        compared=len(compared),
        change=spread(changes),
        response=_count(rules.response, [one.response for one in found]),
        partial=_count(rules.partial_response, [one.partial for one in found]),
        remission={
            rule.id: sum(one.remission[rule.id] for one in found) for rule in rules.remission
        },
    )


def _count(rule: object | None, found: Sequence[bool | None]) -> int | None:
    """None when the instrument has no such rule: not the same as nobody."""
    return None if rule is None else sum(bool(one) for one in found)
