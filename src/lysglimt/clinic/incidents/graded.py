"""A grade of cystitis in an incident is one that the rules over months ask for."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import TruncDate

from lysglimt.clinic.exposure.beside import ToldFromAbove, day_of, key_of, together
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.safety.holding import SeenResult

from .models import Incident

CYSTITIS = "cystitis"


def rows(patient: Any) -> Subquery:
    found = Incident.objects.in_force().filter(patient=patient, term=CYSTITIS)
    day = TruncDate("happened_at", tzinfo=OSLO)
    return together(found, "patient", "entry", "revision", "grade", day=day)


def read(told: Iterable[Mapping[str, Any]]) -> Iterator[SeenResult]:
    """A grade that is not known is no grade."""
    for one in told:
        if one["grade"].isdecimal():
            yield SeenResult(
                key=f"{key_of(one)}/incident",
                what=CYSTITIS,
                on=day_of(one["day"]),
                value=Decimal(one["grade"]),
            )


GRADED = ToldFromAbove("om_incidents", rows, read)
