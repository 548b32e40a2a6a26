"""Were the observations at the unit's chairs taken on time, and how soon was it seen where not?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.chairside.day_charts import said
from lysglimt.clinic.chairside.models import ObservationShare, OverdueSeen
from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.treatment.models import Course
from lysglimt.clinic.treatment.told import zoned
from lysglimt.register.proportions import Proportion

MINUTE = timedelta(minutes=1)
COUNTED = ("planned", "on_time", "late", "missing")


@dataclass(frozen=True, slots=True)
class Observed:
    """Of the sessions of a period that the patient has left.

    ``unknown`` are those in which no observation was planned; ``seen`` are overdue observations
    that somebody has said to have seen, half of them within ``half_within`` minutes.
    """

    on_time: Proportion
    late: int
    missing: int
    sessions: int
    unknown: int
    seen: int
    half_within: int | None


def observed_beside(unit: UUID, *, since: date) -> dict[str, Subquery]:
    """Of a course, in the question that asks for it: its sessions in the unit in the period."""
    of_course = {"session__course": OuterRef("pk")}
    period = {"session__unit": unit, "session__planned_on__gte": since}
    shares = ObservationShare.objects.filter(**of_course, **period)
    seen = OverdueSeen.objects.in_force().filter(**of_course, **period)
    return {
        "observation_shares": listed(shares, *COUNTED),
        "overdue_seen": listed(seen, "overdue_at", "happened_at"),
    }


def listed(rows: QuerySet[Any], *columns: str) -> Subquery:
    all_of: Any = Listed(JSONObject(**{name: name for name in columns}))
    found = rows.order_by().values("session__course").annotate(all=all_of).values("all")
    return Subquery(found, output_field=JSONField())


def observed(courses: Iterable[Course]) -> Observed:
    """Of courses with what is `observed_beside` them."""
    beside = [vars(course) for course in courses]
    shares = [one for each in beside for one in said(each["observation_shares"])]
    known = [one for one in shares if one["planned"] is not None]
    counts = {name: sum(one[name] for one in known) for name in COUNTED}
    seen = [one for each in beside for one in said(each["overdue_seen"])]
    times = [(zoned(one["happened_at"]) - zoned(one["overdue_at"])) // MINUTE for one in seen]
    return Observed(
        on_time=Proportion(counts["on_time"], counts["planned"]),
        late=counts["late"],
        missing=counts["missing"],
        sessions=len(known),
        unknown=len(shares) - len(known),
        seen=len(times),
        half_within=round(median(times)) if times else None,
    )
