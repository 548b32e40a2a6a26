"""What is entered of what is seen over months: results, checks, doses elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID, uuid5

from django.db import transaction

from lysglimt.clinic.exposure.beside import over_months_of, row_key
from lysglimt.clinic.exposure.models import CheckMade, DoseElsewhere, LabResult
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.safety.exposure import exposure_grid

AnEntry = TypeVar("AnEntry", LabResult, CheckMade)


class HeldByThis(ClinicalError):
    """Nobody but a doctor takes away what holds the treatment."""

    code = "hold.rests-on-it"


class ByResult(ClinicalError):
    """What a rule reads is entered as a result: by hand one says only why it is not done."""

    code = "check.by-result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Of one analyte, as the laboratory wrote it: an amount, a sign, or why it was not taken."""

    analyte: str
    value: Decimal | None = None
    unit_of_value: str = ""
    sign: str = ""
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None
    not_taken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """When and where, with the answer to the question of the panel."""

    taken_on: date
    laboratory: str = ""
    circumstance: str = ""


@transaction.atomic
def enter_results(
    *,
    patient: Patient,
    taken: Taken,
    answers: Sequence[Answer],
    entered: Entered,
    by: Professional,
    at: datetime,
) -> list[LabResult]:
    """All of a form or none; each is a fact of its own, so that each is corrected alone."""
    return [
        people.enter(
            LabResult(
                patient=patient,
                unit=by.unit,
                by=by,
                received_at=at,
                **asdict(answer),
                **asdict(taken),
                **asdict(replace(entered, entry=uuid5(entered.entry, answer.analyte))),
            ),
            operation="lab.enter",
            patients=[patient.pk],
        )
        for answer in answers
    ]


@transaction.atomic
def correct_result(
    *,
    result: LabResult,
    answer: Answer,
    taken: Taken,
    by: Professional,
    at: datetime,
    reason: str,
) -> LabResult:
    """Its next revision. Raises HeldByThis."""
    refuse_what_holds(row_key(result), patient=result.patient_id, by=by)
    return people.correct(
        result,
        by=by,
        at=at,
        operation="lab.correct",
        patients=[result.patient_id],
        reason=reason,
        **asdict(answer),
        **asdict(taken),
    )


def strike_result(
    *, result: LabResult, by: Professional, at: datetime, reason: str
) -> LabResult:
    """Of another patient, or entered twice: it stays, struck through. Raises HeldByThis."""
    return struck(result, by=by, at=at, operation="lab.strike", reason=reason)


def strike_check(*, check: CheckMade, by: Professional, at: datetime, reason: str) -> CheckMade:
    """Raises HeldByThis."""
    return struck(check, by=by, at=at, operation="check.strike", reason=reason)


@transaction.atomic
def struck(
    row: AnEntry, *, by: Professional, at: datetime, operation: str, reason: str
) -> AnEntry:
    refuse_what_holds(row_key(row), patient=row.patient_id, by=by)
    return people.withdraw(
        row, by=by, at=at, operation=operation, patients=[row.patient_id], reason=reason
    )


def refuse_what_holds(key: str, *, patient: UUID, by: Professional) -> None:
    """While it holds the treatment a doctor corrects it. In journal mode nothing is held."""
    locked = Patient.objects.select_for_update().get(pk=patient)
    if by.role in DOCTORS or by.unit.journal_mode:
        return
    if over_months_of(locked).holding(key):
        raise HeldByThis("The treatment is held by this.", field="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A check by hand; of one that was not ``made``, ``told`` says why."""

    item: str
    made: bool
    made_on: date
    answers: Mapping[str, str]
    told: str = ""


@transaction.atomic
def record_checks(
    *,
    patient: Patient,
    checked: Sequence[Checked],
    entered: Entered,
    by: Professional,
    at: datetime,
) -> list[CheckMade]:
    """Raises ByResult."""
    by_result = {check.id for check in exposure_grid().check if check.by_result}
    if any(one.made and one.item in by_result for one in checked):
        raise ByResult("It is entered as a result.", field="")
    return [
        people.enter(
            CheckMade(
                patient=patient,
                unit=by.unit,
                by=by,
                received_at=at,
                **{**asdict(one), "answers": dict(one.answers)},
                **asdict(replace(entered, entry=uuid5(entered.entry, one.item))),
            ),
            operation="check.record",
            patients=[patient.pk],
        )
        for one in checked
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenElsewhere:
    """As it was told; what is None or empty is not known."""

    substance: str
    told_by: str
    place: str = ""
    first_on: date | None = None
    last_on: date | None = None
    sessions: int | None = None
    mg: Decimal | None = None
    told: str = ""


def record_elsewhere(
    *, patient: Patient, given: GivenElsewhere, entered: Entered, by: Professional, at: datetime
) -> DoseElsewhere:
    row = DoseElsewhere(
        patient=patient, unit=by.unit, by=by, received_at=at, **asdict(given), **asdict(entered)
    )
    return people.enter(row, operation="elsewhere.record", patients=[patient.pk])


def strike_elsewhere(
    *, dose: DoseElsewhere, by: Professional, at: datetime, reason: str
) -> DoseElsewhere:
    return people.withdraw(
        dose,
        by=by,
        at=at,
        operation="elsewhere.strike",
        patients=[dose.patient_id],
        reason=reason,
    )
