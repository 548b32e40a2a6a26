"""Whom the nurse watches at another chair, and infusions of the same patient that nobody stopped.

A session is in the hands of whoever took it over last; where nobody has, of whoever charted in it
last. [own-proposal]
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules

from .models import DischargeRecord, Handover, PumpEvent, Session, VitalSet

DAY = timedelta(days=1)


def unstopped() -> QuerySet[PumpEvent]:
    """The start of each infusion that has no stop."""
    stop = PumpEvent.objects.in_force().filter(session=OuterRef("session"), act=PumpAct.STOP)
    return PumpEvent.objects.in_force().filter(~Exists(stop), act=PumpAct.START)


def infused_elsewhere(patient: Any, *, unit: Any, but: Any, on: date) -> QuerySet[PumpEvent]:
    """Of the patient, in another session of the unit than ``but``, planned the last days.

    An older one is a stop that nobody charted: no pump runs for days. [own-proposal]
    All but the day may be references of a query.
    """
    recent = on - gate_rules().unstopped.value
    theirs = {"session__course__patient": patient, "session__unit": unit}
    rows = unstopped().filter(**theirs, session__planned_on__gte=recent)
    return rows.exclude(session=but).order_by("-happened_at")


def infused_in(session: Session, *, on: date) -> UUID | None:
    """The other session in which the patient is infused. One question of the database."""
    patient = session.course.patient_id
    rows = infused_elsewhere(patient, unit=session.unit_id, but=session, on=on)
    found: UUID | None = rows.values_list("session", flat=True).first()
    return found


def watched_elsewhere(nurse: Any, *, unit: Any, but: Any, at: datetime) -> QuerySet[PumpEvent]:
    """Of the unit, begun by then, of that day or the day before, in the hands of ``nurse``.

    A start that is charted late is held against what went on when it was.
    """
    days = {"session__planned_on__gte": on_day(at) - DAY, "happened_at__lte": at}
    running = unstopped().filter(session__unit=unit, **days).exclude(session=but)
    return in_hands_of(nurse, running)


def recovering_elsewhere(
    nurse: Any, *, unit: Any, but: Any, at: datetime
) -> QuerySet[PumpEvent]:
    """The stop of each infusion whose patient is still here, likewise."""
    left = DischargeRecord.objects.in_force().filter(
        session=OuterRef("session"), left_at__isnull=False
    )
    days = {"session__planned_on__gte": on_day(at) - DAY, "happened_at__lte": at}
    stops = PumpEvent.objects.in_force().filter(~Exists(left), act=PumpAct.STOP)
    here = stops.filter(session__unit=unit, **days).exclude(session=but)
    return in_hands_of(nurse, here)


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
