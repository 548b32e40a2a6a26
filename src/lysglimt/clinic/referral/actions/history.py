"""What the patient has and has tried, as it was told and as the record shows."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral.models import (
    Diagnosis,
    Medicine,
    StimulationSeries,
    TreatmentTrial,
)
from lysglimt.knowledge import medicine
from lysglimt.knowledge.eligibility import candidate, trials


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A trial of a medicine, in the rules' own words, and a comment."""

    trial: trials.TreatmentTrial
    comment: str = ""


def record_trial(
    *, patient: Patient, tried: Tried, entered: Entered, by: Professional, at: datetime
) -> TreatmentTrial:
    said = asdict(tried.trial) | {"augments": tried.trial.augments or ""}
    said["improvement"] = tried.trial.improvement.value
    row = TreatmentTrial(
        patient=patient,
        comment=tried.comment,
        by=by,
        received_at=at,
        **said,
        **asdict(entered),
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
        patient=patient,
        kind=series.kind.value,
        sessions=series.sessions,
        improvement=series.improvement.value,
        current_episode=series.current_episode,
        by=by,
        received_at=at,
        **asdict(entered),
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
    said = diagnosed.diagnosis
    row = Diagnosis(
        patient=patient,
        comment=diagnosed.comment,
        by=by,
        received_at=at,
        **asdict(said) | {"status": said.status.value if said.status else ""},
        **asdict(entered),
    )
    return people.enter(row, operation="diagnosis.record", patients=[patient.pk])


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A medicine in the rules' own words, and since when it is taken."""

    medicine: medicine.Medicine
    as_needed: bool = False
    started_on: date | None = None
    stopped_on: date | None = None


def record_medicine(
    *, patient: Patient, taken: Taken, entered: Entered, by: Professional, at: datetime
) -> Medicine:
    row = Medicine(
        patient=patient,
        atc=taken.medicine.atc,
        name=taken.medicine.name,
        mg_per_day=taken.medicine.mg_per_day,
        as_needed=taken.as_needed,
        started_on=taken.started_on,
        stopped_on=taken.stopped_on,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    return people.enter(row, operation="medicine.record", patients=[patient.pk])
