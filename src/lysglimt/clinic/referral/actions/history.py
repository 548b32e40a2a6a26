"""What the patient has and has tried, as it was told and as the record shows."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral.models import (
    AT,
    Diagnosis,
    Medicine,
    MedicineSource,
    StimulationSeries,
    TreatmentTrial,
)
from lysglimt.knowledge import medicine
from lysglimt.knowledge.eligibility import candidate, trials
from lysglimt.knowledge.medicine import Doses

from .revising import correct


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A trial of a medicine, in the rules' own words, and a comment."""

    trial: trials.TreatmentTrial
    comment: str = ""


def record_trial(
    *, patient: Patient, tried: Tried, entered: Entered, by: Professional, at: datetime
) -> TreatmentTrial:
    row = TreatmentTrial(
        patient=patient, by=by, received_at=at, **columns(tried), **asdict(entered)
    )
    return people.enter(row, operation="trial.record", patients=[patient.pk])


def record_stimulation(
    *,
    patient: Patient,
    series: trials.Stimulation,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> StimulationSeries:
    row = StimulationSeries(
        patient=patient, by=by, received_at=at, **columns(series), **asdict(entered)
    )
    return people.enter(row, operation="stimulation.record", patients=[patient.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """A diagnosis in the rules' own words, and a comment."""

    diagnosis: candidate.Diagnosis
    comment: str = ""


def record_diagnosis(
    *, patient: Patient, diagnosed: Diagnosed, entered: Entered, by: Professional, at: datetime
) -> Diagnosis:
    row = Diagnosis(
        patient=patient, by=by, received_at=at, **columns(diagnosed), **asdict(entered)
    )
    return people.enter(row, operation="diagnosis.record", patients=[patient.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A medicine in the rules' own words, when in the day, since when, and who says so."""

    medicine: medicine.Medicine
    doses: Doses | None = None
    source: MedicineSource | None = None
    as_needed: bool = False
    started_on: date | None = None
    stopped_on: date | None = None


def record_medicine(
    *, patient: Patient, taken: Taken, entered: Entered, by: Professional, at: datetime
) -> Medicine:
    row = Medicine(patient=patient, by=by, received_at=at, **columns(taken), **asdict(entered))
    return people.enter(row, operation="medicine.record", patients=[patient.pk])


Said = Tried | trials.Stimulation | Diagnosed | Taken
Told = TreatmentTrial | StimulationSeries | Diagnosis | Medicine
ATold = TypeVar("ATold", TreatmentTrial, StimulationSeries, Diagnosis, Medicine)


def amend(*, fact: ATold, said: Said, by: Professional, at: datetime, reason: str) -> ATold:
    """What was entered is told otherwise: the next revision, whole."""
    return correct(fact=fact, by=by, at=at, reason=reason, **columns(said))


def columns(said: Said) -> dict[str, Any]:
    """As the row of it stores it: an empty text where a word is not known."""
    match said:
        case Tried(trial=trial, comment=comment):
            words = {"augments": trial.augments or "", "improvement": trial.improvement.value}
            return {**asdict(trial), **words, "comment": comment}
        case trials.Stimulation():
            words = {"kind": said.kind.value, "improvement": said.improvement.value}
            return {**asdict(said), **words}
        case Diagnosed(diagnosis=diagnosis, comment=comment):
            status = diagnosis.status.value if diagnosis.status else ""
            return {**asdict(diagnosis), "status": status, "comment": comment}
        case Taken(medicine=taken):
            days = {"started_on": said.started_on, "stopped_on": said.stopped_on}
            return {**asdict(taken), **days, **dosed(said)}


def dosed(said: Taken) -> dict[str, Any]:
    """The sum of the doses is the amount of a day, where that is a mass."""
    source = said.source.value if said.source else ""
    if said.doses is None:
        nothing = dict.fromkeys(AT) | {"dose_unit": "", "source": source}
        return nothing | {"as_needed": said.as_needed}
    reckoned = said.doses.mg_per_day
    mg = said.medicine.mg_per_day if reckoned is None else reckoned
    return {
        **{at: getattr(said.doses, at) for at in AT},
        "dose_unit": said.doses.unit.value,
        "source": source,
        "mg_per_day": mg,
        "as_needed": said.as_needed or said.doses.needed is not None,
    }
