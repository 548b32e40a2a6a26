"""Which course asks for the checks over months: the newest in which ketamine is given."""

from typing import Any

from django.db.models import JSONField, Q, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.treatment.models import CourseStanding
from lysglimt.knowledge.protocols.library import ketamine_protocols


def newest_of_ketamine(patient: Any) -> Subquery:
    """How the newest course stands in which ketamine is given: no other asks for its checks."""
    rows = CourseStanding.objects.filter(patient=patient).filter(of_ketamine())
    told: Any = JSONObject(course="course_id", phase="phase", since="phase_since")
    newest = rows.order_by("-course__planned_at").annotate(told=told)
    return Subquery(newest.values("told")[:1], output_field=JSONField())


def of_ketamine() -> Q:
    return Q(course__protocol__in=ketamine_protocols())
