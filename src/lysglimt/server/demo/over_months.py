"""What was seen over months in the made-up hospital: most of it done, one treatment held, one let go on."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid5

from lysglimt.clinic.exposure import actions
from lysglimt.clinic.exposure.actions import (
    Answer,
    Checked,
    GivenElsewhere,
    Lifted,
    Stopped,
    Taken,
)
from lysglimt.clinic.exposure.beside import over_months_of
from lysglimt.clinic.exposure.models import LabResult, SafetyStop
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.treatment.models import Course, CourseStanding
from lysglimt.knowledge.protocols.state import Phase
from lysglimt.knowledge.safety.exposure import RESULT, ExposureCheck

from .cast import Clinic

SEEN, LEFT_OUT = 30, 6
"""So many patients are seen to, and of so many one is forgotten."""
LABORATORY = "Oppdiktet laboratorium"
NORMAL: dict[str, tuple[int, int]] = {
    "alt": (28, 50),
    "ast": (24, 45),
    "ggt": (31, 80),
    "alp": (70, 105),
    "bilirubin": (9, 25),
}
"""Each with the upper limit that stands beside it."""
RAISED = {"alt": (172, 50), "ast": (96, 45)}
WHY = "Ultralyd og hepatittserologi er normale. Paracetamol er seponert, ny prøve om to uker."


def stamp(patient: Patient, what: str, *, at: datetime) -> Entered:
    """The same each time that the clinic is made."""
    return Entered(happened_at=at, entered_at=at, entry=uuid5(patient.pk, what))


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=OSLO)


def seen_over_months(clinic: Clinic, *, now: datetime) -> None:
    nurse, doctor = clinic.staff[Role.NURSE], clinic.staff[Role.PSYCHIATRIST]
    rows = CourseStanding.objects.filter(
        course__unit=clinic.unit, open=True, first_session__isnull=False
    )
    standings = rows.select_related("patient").order_by("first_session", "pk")[:SEEN]
    for number, standing in enumerate(standings, start=1):
        if number % LEFT_OUT:
            checks_made(standing.patient, by=nurse, now=now)
    maintained = [one.patient for one in standings if one.phase == Phase.MAINTENANCE][:3]
    tales: tuple[Callable[..., object], ...] = (held, let_go_on, from_elsewhere)
    for patient, tell in zip(maintained, tales, strict=False):
        tell(patient, nurse=nurse, doctor=doctor, now=now)


def checks_made(patient: Patient, *, by: Professional, now: datetime) -> None:
    """What is overdue, on its day: by hand, or as a result where a rule reads it."""
    today = on_day(now)
    late = [one for one in over_months_of(patient).due(today) if one.late and one.by]
    checked = [
        Checked(item=one.check.id, made=True, made_on=one.by, answers={}, told="Uten funn.")
        for one in late
        if one.by and not one.check.by_result
    ]
    for one in late:
        if one.by and one.check.by_result:
            results_of(patient, one.check, on=one.by, by=by)
    at = now - timedelta(days=1)
    actions.record_checks(
        patient=patient, checked=checked, entered=stamp(patient, "checks", at=at), by=by, at=at
    )


def results_of(patient: Patient, check: ExposureCheck, *, on: date, by: Professional) -> None:
    """Each test that it needs, without a finding."""
    ways = (way for ways in check.needs for way in ways if way.startswith(RESULT))
    names = [way.removeprefix(RESULT) for way in ways]
    if set(names) & set(NORMAL):
        liver(patient, on=on, by=by)
        return
    answers = [
        Answer(analyte=name, value=Decimal(27), unit_of_value="points")
        if name == "moca"
        else Answer(analyte=name, sign="negative")
        for name in names
    ]
    at = noon(on)
    actions.enter_results(
        patient=patient,
        taken=Taken(taken_on=on, laboratory=LABORATORY),
        answers=answers,
        entered=stamp(patient, f"{check.domain} {on}", at=at),
        by=by,
        at=at,
    )


def liver(
    patient: Patient,
    *,
    on: date,
    by: Professional,
    values: Iterable[tuple[str, tuple[int, int]]] = tuple(NORMAL.items()),
) -> list[LabResult]:
    answers = [
        Answer(
            analyte=name,
            value=Decimal(value),
            unit_of_value="umol/l" if name == "bilirubin" else "U/l",
            upper_limit=Decimal(upper),
        )
        for name, (value, upper) in values
    ]
    at = noon(on)
    return actions.enter_results(
        patient=patient,
        taken=Taken(taken_on=on, laboratory=LABORATORY, circumstance="no"),
        answers=answers,
        entered=stamp(patient, f"liver {on}", at=at),
        by=by,
        at=at,
    )


def held(patient: Patient, *, nurse: Professional, now: datetime, **_: Any) -> list[LabResult]:
    """A normal test some months ago, and one that is raised."""
    today = on_day(now)
    liver(patient, on=today - timedelta(days=120), by=nurse)
    raised = {**NORMAL, **RAISED}.items()
    return liver(patient, on=today - timedelta(days=3), by=nurse, values=tuple(raised))


def let_go_on(
    patient: Patient, *, nurse: Professional, doctor: Professional, now: datetime
) -> None:
    """Held some weeks ago, normal since, and lifted."""
    today = on_day(now)
    raised = {**NORMAL, **RAISED}.items()
    liver(patient, on=today - timedelta(days=40), by=nurse, values=tuple(raised))
    liver(patient, on=today - timedelta(days=34), by=nurse)
    lifted(patient, by=doctor, at=noon(today - timedelta(days=33)))


def lifted(patient: Patient, *, by: Professional, at: datetime) -> None:
    for hold in over_months_of(patient).holds:
        actions.lift_hold(
            patient=patient,
            lifted=Lifted(name=hold.name, keys=hold.keys, told=WHY),
            entered=stamp(patient, f"lifted {hold.rule}", at=at),
            by=by,
            at=at,
        )


def from_elsewhere(patient: Patient, *, nurse: Professional, now: datetime, **_: Any) -> None:
    """An amount that nobody knows."""
    first = on_day(now) - timedelta(days=500)
    actions.record_elsewhere(
        patient=patient,
        given=GivenElsewhere(
            substance="ketamine",
            told_by="patient",
            place="En privat klinikk i utlandet",
            first_on=first,
            last_on=first + timedelta(days=21),
            sessions=6,
        ),
        entered=stamp(patient, "elsewhere", at=now),
        by=nurse,
        at=now,
    )


def stopped(
    course: Course, *, by: Professional, responsible: Professional, at: datetime
) -> SafetyStop:
    patient = course.patient
    return actions.stop_for_safety(
        course=course,
        stopped=Stopped(
            told="ALAT over fem ganger øvre grense i to prøver.",
            plan="Henvist til gastroenterolog. Ny prøve om en uke.",
            responsible=responsible,
            next_contact_on=on_day(at) + timedelta(days=7),
            findings=[one.told for one in over_months_of(patient).holds],
        ),
        entered=stamp(patient, "stopped", at=at),
        by=by,
        at=at,
    )


def of_every_kind(
    patient: Patient, course: Course, *, nurse: Professional, doctor: Professional, at: datetime
) -> None:
    """A row for every page: a result, a check by hand, a dose elsewhere, and a stop."""
    held(patient, nurse=nurse, now=at)
    from_elsewhere(patient, nurse=nurse, now=at)
    made = Checked(item="heart-baseline", made=True, made_on=on_day(at), answers={})
    entered = stamp(patient, "heart", at=at)
    actions.record_checks(patient=patient, checked=[made], entered=entered, by=nurse, at=at)
    stopped(course, by=doctor, responsible=nurse, at=at)
