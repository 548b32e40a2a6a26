"""Over months, a patient is asked what ketamine asks for, by the newest course in which it is given."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lysglimt.clinic.exposure.actions import Stopped, stop_for_safety
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.exposure.listed import over_months_in_unit
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Decided
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.protocols.facts import DecisionKind
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.treatment.conftest import Give
from tests.exchange.documents.printed import printed

from .conftest import Enter, ago, now


def planned(patient: Patient, name: str, *, by: Professional) -> Course:
    at = timezone.now()
    treatment.approve_protocol(unit=by.unit, protocol=latest(name), by=by, at=at)
    return treatment.plan_course(patient=patient, protocol=latest(name), by=by, at=at)


def closed(course: Course, *, by: Professional) -> None:
    decided = Decided(kind=DecisionKind.CLOSE, deviation="Pasienten flytter.")
    treatment.decide(course=course, decided=decided, by=by, at=timezone.now())


def asked(patient: Patient) -> set[str]:
    return {one.check.id for one in over_months_of(patient).due(timezone.localdate())}


@pytest.mark.parametrize("name", ["ect", "rtms"])
def test_who_is_given_no_ketamine_is_asked_none_of_its_checks(
    kari: Patient, psychiatrist: Professional, moss: Unit, enter: Enter, name: str
) -> None:
    planned(kari, name, by=psychiatrist)
    assert over_months_of(kari).course is None
    assert asked(kari) == set()
    enter("alt", 180, 50)
    [listed] = over_months_in_unit(moss.pk, on=timezone.localdate())
    assert [one.rule for one in listed.holds] == ["LT-liver"]
    assert (listed.overdue, listed.treated) == (0, False)


@pytest.mark.usefixtures("supported")
def test_ect_after_ketamine_leaves_the_checks_of_ketamine_as_they_were(
    course: Course,
    give: Give,
    psychiatrist: Professional,
    moss: Unit,
    as_nurse: Client,
    django_assert_max_num_queries: Any,
) -> None:
    give(0)
    closed(course, by=psychiatrist)
    before = over_months_of(course.patient)
    planned(course.patient, "ect", by=psychiatrist)
    with django_assert_max_num_queries(1):
        after = over_months_of(course.patient)
    assert after.course == before.course
    assert after.course is not None
    assert after.course.ended is not None
    listed = over_months_in_unit(moss.pk, on=timezone.localdate())
    assert [one.overdue for one in listed] == [before.overdue(timezone.localdate())]
    shown = as_nurse.get(reverse("patient", args=[course.patient_id]))
    assert shown.context["overdue_checks"] == before.overdue(timezone.localdate())


@pytest.mark.parametrize("name", ["esketamine-adult", "iv-ketamine-no"])
def test_ketamine_and_esketamine_are_asked_alike(
    kari: Patient, psychiatrist: Professional, name: str
) -> None:
    planned(kari, name, by=psychiatrist)
    assert "liver-baseline" in asked(kari)


@pytest.mark.usefixtures("supported")
def test_a_doctor_is_told_on_the_list_who_is_held_whatever_is_given(
    kari: Patient, psychiatrist: Professional, enter: Enter, as_nurse: Client
) -> None:
    planned(kari, "rtms", by=psychiatrist)
    enter("alt", 180, 50, days=1)
    page = as_nurse.get(reverse("over-months")).content.decode()
    assert str(kari.card().name) in page
    assert ago(1) == over_months_of(kari).holds[0].since


def test_who_stops_a_course_reads_which_it_is(
    kari: Patient, psychiatrist: Professional, as_doctor: Client
) -> None:
    course = planned(kari, "ect", by=psychiatrist)
    name = latest("ect").name.nb
    page = as_doctor.get(reverse("safety-stop.decide", args=[course.pk])).content.decode()
    assert f"Forløpet: {name}" in page
    stopped = Stopped(
        told="Langvarig forvirring etter økt to.",
        plan="Henvist til nevrolog.",
        responsible=psychiatrist,
        next_contact_on=timezone.localdate(),
    )
    row = stop_for_safety(
        course=course, stopped=stopped, entered=now(), by=psychiatrist, at=timezone.now()
    )
    page = as_doctor.get(reverse("safety-stop", args=[row.pk])).content.decode()
    assert f"Forløpet: {name}" in page
    assert name in printed(as_doctor, "print.safety-stop", row.pk, "nb")
