"""What the session page shows of nasal devices: which is next, when, and each that was used."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy

from lysglimt.knowledge.dosing.nasal import nasal_rules
from lysglimt.knowledge.verdict import Finding

from .device_card import milligrams_said, order_facts
from .device_rules import holding
from .findings import finding_as_read
from .models import DeviceUse
from .monitoring_answers import lacking
from .ready_early import ready_by_checklist
from .sheet import Sheet, Stage
from .showing import at_clock, moment, speaking
from .wordings import NOT_LET_THROUGH


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the devices ordered: given, next or later; ``state`` is its look and its word."""

    number: int
    state: str
    note: str


def slots(sheet: Sheet) -> list[Slot]:
    """As many as are ordered, or as were given, if that is more."""
    devices = sheet.devices
    shown = [
        Slot(number, "done", at_clock(one.at)) for number, one in enumerate(devices.given, 1)
    ]
    for number in range(devices.count + 1, (devices.ordered or 0) + 1):
        if sheet.stopped:
            shown.append(Slot(number, "broken", ""))
        elif number == devices.count + 1:
            shown.append(Slot(number, "now", to_the_second(sheet)))
        else:
            shown.append(Slot(number, "later", ""))
    return shown


def to_the_second(sheet: Sheet) -> str:
    """A minute alone would call the nurse too early."""
    if wait_left(sheet) is None or sheet.devices.next_from is None:
        return ""
    return date_format(localtime(sheet.devices.next_from), "H:i:s", use_l10n=False)


def wait_left(sheet: Sheet) -> timedelta | None:
    """Until the next device may be begun; None where none is to come, or the time has come."""
    following = sheet.devices.next_from
    if following is None or following <= sheet.now:
        return None
    return following - sheet.now


def in_minutes(left: timedelta) -> str:
    """``4 min 30 s``: the page goes on counting down."""
    minutes, seconds = divmod(-(-left // timedelta(seconds=1)), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def devices_shown(sheet: Sheet, *, judged: bool) -> dict[str, Any]:
    """The card of the devices, the order, and what the form for monitoring lacks."""
    order, devices, left = sheet.device_order, sheet.devices, wait_left(sheet)
    rules = nasal_rules().device
    held = list(holding(sheet.outside_now)) if judged and sheet.started else []
    return {
        "nasal": True,
        "device_order": order,
        "device_check": sheet.device_check,
        "signature": getattr(order, "signature", None),
        "order_said": milligrams_said(order.devices) if order else "",
        "label_basis": nasal_rules().older_from.age.basis,
        "order_facts": order_facts(order) if order else [],
        "order_against": speaking(against_read(sheet)),
        "slots": slots(sheet),
        "lost": devices.lost,
        "next_number": devices.count + 1,
        "ordered_count": devices.ordered,
        "given_said": given_said(sheet),
        "wait_left": in_minutes(left) if left and judged else "",
        "wait_until": devices.next_from if left and judged else None,
        "wait_ms": moment(devices.next_from) if left and devices.next_from else None,
        "now_ms": moment(sheet.now),
        "rest_basis": rules.rest.basis,
        "held": held,
        # The devices stand above the row that is typed: what is due is not to be scrolled for.
        "due_first": judged and sheet.stage is Stage.INFUSING,
        "ways_to_spray": WAYS,
        "ways_basis": rules.sprays.basis,
        "started_closed": started_closed(sheet),
        **(of_the_form(sheet, judged=judged) if sheet.stage is not Stage.BEFORE else {}),
    }


WAYS = (
    gettext_lazy("Do not prime it: each device holds two sprays, one for each nostril."),
    gettext_lazy(
        "What is sneezed out or runs out is not replaced: the device counts as given."
    ),
)
"""ES-01. Nothing is said of the head: no source that was read says it."""


def of_the_form(sheet: Sheet, *, judged: bool) -> dict[str, Any]:
    language = get_language() or "nb"
    ready = ready_by_checklist(sheet) if judged else None
    left = sheet.discharge.left_at if sheet.discharge else None
    return {
        "form_lacking": [one.name.in_language(language) for one in lacking(sheet)],
        "ready_without_wait": ready,
        "ready_after": minutes_since_first(sheet, ready),
        "left_after": minutes_since_first(sheet, left),
    }


def minutes_since_first(sheet: Sheet, at: datetime | None) -> int | None:
    first = sheet.devices.first_given
    return None if at is None or first is None else (at - first) // timedelta(minutes=1)


def against_read(sheet: Sheet) -> list[Finding]:
    order = sheet.device_order
    return [finding_as_read(one) for one in order.card["against"]] if order else []


def given_said(sheet: Sheet) -> str:
    """``1 device of 28 mg = 28 mg``, of what was given."""
    if sheet.started is None:
        return ""
    return milligrams_said(sheet.devices.count)


def started_closed(sheet: Sheet) -> DeviceUse | None:
    """The first device that nothing let through."""
    return next((row for row in sheet.uses if NOT_LET_THROUGH in row.against.split()), None)
