"""What was tried, as a page tells it: every entry, what was struck through, what it counts for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.revisions import Entry, entries, in_force
from lysglimt.knowledge.eligibility.adequacy import adequacy
from lysglimt.knowledge.eligibility.candidate import Candidate
from lysglimt.knowledge.eligibility.judgement import TrialJudgement
from lysglimt.knowledge.eligibility.resistance import (
    Maudsley,
    Resistance,
    maudsley,
    resistance,
    stimulation_adequate,
)
from lysglimt.knowledge.eligibility.staging import staging_table
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.text import Text

from . import past
from .models import Diagnosis, Medicine, StimulationSeries, TreatmentTrial
from .wordings import ANSWERS, BANDS, DIMENSIONS


@dataclass(frozen=True, slots=True)
class History:
    """Every entry about a patient, in four lists."""

    trials: tuple[Entry[TreatmentTrial], ...]
    series: tuple[Entry[StimulationSeries], ...]
    diagnoses: tuple[Entry[Diagnosis], ...]
    medicines: tuple[Entry[Medicine], ...]


def history(patient: Patient) -> History:
    """Asks four questions of the database."""
    return History(
        trials=entries(TreatmentTrial.objects.filter(patient=patient).select_related("by")),
        series=entries(StimulationSeries.objects.filter(patient=patient).select_related("by")),
        diagnoses=entries(Diagnosis.objects.filter(patient=patient).select_related("by")),
        medicines=entries(Medicine.objects.filter(patient=patient).select_related("by")),
    )


def names() -> Mapping[str, Text]:
    """What a medicine of the table is called, by its ATC code."""
    return dict(adequacy().names)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the history counts for on a day: by episode, by lifetime, and on the Maudsley staging."""

    resistance: Resistance
    maudsley: Maudsley
    trials: Mapping[int, TrialJudgement]
    series: Mapping[int, Promise]

    @property
    def in_episode(self) -> Promise:
        return ANSWERS[self.resistance.in_episode]

    @property
    def in_lifetime(self) -> Promise:
        return ANSWERS[self.resistance.in_lifetime]

    @property
    def parts(self) -> tuple[tuple[Promise, int | None], ...]:
        return tuple((DIMENSIONS[name], said) for name, said in self.maudsley.points.items())

    @property
    def band(self) -> Promise | None:
        band = self.maudsley.band
        return BANDS[band] if band else None

    @property
    def staging_basis(self) -> Basis:
        return staging_table().basis

    @property
    def failures_basis(self) -> Basis:
        return adequacy().failures.basis


def judged(said: History, candidate: Candidate, *, on: date) -> Judged:
    """``candidate`` has the age, the episode, and the trials and series of ``said``."""
    rows = in_force(said.trials)
    trials = tuple(past.trial(row) for row in rows) if rows else candidate.history.trials
    found = resistance(trials, age=candidate.age(on))
    pairs = zip(rows, found.judgements, strict=False)
    return Judged(
        resistance=found,
        maudsley=maudsley(candidate, on=on),
        trials={row.pk: judgement for row, judgement in pairs},
        series={
            row.pk: ANSWERS[stimulation_adequate(past.stimulation(row))]
            for row in in_force(said.series)
        },
    )
