"""How far a session by nose has come, asked with many sessions in the same question."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from lysglimt.knowledge.dosing.devices import DeviceAct, Devices

from .day_charts import devices_read
from .models import DeviceCheck, DeviceOrder, DeviceUse
from .sprayed import used


def device_questions() -> dict[str, Any]:
    """Of a session: is it ordered, signed and laid out, when ordered, and when was it begun?"""
    mine = {"session": OuterRef("pk")}
    orders = DeviceOrder.objects.in_force().filter(**mine)
    laid_out = DeviceCheck.objects.in_force().filter(
        order__session=OuterRef("pk"),
        order__signature__isnull=False,
        order__in=DeviceOrder.objects.in_force(),
    )
    given = DeviceUse.objects.in_force().filter(**mine, act=DeviceAct.GIVEN)
    return {
        "ordered": Exists(orders),
        "signed": Exists(orders.filter(signature__isnull=False)),
        "prepared": Exists(laid_out),
        "ordered_at": Subquery(orders.values("received_at")[:1]),
        "started_at": Subquery(given.order_by("begun_at").values("begun_at")[:1]),
    }


def devices_over(session: Any) -> datetime | None:
    """Of a session `with_charts`: when the last device was given; None of an infusion."""
    rows = devices_read(session)
    return Devices(session.devices_ordered, used(rows)).over if rows else None
