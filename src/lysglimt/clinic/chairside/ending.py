"""When the infusion ended, for the wait to go home: never sooner than the chart knows."""

from datetime import datetime

from lysglimt.knowledge.dosing.ceilings import infusion_rules
from lysglimt.knowledge.dosing.delivery import PumpAct

from .models import SessionPhase
from .watched import Watched


def dose_ended(sheet: Watched) -> datetime | None:
    """From when the wait counts; None while the pump is not stopped. [own-proposal]

    Never before a set measured while the infusion was charted as going on, nor before a stop that
    was charted first and taken back: a stop moved back in time brings nobody home sooner. Of
    devices from the first one given.
    """
    if sheet.nasal:
        return sheet.devices.first_given
    if sheet.stopped is None:
        return None
    stops = [row.happened_at for row in sheet.pump_rows if row.act == PumpAct.STOP]
    sets = [row.happened_at for row in sheet.sets if row.phase == SessionPhase.INFUSION]
    return max((sheet.stopped, *stops, *sets))


def will_end(sheet: Watched) -> datetime:
    """The stop, or when it is expected: without an order after the longest infusion. [own-proposal]"""
    known = sheet.stopped or sheet.expected_stop
    if known or sheet.order or sheet.started is None:
        return known or sheet.now
    return max(sheet.now, sheet.started + infusion_rules().ceilings.longest.value)


def counted_from(sheet: Watched) -> datetime | None:
    """When the wait counts from, where that is not the stop."""
    ended = dose_ended(sheet)
    return None if sheet.nasal or ended == sheet.stopped else ended
