"""Registering patients and their relatives."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people import names
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import (
    LegalEntity,
    Particulars,
    Patient,
    PatientDetails,
    PatientToken,
    Professional,
    Relative,
)
from lysglimt.clinic.sealing.values import index
from lysglimt.knowledge.errors import ClinicalError

from .entering import enter, withdraw


class AlreadyRegistered(ClinicalError):
    """The legal entity has a patient with this identity number."""

    code = "patient.registered"

    def __init__(self, patient: UUID) -> None:
        super().__init__(
            "A patient with this identity number is registered.", field="identity_number"
        )
        self.patient = patient


class PerhapsRegistered(ClinicalError):
    """Someone of this birth date and a similar name is registered: the same person?"""

    code = "patient.perhaps_registered"

    def __init__(self, patients: Collection[UUID]) -> None:
        super().__init__("A patient with this birth date and a similar name is registered.")
        self.patients = tuple(patients)


@transaction.atomic
def register_patient(
    *,
    said: Particulars,
    by: Professional,
    at: datetime,
    another_person: bool = False,
    entry: UUID | None = None,
) -> Patient:
    """``another_person`` confirms that the similar ones are others. Raises the two above."""
    take_turns(by)
    if entry and (known := Patient.objects.for_professional(by).filter(pk=entry).first()):
        return sent_twice(known, said)
    refuse_double(said, by=by)
    if not another_person:
        ask_if_double(said, by=by)
    patient = Patient(entity_id=by.entity_id, registered_at=at, registered_in=by.unit)
    if entry is not None:
        patient.pk = entry
    patient.take(said)
    patient.save(force_insert=True)
    index_names(patient, said)
    keep_details(patient, said, by=by, entered=Entered(happened_at=at, entered_at=at))
    deed = audit.Deed(patients=[patient.pk], after=patient)
    audit.record(by=by, at=at, operation="patient.register", deed=deed)
    return patient


@transaction.atomic
def amend_patient(
    *,
    patient: Patient,
    said: Particulars,
    by: Professional,
    at: datetime,
    reason: str,
    read: str = "",
) -> Patient:
    """New name, number, birth date or address. What was said before stays as a fact.

    ``read`` is the digest of the row that was corrected from: with another in its place, which
    somebody else has written meanwhile, it raises Contradicted.
    """
    take_turns(by)
    refuse_double(said, by=by, but=patient)
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    before = audit.digest(locked)
    if read not in {"", before}:
        raise Contradicted(f"patient {patient.pk} has other particulars by now")
    locked.take(said)
    locked.save(
        update_fields=["particulars_sealed", "birth_date_index", "identity_number_index"]
    )
    locked.tokens.all().delete()
    index_names(locked, said)
    first = PatientDetails.objects.in_force().filter(patient=locked).get()
    details = first.revised(by=by, received_at=at, entered_at=at, happened_at=at, reason=reason)
    details.take({"particulars": said.written()})
    enter(details, operation="patient.amend", patients=[locked.pk])
    deed = audit.Deed(patients=[locked.pk], before=before, after=locked, reason=reason)
    audit.record(by=by, at=at, operation="patient.amend", deed=deed)
    return locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A relative as typed."""

    name: str
    kinship: str
    consent: bool
    telephone: str = ""
    minor: bool = False
    needs: str = ""


def add_relative(
    *, patient: Patient, kin: Kin, by: Professional, at: datetime, entry: UUID | None = None
) -> Relative:
    entered = Entered(happened_at=at, entered_at=at)
    if entry is not None:
        entered = replace(entered, entry=entry)
    relative = Relative(
        patient=patient,
        kinship=kin.kinship,
        consent=kin.consent,
        minor=kin.minor,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    relative.take({"name": kin.name, "telephone": kin.telephone, "needs": kin.needs})
    return enter(relative, operation="relative.add", patients=[patient.pk])


def withdraw_relative(
    *, relative: Relative, by: Professional, at: datetime, reason: str
) -> Relative:
    """No longer next of kin, by the patient's word or since it was entered in error."""
    return withdraw(
        relative,
        by=by,
        at=at,
        operation="relative.withdraw",
        patients=[relative.patient_id],
        reason=reason,
    )


def take_turns(by: Professional) -> None:
    """Of two who register one person at once, the second is told of the first."""
    LegalEntity.objects.select_for_update(no_key=True).get(pk=by.entity_id)


def sent_twice(known: Patient, said: Particulars) -> Patient:
    """The button was pressed twice: once is enough."""
    if known.particulars() == said:
        return known
    raise Contradicted(f"patient {known.pk} is registered with other particulars")


def refuse_double(said: Particulars, *, by: Professional, but: Patient | None = None) -> None:
    if not said.identity_number:
        return
    same = Patient.objects.with_identity_number(said.identity_number, of=by)
    for known in same.values_list("pk", flat=True):
        if but is None or known != but.pk:
            raise AlreadyRegistered(known)


def ask_if_double(said: Particulars, *, by: Professional) -> None:
    born = Patient.objects.born(said.birth_date, of=by).cards()
    alike = [
        card.id
        for card in born
        if names.similar((card.given_name, card.family_name), said.names)
    ]
    if alike:
        raise PerhapsRegistered(alike)


def index_names(patient: Patient, said: Particulars) -> None:
    PatientToken.objects.bulk_create(
        PatientToken(patient=patient, token=index(start, of="name", entity=patient.entity_id))
        for start in sorted(names.starts(said.names))
    )


def keep_details(
    patient: Patient, said: Particulars, *, by: Professional, entered: Entered
) -> None:
    details = PatientDetails(
        patient=patient, by=by, received_at=entered.happened_at, **asdict(entered)
    )
    details.take({"particulars": said.written()})
    details.save(force_insert=True)
