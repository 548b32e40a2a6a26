"""Which treatments were adequate and failed, and is the depression resistant to treatment?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from .adequacy import FloorTable, adequacy
from .candidate import Candidate
from .judgement import TrialJudgement, judgement
from .staging import Maudsley, StagingBand, staging
from .trials import Answer, Improvement, Stimulation, StimulationKind, TreatmentTrial

__all__ = [
    "Answer",
    "FloorTable",
    "Improvement",
    "Maudsley",
    "Resistance",
    "StagingBand",
    "Stimulation",
    "StimulationKind",
    "TreatmentTrial",
    "TrialJudgement",
    "maudsley",
    "psychotherapy_adequate",
    "resistance",
    "stimulation_adequate",
]


@dataclass(frozen=True, slots=True)
class Resistance:
    """Resistant in this episode, and in the lifetime, with the judgement of every trial.

    The counts are of different antidepressants (whole ATC codes): those that certainly count,
    and those that count or may.
    """

    in_episode: Answer
    in_lifetime: Answer
    episode_failures: int
    episode_failures_at_most: int
    lifetime_failures: int
    lifetime_failures_at_most: int
    judgements: tuple[TrialJudgement, ...]


def resistance(
    trials: Iterable[TreatmentTrial] | None,
    *,
    age: int | None,
    floors: FloorTable = FloorTable.DEFAULT,
) -> Resistance:
    """Two failures of different antidepressants, by both definitions of where they count.

    ``age`` is in years, None when unknown; ``trials`` is None when nobody asked, and complete
    otherwise. [nice-ta854, fava, elektd-ct]
    """
    if trials is None:
        return Resistance(Answer.UNKNOWN, Answer.UNKNOWN, 0, 0, 0, 0, ())
    judged = tuple(judgement(trial, age=age, floors=floors) for trial in trials)
    lifetime = _different(judged, lambda one: one.counts)
    episode = _different(
        judged, lambda one: Answer.all(one.counts, Answer.of(one.trial.current_episode))
    )
    return Resistance(_enough(*episode), _enough(*lifetime), *episode, *lifetime, judged)


def _different(
    judged: Iterable[TrialJudgement], counts: Callable[[TrialJudgement], Answer]
) -> tuple[int, int]:
    """How many different antidepressants count for certain, and how many do or may."""
    answers = [(one.trial.atc, counts(one)) for one in judged]
    certain = {atc for atc, answer in answers if answer is Answer.YES}
    return len(certain), len({atc for atc, answer in answers if answer is not Answer.NO})


def _enough(certain: int, at_most: int) -> Answer:
    needed = adequacy().failures.value
    if certain >= needed:
        return Answer.YES
    return Answer.UNKNOWN if at_most >= needed else Answer.NO


def stimulation_adequate(
    series: Stimulation, *, floors: FloorTable = FloorTable.DEFAULT
) -> Answer:
    """Enough sessions of ECT or rTMS? The ATHF asks for bilateral ECT."""
    table = adequacy()
    ect = table.ect_sessions_athf if floors is FloorTable.ATHF else table.ect_sessions
    least = {StimulationKind.ECT: ect, StimulationKind.RTMS: table.rtms_sessions}[series.kind]
    return Answer.of(None if series.sessions is None else series.sessions >= least.value)


def psychotherapy_adequate(sessions: int | None) -> Answer:
    """Enough sessions of psychotherapy? Recorded, never counted as a failure."""
    least = adequacy().psychotherapy_sessions.value
    return Answer.of(None if sessions is None else sessions >= least)


def maudsley(candidate: Candidate, *, on: date) -> Maudsley:
    """The Maudsley staging of the present episode, from the history. [msm]"""
    history, episode = candidate.history, candidate.episode
    judged = resistance(history.trials, age=candidate.age(on))
    table = adequacy()
    added = None
    if history.trials is not None:
        added = Answer.any(
            *(
                Answer.of(one.current_episode)
                for one in history.trials
                if one.augments is not None or one.atc in table.augmenters
            )
        )
    failures = (
        None
        if history.trials is None
        else (judged.episode_failures, judged.episode_failures_at_most)
    )
    return staging(
        started=episode.started,
        on=on,
        severity=episode.severity,
        failures=failures,
        augmented=Answer.UNKNOWN if added is None else added,
        ect=_ect(history.stimulation),
    )


def _ect(series: Iterable[Stimulation] | None) -> Answer:
    if series is None:
        return Answer.UNKNOWN
    return Answer.any(
        *(
            Answer.of(one.current_episode)
            for one in series
            if one.kind is StimulationKind.ECT and one.sessions != 0
        )
    )
