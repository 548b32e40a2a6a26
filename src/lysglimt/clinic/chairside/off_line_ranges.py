"""The planned ranges as a tablet compares with them: every figure of the rules, none of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from django.utils.translation import gettext

from lysglimt.knowledge.monitoring.limits import Light, SignLimits, limits
from lysglimt.knowledge.monitoring.vital_signs import VitalSign, plausible

from .forms.vitals import CALLED, COLUMNS
from .sheet import Sheet

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Band:
    """Outside from here on, upwards or downwards; ``only`` names the box that must be ticked."""

    light: str
    words: str
    above: int | None = None
    below: int | None = None
    only: str = ""


def column(name: str, sheet: Sheet, *, judged: bool) -> dict[str, Any]:
    """A field of the row: its label, what is possible, what is asked about, and the ranges."""
    allowed = plausible().of(CALLED[name])
    return {
        "name": name,
        "label": str(COLUMNS[name]),
        "lowest": int(allowed.lowest),
        "highest": int(allowed.highest),
        "ask_below": int(allowed.ask_below),
        "ask_above": int(allowed.ask_above),
        "bands": [asdict(one) for one in bands(CALLED[name], sheet)] if judged else [],
    }


def bands(sign: VitalSign, sheet: Sheet) -> Iterator[Band]:
    """The planned range as it is now for this patient, in the order in which the first is shown.

    Red, then amber that is red if it lasts, then what is amber for good.
    """
    rows: Mapping[str, SignLimits] = limits().during
    if sheet.started is None:
        rows = limits().before
    row = rows.get(sign.value, SignLimits())
    found = [*absolute(row), *on_oxygen(row)]
    if sheet.started is None:
        older = limits().older
        if sign is VitalSign.SYSTOLIC and sheet.age >= older.from_age.value:
            found = [one for one in found if one.light == Light.RED]
            found.append(upwards(Light.AMBER, older.systolic.value))
    else:
        found = [*held(row), *found, *risen(row, sign, sheet)]
    yield from sorted(found, key=lambda one: one.light != Light.RED)


def absolute(row: SignLimits) -> Iterator[Band]:
    for limit, lit in ((row.red_from, Light.RED), (row.amber_from, Light.AMBER)):
        if limit:
            yield upwards(lit, limit.value)
    for limit, lit in ((row.red_to, Light.RED), (row.amber_to, Light.AMBER)):
        if limit:
            yield Band(lit.value, f"≤ {limit.value}", below=int(limit.value))


def upwards(lit: Light, value: int | Decimal) -> Band:
    return Band(lit.value, f"≥ {value}", above=ceil(value))


def on_oxygen(row: SignLimits) -> Iterator[Band]:
    if limit := row.red_on_oxygen_to:
        words = f"O₂, ≤ {limit.value}"
        yield Band(Light.RED.value, words, below=int(limit.value), only="on_oxygen")


def risen(row: SignLimits, sign: VitalSign, sheet: Sheet) -> Iterator[Band]:
    """From this patient's own baseline."""
    before = sheet.risen_from.get(sign)
    for limit, lit in ((row.red_rise, Light.RED), (row.amber_rise, Light.AMBER)):
        if limit and before is not None:
            words = gettext("≥ %(rise)s above the baseline") % {"rise": f"+{limit.value}"}
            yield Band(lit.value, words, above=ceil(Fraction(before) + Fraction(limit.value)))


def held(row: SignLimits) -> Iterator[Band]:
    """Amber until it has lasted, and then red: the page says to measure again."""
    if limit := row.red_held_from:
        words = gettext("≥ %(value)s: red if it lasts %(minutes)s min. Measure again") % {
            "value": limit.value,
            "minutes": limits().held.apart.value // MINUTE,
        }
        yield Band(Light.AMBER.value, words, above=ceil(limit.value))


def held_limits(sheet: Sheet) -> dict[str, dict[str, int]]:
    """By column: red when met from ``at`` in two sets of ``apart`` minutes, and unbroken between.

    Whole minutes of the clock are counted, as the chart shows them. Before the start nothing is.
    """
    if sheet.started is None:
        return {}
    rows = ((name, limits().during.get(CALLED[name].value)) for name in COLUMNS)
    apart = limits().held.apart.value // MINUTE
    return {
        name: {"at": ceil(row.red_held_from.value), "apart": apart}
        for name, row in rows
        if row and row.red_held_from
    }
