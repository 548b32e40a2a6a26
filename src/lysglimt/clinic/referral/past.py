"""What was tried and what is taken, as the rules read it: rows in, frozen values out."""

from collections.abc import Iterable

from lysglimt.clinic.people.models import Patient
from lysglimt.knowledge.eligibility import candidate, trials
from lysglimt.knowledge.medicine import Doses, DoseUnit
from lysglimt.knowledge.medicine import Medicine as Taken

from .models import AT, Diagnosis, Medicine, StimulationSeries, TreatmentTrial


def history(patient: Patient) -> candidate.History:
    """All trials and series in force. Asks two questions of the database."""
    tried = TreatmentTrial.objects.in_force().filter(patient=patient)
    series = StimulationSeries.objects.in_force().filter(patient=patient)
    return candidate.History(
        trials=tuple(trial(row) for row in tried),
        stimulation=tuple(stimulation(row) for row in series),
    )


def trial(row: TreatmentTrial) -> trials.TreatmentTrial:
    return trials.TreatmentTrial(
        atc=row.atc,
        mg_per_day=row.mg_per_day,
        weeks=row.weeks,
        adherence=row.adherence,
        improvement=trials.Improvement(row.improvement),
        current_episode=row.current_episode,
        intolerant=row.intolerant,
        augments=row.augments or None,
        serum_in_range=row.serum_in_range,
        serum_mmol_l=row.serum_mmol_l,
    )


def stimulation(row: StimulationSeries) -> trials.Stimulation:
    return trials.Stimulation(
        kind=trials.StimulationKind(row.kind),
        sessions=row.sessions,
        improvement=trials.Improvement(row.improvement),
        current_episode=row.current_episode,
    )


def diagnoses(patient: Patient) -> tuple[candidate.Diagnosis, ...]:
    rows = Diagnosis.objects.in_force().filter(patient=patient)
    return tuple(diagnosis(row) for row in rows)


def diagnosis(row: Diagnosis) -> candidate.Diagnosis:
    return candidate.Diagnosis(
        code=row.code,
        status=candidate.DiagnosisStatus(row.status) if row.status else None,
        on=row.on,
        remission_since=row.remission_since,
        controlled=row.controlled,
        severe=row.severe,
        prescribed=row.prescribed,
    )


def doses(row: Medicine) -> Doses | None:
    """What is taken when; None where it was not said."""
    if not row.dose_unit:
        return None
    return Doses(DoseUnit(row.dose_unit), **{at: getattr(row, at) for at in AT})


def late(rows: Iterable[Medicine]) -> frozenset[str]:
    """The ATC codes of those of which some is taken in the evening or at bedtime."""
    return frozenset(row.atc for row in rows if (said := doses(row)) is not None and said.late)


def taken(rows: Iterable[Medicine]) -> tuple[Taken, ...]:
    return tuple(Taken(atc=row.atc, mg_per_day=row.mg_per_day, name=row.name) for row in rows)
