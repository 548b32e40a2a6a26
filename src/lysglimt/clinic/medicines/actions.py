"""Every write about what is done with the other medicines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.referral.actions import EnteredByDoctor
from lysglimt.clinic.referral.models import Medicine
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.errors import ClinicalError

from .models import UNDER_WAY, DoseTiming, MedicinesAsked, TaperLook, TaperPlan, TaperState

ANote = TypeVar("ANote", MedicinesAsked, DoseTiming, TaperPlan, TaperLook)


class TaperOver(ClinicalError):
    """A taper that is over is not looked at again; another is planned."""

    code = "taper.over"


def record_asked(
    *,
    patient: Patient,
    changed: bool,
    entered: Entered,
    by: Professional,
    at: datetime,
    told: str = "",
) -> MedicinesAsked:
    """Somebody asked whether anything has changed since last time."""
    row = MedicinesAsked(
        patient=patient, changed=changed, told=told, by=by, received_at=at, **asdict(entered)
    )
    return people.enter(row, operation="medicines.ask", patients=[patient.pk])


def agree_timing(
    *, medicine: Medicine, agreed: str, entered: Entered, by: Professional, at: datetime
) -> DoseTiming:
    """What is agreed of when a needed dose is taken. Raises NotADoctor."""
    refuse_all_but_doctors(by, field="by")
    row = DoseTiming(medicine=medicine, agreed=agreed, by=by, received_at=at, **asdict(entered))
    return people.enter(row, operation="medicines.timing", patients=[medicine.patient_id])


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A taper in the doctor's own words, from when, and when it is looked at first."""

    plan: str
    starts_on: date
    look_on: date


def plan_taper(
    *, medicine: Medicine, planned: Planned, entered: Entered, by: Professional, at: datetime
) -> TaperPlan:
    """Raises NotADoctor. Nothing is converted or reckoned."""
    refuse_all_but_doctors(by, field="by")
    row = TaperPlan(
        medicine=medicine,
        unit_id=followed_in(medicine, by=by),
        by=by,
        received_at=at,
        **asdict(planned),
        **asdict(entered),
    )
    return people.enter(row, operation="taper.plan", patients=[medicine.patient_id])


def followed_in(medicine: Medicine, *, by: Professional) -> Any:
    """The unit of the patient's open course; where there is none, that of who plans."""
    course = Course.objects.open().filter(patient=medicine.patient_id).first()
    return course.unit_id if course else by.unit_id


def correct_taper(
    *, taper: TaperPlan, planned: Planned, by: Professional, at: datetime, reason: str
) -> TaperPlan:
    """The plan is told otherwise: its next revision. Raises NotADoctor."""
    refuse_all_but_doctors(by, field="by")
    return people.correct(
        taper,
        by=by,
        at=at,
        operation="taper.correct",
        patients=[taper.medicine.patient_id],
        reason=reason,
        unit_id=followed_in(taper.medicine, by=by),
        **asdict(planned),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How it goes; ``look_on`` is when it is looked at next, None when it is over."""

    state: TaperState
    told: str
    look_on: date | None = None


@transaction.atomic
def look_at_taper(
    *, taper: TaperPlan, looked: Looked, entered: Entered, by: Professional, at: datetime
) -> TaperLook:
    """Raises TaperOver of one that reached its end, was given up, or was struck."""
    # Two who look at once take turns: what one has ended the other does not go on with.
    Patient.objects.select_for_update().get(pk=taper.medicine.patient_id)
    if not TaperPlan.objects.in_force().filter(entry=taper.entry).exists():
        raise TaperOver("This taper is struck.", field="state", value="struck")
    before = TaperLook.objects.in_force().filter(taper__entry=taper.entry)
    # Sent twice it is stored once: what ended it may be this very look.
    others = before.exclude(entry=entered.entry).order_by("-happened_at", "-pk")
    newest = others.first()
    if newest is not None and newest.state not in UNDER_WAY:
        raise TaperOver("This taper is over.", field="state", value=newest.state)
    said: Mapping[str, Any] = {**asdict(looked), "state": looked.state.value}
    row = TaperLook(taper=taper, by=by, received_at=at, **said, **asdict(entered))
    return people.enter(row, operation="taper.look", patients=[taper.medicine.patient_id])


def strike(*, note: ANote, by: Professional, at: datetime, reason: str) -> ANote:
    """Entered in error: it stays, struck through. What a doctor entered, a doctor strikes.

    Raises EnteredByDoctor.
    """
    refusal = doctors_alone(note, by=by)
    if refusal is not None:
        raise refusal
    return people.withdraw(
        note,
        by=by,
        at=at,
        operation="medicines.strike",
        patients=[patient_of(note)],
        reason=reason,
    )


def doctors_alone(note: Fact, *, by: Professional) -> EnteredByDoctor | None:
    if by.role in DOCTORS or note.by.role not in DOCTORS:
        return None
    return EnteredByDoctor(f"{note.by} entered this.", value=str(note.by))


def patient_of(note: Any) -> Any:
    """The id of the patient that a fact of this app is about."""
    for way in ("taper", "medicine"):
        note = getattr(note, way, note)
    return note.patient_id
