"""A patient's diagnoses in one value, for a page that asks about much else in the same breath."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from lysglimt.knowledge.eligibility.candidate import Diagnosis as Stated

from . import past
from .models import Diagnosis

DAYS = ("on", "remission_since")
ANSWERS = ("controlled", "severe", "prescribed")


class Listed(Aggregate):
    """The values of all rows in one list. Of no rows it is None."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG")


def listed_diagnoses() -> Subquery:
    """Those in force of the patient of the row that is asked about."""
    fields = ("code", "status", *DAYS, *ANSWERS)
    rows = Diagnosis.objects.in_force().filter(patient=OuterRef("patient")).order_by()
    listed: Any = Listed(JSONObject(**{name: name for name in fields}))
    return Subquery(rows.values("patient").annotate(all=listed).values("all"))


def diagnoses_of(said: Iterable[Mapping[str, Any]] | None) -> tuple[Stated, ...]:
    """What was listed, as the rules read it."""
    return tuple(past.diagnosis(_row(one)) for one in said or ())


def _row(said: Mapping[str, Any]) -> Diagnosis:
    """SQLite lists a yes as 1, and both databases list a day as text."""
    days = {name: said[name] and date.fromisoformat(said[name]) for name in DAYS}
    answers = {name: None if said[name] is None else bool(said[name]) for name in ANSWERS}
    return Diagnosis(code=said["code"], status=said["status"], **days, **answers)
