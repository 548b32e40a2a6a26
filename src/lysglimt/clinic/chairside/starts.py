"""Starts that stand out: one that was struck, and one that nothing let through."""

from collections.abc import Iterable

from lysglimt.knowledge.dosing.delivery import PumpAct

from .models import PumpEvent
from .watched import Infused


def struck_start(sheet: Infused) -> PumpEvent | None:
    """The last start that was struck, where the pump is not said to have run at all."""
    if sheet.pump:
        return None
    starts = [row for row in sheet.pump_rows if row.act == PumpAct.START and row.withdrawn]
    return max(starts, key=lambda row: row.pk, default=None)


def not_let_through(acts: Iterable[PumpEvent]) -> list[PumpEvent]:
    """Of the acts in force the starts that nothing let through: each says why it happened."""
    return [row for row in acts if row.act == PumpAct.START and row.comment]
