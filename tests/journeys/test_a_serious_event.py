"""A serious event, by keyboard alone: from one tap at the chair to a filled report that somebody answers for."""

import json
from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from lysglimt.clinic.chairside import actions as chairside
from lysglimt.clinic.chairside.models import ChairEventKind, Session
from lysglimt.clinic.incidents.models import DutyAnswer, Incident
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.conftest import KARI, NOON

from .clinic import IN_TURN, SENT_BACK, Ward, clock, unit, ward
from .wall_clock import WallClock

__all__ = ["clock", "unit", "ward"]


@pytest.fixture
def session(unit: Unit, clock: WallClock) -> Session:
    """Somebody tapped "other" at the chair, and wrote what it was."""
    clock.until(NOON.date(), time(14, 0))
    doctor = Professional.objects.get(role=Role.PSYCHIATRIST)
    nurse = Professional.objects.get(role=Role.NURSE)
    people.state_purpose(unit=unit, on=True, by=doctor, at=NOON)
    patient = people.register_patient(said=KARI, by=nurse, at=NOON)
    protocol = latest("iv-ketamine-no")
    treatment.approve_protocol(unit=unit, protocol=protocol, by=doctor, at=NOON)
    course = treatment.plan_course(patient=patient, protocol=protocol, by=doctor, at=NOON)
    session = chairside.open_session(
        course=course, planned_on=NOON.date(), by=nurse, at=clock()
    )
    at = clock() - timedelta(minutes=20)
    happened = chairside.Happened(kind=ChairEventKind.OTHER, comment="Besvimte på vei til WC.")
    entered = Entered(happened_at=at, entered_at=at)
    chairside.record_event(
        session=session, happened=happened, entered=entered, by=nurse, at=clock()
    )
    return session


@pytest.mark.second_ring
@SENT_BACK
@IN_TURN
def test_one_tap_becomes_a_report_that_somebody_answers_for(
    session: Session, ward: Ward, language: str
) -> None:
    completed(ward, language)
    row = Incident.objects.get()
    assert (row.term, row.grade, row.session) == ("syncope", "3", session)
    assert row.words == "Besvimte på vei til WC. Slo hodet og ble lagt inn."
    doctor = ward.psychiatrist
    doctor.sign_in()
    doctor.open(reverse("incident", args=[row.pk]))
    doctor.sees("Nothing is sent by Lysglimt. Somebody sends it, and writes so here.")
    report = reverse("print.duty", args=[row.pk, "adverse-reaction", "json"])
    house = doctor.page.url.partition("/incidents")[0]
    said = json.loads(doctor.page.request.get(f"{house}{report}").body())
    assert (said["sent"], said["incident"]["criteria"]) == (False, ["hospitalisation"])
    doctor.open(reverse("duty.answer", args=[row.pk, "adverse-reaction"]))
    doctor.fill(
        {
            "state": "sent",
            "done_at": written(NOON + timedelta(minutes=30)),
            "words": "Ref. 4711",
        }
    )
    doctor.do("Save")
    assert DutyAnswer.objects.get().words == "Ref. 4711"
    doctor.sees("Sent")
    for desk in ward.desks:
        assert not desk.inspection.faults, "\n".join(sorted(desk.inspection.faults))


def completed(ward: Ward, language: str) -> None:
    """The time is carried over; the grade is not, and is asked for."""
    nurse = ward.nurse
    nurse.sign_in()
    nurse.open(reverse("incidents"))
    nurse.follow("Complete", exact=False)
    nurse.fill({"term": {"nb": "Synkope", "en": "Syncope"}[language]})
    nurse.do("Go on")
    nurse.fill({"words": "Besvimte på vei til WC. Slo hodet og ble lagt inn."})
    nurse.do("Save", refused=422)
    assert not Incident.objects.exists()
    nurse.fill(
        {
            "grade": "3",
            "course": "ended",
            "serious": "yes",
            "expected": "no",
            "in_study": "no",
        }
    )
    nurse.fill({"done": "admitted", "criteria": "hospitalisation"})
    better = {"nb": "I bedring", "en": "Getting better"}[language]
    likely = {"nb": "sannsynlig", "en": "probable"}[language]
    nurse.fill({"outcome": better, "causality": likely})
    nurse.do("Save")


def written(at: datetime) -> str:
    return f"{at.astimezone(OSLO):%d.%m.%Y %H:%M}"
