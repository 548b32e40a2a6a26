"""The facts of a course as the rules read them: rows in, frozen values out."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import (
    CourseFacts,
    DecisionKind,
    DecisionMade,
    Pause,
    RatingGiven,
    StopGround,
    Trigger,
    TriggerKind,
)
from lysglimt.knowledge.protocols.facts import RegisteredIn as Registered
from lysglimt.knowledge.protocols.facts import SessionGiven as Given
from lysglimt.knowledge.protocols.facts import Timing as Beside
from lysglimt.knowledge.protocols.library import protocols
from lysglimt.knowledge.protocols.protocol import Protocol
from lysglimt.knowledge.protocols.state import CourseState

from .models import Consent, Course, Rating, Registration, ReservedDecision, Timing

BESIDE = {
    Timing.BEFORE_DOSE: Beside.BEFORE,
    Timing.BASELINE: Beside.BEFORE,
    Timing.AFTER_DOSE: Beside.AFTER,
}


def protocol_of(course: Course) -> Protocol:
    """The version that the course started on, and keeps."""
    return protocols()[course.protocol, course.protocol_version]


def state_on(course: Course, on: date) -> CourseState:
    """Where the course stands on a day. Asks seven questions of the database."""
    return course_state(protocol_of(course), course_facts(course), on)


def course_facts(course: Course) -> CourseFacts:
    """All facts in force of one course. Their order carries no meaning."""
    return CourseFacts(
        consented=consented(course),
        registration=registered(course),
        planned_start=course.planned_start,
        sessions=sessions(course),
        ratings=ratings(course),
        decisions=decisions(course),
        triggers=tuple(
            Trigger(TriggerKind(row.kind), on_day(row.happened_at), reversible=row.reversible)
            for row in course.triggers.in_force()
        ),
        pauses=tuple(
            Pause(row.first_day, row.last_day, row.why) for row in course.pauses.in_force()
        ),
    )


def consented(course: Course) -> date | None:
    """The day of the newest consent that has not been taken back."""
    newest = Consent.objects.given().filter(patient_id=course.patient_id).first()
    return newest.signed_by_patient_on if newest else None


def registered(course: Course) -> Registered | None:
    """The newest choice of the patient, and what was decided if reserved against both."""
    newest = Registration.objects.newest_first().filter(patient_id=course.patient_id).first()
    if newest is None:
        return None
    match newest.choice:
        case "study" | "register-and-study":
            return Registered.STUDY
        case "register":
            return Registered.REGISTER
        case _:
            treated = newest.decision == ReservedDecision.TREAT
            return Registered.DECISION if treated else None


def sessions(course: Course) -> tuple[Given, ...]:
    route = protocol_of(course).product.route
    return tuple(
        Given(
            on=on_day(row.started_at),
            prescribed=row.prescribed_mg,
            delivered=row.delivered_mg,
            route=route,
            stopped_because=row.ended_early,
        )
        for row in course.sessions.in_force()
    )


def ratings(course: Course) -> tuple[RatingGiven, ...]:
    """Whole totals of the course, and those of the patient from before it was planned."""
    before = Q(course__isnull=True, happened_at__lte=course.planned_at)
    rows: Iterable[Any] = Rating.objects.in_force().filter(
        Q(course=course) | before, patient_id=course.patient_id, total__isnull=False
    )
    return tuple(
        RatingGiven(
            instrument=row.instrument,
            total=int(row.total),
            on=on_day(row.happened_at),
            timing=BESIDE.get(Timing(row.timing)),
        )
        for row in rows
        if row.total == int(row.total)
    )


def decisions(course: Course) -> tuple[DecisionMade, ...]:
    return tuple(
        DecisionMade(
            kind=DecisionKind(row.kind),
            on=on_day(row.happened_at),
            reason=row.deviation or row.rule or row.kind,
            by=str(row.by_id),
            ground=StopGround(row.ground) if row.ground else None,
        )
        for row in course.decisions.in_force()
    )


def newest_day(course: Course, facts: CourseFacts) -> date:
    """The day of the newest fact: asked about this day, the rules have counted them all."""
    return max(
        on_day(course.planned_at),
        *(session.on for session in facts.sessions),
        *(rating.on for rating in facts.ratings),
        *(trigger.on for trigger in facts.triggers),
        *(decision.on for decision in facts.decisions),
        *(pause.start for pause in facts.pauses),
        facts.consented or date.min,
    )
