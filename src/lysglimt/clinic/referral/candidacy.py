"""What is known of a candidate before a course: the history, and what was answered last."""

from dataclasses import replace

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.revisions import in_force
from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility import candidate
from lysglimt.knowledge.eligibility.candidate import Candidate

from . import past
from .answers import candidate_of
from .models import Assessment
from .tried import History


def known_of(patient: Patient, said: History) -> Candidate:
    """Who the patient is, the trials and series, and the answers of the newest assessment."""
    rows = Assessment.objects.in_force().filter(referral__patient=patient)
    newest = rows.order_by("-happened_at", "-pk").values_list("candidate", flat=True).first()
    return with_history(who(patient, candidate_of(newest or {})), said)


def who(patient: Patient, before: Candidate) -> Candidate:
    card = patient.card()
    sex = Sex(card.sex) if card.sex in set(Sex) else None
    return replace(before, birth_date=card.birth_date, sex=sex)


def with_history(before: Candidate, said: History) -> Candidate:
    trials = tuple(past.trial(row) for row in in_force(said.trials))
    series = tuple(past.stimulation(row) for row in in_force(said.series))
    return with_tried(before, candidate.History(trials=trials, stimulation=series))


def with_tried(before: Candidate, tried: candidate.History) -> Candidate:
    """A list that is empty keeps what was answered: asked and none, or not asked."""
    answered = before.history
    lists = replace(
        answered,
        trials=tried.trials or none_asked(answered.trials),
        stimulation=tried.stimulation or none_asked(answered.stimulation),
    )
    return replace(before, history=lists)


def none_asked(before: tuple[object, ...] | None) -> tuple[()] | None:
    """Asked and none; what was listed then and is struck through now was not asked."""
    return () if before == () else None
