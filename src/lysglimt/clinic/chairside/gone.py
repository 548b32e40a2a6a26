"""Who has left the last session, and with whom: told beside a task that asks for a doctor now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.permissions import chapters_of, permits
from lysglimt.clinic.people.policy import Relation, Role
from lysglimt.clinic.people.standing import blocked
from lysglimt.clinic.treatment.gone import Gone
from lysglimt.clinic.treatment.models import SafetyTask
from lysglimt.clinic.treatment.told import listed, zoned

from .models import DischargeRecord, Session

CHART, GONE = "session", "gone_home"


def gone_beside(patient: str, by: Professional, *, at: datetime) -> dict[str, Any]:
    """Of a row, by its way to the ``patient``: how the last session of the reader's unit ended.

    Nothing of a chart that is closed to them.
    """
    left = DischargeRecord.objects.in_force().filter(
        session=OuterRef("pk"), left_at__isnull=False
    )
    said: Any = JSONObject(
        **{name: name for name in ("left_at", "entry", "revision")},
        name="escort_name",
        telephone="escort_telephone",
    )
    last = Session.objects.filter(course__patient=OuterRef(patient), unit=by.unit_id).exclude(
        blocked("course__patient", by, chapters=chapters_of(CHART), at=at)
    )
    told = last.order_by("-planned_on", "-pk").annotate(
        left=Subquery(left.annotate(said=said).values("said")[:1], output_field=JSONField())
    )
    return {GONE: Subquery(told.values("left")[:1], output_field=JSONField())}


def gone_in(row: object) -> Gone | None:
    """Of a row with `gone_beside`."""
    said = listed(vars(row).get(GONE))
    if said is None:
        return None
    key = [UUID(str(said["entry"])), said["revision"]]
    read: Any = DischargeRecord._meta.get_field
    return Gone(
        left_at=zoned(said["left_at"]),
        escort_name=read("escort_name").read_in(said["name"], key),
        escort_telephone=read("escort_telephone").read_in(said["telephone"], key),
    )


def gone_of_task(task: SafetyTask, by: Professional, at: datetime) -> Gone | None:
    if not permits(CHART, Role(by.role), Relation.OWN_UNIT):
        return None
    row = SafetyTask.objects.annotate(**gone_beside("patient", by, at=at)).get(pk=task.pk)
    return gone_in(row)
