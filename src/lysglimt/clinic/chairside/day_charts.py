"""The sheets of many sessions at once: all that is charted in the same question of the database."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    IntegerField,
    JSONField,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject

from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.referral.models.referral import SUPPORTED
from lysglimt.clinic.treatment.told import zoned
from lysglimt.knowledge.dosing.delivery import PumpAct

from .charts_beside import chart_beside, sets_beside
from .heard import doctors_word, seen_last
from .models import (
    DeviceOrder,
    DeviceUse,
    DischargeRecord,
    PumpEvent,
    Session,
    SessionOrder,
)
from .sheet import Sheet

EXACT = (
    *("weight_kg", "height_cm", "mg_per_kg", "concentration_mg_ml"),
    *("dose_mg", "volume_ml", "rate_ml_h"),
)
"""Of an order: a number of JSON would come back as a float, so they are read as text."""

UNREAD = "–"
"""There are words, and they are sealed: read on the page of the session."""


def pump_acts(session: Any) -> Subquery:
    act: Any = {name: name for name in ("act", "pause_reason", "happened_at", "withdrawn")}
    act["has_comment"] = Case(When(comment="", then=Value(value=False)), default=True)
    acts: Any = Listed(JSONObject(**act, rate_ml_h=Cast("rate_ml_h", CharField())))
    taken_back = PumpEvent.objects.filter(withdrawn=True, act=PumpAct.STOP)
    pump = (PumpEvent.objects.in_force() | taken_back).filter(session=session).order_by()
    return Subquery(pump.values("session").annotate(all=acts).values("all"))


def ordered(session: Any) -> Subquery:
    order: Any = {name: Cast(name, CharField()) for name in EXACT}
    order |= {name: name for name in ("sex", "basis", "minutes", "plan")}
    orders = SessionOrder.objects.in_force().filter(session=session)
    return Subquery(orders.values_list(JSONObject(**order))[:1], output_field=JSONField())


def devices_used(session: Any) -> Subquery:
    use: Any = {name: name for name in ("act", "happened_at", "begun_at")}
    used = DeviceUse.objects.in_force().filter(session=session).order_by()
    listed: Any = Listed(JSONObject(**use))
    return Subquery(used.values("session").annotate(all=listed).values("all"))


def devices_ordered(session: Any) -> Subquery:
    orders = DeviceOrder.objects.in_force().filter(session=session)
    return Subquery(orders.values("devices")[:1])


def of_leaving(session: Any, column: str) -> Subquery:
    left = DischargeRecord.objects.in_force().filter(session=session)
    return Subquery(left.values(column)[:1])


BESIDE = {
    "acts": Condition(pump_acts, JSONField()),
    "ordered_as": Condition(ordered, JSONField()),
    "devices_used": Condition(devices_used, JSONField()),
    "devices_ordered": Condition(devices_ordered, IntegerField()),
    **{
        column: Condition(partial(of_leaving, column=column), field)
        for column, field in (
            ("decided_by", BigIntegerField()),
            ("no_doctor_reached", BooleanField()),
            ("left_at", DateTimeField()),
        )
    },
}


def with_charts(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each with what `sheet_beside` reads."""
    return sessions.annotate(
        chart=chart_beside("pk"),
        supported=SUPPORTED.about("unit"),
        **{name: one.about("pk") for name, one in BESIDE.items()},
        **doctors_word("course__patient"),
    ).select_related("course__patient")


def sheet_beside(session: Any, *, now: datetime) -> Sheet:
    """Of a session `with_charts`: the order, the pump, the sets, and whether the patient has left.

    Who gave and signed what is not read.
    """
    left = DischargeRecord(
        session=session,
        left_at=session.left_at,
        decided_by_id=session.decided_by,
        no_doctor_reached=bool(session.no_doctor_reached),
    )
    return Sheet(
        session=session,
        now=now,
        orders=[order_read(session.ordered_as)] if session.ordered_as else [],
        vital_rows=sets_beside(session),
        pump_rows=[act_read(one) for one in said(session.acts)],
        device_orders=[DeviceOrder(devices=session.devices_ordered)]
        if session.devices_ordered
        else [],
        device_rows=devices_read(session),
        discharges=[left] if session.left_at else [],
        doctor_seen=seen_last(session),
    )


def order_read(one: Mapping[str, Any]) -> SessionOrder:
    plan = json.loads(one["plan"]) if isinstance(one["plan"], str) else one["plan"]
    exact = {name: Decimal(one[name]) for name in EXACT}
    return SessionOrder(
        sex=one["sex"], basis=one["basis"], minutes=one["minutes"], plan=plan, **exact
    )


def act_read(one: Mapping[str, Any]) -> PumpEvent:
    at, rate = datetime.fromisoformat(one["happened_at"]), one["rate_ml_h"]
    return PumpEvent(
        act=one["act"],
        withdrawn=bool(one["withdrawn"]),
        pause_reason=one["pause_reason"],
        happened_at=at if at.tzinfo else at.replace(tzinfo=UTC),
        rate_ml_h=rate and Decimal(rate),
        comment=UNREAD if one["has_comment"] else "",
    )


def devices_read(session: Any) -> list[DeviceUse]:
    return [use_read(one) for one in said(session.devices_used)]


def use_read(one: Mapping[str, Any]) -> DeviceUse:
    begun = one["begun_at"]
    return DeviceUse(
        act=one["act"],
        happened_at=zoned(one["happened_at"]),
        begun_at=zoned(begun) if begun else None,
    )


def said(listed: Iterable[Mapping[str, Any]] | None) -> Iterable[Mapping[str, Any]]:
    """Of no rows the database lists nothing."""
    return listed or ()
