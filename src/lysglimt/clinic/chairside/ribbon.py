"""How far the session has come: five steps, and what happened to each."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext, pgettext

from lysglimt.knowledge.dosing.ceilings import minutes
from lysglimt.knowledge.quantities import half_up

from .device_card import ordered_said
from .sheet import Sheet, Stage, is_short, to_a_tenth
from .showing import at_clock, written_plain

Step = dict[str, str]
MINUTE = timedelta(minutes=1)


def ribbon(sheet: Sheet, *, judged: bool) -> list[Step]:
    """Each step done, now, paused, broken off or later, with its time; unjudged, no wait is told."""
    order = list(Stage)
    here = order.index(sheet.stage)
    state = {-1: "done", 0: "now", 1: "later"}
    return [
        _exception(sheet, stage, judged=judged)
        or {
            "label": phase_said(sheet, stage),
            "note": _note(sheet, stage, judged=judged),
            "state": state[(number > here) - (number < here)],
        }
        for number, stage in enumerate(order)
        if not (sheet.left_early and stage is Stage.READY)
    ]


def phase_said(sheet: Sheet, stage: Stage) -> str:
    labels = {
        Stage.BEFORE: gettext("Preparation"),
        Stage.INFUSING: gettext("Nasal devices") if sheet.nasal else gettext("Infusion"),
        Stage.OBSERVATION: gettext("Observation"),
        Stage.READY: gettext("Ready to leave"),
        Stage.LEFT: gettext("Left before the criteria were met")
        if sheet.left_early
        else pgettext("phase of the session", "Left"),
    }
    return labels[stage]


def _note(sheet: Sheet, stage: Stage, *, judged: bool) -> str:
    match stage:
        case Stage.BEFORE:
            return at_clock(sheet.started)
        case Stage.INFUSING:
            return at_clock(sheet.stopped) or _infusing(sheet)
        case Stage.OBSERVATION if judged and sheet.earliest_home and not sheet.paused_since:
            return gettext("until %s") % at_clock(sheet.earliest_home)
        case Stage.LEFT:
            return at_clock(sheet.discharge.left_at if sheet.discharge else None)
        case _:
            return ""


def _infusing(sheet: Sheet) -> str:
    """At the rate that the pump has now: after a slower hour the end is not the planned one."""
    if sheet.started is None:
        return ""
    if sheet.nasal:
        return ordered_said(sheet.devices)
    if sheet.order is None:
        return gettext("%(gone)s min, no order") % {"gone": sheet.minutes_in}
    if sheet.expected_stop is None:
        return gettext("%(gone)s min, the whole dose is given") % {"gone": sheet.minutes_in}
    whole = half_up(minutes(sheet.expected_stop - sheet.started), Decimal(1))
    return gettext("%(gone)s of %(whole)s min") % {"gone": sheet.minutes_in, "whole": whole}


def _exception(sheet: Sheet, stage: Stage, *, judged: bool) -> Step | None:
    """A step that did not go as a step goes: the pump stands still, or it was broken off."""
    if stage is Stage.INFUSING and sheet.paused_since:
        label = gettext("Pause since %s") % at_clock(sheet.paused_since)
        return {"label": label, "note": _milligrams(sheet), "state": "paused"}
    if stage is Stage.INFUSING and sheet.stopped and is_short(sheet):
        label = gettext("Stopped early %s") % at_clock(sheet.stopped)
        return {"label": label, "note": _milligrams(sheet), "state": "broken"}
    if stage is Stage.OBSERVATION and judged:
        return _observation_broken_off(sheet)
    return None


def _observation_broken_off(sheet: Sheet) -> Step | None:
    left = sheet.discharge.left_at if sheet.discharge else None
    begun = sheet.devices.first_given if sheet.nasal else sheet.stopped
    if left is None or begun is None or sheet.earliest_home is None:
        return None
    if left >= sheet.earliest_home:
        return None
    label = gettext("Broken off %(at)s (%(gone)s of %(whole)s min)") % {
        "at": at_clock(left),
        "gone": (left - begun) // MINUTE,
        "whole": (sheet.earliest_home - begun) // MINUTE,
    }
    return {"label": label, "note": gettext("Observation"), "state": "broken"}


def _milligrams(sheet: Sheet) -> str:
    if sheet.nasal:
        return ordered_said(sheet.devices)
    given = to_a_tenth(sheet)
    if sheet.order is None or given is None:
        return ""
    return gettext("%(given)s of %(whole)s mg given") % {
        "given": written_plain(given),
        "whole": written_plain(sheet.order.dose_mg),
    }
