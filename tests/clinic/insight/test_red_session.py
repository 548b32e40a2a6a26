"""A session that was red leaves its trace: on the evaluation, and in what is next."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.chairside import actions
from lysglimt.clinic.chairside.actions import Measured
from lysglimt.clinic.chairside.models import Session, SessionPhase
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.models import Course, SessionGiven

from .test_evaluation import opened


def chart(
    given: SessionGiven, *, by: Professional, pressure: tuple[int, int], sign: str = ""
) -> None:
    """A chart of a session that is recorded in the course: one set ten minutes into it."""
    session = Session.objects.filter(pk=given.entry).first()
    if session is None:
        day = given.started_at.date()
        course = given.course
        session = Session(pk=given.entry, course=course, unit=course.unit, planned_on=day)
        session.save(force_insert=True)
    at = given.started_at + timedelta(minutes=10)
    actions.record_vitals(
        session=session,
        measured=Measured(
            phase=SessionPhase.INFUSION,
            systolic=pressure[0],
            diastolic=pressure[1],
            signs=[sign] if sign else [],
        ),
        entered=Entered(entry=uuid4(), happened_at=at, entered_at=at),
        by=by,
        at=at,
    )


def sessions(course: Course) -> list[SessionGiven]:
    return list(SessionGiven.objects.filter(course=course).order_by("started_at"))


RED = "Systolisk blodtrykk 206 mmHg (≥ 200)"


@pytest.mark.parametrize("supported", [True, False], ids=["supported", "journal mode"])
def test_the_evaluation_names_what_was_red_in_each_session(
    as_psychiatrist: Client,
    psychiatrist: Professional,
    course: Course,
    responded: None,
    request: pytest.FixtureRequest,
    django_assert_max_num_queries: Any,
    *,
    supported: bool,
) -> None:
    if supported:
        request.getfixturevalue("decision_support")
    first, second, *_ = sessions(course)
    chart(first, by=psychiatrist, pressure=(206, 112))
    chart(second, by=psychiatrist, pressure=(128, 78), sign="chest_pain")
    with django_assert_max_num_queries(10):
        page = opened(as_psychiatrist, course)
    assert (page.count(f"Rødt: {RED}"), page.count("Rødt: Brystsmerter")) == (
        (1, 1) if supported else (0, 0)
    )


def test_what_is_next_names_the_red_of_the_last_session_alone(
    as_psychiatrist: Client,
    psychiatrist: Professional,
    course: Course,
    induction: None,
    decision_support: None,
    django_assert_max_num_queries: Any,
) -> None:
    address = reverse("patient", args=[course.patient_id])
    first, *_, last = sessions(course)
    chart(first, by=psychiatrist, pressure=(206, 112))
    assert "Rødt i forrige økt" not in as_psychiatrist.get(address).content.decode()
    chart(last, by=psychiatrist, pressure=(206, 112), sign="chest_pain")
    with django_assert_max_num_queries(10):
        page = as_psychiatrist.get(address).content.decode()
    assert "Rødt i forrige økt" in page
    assert RED in page
    assert "Brystsmerter" in page


def test_the_next_order_names_the_red_of_the_session_before(
    as_psychiatrist: Client,
    psychiatrist: Professional,
    course: Course,
    induction: None,
    decision_support: None,
) -> None:
    *_, last = sessions(course)
    day = last.started_at.date() + timedelta(days=3)
    now = last.started_at + timedelta(days=3)
    session = actions.open_session(course=course, planned_on=day, by=psychiatrist, at=now)
    address = reverse("order.write", args=[session.pk])
    assert "Rødt i forrige økt" not in as_psychiatrist.get(address).content.decode()
    chart(last, by=psychiatrist, pressure=(206, 112))
    page = as_psychiatrist.get(address).content.decode()
    assert "Rødt i forrige økt" in page
    assert RED in page
