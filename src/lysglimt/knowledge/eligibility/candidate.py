"""Who is considered for treatment: all that is known, and nothing that is not.

Every field may be left out. Left out is unknown, which is an answer of its own: a list that
is left out was not asked for, an empty list was asked for and is empty.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.medicine import Between, Medicine

from .codes import written
from .trials import Stimulation, TreatmentTrial


class DiagnosisStatus(StrEnum):
    """Whether a diagnosis holds now. A code alone does not say."""

    CURRENT = "current"
    REMISSION = "remission"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An ICD-10 code with what the code does not say.

    ``on`` is the day of an event (an infarction) or when the diagnosis was made.
    ``remission_since`` is for what has remitted. ``controlled`` is treated and stable.
    ``severe`` is by clinical judgement; for a tumour it is mass effect. ``prescribed`` is whether a substance depended on is
    taken as prescribed by a doctor. Raises NotACode.
    """

    code: str
    status: DiagnosisStatus | None = None
    on: date | None = None
    remission_since: date | None = None
    controlled: bool | None = None
    severe: bool | None = None
    prescribed: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", written(self.code))


class EpisodeSeverity(StrEnum):
    """Of the depressive episode at its worst, as the Maudsley staging asks."""

    SUBSYNDROMAL = "subsyndromal"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    SEVERE_WITH_PSYCHOSIS = "severe-with-psychosis"


@dataclass(frozen=True, slots=True)
class Episode:
    """The present depressive episode.

    ``needs_admission`` is for acute suicide risk, as the clinician judges; it is never computed.
    """

    started: date | None = None
    severity: EpisodeSeverity | None = None
    psychotic_symptoms: bool | None = None
    catatonia: bool | None = None
    refuses_food_or_drink: bool | None = None
    immediate_danger_to_life: bool | None = None
    needs_admission: bool | None = None
    mood_stabiliser: bool | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """Totals of the work-up, within the ranges of their instruments."""

    madrs: Annotated[int | None, Between(0, 60)] = None
    ymrs: Annotated[int | None, Between(0, 60)] = None
    moca: Annotated[int | None, Between(0, 30)] = None
    audit: Annotated[int | None, Between(0, 40)] = None
    dudit: Annotated[int | None, Between(0, 44)] = None
    hdrs17: Annotated[int | None, Between(0, 52)] = None
    hdrs_item_3: Annotated[int | None, Between(0, 4)] = None


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """One reading, in mmHg."""

    on: date
    systolic: Annotated[int, Between(50, 300)]
    diastolic: Annotated[int, Between(20, 200)]


@dataclass(frozen=True, slots=True)
class Measurements:
    """Liver enzymes are in multiples of the laboratory's upper limit, PEth in µmol/l."""

    blood_pressures: tuple[BloodPressure, ...] | None = None
    qtc_ms: Annotated[int | None, Between(200, 800)] = None
    alt_x_uln: Annotated[Decimal | None, Between(0, 500)] = None
    ast_x_uln: Annotated[Decimal | None, Between(0, 500)] = None
    peth_umol_l: Annotated[Decimal | None, Between(0, 20)] = None
    bmi: Annotated[Decimal | None, Between(8, 120)] = None


@dataclass(frozen=True, slots=True)
class History:
    """Treatments tried so far, in this episode and earlier."""

    trials: tuple[TreatmentTrial, ...] | None = None
    stimulation: tuple[Stimulation, ...] | None = None
    psychotherapy_sessions: Annotated[int | None, Between(0, 5000)] = None


@dataclass(frozen=True, slots=True)
class Bodily:
    """What no code says by itself.

    ``pregnancy_possible`` is False where neither pregnancy nor breastfeeding can be.
    """

    pregnancy_possible: bool | None = None
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    ketamine_allergy: bool | None = None
    nonprescribed_drugs_4_weeks: bool | None = None
    alcohol_same_day: bool | None = None
    grapefruit: bool | None = None


class Registration(StrEnum):
    """How the treatment is followed: the decision asks for register or study."""

    REGISTER = "register"
    STUDY = "study"
    REGISTER_AND_STUDY = "register-and-study"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is decided, explained, agreed and planned before a start."""

    specialist_decision: bool | None = None
    alternatives_discussed: bool | None = None
    capacity: bool | None = None
    consent_off_label: bool | None = None
    register_information_given: bool | None = None
    follow_up_plan: bool | None = None
    escort_accepted: bool | None = None
    no_driving_accepted: bool | None = None
    registration: Registration | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """All that screening asks. ``diagnoses`` and ``medicines`` are complete when given."""

    birth_date: date | None = None
    sex: Sex | None = None
    diagnoses: tuple[Diagnosis, ...] | None = None
    medicines: tuple[Medicine, ...] | None = None
    episode: Episode = field(default_factory=Episode)
    ratings: Ratings = field(default_factory=Ratings)
    measurements: Measurements = field(default_factory=Measurements)
    history: History = field(default_factory=History)
    bodily: Bodily = field(default_factory=Bodily)
    agreement: Agreement = field(default_factory=Agreement)

    def age(self, on: date) -> int | None:
        """In whole years; who is born on 29 February is older from 1 March."""
        born = self.birth_date
        if born is None:
            return None
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
