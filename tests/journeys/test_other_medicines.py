"""What is taken beside the treatment: entered from the list, agreed of, tapered and followed, by keyboard alone."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse

from lysglimt.clinic.medicines.models import DoseTiming, TaperLook, TaperPlan
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral.models import Medicine
from tests.clinic.conftest import KARI, NOON

from .clinic import IN_TURN, MONDAY, SENT_BACK, Ward, clock, unit, ward

__all__ = ["clock", "unit", "ward"]
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def patient(unit: Unit) -> Patient:
    doctor = Professional.objects.get(role=Role.PSYCHIATRIST)
    nurse = Professional.objects.get(role=Role.NURSE)
    people.state_purpose(unit=unit, on=True, by=doctor, at=NOON)
    return people.register_patient(said=KARI, by=nurse, at=NOON)


@pytest.mark.second_ring
@SENT_BACK
@IN_TURN
def test_a_needed_dose_is_discussed_and_tapered_and_followed(
    patient: Patient, ward: Ward, language: str
) -> None:
    medicines = reverse("medicines", args=[patient.pk])
    sobril = entered(ward, medicines, language)
    agreed_and_planned(ward, medicines, sobril)
    nurse = ward.nurse
    nurse.open(medicines)
    nurse.sees("Agreed with the patient")
    nurse.follow("Note how it goes", exact=False)
    nurse.fill({"state": "reached", "told": "Sluttet uten besvær."})
    nurse.do("Save")
    assert "Sluttet uten besvær." in nurse.text()
    assert TaperLook.objects.get().by == Professional.objects.get(role=Role.NURSE)
    for desk in ward.desks:
        assert not desk.inspection.faults, "\n".join(sorted(desk.inspection.faults))


def entered(ward: Ward, medicines: str, language: str) -> UUID:
    """By the nurse: from the list, after a dose without its unit was sent back."""
    nurse = ward.nurse
    nurse.sign_in()
    nurse.open(medicines)
    nurse.follow("Enter a medicine")
    name = {"nb": "oksazepam (N05BA04)", "en": "oxazepam (N05BA04)"}[language]
    nurse.fill({"name": name, "night": "15"})
    nurse.do("Save", refused=422)
    nurse.sees("What are the doses counted in?")
    nurse.fill({"dose_unit": "mg"})
    nurse.do("Save")
    nurse.sees("What the rules find")
    row = Medicine.objects.get()
    assert row.atc == "N05BA04"
    assert row.mg_per_day == Decimal(15)
    return row.entry


def agreed_and_planned(ward: Ward, medicines: str, sobril: UUID) -> None:
    doctor = ward.psychiatrist
    doctor.sign_in()
    doctor.open(medicines)
    doctor.follow("Agree when the dose is taken", exact=False)
    doctor.fill({"agreed": "Som vanlig kvelden før, etter økten på dagen."})
    doctor.do("Save")
    assert DoseTiming.objects.get().medicine.entry == sobril
    doctor.follow("Plan a taper", exact=False)
    today = MONDAY.date()
    days = {"starts_on": today, "look_on": today + FORTNIGHT}
    said = {name: f"{day:%d.%m.%Y}" for name, day in days.items()}
    doctor.fill({"plan": "15 mg i to uker, så 7,5 mg, så slutt."} | said)
    doctor.do("Save")
    assert TaperPlan.objects.get().look_on == today + FORTNIGHT
    doctor.follow("Those of the unit")
    doctor.sees("Tapers under way")
