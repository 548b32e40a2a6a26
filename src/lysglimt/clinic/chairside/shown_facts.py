"""Which facts the cards of an open page rest on: order, signatures, checks, pump, checklist."""

from collections.abc import Iterable

from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.sealing.values import derived

from .models import AnOrder, ChairEventKind
from .sheet import Sheet

OF_TWO = {ChairEventKind.CHECK_PENDING, ChairEventKind.CHECK_SIGNED}


def order_shown(order: AnOrder | None) -> str:
    """Which revision of which order."""
    return f"{order.entry} {order.revision}" if order else ""


def cards_shown(sheet: Sheet, judged_now: Iterable[str]) -> str:
    """Another when somebody has changed what the cards show, or when what is ``judged_now`` is another."""
    rows: list[Fact] = [
        *(*sheet.orders, *sheet.preparations, *sheet.gates, *sheet.discharges),
        *(*sheet.device_orders, *sheet.device_checks, *sheet.device_rows, *sheet.pump_rows),
        *(row for row in sheet.event_rows if row.kind in OF_TWO),
    ]
    known = sorted(f"{row.entry} {row.revision}" for row in rows)
    hands = (f"{one.capacity} {one.name} {one.at.isoformat()}" for one in sheet.hands)
    said = (sheet.stage.value, str(sheet.signed), str(sheet.given), *hands)
    return derived("cards", *known, *said, *judged_now).hex()[:24]
