"""What a correction would take out of the chart: readings that were red, and danger signs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from lysglimt.knowledge.monitoring.limits import Light, is_danger, limits
from lysglimt.knowledge.text import Text

from .came_late import CAME_LATE, came_late
from .heard import said_by_the_same
from .models import DeviceUse, PumpEvent, VitalSet
from .watched import Watched

AWatched = TypeVar("AWatched", bound=Watched)
Corrected = VitalSet | PumpEvent | DeviceUse
Red = tuple[UUID | None, str]
"""The entry of the set, and the sign; a danger sign that stands is of no set."""


def red_lost(sheet: Watched, corrected: Corrected) -> tuple[Text, ...]:
    """What is red on the sheet and would not be, with this next revision. Each once.

    A limit may be of two sets, or over the baseline: a set that is struck may take the red of another.
    """
    before, after = dict(reds(sheet)), dict(reds(with_revision(sheet, corrected)))
    lost = {found: reason for found, reason in before.items() if found not in after}
    return tuple({reason.nb: reason for reason in lost.values()}.values())


def with_revision(sheet: AWatched, corrected: Corrected) -> AWatched:
    """The sheet as it would be, with a revision that is not stored yet."""
    if isinstance(corrected, PumpEvent):
        return replace(sheet, pump_rows=[*sheet.pump_rows, corrected])
    if isinstance(corrected, DeviceUse):
        return replace(sheet, device_rows=[*sheet.device_rows, corrected])
    # What is not stored has no key, and the sheet goes by keys.
    late = came_late(corrected, sets=sheet.vital_rows, told=sheet.start_told)
    vars(corrected)[CAME_LATE] = late
    rows = [row for row in sheet.vital_rows if row.entry != corrected.entry]
    for row in sheet.sets:
        if row.entry == corrected.entry and row.signs_over == corrected.signs_over:
            said_by_the_same(corrected, row)
    return replace(sheet, vital_rows=rows if corrected.withdrawn else [*rows, corrected])


def reds(sheet: Watched) -> Iterator[tuple[Red, Text]]:
    """Each with its reason, of every set in force."""
    signs: Mapping[str, Text] = {name: seen.name for name, seen in limits().signs.items()}
    read = (*sheet.outside_start, *sheet.outside)
    for row, (_, found) in zip(sheet.sets, read, strict=True):
        for one in found:
            if one.light is Light.RED and one.sign not in signs and not one.stands:
                yield (row.entry, one.sign), one.reason
        for sign in filter(is_danger, row.signs):
            yield (row.entry, sign), signs[sign]
    for sign in sheet.standing_signs:
        yield (None, sign), signs[sign]
