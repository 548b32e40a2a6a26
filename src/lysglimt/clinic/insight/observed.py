"""Were the observations at the unit's chairs taken on time, and how soon was it seen where not?"""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Sum

from lysglimt.clinic.chairside.models import ObservationShare, OverdueSeen
from lysglimt.register.proportions import Proportion

MINUTE = timedelta(minutes=1)


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


def observed(unit: UUID, *, since: date) -> Observed:
    """Asks two questions of the database."""
    rows = ObservationShare.objects.in_unit(unit).since(since)
    found = rows.aggregate(
        all=Count("pk"),
        known=Count("planned"),
        **{name: Sum(name, default=0) for name in ("planned", "on_time", "late", "missing")},
    )
    seen = OverdueSeen.objects.in_unit(unit).filter(session__planned_on__gte=since).order_by()
    times = [
        (at - since) // MINUTE for since, at in seen.values_list("overdue_at", "happened_at")
    ]
    return Observed(
        on_time=Proportion(found["on_time"], found["planned"]),
        late=found["late"],
        missing=found["missing"],
        sessions=found["known"],
        unknown=found["all"] - found["known"],
        seen=len(times),
        half_within=round(median(times)) if times else None,
    )
