"""A raised ALT: entered with the laboratory's own limit, held, looked into, and let go on by a doctor who signs."""

import pytest
from django.urls import reverse

from lysglimt.clinic.exposure.models import HoldLifted, LabResult, SafetyStop
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.knowledge.protocols.library import latest
from tests.clinic.chairside import let_in
from tests.clinic.conftest import KARI, NOON

from .clinic import IN_TURN, MONDAY, SENT_BACK, STAFF, Ward, clock, unit, ward

__all__ = ["clock", "unit", "ward"]


@pytest.fixture
def patient(unit: Unit) -> Patient:
    doctor = Professional.objects.get(role=Role.PSYCHIATRIST)
    nurse = Professional.objects.get(role=Role.NURSE)
    people.state_purpose(unit=unit, on=True, by=doctor, at=NOON)
    patient = people.register_patient(said=KARI, by=nurse, at=NOON)
    let_in.agree(patient, by=doctor)
    let_in.accept(patient, by=doctor)
    protocol = latest("iv-ketamine-no")
    treatment.approve_protocol(unit=unit, protocol=protocol, by=doctor, at=NOON)
    return patient


SEEN = (
    ("check.record", "session"),
    ("check.record", "heart-baseline"),
    ("elsewhere.record",),
)
"""Pages that nobody fills in here, and whose faults are looked for all the same."""


@pytest.mark.second_ring
@SENT_BACK
@IN_TURN
def test_a_raised_alt_holds_the_treatment_until_a_doctor_lets_it_go_on(
    patient: Patient, ward: Ward, language: str
) -> None:
    over_months = reverse("patient.over-months", args=[patient.pk])
    nurse, doctor = ward.nurse, ward.psychiatrist
    nurse.sign_in()
    nurse.open(reverse("lab.enter", args=[patient.pk, "liver"]))
    taken = {"taken_on": f"{MONDAY.date():%d.%m.%Y}", "laboratory": "Fürst"}
    nurse.fill({**taken, "alt": "1720", "alt-upper": "50", "circumstance": "no"})
    nurse.do("Save", refused=422)
    nurse.fill({"alt": "172"})
    nurse.do("Save")
    nurse.sees("On hold")
    assert LabResult.objects.get().upper_limit == 50
    doctor.sign_in()
    doctor.open(over_months)
    doctor.follow("Lift the hold", exact=False)
    doctor.fill({"told": "Ultralyd er normal. Paracetamol er seponert, ny prøve om to uker."})
    doctor.do("Sign: the treatment goes on")
    doctor.sees("The hold is lifted, and signed by you.")
    assert HoldLifted.objects.get().by.role == Role.PSYCHIATRIST
    nurse.open(over_months)
    assert "seponert" in nurse.text(), language
    the_other_pages(ward, patient)
    the_stop(ward, patient)
    for desk in ward.desks:
        assert not desk.inspection.faults, "\n".join(sorted(desk.inspection.faults))


def the_other_pages(ward: Ward, patient: Patient) -> None:
    for name, *asked in SEEN:
        ward.nurse.open(reverse(name, args=[patient.pk, *asked]))
    ward.nurse.open(reverse("over-months"))
    ward.psychiatrist.open(reverse("hold.set", args=[patient.pk]))


def the_stop(ward: Ward, patient: Patient) -> None:
    nurse, doctor = ward.nurse, ward.psychiatrist
    course = treatment.plan_course(
        patient=patient,
        protocol=latest("iv-ketamine-no"),
        by=Professional.objects.get(role=Role.PSYCHIATRIST),
        at=NOON,
    )
    doctor.open(reverse("safety-stop.decide", args=[course.pk]))
    doctor.fill({"told": "Gulsott siden i går.", "plan": "Innlagt medisinsk."})
    doctor.fill({"next_contact_on": f"{MONDAY.date():%d.%m.%Y}"})
    doctor.fill({"responsible": STAFF[Role.NURSE]})
    doctor.do("Sign: stop the treatment")
    doctor.sees("The treatment is stopped, and signed by you.")
    nurse.open(reverse("safety-stop", args=[SafetyStop.objects.get().pk]))
    assert "Gulsott siden i går." in nurse.text()
