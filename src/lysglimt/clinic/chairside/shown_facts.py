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


def dose_shown(sheet: Sheet, judged_now: Iterable[str]) -> str:
    """Another when order, signature, check or start check is, or what is ``judged_now`` of them."""
    rows: list[Fact] = [
        *(*sheet.orders, *sheet.preparations, *sheet.gates),
        *(*sheet.device_orders, *sheet.device_checks),
    ]
    return digest(rows, str(sheet.signed), *judged_now)


def cards_shown(sheet: Sheet) -> str:
    """Another when somebody has gone on: pump, devices, checks of two, the checklist and its hands."""
    rows: list[Fact] = [
        *(*sheet.pump_rows, *sheet.device_rows, *sheet.discharges),
        *(row for row in sheet.event_rows if row.kind in OF_TWO),
    ]
    hands = (f"{one.capacity} {one.name} {one.at.isoformat()}" for one in sheet.hands)
    voided = (one.capacity.value for one in sheet.voided)
    return digest(rows, sheet.stage.value, str(sheet.given), *hands, *voided)


def digest(rows: Iterable[Fact], *said: str) -> str:
    known = sorted(f"{row.entry} {row.revision}" for row in rows)
    return derived("cards", *known, "", *said).hex()[:24]
