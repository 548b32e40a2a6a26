"""Whom the nurse watches at another chair, and other sessions of the same patient that nobody ended.

A session is in the hands of whoever took it over last; where nobody has, of whoever charted in it
last. [own-proposal]
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.devices import DeviceAct
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules

from .models import (
    DeviceOrder,
    DeviceUse,
    Handover,
    PumpEvent,
    Session,
    VitalSet,
)

DAY = timedelta(days=1)


def unstopped() -> QuerySet[PumpEvent]:
    """The start of each infusion that has no stop."""
    stop = PumpEvent.objects.in_force().filter(session=OuterRef("session"), act=PumpAct.STOP)
    return PumpEvent.objects.in_force().filter(~Exists(stop), act=PumpAct.START)


def devices_to_come() -> QuerySet[Session]:
    """Sessions with a device given, fewer than ordered, and nobody has said that no more are."""
    uses = DeviceUse.objects.in_force().filter(session=OuterRef("pk")).order_by()
    given = uses.filter(act=DeviceAct.GIVEN)
    counted = given.values("session").annotate(count=Count("pk")).values("count")
    orders = DeviceOrder.objects.in_force().filter(session=OuterRef("pk"))
    sessions = Session.objects.alias(
        devices_given=Subquery(counted), devices_ordered=Subquery(orders.values("devices")[:1])
    )
    more = Q(devices_ordered=None) | Q(devices_given__lt=F("devices_ordered"))
    return sessions.filter(Exists(given), ~Exists(uses.filter(act=DeviceAct.ENDED)), more)


def under_way_elsewhere(patient: Any, *, unit: Any, but: Any, on: date) -> QuerySet[Session]:
    """Of the patient, other sessions of the unit than ``but``, planned the last days: the dose goes on.

    An older one is an end that nobody charted: no pump runs for days. [own-proposal]
    All but the day may be references of a query.
    """
    recent = on - gate_rules().unstopped.value
    runs = Q(Exists(unstopped().filter(session=OuterRef("pk")))) | Q(
        pk__in=devices_to_come().values("pk")
    )
    theirs = {"course__patient": patient, "unit": unit, "planned_on__gte": recent}
    rows = Session.objects.filter(runs, **theirs).exclude(pk=but)
    return rows.order_by("-planned_on", "-pk")


def infused_in(session: Session, *, on: date) -> UUID | None:
    """The other session in which the patient is given something. One question of the database."""
    patient = session.course.patient_id
    rows = under_way_elsewhere(patient, unit=session.unit_id, but=session.pk, on=on)
    found: UUID | None = rows.values_list("pk", flat=True).first()
    return found


def watched_elsewhere(nurse: Any, *, unit: Any, but: Any, at: datetime) -> QuerySet[PumpEvent]:
    """Of the unit, begun by then, of that day or the day before, in the hands of ``nurse``.

    A start that is charted late is held against what went on when it was.
    """
    days = {"session__planned_on__gte": on_day(at) - DAY, "happened_at__lte": at}
    running = unstopped().filter(session__unit=unit, **days).exclude(session=but)
    return in_hands_of(nurse, running)


def in_hands_of(nurse: Any, rows: QuerySet[PumpEvent]) -> QuerySet[PumpEvent]:
    mine = {"session": OuterRef("session")}
    taken = Handover.objects.in_force().filter(**mine).order_by("-received_at", "-pk")
    acts = PumpEvent.objects.in_force().filter(**mine).order_by("-received_at", "-pk")
    sets = VitalSet.objects.in_force().filter(**mine).order_by("-received_at", "-pk")
    charted = rows.alias(
        acted_at=acts.values("received_at")[:1],
        acted_by=acts.values("by")[:1],
        measured_at=sets.values("received_at")[:1],
        measured_by=sets.values("by")[:1],
    )
    last = Case(When(measured_at__gt=F("acted_at"), then="measured_by"), default="acted_by")
    hand = Coalesce(Subquery(taken.values("taken_by")[:1]), last)
    return charted.alias(hand=hand).filter(hand=nurse)
