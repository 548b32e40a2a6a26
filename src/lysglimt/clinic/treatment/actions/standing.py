"""The one derived row of a course: written by the action that writes the fact."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.treatment.history import course_facts, newest_day, protocol_of
from lysglimt.clinic.treatment.models import Course, CourseStanding
from lysglimt.knowledge.protocols.course import course_state
from lysglimt.knowledge.protocols.state import CourseState, Due, Matter, Phase

_POSTPONED: ContextVar[set[UUID] | None] = ContextVar("postponed", default=None)


@contextmanager
def postponed() -> Iterator[None]:
    """For many facts at once: inside, a standing is only noted, and derived once at the end.

    In one transaction, so that nobody else sees a standing that is behind. What depends on a
    course being closed, as planning the next one does, belongs after it.
    """
    courses: set[UUID] = set()
    with transaction.atomic():
        token = _POSTPONED.set(courses)
        try:
            yield
        finally:
            _POSTPONED.reset(token)
        for course in Course.objects.select_for_update().filter(pk__in=courses):
            refresh_standing(course=course)


def refresh_standing(*, course: Course) -> CourseStanding:
    """Derive the row anew from the facts in force. Say nothing else about the course."""
    waiting = _POSTPONED.get()
    if waiting is not None:
        waiting.add(course.pk)
        known = CourseStanding.objects.filter(course=course).first()
        if known is not None:
            return known
    stored, _ = CourseStanding.objects.update_or_create(
        course=course, defaults={"patient_id": course.patient_id, **derived(course)}
    )
    return stored


@transaction.atomic
def refresh_standings_of(*, patient: Patient) -> None:
    """A fact about the patient, as a consent is, bears on each open course."""
    for course in Course.objects.select_for_update().filter(patient=patient):
        refresh_standing(course=course)


def rebuild_standings() -> int:
    """All of them, as after a change of the rules; how many there were."""
    count = 0
    for course in Course.objects.order_by("pk").iterator():
        with transaction.atomic():
            locked = Course.objects.select_for_update().get(pk=course.pk)
            refresh_standing(course=locked)
        count += 1
    return count


def derived(course: Course) -> dict[str, Any]:
    """What the row says, by column. Depends on nothing but the facts."""
    facts = course_facts(course)
    as_of = newest_day(course, facts)
    state = course_state(protocol_of(course), facts, as_of)
    recorded, is_open = state.recorded, state.recorded.phase is not Phase.CLOSED
    return {
        "open": is_open,
        "phase": recorded.phase.value,
        "phase_since": recorded.since,
        "as_of": as_of,
        "sessions": recorded.sessions,
        "counted": recorded.counted,
        "target": recorded.target,
        "maintenance_sessions": recorded.maintenance_sessions,
        "first_session": recorded.first_session,
        "last_session": recorded.last_session,
        "deviations": len(recorded.deviations),
        "rule_version": state.rule_version,
        **(coming(state) if is_open else NOTHING),
    }


NOTHING: dict[str, Any] = {
    "next_kind": "",
    "next_from": None,
    "next_due": None,
    "rating_instrument": "",
    "rating_from": None,
    "rating_due": None,
}


def coming(state: CourseState) -> dict[str, Any]:
    """What is next in the course, and which rating is next: the first to close its window."""
    ratings = [due for due in state.advice.due if due.matter is Matter.RATING]
    others = [due for due in state.advice.due if due.matter is not Matter.RATING]
    found = dict(NOTHING)
    if others:
        due = min(others, key=urgency)
        found |= {"next_kind": due.matter.value, "next_from": due.earliest}
        found |= {"next_due": due.latest}
    if ratings:
        due = min(ratings, key=urgency)
        found |= {"rating_instrument": due.instrument or "", "rating_from": due.earliest}
        found |= {"rating_due": due.latest}
    return found


def urgency(due: Due) -> tuple[date, date, str, str]:
    return due.earliest, due.latest or date.max, due.matter.value, due.instrument or ""
