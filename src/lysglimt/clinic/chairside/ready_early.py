"""When the patient would have been ready, had there been no wait by the clock."""

from datetime import datetime

from lysglimt.knowledge.verdict import Standing

from .models import DischargeRecord
from .sheet import Sheet

BY_THE_CLOCK = frozenset({"DC-1", "DC-9"})
"""The wait and the signatures: with nothing else in the way the patient was ready."""


def ready_without_wait(sheet: Sheet) -> datetime | None:
    """When the checklist first said that nothing but the wait and the signatures was in the way."""
    rows = sorted(sheet.discharges, key=lambda row: row.received_at)
    return next((row.received_at for row in rows if waits_alone(row)), None)


def waits_alone(row: DischargeRecord) -> bool:
    stopping = {one["criterion"] for one in row.findings if one["standing"] > Standing.CAUTION}
    return not row.withdrawn and stopping <= BY_THE_CLOCK
