"""The accesses of a week, held against what each unit had to do with the patients."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.utils import timezone

from lysglimt.clinic.audit.accesses import OSLO, Access, reads
from lysglimt.clinic.people.models import Block, Patient, PatientCard, Professional
from lysglimt.clinic.people.standing import blocked
from lysglimt.clinic.referral.models import EligibilityDecision, ReferralLetter
from lysglimt.clinic.scheduling.models import Appointment
from lysglimt.clinic.treatment.models import Course, SafetyTask

from .oddity import AROUND_A_VISIT, OPENING, Known, Odd, Tie, odd

WEEK = timedelta(days=7)
# Own proposals, as the limits of the rules are.
AFTER_REGISTERING = timedelta(days=60)
AFTER_A_REFERRAL = timedelta(days=365)
AFTER_A_COURSE = timedelta(days=60)
AFTER_A_TASK = timedelta(days=30)
ROUND_AN_APPOINTMENT = timedelta(days=30)
BEFORE = timedelta(days=7)
"""A letter lies on the desk before it is entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What a week came to: how many accesses were judged, and which to ask about."""

    begins: date
    reads: int
    rows: tuple[Odd, ...]


def odd_accesses(monday: date) -> Week:
    """From Monday to Sunday, of all readers."""
    return looked_at(monday)[0]


def looked_at(
    monday: date, *, unit: UUID | None = None, by: Professional | None = None
) -> tuple[Week, dict[UUID, PatientCard]]:
    """Of the readers of one unit, or of all; with the patients that they looked at.

    Whoever has closed the record to ``by`` is counted and not named.
    """
    begins = datetime.combine(monday, time(), tzinfo=OSLO)
    seen = [
        one
        for one in reads(begins, begins + WEEK, deeds=OPENING)
        if unit is None or one.unit == str(unit)
    ]
    patients = list(with_closed_parts(by).filter(pk__in=whom(seen)))
    cards = {patient.pk: patient.card() for patient in patients}
    found: defaultdict[UUID, list[Tie]] = defaultdict(list)
    for patient, tie in ties(patients):
        found[patient].append(tie)
    known = {
        patient.pk: Known(
            ties=tuple(found[patient.pk]),
            family_name=cards[patient.pk].family_name,
            closed=patient.closed,
        )
        for patient in patients
    }
    read = sum(not one.wrote for one in seen)
    named = {patient.pk: cards[patient.pk] for patient in patients if not patient.shut}
    return Week(begins=monday, reads=read, rows=odd(seen, known)), named


def with_closed_parts(by: Professional | None) -> QuerySet[Any]:
    """``closed``: a chapter is closed, or was until it was opened again. ``shut``: all, to ``by``."""
    closed = Block.objects.filter(patient=OuterRef("pk"), staff=None).order_by()
    shut = Value(value=False)
    if by is not None:
        shut = blocked("pk", by, chapters=(), at=timezone.now())
    return Patient.objects.annotate(closed=Exists(closed), shut=shut)


def whom(seen: Collection[Access]) -> set[UUID]:
    return {UUID(one.patients[0]) for one in seen if len(one.patients) == 1}


def ties(patients: Collection[Patient]) -> Iterator[tuple[UUID, Tie]]:
    """In which spans which unit had to do with whom."""
    for patient in patients:
        at = patient.registered_at
        unit = str(patient.registered_in_id)
        yield patient.pk, Tie(unit=unit, first=at - BEFORE, last=at + AFTER_REGISTERING)
    letters = ReferralLetter.objects.in_force().filter(referral__patient__in=patients)
    deciding = EligibilityDecision.objects.filter(referral=OuterRef("referral"))
    for letter in letters.select_related("referral", "by").annotate(
        decided_by=Subquery(deciding.order_by("pk").values("by__username")[:1])
    ):
        yield letter.referral.patient_id, of_letter(letter)
    for course in Course.objects.filter(patient__in=patients).select_related("standing"):
        newest = datetime.combine(course.standing.as_of, time(), tzinfo=OSLO)
        last = None if course.standing.open else newest + AFTER_A_COURSE
        span = Tie(unit=str(course.unit_id), first=course.planned_at - BEFORE, last=last)
        yield course.patient_id, span
    for task in SafetyTask.objects.filter(patient__in=patients):
        last = task.due_at + AFTER_A_TASK
        yield task.patient_id, Tie(unit=str(task.unit_id), first=task.opened_at, last=last)
    booked = Appointment.objects.in_force().filter(patient__in=patients)
    for one in booked.select_related("by"):
        yield from of_appointment(one)


def of_letter(letter: Any) -> Tie:
    """From when it came. Once somebody else has decided on it, it is no longer one person's word."""
    came = datetime.combine(letter.received_on, time(), tzinfo=OSLO)
    alone = letter.decided_by in {None, letter.by.username}
    return Tie(
        unit=str(letter.referral.unit_id),
        first=came - BEFORE,
        last=came + AFTER_A_REFERRAL,
        by=letter.by.username if alone else "",
    )


def of_appointment(one: Appointment) -> Iterator[tuple[UUID, Tie]]:
    """The weeks around it, and the hours in which the patient is there."""
    unit, by = str(one.unit_id), one.by.username
    first, last = one.starts_at - ROUND_AN_APPOINTMENT, one.ends_at + ROUND_AN_APPOINTMENT
    yield one.patient_id, Tie(unit=unit, first=first, last=last, by=by)
    first, last = one.starts_at - AROUND_A_VISIT, one.ends_at + AROUND_A_VISIT
    yield one.patient_id, Tie(unit=unit, first=first, last=last, there=True, by=by)
