"""What went wrong in the made-up hospital: most of it completed, some of it waiting, one serious."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from lysglimt.clinic.chairside.models import ChairEvent, ChairEventKind, Session
from lysglimt.clinic.incidents import actions
from lysglimt.clinic.incidents.actions import About, Answered, Called, Said
from lysglimt.clinic.incidents.calls import calls, sessions_asked_about
from lysglimt.clinic.incidents.duties import duties_open
from lysglimt.clinic.incidents.from_elsewhere import TERMS, tapped, to_complete
from lysglimt.clinic.incidents.models import AfterCheck, DutyState, Incident, Reach
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.safety.reporting import IncidentKind

from .cast import Clinic

WAITING, MOST = 4, 120
"""Taps that wait to be completed, the newest; and how many of the others are."""
CALLS_WAITING = 4
WELL: dict[str, Any] = {"palpitations": "no", "suicide": "no", "elsewhere": "no"}
ORDINARY: dict[str, Any] = {
    "words": "Gikk over av seg selv før hjemreise.",
    "course": "ended",
    "serious": "no",
    "causality": "probable",
    "expected": "yes",
    "in_study": "no",
    "nasal": "no",
    "done": ["reassurance"],
    "outcome": "recovered",
}
SERIOUS: dict[str, Any] = {
    **ORDINARY,
    "words": "Besvimte på vei til toalettet, slo hodet. Innlagt til observasjon til neste dag.",
    "serious": "yes",
    "criteria": ["hospitalisation"],
    "expected": "no",
    "done": ["doctor", "admitted"],
    "outcome": "recovering",
}


def told_at(at: datetime, what: UUID) -> Entered:
    """The same each time that the clinic is made."""
    return Entered(happened_at=at, entered_at=at, entry=uuid5(what, "incident"))


def happened(clinic: Clinic, *, now: datetime) -> None:
    """Of the taps at the chairs of a clinic, and of what is about nobody."""
    nurse, lead = clinic.staff[Role.NURSE], clinic.staff[Role.PSYCHIATRIST]
    rows = ChairEvent.objects.filter(session__unit=clinic.unit)
    for one in islice(tapped(to_complete(rows)), WAITING, MOST):
        completed(one.first, by=nurse)
    newest = SessionGiven.objects.in_force().filter(course__unit=clinic.unit)
    last = newest.order_by("-started_at", "-pk").first()
    if last is not None:
        session = Session.objects.filter(pk=last.entry).first()
        at = last.stopped_at + timedelta(hours=1)
        serious(last.course.patient, session, by=nurse, at=min(at, now))
    about_nobody(nurse, lead, now=now)
    given = SessionGiven.objects.filter(course__unit=clinic.unit)
    # Of the longest late one waits, and the newest do; whoever else was due was reached in time.
    for call in calls(sessions_asked_about(given, now=now), now=now)[1:-CALLS_WAITING]:
        telephoned(call.given, which=call.rule.id, by=nurse, at=min(call.by, now))


def completed(event: ChairEvent, *, by: Professional) -> Incident:
    term = TERMS[ChairEventKind(event.kind)] or "fatigue"
    at = event.happened_at
    about = About(
        kind=IncidentKind.ADVERSE_EVENT,
        patient=event.session.course.patient,
        session=event.session,
        from_entry=event.entry,
        from_item=event.kind,
    )
    grade = "" if term == "suicidal-ideation" else "1"
    said = Said(known_at=at, term=term, grade=grade, **ORDINARY)
    return actions.enter_incident(
        about=about, said=said, entered=told_at(at, event.entry), by=by, at=at
    )


def serious(
    patient: Patient, session: Session | None, *, by: Professional, at: datetime
) -> Incident:
    about = About(kind=IncidentKind.ADVERSE_EVENT, patient=patient, session=session)
    said = Said(known_at=at, term="syncope", grade="3", **SERIOUS)
    return actions.enter_incident(
        about=about, said=said, entered=told_at(at, patient.pk), by=by, at=at
    )


def about_nobody(nurse: Professional, lead: Professional, *, now: datetime) -> None:
    """A pump that failed, reported and closed; and a near miss that waits."""
    at = now - timedelta(days=20)
    known: dict[str, Any] = {"known_at": at, "nasal": "no"}
    pump = actions.enter_incident(
        about=About(kind=IncidentKind.DEVICE_FAULT),
        said=Said(words="Pumpen stanset uten alarm under oppstart.", **known),
        entered=told_at(at, NAMESPACE_OID),
        by=nurse,
        at=at,
    )
    sent = at + timedelta(days=2)
    for one in duties_open(pump):
        answered = Answered(state=DutyState.SENT, words="Ref. 2026/114", happened_at=sent)
        actions.answer_duty(
            incident=pump, duty=one.duty.id, answered=answered, by=lead, at=sent
        )
    actions.close(incident=pump, words="Pumpen er byttet og kontrollert.", by=lead, at=sent)
    yesterday = now - timedelta(days=1)
    actions.enter_incident(
        about=About(kind=IncidentKind.NEAR_MISS),
        said=Said(
            words="Sprøyte merket med feil navn, oppdaget før start.",
            known_at=yesterday,
            nasal="no",
        ),
        entered=told_at(yesterday, uuid5(NAMESPACE_OID, "near miss")),
        by=nurse,
        at=yesterday,
    )


def telephoned(
    given: SessionGiven, *, by: Professional, at: datetime, which: str = "evening"
) -> AfterCheck:
    called = Called(
        which=which,
        reach=Reach.REACHED,
        symptoms=["headache"],
        told="Rolig kveld, sov godt.",
        **WELL,
    )
    entered = Entered(happened_at=at, entered_at=at, entry=uuid5(given.entry, which))
    return actions.record_call(given=given, called=called, entered=entered, by=by, at=at)
