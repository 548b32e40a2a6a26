"""Starts that stand out: one that was struck, and one that nothing let through."""

from lysglimt.knowledge.dosing.delivery import PumpAct

from .models import PumpEvent
from .watched import Infused


def struck_start(sheet: Infused) -> PumpEvent | None:
    """The last start that was struck, where the pump is not said to have run at all."""
    if sheet.pump:
        return None
    starts = [row for row in sheet.pump_rows if row.act == PumpAct.START and row.withdrawn]
    return max(starts, key=lambda row: row.pk, default=None)


def not_let_through(sheet: Infused) -> PumpEvent | None:
    """The start, where nothing let it through: it says why it happened."""
    starts = [row for row in sheet.pump if row.act == PumpAct.START and row.comment]
    return starts[0] if starts else None
