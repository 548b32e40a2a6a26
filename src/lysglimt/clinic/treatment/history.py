"""The facts of a course as the rules read them: rows in, frozen values out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.facts import (
    Answered,
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

from .models import Course, ReservedDecision, Timing
from .record import CourseRecord, Matter, Turn, records_of

BESIDE = {
    Timing.BEFORE_DOSE: Beside.BEFORE,
    Timing.BASELINE: Beside.BEFORE,
    Timing.AFTER_DOSE: Beside.AFTER,
}


def protocol_of(course: Course) -> Protocol:
    """The version that the course started on, and keeps."""
    return protocols()[course.protocol, course.protocol_version]


def state_on(course: Course, on: date) -> CourseState:
    """Where the course stands on a day. Asks four questions of the database."""
    return course_state(protocol_of(course), course_facts(course), on)


def course_facts(course: Course) -> CourseFacts:
    """All facts in force of one course. Their order carries no meaning."""
    [record] = records_of([standpoint(course)])
    return facts_of(record)


def standpoint(course: Course) -> Course:
    """The course with what its patient agreed to and chose."""
    return Course.objects.with_standpoint().get(pk=course.pk)


def consented(course: Course) -> date | None:
    """The day of the newest consent that has not been taken back."""
    day: date | None = vars(standpoint(course))["consented_on"]
    return day


def registered(course: Course) -> Registered | None:
    """The newest choice of the patient, and what was decided if reserved against both."""
    said = vars(standpoint(course))
    return registration(said["chosen"], said["reserved_decision"])


def facts_of(record: CourseRecord) -> CourseFacts:
    """Of a course that was fetched ``with_standpoint``."""
    course, said = record.course, vars(record.course)
    turned = {one: [turn for turn in record.turns if turn.matter is one] for one in Matter}
    taken_back = tuple(withdrawal(course))
    first, last = signed(said, withdrawn=bool(taken_back))
    return CourseFacts(
        consented=first,
        renewed=(last,) if last and last != first else (),
        registration=registration(said["chosen"], said["reserved_decision"]),
        planned_start=course.planned_start,
        sessions=sessions(record),
        ratings=ratings(record),
        answered=answered(record),
        decisions=tuple(decision(turn) for turn in turned[Matter.DECISION]),
        triggers=(*(trigger(turn) for turn in turned[Matter.TRIGGER]), *taken_back),
        pauses=tuple(pause(turn) for turn in turned[Matter.PAUSE]),
    )


def withdrawal(course: Course) -> Iterator[Trigger]:
    """That consent was taken back during the course; taken back before, it never counted."""
    at = vars(course)["taken_back_at"]
    if at is not None and at >= course.planned_at:
        yield Trigger(TriggerKind.CONSENT_WITHDRAWN, on_day(at))


def signed(said: Mapping[str, Any], *, withdrawn: bool) -> tuple[date | None, date | None]:
    """The first and the newest consent. One taken back held for the sessions before."""
    if said["consented_on"] is None and not withdrawn:
        return None, None
    return said["first_consented_on"], said["last_consented_on"]


def registration(chosen: str | None, decided: str | None) -> Registered | None:
    match chosen:
        case None:
            return None
        case "study" | "register-and-study":
            return Registered.STUDY
        case "register":
            return Registered.REGISTER
        case _:
            return Registered.DECISION if decided == ReservedDecision.TREAT else None


def sessions(record: CourseRecord) -> tuple[Given, ...]:
    route = protocol_of(record.course).product.route
    return tuple(
        Given(
            on=on_day(row.started_at),
            prescribed=row.prescribed_mg,
            delivered=row.delivered_mg,
            route=route,
            stopped_because=row.ended_early,
        )
        for row in record.sessions_in_force
    )


def ratings(record: CourseRecord) -> tuple[RatingGiven, ...]:
    """Whole totals of the course, and those of the patient from before it was planned."""
    return tuple(
        RatingGiven(
            instrument=row.instrument,
            total=int(row.total),
            on=on_day(row.happened_at),
            timing=BESIDE.get(Timing(row.timing)),
        )
        for row in record.ratings_in_force
        if row.total is not None and row.total == row.total.to_integral_value()
    )


def answered(record: CourseRecord) -> tuple[Answered, ...]:
    """Instruments without a total, such as the C-SSRS."""
    return tuple(
        Answered(row.instrument, on_day(row.happened_at))
        for row in record.ratings_in_force
        if row.total is None
    )


def decision(turn: Turn) -> DecisionMade:
    return DecisionMade(
        kind=DecisionKind(turn.kind),
        on=on_day(turn.at),
        reason=turn.words or turn.rule or turn.kind,
        by=str(turn.by_id),
        ground=StopGround(turn.ground) if turn.ground else None,
    )


def trigger(turn: Turn) -> Trigger:
    return Trigger(TriggerKind(turn.kind), on_day(turn.at), reversible=turn.reversible)


def pause(turn: Turn) -> Pause:
    first = turn.first_day or on_day(turn.at)
    return Pause(first, turn.last_day, turn.words)


def newest_day(course: Course, facts: CourseFacts) -> date:
    """The day of the newest fact: asked about this day, the rules have counted them all."""
    return max(
        on_day(course.planned_at),
        *(session.on for session in facts.sessions),
        *(rating.on for rating in facts.ratings),
        *(trigger.on for trigger in facts.triggers),
        *(decision.on for decision in facts.decisions),
        *(pause.start for pause in facts.pauses),
        *facts.renewed,
        *(one.on for one in facts.answered),
        facts.consented or date.min,
    )
