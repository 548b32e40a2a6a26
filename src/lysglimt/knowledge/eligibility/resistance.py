"""Which treatments were adequate and failed, and is the depression resistant to treatment?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lysglimt.knowledge.text import Text

from .candidate import Candidate
from .trials import Improvement, Stimulation, StimulationKind, TreatmentTrial

__all__ = [
    "Answer",
    "Improvement",
    "Resistance",
    "Stimulation",
    "StimulationKind",
    "TreatmentTrial",
    "TrialJudgement",
    "maudsley",
    "resistance",
]


class Answer(StrEnum):
    """Yes, no, or not known: never a bare boolean."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TrialJudgement:
    """What one trial counts for, and why."""

    trial: TreatmentTrial
    adequate: Answer
    failed: Answer
    intolerant: Answer
    counts: Answer
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Resistance:
    """Both definitions, as an answer each, with the judgement of every trial."""

    in_episode: Answer
    in_lifetime: Answer
    judgements: tuple[TrialJudgement, ...]


def resistance(
    trials: Iterable[TreatmentTrial] | None, *, age: int | None
) -> Resistance:
    """``age`` in years; None is unknown. Trials of None were not asked for."""
    raise NotImplementedError


def maudsley(candidate: Candidate, *, on: date) -> object:
    raise NotImplementedError
