"""What of the history a doctor alone corrects and strikes; what is new, everybody adds."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Patient, Professional, Unit
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions
from lysglimt.clinic.referral.models import Diagnosis, Medicine
from lysglimt.knowledge import medicine
from lysglimt.knowledge.eligibility import candidate
from tests.clinic.conftest import NOON, Staff

from .conftest import entered

PSYCHOTIC, DEPRESSED = "F20.0", "F33.2"
TRANYLCYPROMINE, SERTRALINE = "N06AF04", "N06AB06"


@pytest.fixture(autouse=True)
def supported(moss: Unit, psychiatrist: Professional) -> None:
    """The unit has signed that it wants decision support."""
    people.state_purpose(unit=moss, on=True, by=psychiatrist, at=NOON)


def diagnosed(patient: Patient, code: str, *, by: Professional) -> Diagnosis:
    said = candidate.Diagnosis(code=code, status=candidate.DiagnosisStatus.CURRENT)
    return actions.record_diagnosis(
        patient=patient,
        diagnosed=actions.Diagnosed(diagnosis=said),
        entered=entered(),
        by=by,
        at=NOON,
    )


def taking(patient: Patient, atc: str, *, by: Professional) -> Medicine:
    taken = actions.Taken(medicine=medicine.Medicine(atc=atc, name="Legemiddel"))
    return actions.record_medicine(
        patient=patient, taken=taken, entered=entered(), by=by, at=NOON
    )


def address(name: str, row: Any) -> str:
    kind = "medicine" if isinstance(row, Medicine) else "diagnosis"
    return reverse(name, kwargs={"pk": row.patient_id, "kind": kind, "entry": row.entry})


STRUCK = {"reason": "Gjaldt en annen pasient"}


def test_a_nurse_does_not_strike_an_exclusion(
    as_nurse: Client, kari: Patient, nurse: Professional
) -> None:
    row = diagnosed(kari, PSYCHOTIC, by=nurse)
    told = as_nurse.get(address("history.strike", row)).content.decode()
    assert "Dette taler mot behandling" in told
    assert "en lege retter eller stryker" in told
    assert "<textarea" not in told, "nothing to type in vain"
    refused = as_nurse.post(address("history.strike", row), STRUCK)
    assert refused.status_code == 422
    assert Diagnosis.objects.in_force().get() == row


def test_a_nurse_does_not_change_an_exclusion_into_something_of_the_past(
    as_nurse: Client, kari: Patient, nurse: Professional
) -> None:
    row = diagnosed(kari, PSYCHOTIC, by=nurse)
    said = {"code": "F33.2", "status": "history", "on": "01.02.2020", "severe": "no"}
    sent = said | {"entry": str(uuid4()), "reason": "Feil kode i brevet"}
    assert as_nurse.post(address("history.correct", row), sent).status_code == 422
    assert Diagnosis.objects.in_force().get() == row


@pytest.mark.parametrize("role", [Role.NURSE, Role.PSYCHOLOGIST, Role.PHARMACIST], ids=str)
def test_what_a_doctor_entered_nobody_else_strikes(
    kari: Patient, moss: Unit, staff: Staff, psychiatrist: Professional, role: Role
) -> None:
    row = diagnosed(kari, DEPRESSED, by=psychiatrist)
    other = staff(moss, role, "another")
    with pytest.raises(actions.EnteredByDoctor):
        actions.strike(fact=row, by=other, at=NOON, reason="Other patient")
    assert Diagnosis.objects.in_force().exists()


@pytest.mark.parametrize("role", [Role.PSYCHIATRIST, Role.ANAESTHETIST], ids=str)
def test_a_doctor_strikes_an_exclusion_whoever_entered_it(
    kari: Patient, moss: Unit, staff: Staff, nurse: Professional, role: Role
) -> None:
    row = diagnosed(kari, PSYCHOTIC, by=nurse)
    actions.strike(fact=row, by=staff(moss, role, "another"), at=NOON, reason="Other patient")
    assert not Diagnosis.objects.in_force().exists()


def test_a_nurse_corrects_what_a_nurse_entered_and_nothing_follows_from(
    kari: Patient, nurse: Professional
) -> None:
    diagnosed(kari, PSYCHOTIC, by=nurse)
    row = diagnosed(kari, DEPRESSED, by=nurse)
    actions.strike(fact=row, by=nurse, at=NOON, reason="Other patient")
    assert [one.code for one in Diagnosis.objects.in_force()] == [PSYCHOTIC]


def test_an_exclusion_said_twice_is_not_struck_by_a_nurse_once_either_is_alone(
    kari: Patient, nurse: Professional
) -> None:
    first, second = (diagnosed(kari, PSYCHOTIC, by=nurse) for _ in range(2))
    actions.strike(fact=second, by=nurse, at=NOON, reason="Entered twice")
    with pytest.raises(actions.SpeaksAgainst):
        actions.strike(fact=first, by=nurse, at=NOON, reason="Entered twice")


def test_a_nurse_writes_that_a_doctors_medicine_is_stopped_and_nothing_else_of_it(
    as_nurse: Client, kari: Patient, psychiatrist: Professional
) -> None:
    row = taking(kari, SERTRALINE, by=psychiatrist)
    told = as_nurse.get(address("history.correct", row)).content.decode()
    assert "Ført av en lege" in told
    assert "At legemidlet ikke lenger tas" in told
    said = {"atc": SERTRALINE, "name": "Legemiddel", "reason": "Sagt av pasienten"}
    other = said | {"entry": str(uuid4()), "atc": "N06AB04"}
    assert as_nurse.post(address("history.correct", row), other).status_code == 422
    stopped = said | {"entry": str(uuid4()), "stopped_on": "01.03.2026"}
    assert as_nurse.post(address("history.correct", row), stopped).status_code == 302
    assert Medicine.objects.in_force().get().stopped_on == date(2026, 3, 1)
    again = stopped | {"entry": str(uuid4()), "stopped_on": "01.02.2026"}
    assert as_nurse.post(address("history.correct", row), again).status_code == 422


def test_a_medicine_that_takes_a_specialist_is_struck_by_a_doctor(
    kari: Patient, nurse: Professional
) -> None:
    row = taking(kari, TRANYLCYPROMINE, by=nurse)
    with pytest.raises(actions.SpeaksAgainst):
        actions.strike(fact=row, by=nurse, at=NOON, reason="Other patient")
    ordinary = taking(kari, SERTRALINE, by=nurse)
    actions.strike(fact=ordinary, by=nurse, at=NOON, reason="Other patient")


def test_in_journal_mode_it_goes_by_who_entered_it(
    kari: Patient, moss: Unit, nurse: Professional, psychiatrist: Professional
) -> None:
    people.state_purpose(unit=moss, on=False, by=psychiatrist, at=NOON)
    moss.refresh_from_db()
    row = diagnosed(kari, PSYCHOTIC, by=nurse)
    actions.strike(fact=row, by=nurse, at=NOON, reason="Other patient")
    other = diagnosed(kari, PSYCHOTIC, by=psychiatrist)
    with pytest.raises(actions.EnteredByDoctor):
        actions.strike(fact=other, by=nurse, at=NOON, reason="Other patient")
