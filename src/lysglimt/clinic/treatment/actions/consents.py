"""Consent, its withdrawal, the work-up, and how the patient is registered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.treatment.models import (
    Consent,
    ConsentWithdrawal,
    Registration,
    ReservedDecision,
    WorkUpResult,
)
from lysglimt.knowledge.eligibility.candidate import Registration as Choice
from lysglimt.knowledge.errors import ClinicalError

from .entering import correct, enter_of_patient, stamped


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Which checklist, in which language, the points confirmed, and when the patient signed."""

    version: str
    language: str
    items: Sequence[str]
    signed_by_patient_on: date


def record_consent(
    *, patient: Patient, agreed: Agreed, entered: Entered, by: Professional, at: datetime
) -> Consent:
    """``by`` is the doctor who signs. Raises NotADoctor."""
    refuse_all_but_doctors(by)
    consent = Consent(
        patient=patient,
        version=agreed.version,
        language=agreed.language,
        items=list(agreed.items),
        signed_by_patient_on=agreed.signed_by_patient_on,
        **stamped(entered, by=by, at=at),
    )
    return enter_of_patient(consent, patient=patient, operation="consent.record")


def withdraw_consent(
    *, consent: Consent, entered: Entered, by: Professional, at: datetime, note: str = ""
) -> ConsentWithdrawal:
    taken_back = ConsentWithdrawal(consent=consent, note=note, **stamped(entered, by=by, at=at))
    return enter_of_patient(taken_back, patient=consent.patient, operation="consent.withdraw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One point of the work-up: a value with its unit, or words, and the day it was done."""

    item: str
    done_on: date
    value: Decimal | None = None
    unit_of_value: str = ""
    text: str = ""


def record_work_up(
    *, patient: Patient, found: Found, entered: Entered, by: Professional, at: datetime
) -> WorkUpResult:
    result = WorkUpResult(
        patient=patient,
        item=found.item,
        done_on=found.done_on,
        value=found.value,
        unit_of_value=found.unit_of_value,
        text=found.text,
        **stamped(entered, by=by, at=at),
    )
    return people.enter(result, operation="work_up.record", patients=[patient.pk])


def register_choice(
    *,
    patient: Patient,
    choice: Choice,
    entered: Entered,
    by: Professional,
    at: datetime,
    study: str = "",
) -> Registration:
    """Register, study, both, or reserved against both; then somebody decides by name."""
    said = Registration(
        patient=patient, choice=choice.value, study=study, **stamped(entered, by=by, at=at)
    )
    return enter_of_patient(said, patient=patient, operation="registration.choose")


class NotReserved(ClinicalError):
    """Only for a patient who reserves against both is there something to decide."""

    code = "registration.not-reserved"


def decide_on_reserved(
    *,
    registration: Registration,
    decision: ReservedDecision,
    grounds: str,
    by: Professional,
    at: datetime,
) -> Registration:
    """The named decision about a patient who reserves against register and study."""
    if registration.choice != Choice.RESERVED:
        raise NotReserved("The patient is not reserved.", field="choice")
    return correct(
        fact=registration,
        by=by,
        at=at,
        reason="decided",
        decision=decision.value,
        decided_by_id=by.pk,
        decision_grounds=grounds,
    )
