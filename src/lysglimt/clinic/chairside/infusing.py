"""Infusions that nobody has stopped: of the same patient, and of the nurse at another chair."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, When

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.delivery import PumpAct

from .models import PumpEvent, VitalSet

DAY = timedelta(days=1)


def unstopped() -> QuerySet[PumpEvent]:
    """The start of each infusion that has no stop."""
    stop = PumpEvent.objects.in_force().filter(session=OuterRef("session"), act=PumpAct.STOP)
    return PumpEvent.objects.in_force().filter(~Exists(stop), act=PumpAct.START)


def infused_elsewhere(patient: Any, *, but: Any) -> QuerySet[PumpEvent]:
    """Of the patient, in another session than ``but``; both may be references of a query."""
    return unstopped().filter(session__course__patient=patient).exclude(session=but)


def watched_elsewhere(nurse: Any, *, unit: Any, but: Any, at: datetime) -> QuerySet[PumpEvent]:
    """Of the unit, begun by then, of that day or the day before: ``nurse`` charted in it last.

    A start that is charted late is held against what went on when it was.
    """
    mine = {"session": OuterRef("session")}
    acts = PumpEvent.objects.in_force().filter(**mine).order_by("-received_at", "-pk")
    sets = VitalSet.objects.in_force().filter(**mine).order_by("-received_at", "-pk")
    days = {"session__planned_on__gte": on_day(at) - DAY, "happened_at__lte": at}
    running = unstopped().filter(session__unit=unit, **days).exclude(session=but)
    charted = running.alias(
        acted_at=acts.values("received_at")[:1],
        acted_by=acts.values("by")[:1],
        measured_at=sets.values("received_at")[:1],
        measured_by=sets.values("by")[:1],
    )
    hand = Case(When(measured_at__gt=F("acted_at"), then="measured_by"), default="acted_by")
    return charted.alias(hand=hand).filter(hand=nurse)
