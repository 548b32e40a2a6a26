"""What a tablet needs to chart a session without the network: reckoned here, without a patient's name.

The plan as JSON. Times are milliseconds since 1970, but those that are said to be ISO. What is not known
is null, and a tablet that finds a key missing takes it for unknown.

- ``session``, ``unit``, ``server_at``, ``day``, ``chair``, ``stage``, ``journal``
- ``route``: "iv" or "intranasal"
- ``columns``: each with its hard limits and ``bands``, of which the first that matches is shown
- ``order``: in which order unusual values are confirmed
- ``held``: by column {"at", "apart"}: red when met from ``at`` in two sets ``apart`` minutes apart
- ``signs``, ``tiles``, ``figures``: what is tapped and read, in words
- ``planned``: each {"at", "tight", "late", "tight_grace"}: due, milliseconds to a recheck while
  something is outside, when it is overdue, and after how many milliseconds a recheck is
- ``tight``: {"minutes", "grace"} of a recheck now, in minutes; null before the start
- ``measured_last``: of a set with values; a danger sign tapped is no observation
- ``outside_now``: what is stored asks for the tighter interval
- ``devices``: null of an infusion, else {"ordered", "given": [{"number", "at": ISO}], "next_from": ISO}
- ``standing``: danger signs that nobody has said are over: [{"id", "name", "at": ISO}]
- ``doctor``: {"name", "telephone"}, null where none is named; the telephone is empty until it is known
- ``called``: since when a task asks for a doctor now, ISO
- ``stored``: ``sets``, each {"at" (as shown), "measured_at", "cells", "values" (by column),
  "signs": [{"id", "name"}], "light", "kind": "vitals" or "danger"}, and ``happened``, each
  [as shown, words, "pump", "device" or "event"]
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext

from lysglimt.clinic.treatment.told import called_in
from lysglimt.knowledge.monitoring import observation
from lysglimt.knowledge.monitoring.limits import Light, is_danger, limits
from lysglimt.knowledge.monitoring.observation import coming

from .charted import Line, act_said, lights, lines
from .device_card import milligrams_said, ordered_said
from .device_said import use_in_short
from .forms.charting import TILES
from .forms.vitals import CALLED, COLUMNS
from .models import ChairEventKind, VitalSet
from .models.vitals import MEASURES
from .observing import observed_at, schedule, tightened
from .off_line_ranges import column, held_limits
from .responsible import doctor_named
from .sheet import Sheet, Stage
from .showing import at_clock, dose_figures, rate_now
from .watched import unjudged
from .wordings import EVENTS
from .written import in_force

AHEAD = timedelta(hours=3)
"""So long from now observations are planned for somebody who is still here."""
MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)


def plan_off_line(sheet: Sheet) -> dict[str, Any]:
    """As this module says. No number of a patient, and nothing that anybody wrote in words."""
    session, judged = sheet.session, not unjudged(sheet.session)
    return {
        "session": str(session.pk),
        "unit": str(session.unit_id),
        "server_at": moment(sheet.now),
        "day": session.planned_on.isoformat(),
        "chair": str(session.chair) if session.chair else "",
        "stage": sheet.stage.value,
        "journal": not judged,
        "route": "intranasal" if sheet.nasal else "iv",
        "columns": [column(name, sheet, judged=judged) for name in COLUMNS],
        "order": [name for name in CALLED if name in COLUMNS],
        "signs": signs(),
        "tiles": [[kind, str(words)] for kind, words in TILES],
        "figures": figures(sheet),
        "devices": devices(sheet, judged=judged),
        **(judged_now(sheet) if judged else UNJUDGED),
        "measured_last": max(map(moment, observed_at(sheet)), default=None),
        **who_comes(sheet),
        "stored": stored(sheet, judged=judged),
    }


UNJUDGED: dict[str, Any] = {
    "held": {},
    "planned": [],
    "tight": None,
    "outside_now": False,
    "standing": [],
}
"""In journal mode nothing is due and nothing outside."""


def judged_now(sheet: Sheet) -> dict[str, Any]:
    return {
        "held": held_limits(sheet),
        "planned": list(planned(sheet)),
        "tight": recheck(sheet),
        "outside_now": sheet.started is not None and tightened(sheet),
        "standing": standing(sheet),
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


def figures(sheet: Sheet) -> list[tuple[str, str]]:
    """What was ordered, and how far it has come."""
    if sheet.nasal:
        ordered = sheet.devices.ordered
        told = [(gettext("Ordered"), milligrams_said(ordered))] if ordered else []
        return [*told, (gettext("Devices"), ordered_said(sheet.devices))]
    of_dose = dose_figures(sheet.order) if sheet.order else []
    rate = rate_now(sheet)
    return [*of_dose, (gettext("Rate now"), rate)] if rate else of_dose


def devices(sheet: Sheet, *, judged: bool) -> dict[str, Any] | None:
    """Of a session by nose; in journal mode no wait is told."""
    if not sheet.nasal:
        return None
    following = sheet.devices.next_from if judged else None
    return {
        "ordered": sheet.devices.ordered,
        "given": [
            {"number": number, "at": one.at.isoformat()}
            for number, one in enumerate(sheet.devices.given, 1)
        ],
        "next_from": following.isoformat() if following else None,
    }


def signs() -> list[dict[str, Any]]:
    """What is ticked, by id; those with a button of their own are ``one_tap``."""
    return [
        {
            "id": name,
            "name": name_of(name),
            "light": seen.light.value,
            "one_tap": seen.one_tap,
        }
        for name, seen in limits().signs.items()
    ]


def name_of(sign: str) -> str:
    return limits().signs[sign].name.in_language(get_language() or "nb")


def standing(sheet: Sheet) -> list[dict[str, str]]:
    """The first told first."""
    told = sorted(sheet.standing_signs.items(), key=lambda one: one[1])
    return [{"id": sign, "name": name_of(sign), "at": at.isoformat()} for sign, at in told]


def who_comes(sheet: Sheet) -> dict[str, Any]:
    """Whom to telephone, and since when a doctor is asked for."""
    name = doctor_named(sheet.orders or sheet.device_orders)
    called = called_in(sheet.session)
    return {
        "doctor": {"name": name, "telephone": ""} if name else None,
        "called": called.at.isoformat() if called else None,
    }


def planned(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Every observation, with when it is overdue: the page holds the clock against it."""
    if sheet.stage is Stage.LEFT:
        return
    for one in schedule(sheet, at=sheet.now + AHEAD):
        yield {
            "at": moment(one.at),
            "tight": one.tight // MILLISECOND,
            "late": moment(one.at + grace(one.interval)),
            "tight_grace": grace(one.tight) // MILLISECOND,
        }


def recheck(sheet: Sheet) -> dict[str, int] | None:
    """How soon while something is outside, and by how much it may be late."""
    rows = schedule(sheet, at=sheet.now + AHEAD)
    if not rows:
        return None
    done = observed_at(sheet)
    _, current = coming(rows, max(done)) if done else (None, rows[0])
    return {"minutes": current.tight // MINUTE, "grace": grace(current.tight) // MINUTE}


def grace(interval: timedelta) -> timedelta:
    """To the first whole minute at which the rule calls it overdue."""
    return (observation.grace(interval) // MINUTE + 1) * MINUTE


def stored(sheet: Sheet, *, judged: bool) -> dict[str, Any]:
    """What was on record when the plan was fetched: numbers and kinds, nothing written in words."""
    acts = [
        (row.happened_at, act_said(row.revised(comment="")), "pump")
        for row in in_force(sheet.pump_rows)
    ]
    events = [
        (row.happened_at, str(EVENTS[ChairEventKind(row.kind)]), "event")
        for row in in_force(sheet.event_rows)
    ]
    used = [(row.happened_at, use_in_short(sheet, row), "device") for row in sheet.uses]
    told = sorted([*acts, *events, *used], key=lambda one: one[0], reverse=True)
    return {
        "sets": [
            set_stored(sheet, line, judged=judged)
            for line in lines(sheet, judged=judged)
            if not line.struck
        ],
        "happened": [[at_clock(at), words, kind] for at, words, kind in told],
    }


def set_stored(sheet: Sheet, line: Line, *, judged: bool) -> dict[str, Any]:
    row = line.row
    lit = lights(sheet.outside_of[row.pk]).values() if judged else ()
    worst = max(lit, key=lambda one: one.rank, default=Light.GREEN)
    return {
        "at": line.at,
        "measured_at": moment(row.happened_at),
        "cells": [[one.value, one.light.value] for one in line.cells],
        "values": {
            name: getattr(row, name) for name in COLUMNS if getattr(row, name) is not None
        },
        "signs": [{"id": name, "name": name_of(name)} for name in row.signs],
        "light": None if worst is Light.GREEN else worst.value,
        "kind": "danger" if told_alone(row) else "vitals",
    }


def told_alone(row: VitalSet) -> bool:
    """A danger sign was tapped, and nothing measured."""
    measured = row.not_measured or any(getattr(row, name) is not None for name in MEASURES)
    return not measured and any(map(is_danger, row.signs))
