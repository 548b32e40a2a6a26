"""The chart of a session beside it: all its sets in the same question of the database."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, F, JSONField, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.people.written import Condition

from .came_late import CAME_LATE, came_late_beside
from .heard import BY_ROLE, said_over_by
from .models import VitalSet
from .models.vitals import MEASURES
from .watched import in_time

COLUMNS = (
    *MEASURES,
    "id",
    "entry",
    "phase",
    "happened_at",
    "received_at",
    "sedation_scale",
    "on_oxygen",
    "signs",
    "signs_over",
)


class Gathered(Aggregate):
    """The rows of a group as one list."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


def chart_beside(session: str = "entry") -> Any:
    """Of a session given, or of the ``session`` that a row names; None where nothing is charted."""
    return CHART.about(session)


def charted(session: Any) -> Subquery:
    sets = VitalSet.objects.in_force().filter(session=session).order_by()
    row = JSONObject(
        **{column: F(column) for column in COLUMNS},
        **{BY_ROLE: said_over_by(), CAME_LATE: came_late_beside()},
    )
    return Subquery(sets.values("session").annotate(chart=Gathered(row)).values("chart"))


CHART = Condition(charted, JSONField())


def sets_beside(row: object) -> list[VitalSet]:
    """As `chart_beside` found them, in time order."""
    chart = vars(row).get("chart") or ()
    return sorted(map(set_read, chart), key=in_time)


def set_read(said: dict[str, Any]) -> VitalSet:
    columns = dict(columns_read(said))
    beside = {name: columns.pop(name) for name in (BY_ROLE, CAME_LATE)}
    row = VitalSet(**columns)
    for name, value in beside.items():
        vars(row)[name] = value
    return row


def columns_read(said: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """One database writes times, lists and decimals in JSON as text or numbers, another not."""
    for column, value in said.items():
        match column:
            case "happened_at" | "received_at":
                at = datetime.fromisoformat(value)
                yield column, at if at.tzinfo else at.replace(tzinfo=UTC)
            case "entry":
                yield column, UUID(value)
            case "signs" | "signs_over":
                yield column, json.loads(value) if isinstance(value, str) else value
            case "temperature":
                yield column, None if value is None else Decimal(str(value))
            case _:
                yield column, value
