"""What of a monitor's reading is new enough to be charted as a set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .models import MonitorReading
from .models.monitor import MONITORED, READ_AT

STALE_AFTER = timedelta(minutes=2)
"""What is older is measured anew, or typed. [own-proposal]"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """By column of a set; ``measured_at`` is of the oldest, so that none is charted newer than it is."""

    values: Mapping[str, Any]
    measured_at: datetime


def fresh(reading: MonitorReading, *, at: datetime) -> Fresh:
    """What of it may be taken over now."""
    times = {column: getattr(reading, READ_AT[column]) for column in MONITORED}
    new = {column: when for column, when in times.items() if when and not stale(when, now=at)}
    values = {column: getattr(reading, column) for column in new}
    return Fresh(values, min(new.values(), default=at))


def stale(when: datetime, *, now: datetime) -> bool:
    return now - when > STALE_AFTER
