"""A grade of cystitis in an incident, and ketamine got elsewhere by telephone: the rules over months ask."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Subquery
from django.db.models.functions import TruncDate

from lysglimt.clinic.exposure.beside import (
    OUTSIDE,
    ToldFromAbove,
    day_of,
    key_of,
    together,
)
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.knowledge.safety.holding import SeenResult

from .models import AfterCheck, Answer, Incident

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


def calls(patient: Any) -> Subquery:
    told = AfterCheck.objects.in_force().filter(
        given__course__patient=patient, elsewhere=Answer.YES.value
    )
    day = TruncDate("happened_at", tzinfo=OSLO)
    return together(told, "given__course__patient", "entry", "revision", day=day)


def told_by_telephone(told: Iterable[Mapping[str, Any]]) -> Iterator[SeenResult]:
    for one in told:
        key = f"{key_of(one)}/call"
        yield SeenResult(key=key, what=OUTSIDE, on=day_of(one["day"]), positive=True)


TOLD = ToldFromAbove("om_calls", calls, told_by_telephone)
