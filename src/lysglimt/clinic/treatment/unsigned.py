"""A decision to treat that waits for another doctor's signature, said wherever a course goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import JSONField, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.referral.models import EligibilityDecision

from .models.task import named
from .told import listed

COLUMN = "unsigned_decision"
SIGNING = "referral.second"


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Who has signed, by name; another doctor is to."""

    decision: int
    first_id: int
    first: str


def newest_that_waits(patient: Any) -> Subquery:
    said: Any = JSONObject(pk="pk", by_id="by_id", first=named("by"))
    waits = EligibilityDecision.objects.awaiting_second_signature().filter(
        referral__patient=patient
    )
    newest = waits.order_by("-pk").annotate(said=said).values("said")
    return Subquery(newest[:1], output_field=JSONField())


NEWEST = Condition(newest_that_waits, JSONField())


def unsigned_beside(patient: str) -> dict[str, Any]:
    """Of a row, by its way to the ``patient``: the newest that waits."""
    return {COLUMN: NEWEST.about(patient)}


def unsigned_in(row: object) -> Unsigned | None:
    """Of a row with `unsigned_beside`."""
    said = listed(vars(row).get(COLUMN))
    return None if said is None else Unsigned(said["pk"], said["by_id"], said["first"])


def unsigned_of(patient: Patient) -> Unsigned | None:
    """Asks one question of the database."""
    return unsigned_in(asked_beside(patient.pk))


def asked_beside(patient: UUID) -> Patient:
    """The patient, for `unsigned_in`, in the one question."""
    row: Patient = Patient.objects.annotate(**unsigned_beside("pk")).get(pk=patient)
    return row


def unsigned_shown(found: Unsigned | None, request: SignedInRequest) -> Mapping[str, object]:
    """With the page where it is signed, for a doctor who has not signed it."""
    theirs = found is not None and found.first_id != request.user.pk and request.may(SIGNING)
    address = reverse(SIGNING, args=[found.decision]) if found and theirs else ""
    return {"unsigned": found, "unsigned_address": address}
