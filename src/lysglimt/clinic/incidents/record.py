"""All revisions of one incident, and what hangs on it; the row was let through before."""

from typing import Any
from uuid import UUID

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.treatment.models import SessionGiven

from .models import AfterCheck, Incident, IncidentClosing

BESIDE = ("by", "patient", "session__course", "unit")


def newest(row: Incident) -> Incident:
    """The address may name an earlier revision."""
    rows = Incident.objects.history(row.entry).select_related(*BESIDE)
    return rows.latest("revision")


def revisions_of(entry: UUID) -> list[Incident]:
    """The newest first."""
    rows = Incident.objects.filter(entry=entry).select_related(*BESIDE)
    return [*rows.order_by("-revision")]


def closing_of(row: Incident) -> IncidentClosing | None:
    rows = IncidentClosing.objects.in_force().filter(incident__entry=row.entry)
    found: IncidentClosing | None = rows.select_related("by").first()
    return found


def calls_made(patient: Patient) -> list[AfterCheck]:
    """The newest first."""
    made = AfterCheck.objects.in_force().filter(given__course__patient=patient)
    return [*made.select_related("by", "doctor", "given__course").order_by("-happened_at")]


def calls_before(given: SessionGiven, which: str) -> Any:
    """Of the same call, in their order."""
    made = AfterCheck.objects.in_force().filter(given__entry=given.entry, which=which)
    return made.select_related("by").order_by("happened_at")
