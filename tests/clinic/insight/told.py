"""What somebody writes in the history at noon, without the page that checks it."""

from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral.models import Diagnosis, Medicine
from tests.clinic.conftest import NOON

AT_NOON = {"happened_at": NOON, "entered_at": NOON, "received_at": NOON}


def diagnosis(patient: Patient, by: Professional, code: str, **said: object) -> None:
    Diagnosis.objects.create(
        patient=patient, by=by, code=code, status="current", **said, **AT_NOON
    )


def medicine(
    patient: Patient, by: Professional, atc: str, name: str, mg_per_day: str = "20"
) -> None:
    Medicine.objects.create(
        patient=patient, by=by, atc=atc, name=name, mg_per_day=mg_per_day, **AT_NOON
    )
