"""What the monitor measured last, as the session page shows it: not confirmed, with its age."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from lysglimt.clinic.treatment.told import listed, zoned

from .fresh import stale
from .models.monitor import READ_AT
from .sheet import Sheet
from .showing import at_clock

SHOWN: tuple[tuple[str, Promise, str], ...] = (
    ("systolic", gettext_lazy("Blood pressure"), "mmHg"),
    ("pulse", gettext_lazy("Pulse"), "/min"),
    ("spo2", gettext_lazy("SpO₂"), "%"),
    ("respiration", gettext_lazy("Breaths"), "/min"),
)


@dataclass(frozen=True, slots=True)
class Value:
    column: str
    name: Promise
    text: str
    unit: str
    at: str
    age: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Card:
    """As it was ``at``; ``taken`` is when this very reading was charted, and ``by`` whom."""

    reading: int
    device: str
    at: str
    values: tuple[Value, ...]
    missing: tuple[Promise, ...]
    taken: str
    by: str

    @property
    def may_be_taken(self) -> bool:
        return not self.taken and any(not one.stale for one in self.values)


def monitor_card(sheet: Sheet) -> Card | None:
    """Of a session that was fetched for a page; None while no monitor has sent anything."""
    said = listed(vars(sheet.session).get("monitor_read"))
    if said is None:
        return None
    rows = [row for row in sheet.vital_rows if row.from_monitor_id == said["pk"]]
    first = min(rows, key=lambda row: row.revision, default=None)
    return Card(
        reading=said["pk"],
        device=said["name"],
        at=at_clock(sheet.now),
        values=tuple(
            _value(said, column, (name, unit), now=sheet.now)
            for column, name, unit in SHOWN
            if said[column] is not None
        ),
        missing=tuple(name for column, name, _ in SHOWN if said[column] is None),
        taken=at_clock(first.received_at) if first else "",
        by=str(first.by) if first else "",
    )


def _value(said: Any, column: str, called: tuple[Promise, str], *, now: datetime) -> Value:
    name, unit = called
    when = zoned(said[READ_AT[column]])
    text = str(said[column])
    if column == "systolic":
        text = f"{text}/{said['diastolic']}"
    return Value(
        column, name, text, unit, at_clock(when), age_said(now - when), stale(when, now=now)
    )


def age_said(age: timedelta) -> str:
    seconds = max(0, age // timedelta(seconds=1))
    if seconds < 60:
        return gettext("%s s old") % seconds
    return gettext("%s min old") % (seconds // 60)
