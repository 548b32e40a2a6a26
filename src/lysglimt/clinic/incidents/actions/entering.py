"""An incident is entered, corrected with a reason, struck, and closed."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.exposure.actions import refuse_what_holds
from lysglimt.clinic.exposure.beside import row_key
from lysglimt.clinic.incidents.duties import duties_open
from lysglimt.clinic.incidents.from_elsewhere import made_of_the_same
from lysglimt.clinic.incidents.models import Incident, IncidentClosing
from lysglimt.clinic.incidents.record import closing_of
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.reporting import IncidentKind


class DutiesOpen(ClinicalError):
    """A report waits: what is to be sent is answered for before the incident is closed."""

    code = "incident.duties-open"


class EnteredAlready(ClinicalError):
    """What was charted with one tap, or told on the telephone, another has entered already."""

    code = "incident.entered-already"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What it is about and where it was told first; a patient, a session, or neither."""

    kind: IncidentKind
    patient: Patient | None = None
    session: Session | None = None
    from_entry: UUID | None = None
    from_item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known of it. An empty answer was not asked; ``unknown`` was asked and not known."""

    words: str
    known_at: datetime
    term: str = ""
    grade: str = ""
    transient: bool = False
    course: str = ""
    ended_at: datetime | None = None
    harmed: str = ""
    serious: str = ""
    criteria: list[str] = field(default_factory=list)
    causality: str = ""
    expected: str = ""
    unnatural: str = ""
    in_study: str = ""
    nasal: str = ""
    done: list[str] = field(default_factory=list)
    outcome: str = ""


@transaction.atomic
def enter_incident(
    *, about: About, said: Said, entered: Entered, by: Professional, at: datetime
) -> Incident:
    """Raises EnteredAlready where what it is made of has become an incident under another entry."""
    row = Incident(
        unit_id=by.unit_id,
        kind=about.kind.value,
        patient=about.patient,
        session=about.session,
        from_entry=about.from_entry,
        from_item=about.from_item,
        **asdict(said),
        **stamped(entered, by=by, at=at),
    )
    if about.from_item and about.patient:
        # Of two at once the second sees what the first entered.
        Patient.objects.select_for_update().get(pk=about.patient.pk)
        known = made_of_the_same(row).exclude(entry=entered.entry).select_related("by").first()
        if known is not None:
            who = str(known.by)
            raise EnteredAlready(f"{who} has entered it", field="", value=who)
    return people.enter(row, operation="incident.report", patients=whom(row))


def refuse_held(incident: Incident, *, by: Professional) -> None:
    """A grade that holds the treatment a doctor takes back. Raises HeldByThis."""
    if incident.patient_id:
        refuse_what_holds(row_key(incident), patient=incident.patient_id, by=by)


@transaction.atomic
def correct(
    *,
    incident: Incident,
    said: Said,
    happened_at: datetime,
    by: Professional,
    at: datetime,
    reason: str,
) -> Incident:
    """Its next revision; what it was made of stays. Of two at once one is told so.

    One that was closed is open again where it now asks for a report that nobody answered for.
    Raises HeldByThis.
    """
    refuse_held(incident, by=by)
    stored = people.correct(
        incident,
        by=by,
        at=at,
        operation="incident.correct",
        patients=whom(incident),
        happened_at=happened_at,
        reason=reason,
        **asdict(said),
    )
    closing = closing_of(stored)
    if closing is not None and duties_open(stored):
        people.withdraw(
            closing,
            by=by,
            at=at,
            operation="incident.correct",
            patients=whom(incident),
            reason=reason,
        )
    return stored


@transaction.atomic
def strike(*, incident: Incident, by: Professional, at: datetime, reason: str) -> Incident:
    """Raises HeldByThis."""
    refuse_held(incident, by=by)
    return people.withdraw(
        incident,
        by=by,
        at=at,
        operation="incident.strike",
        patients=whom(incident),
        reason=reason,
    )


@transaction.atomic
def close(*, incident: Incident, words: str, by: Professional, at: datetime) -> IncidentClosing:
    """What was learned. Raises DutiesOpen while a report waits. Two at once contradict.

    What was opened again is closed again by the next revision.
    """
    if duties_open(incident):
        raise DutiesOpen("A report waits.", field="words")
    told: dict[str, Any] = {"operation": "incident.close", "patients": whom(incident)}
    entry = uuid5(incident.entry, "closed")
    before = IncidentClosing.objects.history(entry).last()
    if before is not None and before.withdrawn:
        said: dict[str, Any] = {"words": words, "happened_at": at, "withdrawn": False}
        return people.correct(before, by=by, at=at, reason=before.reason, **told, **said)
    entered = Entered(happened_at=at, entered_at=at, entry=entry)
    row = IncidentClosing(incident=incident, words=words, **stamped(entered, by=by, at=at))
    return people.enter(row, **told)


def whom(incident: Incident) -> list[UUID]:
    return [incident.patient_id] if incident.patient_id else []
