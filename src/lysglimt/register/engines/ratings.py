"""Which rating is the baseline, which the evaluation, and what they say, as expressions."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from lysglimt.knowledge.instruments.outcome import ResponseRule
from lysglimt.knowledge.outcomes.response import outcome_rules
from lysglimt.register.indicators.indicator import Windows
from lysglimt.register.indicators.ratings import (
    AFTER_ALL,
    AFTER_INDUCTION,
    BEFORE_DOSE,
    INSTRUMENTS,
    SUICIDAL,
)

from .from_ibis import (
    NOTHING_TEXT,
    Column,
    Table,
    downwards,
    either,
    months,
    numbered,
)


def number(value: int | Decimal) -> int | Decimal:
    """A whole number is written as one: as DECIMAL it takes another width in each engine."""
    return int(value) if value == int(value) else value


def told(condition: Column, *, known: Column) -> Column:
    """Yes, no, or nothing where it cannot be told."""
    return either(known, either(condition, "yes", "no"), NOTHING_TEXT)


def rated(ratings: Table, anchors: Table) -> Table:
    """The ratings of courses, with the days from which windows are measured."""
    kept = ratings.select(
        "rating", "course", "instrument", "timing", "rated_on", "total", "suicidal_item"
    )
    kept = kept.filter(kept.instrument.isin(INSTRUMENTS), kept.rated_on.notnull())
    return kept.join(anchors.select("course", "first", "induction_end"), "course")


def baselines(rows: Table, windows: Windows) -> Table:
    """The last before the first dose, and not older than the window: one a course and instrument."""
    before = rows.filter(rows.timing.isin(sorted(BEFORE_DOSE)))
    ago = before.first.delta(before.rated_on, unit="day")
    near = before.filter(ago >= 0, ago <= windows.baseline.value.days)
    return nearest(near, (downwards(near.rated_on), near.rating))


def evaluations(rows: Table, windows: Windows) -> Table:
    after = rows.filter(rows.timing.isin(sorted(AFTER_INDUCTION)))
    return about(after, after.induction_end, windows.evaluation.value.days)


def half_year(rows: Table, since: Table, windows: Windows) -> Table:
    """MADRS about half a year after the evaluation, one a course."""
    later = rows.filter(
        rows.instrument == "madrs", rows.timing.isin(sorted(AFTER_ALL)), rows.total.notnull()
    ).join(since.select("course", "evaluated_on"), "course")
    middle = later.evaluated_on + months(windows.sustained_after.value)
    found = about(later.mutate(middle=middle), None, windows.sustained_within.value.days)
    return found.select("course", half_year=found.total)


def about(rows: Table, middle: Column | None, days: int) -> Table:
    """The nearest to a day; of two as near the later."""
    around = rows.middle if middle is None else middle
    apart = rows.mutate(apart=rows.rated_on.delta(around, unit="day").abs())
    near = apart.filter(apart.apart <= days)
    return nearest(near, (near.apart, downwards(near.rated_on), near.rating))


def nearest(rows: Table, order: Sequence[Column]) -> Table:
    placed = rows.mutate(place=numbered(("course", "instrument"), order))
    return placed.filter(placed.place == 0)


def beside(rows: Table, variable: str, suffix: str, *, of: Sequence[str]) -> Table:
    """A row a course, a column an instrument: ``madrs_before`` and so on."""
    return rows.group_by("course").agg(
        **{f"{name}_{suffix}": rows[variable].max(where=rows.instrument == name) for name in of}
    )


def totals(rows: Table, windows: Windows) -> tuple[Table, Table, Table]:
    """Before, after, and the day of the evaluation by MADRS."""
    known = rows.filter(rows.total.notnull())
    before, after = baselines(known, windows), evaluations(known, windows)
    by_madrs = after.filter(after.instrument == "madrs")
    return (
        beside(before, "total", "before", of=INSTRUMENTS),
        beside(after, "total", "after", of=INSTRUMENTS),
        by_madrs.select("course", evaluated_on=by_madrs.rated_on),
    )


def items(rows: Table, windows: Windows) -> tuple[Table, Table]:
    asked = rows.filter(rows.suicidal_item.notnull())
    return (
        beside(baselines(asked, windows), "suicidal_item", "item_before", of=SUICIDAL),
        beside(evaluations(asked, windows), "suicidal_item", "item_after", of=SUICIDAL),
    )


def responded(rule: ResponseRule | None, before: Column, after: Column) -> Column:
    """By the instrument's own rule, in whole numbers: no share is divided."""
    known = before.notnull() & after.notnull()
    if rule is None:
        return NOTHING_TEXT
    if rule.at_most is not None:
        return told(after <= number(rule.at_most), known=known)
    if rule.reduction_percent is None:
        return NOTHING_TEXT
    least = number(Decimal(rule.reduction_percent))
    return told((before - after) * 100 >= before * least, known=known & (before > 0))


def outcomes(course: Table) -> Mapping[str, Column]:
    """Response and remission under every definition."""
    found: dict[str, Column] = {}
    for name in INSTRUMENTS:
        before, after = course[f"{name}_before"], course[f"{name}_after"]
        rules = outcome_rules(name)
        found[f"response:{name}"] = responded(rules.response, before, after)
        for rule in rules.remission:
            known = after.notnull()
            found[f"remission:{name}:{rule.id}"] = told(
                after <= number(rule.at_most), known=known
            )
    return found


def suicidal(course: Table, windows: Windows) -> Mapping[str, Column]:
    """By the first instrument that was asked before the start."""
    positive = {
        "madrs": number(windows.suicidal_madrs.value),
        "phq9": number(windows.suicidal_phq9.value),
    }
    at_start, less = NOTHING_TEXT, NOTHING_TEXT
    for name in reversed(SUICIDAL):
        before, after = course[f"{name}_item_before"], course[f"{name}_item_after"]
        lower = (before - after >= number(windows.suicidal_lower.value)) | (
            after < positive[name]
        )
        asked = before.notnull()
        at_start = either(asked, told(before >= positive[name], known=asked), at_start)
        less = either(asked, told(lower, known=after.notnull()), less)
    return {"suicidal_at_start": at_start, "suicidal_less": less}
