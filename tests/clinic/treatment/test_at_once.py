"""Two who act at the same time take turns: neither is lost, and the standing counts both."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from time import sleep

import pytest
from django.db import connection, transaction

from lysglimt.clinic.people.facts import Contradicted
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment import actions
from lysglimt.clinic.treatment.actions import CourseOpen, Given
from lysglimt.clinic.treatment.models import (
    Course,
    CourseStanding,
    SafetyTask,
    SessionGiven,
    TaskAddition,
)
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.conftest import NOON
from tests.clinic.turns import at_once

from .conftest import DAY, entered, rated

pytestmark = pytest.mark.django_db(transaction=True)


def give(course: Course, by: Professional, day: int) -> SessionGiven:
    start = NOON + day * DAY
    given = Given(
        started_at=start,
        stopped_at=start + timedelta(minutes=40),
        prescribed_mg=Decimal(40),
        delivered_mg=Decimal(40),
    )
    return actions.record_session(
        course=course, given=given, entered=entered(start), by=by, at=start
    )


def test_two_sessions_at_once_both_count(course: Course, nurse: Professional) -> None:
    refused = at_once(lambda: give(course, nurse, 2), lambda: give(course, nurse, 5))
    assert refused == [None, None]
    assert CourseStanding.objects.get(course=course).sessions == 2


def test_of_two_corrections_at_once_one_is_stored(
    course: Course, nurse: Professional, psychiatrist: Professional
) -> None:
    session = give(course, nurse, 2)

    def correct(by: Professional, mg: int) -> Callable[[], object]:
        return lambda: actions.correct(
            fact=session, by=by, at=NOON, reason="Log", delivered_mg=Decimal(mg)
        )

    refused = at_once(correct(nurse, 30), correct(psychiatrist, 20))
    assert [type(one) for one in refused if one] == [Contradicted]
    assert SessionGiven.objects.history(session.entry).count() == 2


def test_of_two_courses_at_once_one_is_open(course: Course, psychiatrist: Professional) -> None:
    actions.close_course(course=course, by=psychiatrist, at=NOON)
    protocol = latest(course.protocol)

    def plan() -> object:
        return actions.plan_course(
            patient=course.patient, protocol=protocol, by=psychiatrist, at=NOON
        )

    refused = at_once(plan, plan)
    assert [type(one) for one in refused if one] == [CourseOpen]
    assert CourseStanding.objects.filter(open=True).count() == 1


def test_a_positive_answer_never_ends_in_a_closed_task(
    course: Course, psychiatrist: Professional
) -> None:
    """While one rates the patient again, another closes the task that the first rating opened."""

    def rate() -> object:
        return actions.record_rating(
            patient=course.patient,
            rated=rated(30, item_10=4),
            entered=entered(),
            by=psychiatrist,
            at=NOON,
        )

    rate()
    task = SafetyTask.objects.get()
    with ThreadPoolExecutor(1) as hands:
        with transaction.atomic():
            Patient.objects.select_for_update().get(pk=course.patient_id)
            closing = hands.submit(acknowledge, task, psychiatrist)
            sleep(0.5)
            assert not closing.done(), "who closes waits for who rates"
            rate()
        closing.result()
    assert TaskAddition.objects.get().task == task


def acknowledge(task: SafetyTask, by: Professional) -> None:
    try:
        actions.acknowledge_task(safety_task=task, action_taken="Spoken with", by=by, at=NOON)
    finally:
        connection.close()
