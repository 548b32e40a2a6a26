"""What a higher dose rests on: the sessions given, how they went, and what the patient takes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.history import protocol_of, state_on
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.clinic.treatment.recorded import known
from lysglimt.knowledge.dosing.escalation import CourseSoFar, ladders, speaks_against
from lysglimt.knowledge.monitoring.limits import Light, light
from lysglimt.knowledge.quantities import MilligramsPerKilogram
from lysglimt.knowledge.verdict import Finding

from .chart import charted
from .models import Session
from .sheet import Sheet

HOUSE = "default"
"""IV-07; no unit has chosen another ladder for its infusions."""
RAISES = "RX-6"
"""The drugs and foods that slow the breakdown of ketamine."""


def not_offered(
    session: Session, asked: MilligramsPerKilogram, *, at: datetime
) -> tuple[Finding, ...]:
    """What speaks against this dose now. No question of the database for the protocol's own."""
    dose = protocol_of(session.course).dose
    if dose is None or dose.per_kilogram is None or asked <= dose.per_kilogram.value:
        return ()
    standard = dose.per_kilogram.value
    so_far = course_so_far(session, standard, at=at)
    return speaks_against(ladders()[HOUSE], so_far, asked=asked, standard=standard)


def course_so_far(
    session: Session, standard: MilligramsPerKilogram, *, at: datetime
) -> CourseSoFar:
    """As the record has it before this session; what it does not have is unknown.

    A dose given elsewhere has no order here: it vouches for the protocol's own alone.
    """
    sheets = given_before(session, at=at)
    reds = [any_red(sheet) for sheet in sheets]
    outcome = state_on(session.course, session.planned_on).advice.outcome
    patient = session.course.patient
    last = sheets[-1].order if sheets and sheets[-1] else None
    return CourseSoFar(
        sessions=len(sheets),
        dose=MilligramsPerKilogram(last.mg_per_kg) if last else standard,
        reduction=outcome.reduction if outcome else None,
        worst_dissociation=None,  # The chair records points; nobody has graded them.
        red=any_unless_unknown(reds),
        red_in_last=reds[-1] if reds else False,
        exposure_raised=exposure_raised(patient, on=session.planned_on),
        age=patient.card().age(on_day(at)),
    )


def given_before(session: Session, *, at: datetime) -> Sequence[Sheet | None]:
    """Each session given before this one, in order; None for one that was not charted here."""
    rows = SessionGiven.objects.in_force().filter(course=session.course)
    given = rows.exclude(entry=session.pk).filter(started_at__lt=at).order_by("started_at")
    entries = list(given.values_list("entry", flat=True))
    theirs = Session.objects.filter(pk__in=entries).select_related("course__patient")
    here = {one.pk: sheet_read(one, at=at) for one in charted(theirs)}
    return [here.get(entry) for entry in entries]


def sheet_read(charted: Any, *, at: datetime) -> Sheet:
    return Sheet(
        session=charted,
        now=at,
        orders=charted.orders_in_force,
        vital_rows=charted.vital_sets_in_force,
        pump_rows=charted.pump_events_in_force,
    )


def any_red(sheet: Sheet | None) -> bool | None:
    """Since the start; None where nothing was measured, or not here."""
    if sheet is None or not sheet.since_start:
        return None
    return any(light(found) is Light.RED for _, found in sheet.outside)


def any_unless_unknown(reds: Sequence[bool | None]) -> bool | None:
    return True if True in reds else None if None in reds else False


def exposure_raised(patient: Patient, *, on: date) -> bool | None:
    """By the medicines of the day and what was answered of grapefruit.

    Of a medicine without a code nobody knows whether it slows the breakdown.
    """
    record = known(on=on, patient=patient)
    if RAISES in {one.criterion for one in record.of_medicines}:
        return True
    taken = record.candidate.medicines
    every_code = taken is not None and all(one.atc for one in taken)
    return False if every_code and record.candidate.bodily.grapefruit is not None else None
