"""The chairs of a unit, told beside a question that asks about the unit anyway."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import JSONField, Subquery
from django.db.models.functions import JSONObject

from lysglimt.clinic.referral.listed import Listed
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.treatment.told import listed


@dataclass(frozen=True, slots=True)
class Room:
    """The chairs of a unit, by name."""

    unit: UUID
    chairs: tuple[Chair, ...]


def chairs_beside(unit: UUID) -> Subquery:
    rows = Chair.objects.in_unit(unit).order_by()
    told: Any = Listed(JSONObject(id="id", name="name"))
    return Subquery(
        rows.values("unit").annotate(all=told).values("all"), output_field=JSONField()
    )


def room_in(said: Any, unit: UUID) -> Room:
    """Of `chairs_beside`."""
    told: Any = listed(said) or ()
    chairs = [Chair(id=UUID(one["id"]), name=one["name"], unit_id=unit) for one in told]
    return Room(unit, tuple(sorted(chairs, key=lambda one: one.name)))
