"""What the clinician sees beside the diagnoses: psychosis, mania, cognition, danger to life."""

from collections.abc import Iterator
from datetime import date

from lysglimt.knowledge.verdict import Finding

from .candidate import Candidate
from .criterion import Criterion


def psychotic(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    symptoms = candidate.episode.psychotic_symptoms
    if symptoms is None:
        yield criterion.asked(criterion.words["symptoms_question"])
    elif symptoms:
        yield criterion.found(criterion.words["symptoms_reason"])


def manic(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    total, highest = candidate.ratings.ymrs, criterion.amounts["highest"]
    if total is None:
        yield criterion.asked(criterion.words["rating_question"])
    elif total > highest.value:
        yield criterion.found(
            criterion.words["rating_reason"], basis=highest.basis, value=total
        )


def impaired(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    total, lowest = candidate.ratings.moca, criterion.amounts["lowest"]
    if total is None:
        yield criterion.asked(criterion.words["rating_question"])
    elif total < lowest.value:
        yield criterion.found(criterion.words["rating_reason"], basis=lowest.basis, value=total)


def admission(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    needed = candidate.episode.needs_admission
    if needed is None:
        yield criterion.asked()
    elif needed:
        yield criterion.found(criterion.words["admission_reason"])


def ect_first(criterion: Criterion, candidate: Candidate, _: date) -> Iterator[Finding]:
    episode, words = candidate.episode, criterion.words
    for name, present in (
        ("psychotic", episode.psychotic_symptoms),
        ("catatonia", episode.catatonia),
        ("refusal", episode.refuses_food_or_drink),
        ("danger", episode.immediate_danger_to_life),
    ):
        if present is None:
            yield criterion.asked(words["each_question"], value=words[name])
        elif present:
            yield criterion.found(value=words[name])


def older(criterion: Criterion, candidate: Candidate, on: date) -> Iterator[Finding]:
    age = candidate.age(on)
    if age is None:
        yield criterion.asked()
    elif age >= criterion.counts["older"].value:
        yield criterion.found(value=age)
