"""What a doctor who is called to a danger sign sees of the chart beside the task."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Case, Exists, OuterRef, Q, When

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.permissions import chapters_of
from lysglimt.clinic.people.standing import blocked
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.chair import AtTheChair, Reading
from lysglimt.clinic.treatment.models import DANGER_SIGN, SafetyTask
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.devices import DeviceAct
from lysglimt.knowledge.monitoring.limits import is_danger

from .charted import CELLS, pressure_charted, value_charted
from .models import DeviceUse, DischargeRecord, PumpEvent, Session, VitalSet
from .showing import at_clock, signs_named
from .wordings import CELL_NAMES

ROUND = timedelta(minutes=30)
"""Before the sign was told; all that came after it is shown."""
MOST = 8


def at_the_chair(
    safety_task: SafetyTask, *, by: Professional, at: datetime
) -> AtTheChair | None:
    """Of the session of that day, where the reader may open its page."""
    day = on_day(at)
    pump = PumpEvent.objects.in_force().filter(session=OuterRef("pk"), act=PumpAct.START)
    used = DeviceUse.objects.in_force().filter(session=OuterRef("pk"), act=DeviceAct.GIVEN)
    left = DischargeRecord.objects.in_force().filter(session=OuterRef("pk"))
    sessions = Session.objects.filter(
        course__patient=safety_task.patient_id,
        unit=by.unit_id,
        planned_on__in=(day - timedelta(days=1), day),
    ).annotate(
        shut=blocked("course__patient", by, chapters=chapters_of("session"), at=at),
        started=Case(When(Q(Exists(pump) | Exists(used)), then=True), default=False),
        left=Exists(left.filter(left_at__isnull=False)),
    )
    # Past midnight the one that is under way is meant, not the next.
    session = sessions.order_by("left", "-started", "-planned_on", "-pk").first()
    if session is None or vars(session)["shut"]:
        return None
    said = vars(session)
    readings = readings_round(session, safety_task) if safety_task.rule == DANGER_SIGN else ()
    return AtTheChair(session.pk, said["started"] and not said["left"], tuple(readings))


def readings_round(session: Session, safety_task: SafetyTask) -> Iterator[Reading]:
    rows = VitalSet.objects.in_force().filter(
        session=session, happened_at__gte=safety_task.opened_at - ROUND
    )
    for row in rows.order_by("-happened_at", "-pk")[:MOST]:
        values = (pressure_charted(row), *(value_charted(row, column) for column in CELLS))
        named = zip(CELL_NAMES, values, strict=True)
        yield Reading(
            at_clock(row.happened_at),
            tuple((str(name), value) for name, value in named if value not in {"", "–"}),
            tuple(signs_named(filter(is_danger, row.signs))),
        )
