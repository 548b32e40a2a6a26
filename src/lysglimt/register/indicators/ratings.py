"""Of the ratings of a course, those that count: before the start, after induction, half a year later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lysglimt.knowledge.calendar import months_after
from lysglimt.knowledge.outcomes.response import outcome_rules, outcomes

from .indicator import Windows
from .shelf import Row, count, day, text

INSTRUMENTS = ("madrs", "phq9", "qids_sr16")
"""Of which response and remission are told. The default is the first."""
BEFORE_DOSE = frozenset({"screening", "baseline", "before_dose"})
AFTER_INDUCTION = frozenset({"evaluation"})
AFTER_ALL = frozenset({"follow_up"})
SUICIDAL = ("madrs", "phq9")


YES: Mapping[bool, str] = {True: "yes", False: "no"}
"""What is not known has no word here: it never becomes a no."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """The days from which windows are measured; None where the course never came so far."""

    first: date | None
    induction_end: date | None
    windows: Windows


def total(row: Row) -> Decimal | None:
    value = row.get("total")
    known = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return Decimal(str(value)) if known else None


def near(
    rows: Sequence[Row], timings: frozenset[str], middle: date, *, within: timedelta
) -> list[tuple[timedelta, date, Row]]:
    """With how far from the day, nearest first; of two as near the later."""
    found = [
        (abs(rated - middle), rated, row)
        for row in rows
        if text(row, "timing") in timings and (rated := day(row, "rated_on"))
    ]
    by_nearness = sorted(
        found, key=lambda one: (one[0], -one[1].toordinal(), text(one[2], "rating"))
    )
    return [one for one in by_nearness if one[0] <= within]


def baseline(rows: Sequence[Row], at: Anchors) -> Row | None:
    """The last before the first dose, and not older than the window."""
    if at.first is None:
        return None
    found = near(rows, BEFORE_DOSE, at.first, within=at.windows.baseline.value)
    return next((row for _, rated, row in found if rated <= at.first), None)


def evaluation(rows: Sequence[Row], at: Anchors) -> Row | None:
    if at.induction_end is None:
        return None
    found = near(rows, AFTER_INDUCTION, at.induction_end, within=at.windows.evaluation.value)
    return next((row for _, _, row in found), None)


def half_a_year_on(rows: Sequence[Row], since: date, windows: Windows) -> Row | None:
    middle = months_after(since, windows.sustained_after.value)
    found = near(rows, AFTER_ALL, middle, within=windows.sustained_within.value)
    return next((row for _, _, row in found), None)


def told_outcomes(
    by_instrument: Mapping[str, Sequence[Row]], at: Anchors
) -> Mapping[str, str | None]:
    """Response and remission under every definition: yes, no, or None where it cannot be told."""
    told: dict[str, str | None] = {}
    for instrument in INSTRUMENTS:
        rows = [row for row in by_instrument.get(instrument, ()) if total(row) is not None]
        before, after = baseline(rows, at), evaluation(rows, at)
        told[f"response:{instrument}"] = responded(instrument, before, after)
        for rule in outcome_rules(instrument).remission:
            current = total(after) if after else None
            name = f"remission:{instrument}:{rule.id}"
            told[name] = None if current is None else YES[current <= rule.at_most]
    return told


def responded(instrument: str, before: Row | None, after: Row | None) -> str | None:
    start, current = total(before or {}), total(after or {})
    if start is None or current is None:
        return None
    response = outcomes(instrument, baseline=start, current=current).response
    return None if response is None else YES[response]


def suicidal(
    by_instrument: Mapping[str, Sequence[Row]], at: Anchors
) -> Mapping[str, str | None]:
    """Whether the item was positive before the start, and then lower or gone.

    By the first instrument that was asked before the start.
    """
    positive = {
        "madrs": at.windows.suicidal_madrs.value,
        "phq9": at.windows.suicidal_phq9.value,
    }
    for instrument in SUICIDAL:
        rows = [
            row
            for row in by_instrument.get(instrument, ())
            if count(row, "suicidal_item") is not None
        ]
        before, after = baseline(rows, at), evaluation(rows, at)
        if before is None:
            continue
        start, current = count(before, "suicidal_item"), count(after or {}, "suicidal_item")
        less = None
        if start is not None and current is not None:
            lower = start - current >= at.windows.suicidal_lower.value
            less = YES[lower or current < positive[instrument]]
        return {
            "suicidal_at_start": YES[start is not None and start >= positive[instrument]],
            "suicidal_less": less,
        }
    return {"suicidal_at_start": None, "suicidal_less": None}
