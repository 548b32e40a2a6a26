"""A patient's diagnoses or medicines in one value, for a page that asks about much else too."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, CharField, DateField, JSONField, Subquery
from django.db.models.functions import Cast, JSONObject

from lysglimt.clinic.people.written import Condition, Place
from lysglimt.clinic.sealing.fields import Stored
from lysglimt.knowledge.eligibility.candidate import Diagnosis as Stated

from . import past
from .models import Diagnosis, Medicine

DAYS = ("on", "remission_since")
ANSWERS = ("controlled", "severe", "prescribed")


class Listed(Aggregate):
    """The values of all rows in one list. Of no rows it is None."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG")


def listed_diagnoses(patient: Any) -> Subquery:
    """Those in force of the patient."""
    fields = ("code", "status", *DAYS, *ANSWERS)
    rows = Diagnosis.objects.in_force().filter(patient=patient).order_by()
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


def listed_medicines(*, on: date) -> Any:
    """Those that the patient of the row that is asked about takes on a day."""
    return TAKEN.about("patient", values={"on": on})


def medicines_taken(patient: Any) -> Subquery:
    day: Any = Place("on", DateField())
    taken = Medicine.objects.taken_on(day).filter(patient=patient).order_by()
    # As text: a number of JSON would come back as a float.
    amount = Cast("mg_per_day", CharField())
    fields: Any = {name: name for name in ("entry", "revision", "atc", "name", "as_needed")}
    listed: Any = Listed(JSONObject(**fields, mg_per_day=amount))
    return Subquery(taken.values("patient").annotate(all=listed).values("all"))


DIAGNOSED, TAKEN = Condition(listed_diagnoses), Condition(medicines_taken)


def medicines_of(said: Iterable[Mapping[str, Any]] | None) -> tuple[Medicine, ...]:
    """What was listed; a name opens in its row. SQLite lists a yes as 1."""
    return tuple(
        Medicine(
            entry=UUID(one["entry"]),
            revision=one["revision"],
            atc=one["atc"],
            name=Stored(one["name"]) if one["name"] else "",
            mg_per_day=one["mg_per_day"] and Decimal(one["mg_per_day"]),
            as_needed=bool(one["as_needed"]),
        )
        for one in said or ()
    )
