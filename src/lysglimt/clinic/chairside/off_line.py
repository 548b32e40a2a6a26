"""What a tablet needs to chart a session without the network: reckoned here, without a name."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from django.utils.translation import get_language, gettext

from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.monitoring.limits import Light, SignLimits, limits
from lysglimt.knowledge.monitoring.observation import (
    Punctuality,
    SessionRoute,
    planned_observations,
    punctuality,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSign, plausible

from .charted import act_said, lines
from .ending import will_end
from .forms.charting import TILES
from .forms.vitals import CALLED, COLUMNS
from .models import ChairEventKind
from .sheet import Sheet, Stage
from .showing import dose_figures, rate_now
from .watched import unjudged
from .wordings import EVENTS
from .written import in_force

AHEAD = timedelta(hours=3)
"""So long after the infusion observations are planned for somebody who is still here."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Band:
    """Outside from here on, upwards or downwards; ``only`` names the box that must be ticked."""

    light: str
    words: str
    above: int | None = None
    below: int | None = None
    only: str = ""


def plan_off_line(sheet: Sheet) -> dict[str, Any]:
    """Times in milliseconds since 1970. No name, no number, nothing that anybody wrote in words."""
    session, judged = sheet.session, not unjudged(sheet.session)
    return {
        "session": str(session.pk),
        "unit": str(session.unit_id),
        "server_at": moment(sheet.now),
        "day": session.planned_on.isoformat(),
        "chair": str(session.chair) if session.chair else "",
        "stage": sheet.stage.value,
        "journal": not judged,
        "columns": [column(name, sheet, judged=judged) for name in COLUMNS],
        "order": [name for name in CALLED if name in COLUMNS],
        "signs": signs(),
        "tiles": [[kind, str(words)] for kind, words in TILES],
        "figures": figures(sheet),
        "planned": list(planned(sheet)) if judged else [],
        "measured_last": max((moment(one.at) for one in sheet.since_start), default=None),
        "stored": stored(sheet, judged=judged),
    }


def taken_along(sheet: Sheet) -> dict[str, Any]:
    """The plan, the key that seals on the tablet, and the code that wraps the key there."""
    session = sheet.session
    return {
        "plan": plan_off_line(sheet),
        "key": b64encode(session.off_line_key).decode(),
        "wristband": session.wristband,
    }


def moment(at: datetime) -> int:
    return int(at.timestamp() * 1000)


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
    """The planned range as it is now for this patient, the worst first."""
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
        found += risen(row, sign, sheet)
        found += held(row)
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


def figures(sheet: Sheet) -> list[tuple[str, str]]:
    ordered = dose_figures(sheet.order) if sheet.order else []
    rate = rate_now(sheet)
    return [*ordered, (gettext("Rate now"), rate)] if rate else ordered


def signs() -> list[dict[str, Any]]:
    """What is ticked, by id; those with a button of their own are ``one_tap``."""
    language = get_language() or "nb"
    return [
        {
            "id": name,
            "name": seen.name.in_language(language),
            "light": seen.light.value,
            "one_tap": seen.one_tap,
        }
        for name, seen in limits().signs.items()
    ]


def planned(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Every observation, with when it is overdue: the page holds the clock against it."""
    if sheet.started is None or sheet.stage is Stage.LEFT:
        return
    stop = will_end(sheet)
    route = SessionRoute.IV
    for one in planned_observations(
        route, start=sheet.started, stop=stop, leaves=max(stop, sheet.now) + AHEAD
    ):
        yield {
            "at": moment(one.at),
            "tight": one.tight // timedelta(milliseconds=1),
            "late": moment(overdue_from(one.at, one.interval)),
        }


def overdue_from(at: datetime, interval: timedelta) -> datetime:
    """The first whole minute at which the rule calls it overdue."""
    on_time = {Punctuality.AHEAD, Punctuality.DUE}
    late = MINUTE
    while punctuality(interval, late=late) in on_time:
        late += MINUTE
    return at + late


def stored(sheet: Sheet, *, judged: bool) -> dict[str, Any]:
    """What was on record when the plan was fetched: numbers and kinds, nothing written in words."""
    sets = [
        {"at": line.at, "cells": [[one.value, one.light.value] for one in line.cells]}
        for line in lines(sheet, judged=judged)
        if not line.struck
    ]
    acts = [(row.happened_at, wordless(act_said, row)) for row in in_force(sheet.pump_rows)]
    events = [
        (row.happened_at, str(EVENTS[ChairEventKind(row.kind)]))
        for row in in_force(sheet.event_rows)
    ]
    told = sorted([*acts, *events], key=lambda one: one[0], reverse=True)
    return {
        "sets": sets,
        "happened": [[f"{at.astimezone(OSLO):%H:%M}", words] for at, words in told],
    }


def wordless(said: Any, row: Any) -> str:
    """An act without the comment that somebody typed with it."""
    return str(said(row.revised(comment="")))
