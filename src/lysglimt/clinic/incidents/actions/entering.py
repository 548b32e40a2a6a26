"""An incident is entered, corrected with a reason, struck, and closed."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.incidents.duties import duties_open
from lysglimt.clinic.incidents.models import Incident, IncidentClosing
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.reporting import IncidentKind


class DutiesOpen(ClinicalError):
    """A report waits: what is to be sent is answered for before the incident is closed."""

    code = "incident.duties-open"


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


def enter_incident(
    *, about: About, said: Said, entered: Entered, by: Professional, at: datetime
) -> Incident:
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
    return people.enter(row, operation="incident.report", patients=whom(row))


def correct(
    *,
    incident: Incident,
    said: Said,
    happened_at: datetime,
    by: Professional,
    at: datetime,
    reason: str,
) -> Incident:
    """Its next revision; what it was made of stays. Of two at once one is told so."""
    return people.correct(
        incident,
        by=by,
        at=at,
        operation="incident.correct",
        patients=whom(incident),
        happened_at=happened_at,
        reason=reason,
        **asdict(said),
    )


def strike(*, incident: Incident, by: Professional, at: datetime, reason: str) -> Incident:
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
    """What was learned. Raises DutiesOpen while a report waits. Once: two at once contradict."""
    if duties_open(incident):
        raise DutiesOpen("A report waits.", field="words")
    entered = Entered(happened_at=at, entered_at=at, entry=uuid5(incident.entry, "closed"))
    row = IncidentClosing(incident=incident, words=words, **stamped(entered, by=by, at=at))
    return people.enter(row, operation="incident.close", patients=whom(incident))


def whom(incident: Incident) -> list[UUID]:
    return [incident.patient_id] if incident.patient_id else []
