"""When the patient would have been ready, had there been no wait by the clock."""

from datetime import datetime, time

from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.verdict import Standing

from .models import DischargeRecord
from .sheet import Sheet

FIELD = "ready_without_wait"
BY_THE_CLOCK = frozenset({"DC-1", "DC-8", "DC-9"})
"""The wait, the escort and the signatures: of the patient's own state nothing was in the way."""


def ready_by_checklist(sheet: Sheet) -> datetime | None:
    """When the checklist first had nothing of the patient's own state in the way.

    Nothing once the wait was over: the patient may have been ready long before it was filled in.
    """
    rows = sorted(sheet.discharges, key=lambda row: row.received_at)
    found = next((row.received_at for row in rows if waits_alone(row)), None)
    first, wait = sheet.devices.first_given, discharge_rules().wait[sheet.route].value
    return found if found and first and found - first < wait else None


def ready_as_told(sheet: Sheet, clock: str) -> datetime | None:
    """The time on the clock that was answered, on the day of the first device."""
    first = sheet.devices.first_given
    if not clock or first is None:
        return None
    day = first.astimezone(OSLO).date()
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=OSLO)


def waits_alone(row: DischargeRecord) -> bool:
    stopping = {one["criterion"] for one in row.findings if one["standing"] > Standing.CAUTION}
    return not row.withdrawn and stopping <= BY_THE_CLOCK
