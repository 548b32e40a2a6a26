"""How a fact about treatment is stored: in turn with others, with its trail and the standing."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered, Fact
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.treatment.models import Course

from .closing import kept_against
from .standing import refresh_standing, refresh_standings_of

AFact = TypeVar("AFact", bound=Fact)


def stamped(entered: Entered, *, by: Professional, at: datetime) -> dict[str, Any]:
    """The columns that every fact has."""
    return {**asdict(entered), "by": by, "received_at": at}


@transaction.atomic
def enter_of_course(fact: AFact, *, course: Course, operation: str) -> AFact:
    """A fact about one course, and the standing that follows from it."""
    # Two who act at once take turns, so that each derives from the fact of the other.
    locked = Course.objects.select_for_update().get(pk=course.pk)
    stored = people.enter(fact, operation=operation, patients=[locked.patient_id])
    refresh_standing(course=locked)
    return stored


@transaction.atomic
def enter_of_patient(fact: AFact, *, patient: Patient, operation: str) -> AFact:
    """A fact about the patient that bears on the courses."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    stored = people.enter(fact, operation=operation, patients=[patient.pk])
    refresh_standings_of(patient=patient)
    return stored


@transaction.atomic
def correct(
    *, fact: AFact, by: Professional, at: datetime, reason: str, **changed: object
) -> AFact:
    """The next revision of any fact of this app, and the standing that follows; a rating is struck.

    Raises Contradicted when another corrected the same revision first, and SpeaksAgainst of a
    result or a rating that closes a start.
    """
    patient = patient_of(fact)
    Patient.objects.select_for_update().get(pk=patient)
    with kept_against(fact, by=by, at=at):
        stored = next_revision(fact, patient, by=by, at=at, reason=reason, **changed)
    for course in Course.objects.select_for_update().filter(patient_id=patient):
        refresh_standing(course=course)
    return stored


def next_revision(
    fact: AFact, patient: Any, *, by: Professional, at: datetime, reason: str, **changed: object
) -> AFact:
    operation = f"{fact._meta.model_name}.correct"
    return people.correct(
        fact, by=by, at=at, operation=operation, patients=[patient], reason=reason, **changed
    )


def strike(*, fact: AFact, by: Professional, at: datetime, reason: str) -> AFact:
    """Entered in error: it stays, struck through, and counts no more."""
    return correct(fact=fact, by=by, at=at, reason=reason, withdrawn=True)


def patient_of(fact: models.Model) -> Any:
    """The id of the patient that a fact of this app is about."""
    for way in ("course", "consent"):
        if getattr(fact, f"{way}_id", None) is not None:
            return getattr(fact, way).patient_id
    return getattr(fact, "patient_id", None)
