"""Who is referred, with which history, and what the same screening as in the clinic says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.random import Generator

from lysglimt.knowledge.dosing.weights import Sex
from lysglimt.knowledge.eligibility.candidate import (
    Agreement,
    BloodPressure,
    Bodily,
    Candidate,
    Diagnosis,
    DiagnosisStatus,
    Episode,
    EpisodeSeverity,
    History,
    Measurements,
    Ratings,
    Registration,
)
from lysglimt.knowledge.eligibility.screening import screen
from lysglimt.knowledge.eligibility.trials import Improvement, TreatmentTrial
from lysglimt.knowledge.verdict import Standing

from .asked import Asked
from .chance import happens
from .figures import clinic_figures, reckoned
from .people import MadeUp

FERTILE, SEVERE_FROM = 50, 30
MILD, HIGH_PRESSURE = (8, 18), (172, 104)
SHORTEST_EPISODE, LONGEST_EPISODE = 60, 5000
FAILED = (Improvement.BELOW_25, Improvement.BELOW_50)
CODES = ("F32.1", "F32.2", "F33.1", "F33.2")


class ReferralDecision(StrEnum):
    """``pending`` where the last day of the clinic comes before the decision."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"


class Sender(StrEnum):
    GP = "gp"
    PSYCHIATRIST = "psychiatrist"
    OTHER_CLINIC = "other_clinic"


@dataclass(frozen=True, slots=True)
class Referred:
    """``reasons`` are the ids of the criteria that stood in the way; ``start`` is of those accepted."""

    received: date
    sender: Sender
    decided: date | None
    decision: ReferralDecision
    reasons: tuple[str, ...]
    candidate: Candidate
    start: date | None


def referred(asked: Asked, person: MadeUp, madrs: int, *, chance: Generator) -> Referred:
    f, unit = reckoned(), person.unit
    days = (asked.until - asked.start).days
    received = asked.start + timedelta(days=int(chance.integers(0, days + 1)))
    sender = drawn_sender(chance)
    decided = received + timedelta(days=waited(f["to_decision"] * unit.slower, chance))
    candidate = considered(person, madrs, decided, chance=chance)
    left, luck = happens(chance, f["withdrawn"]), chance.random()
    start = decided + timedelta(days=7 + waited(f["to_start"] * unit.slower, chance))
    if decided > asked.until:
        pending = ReferralDecision.PENDING
        return Referred(received, sender, None, pending, (), candidate, None)
    decision, reasons = judged(candidate, decided, luck)
    if decision is ReferralDecision.ACCEPTED and left:
        decision = ReferralDecision.WITHDRAWN
    accepted = decision is ReferralDecision.ACCEPTED
    return Referred(
        received, sender, decided, decision, reasons, candidate, start if accepted else None
    )


def drawn_sender(chance: Generator) -> Sender:
    f, luck = reckoned(), chance.random()
    if luck < f["by_gp"]:
        return Sender.GP
    return (
        Sender.PSYCHIATRIST if luck < f["by_gp"] + f["by_psychiatrist"] else Sender.OTHER_CLINIC
    )


def waited(median: float, chance: Generator) -> int:
    return round(median * float(np.exp(0.5 * chance.standard_normal())))


def judged(
    candidate: Candidate, on: date, luck: float
) -> tuple[ReferralDecision, tuple[str, ...]]:
    """Excluded is refused. What needs a specialist is accepted by some; the rest is."""
    verdict = screen(candidate, on=on)
    worst = verdict.standing
    if worst < Standing.NEEDS_SPECIALIST:
        return ReferralDecision.ACCEPTED, ()
    reasons = tuple(one.criterion for one in verdict.findings if one.standing is worst)
    doubtful = worst is Standing.NEEDS_SPECIALIST
    if doubtful and luck < reckoned()["specialist_accepts"]:
        return ReferralDecision.ACCEPTED, reasons
    return ReferralDecision.REFUSED, reasons


IN_THE_WAY = (
    *("too_few_trials", "too_mild", "psychosis", "mania", "substance", "pressure"),
    *("pregnant", "cystitis", "dementia", "reserved"),
)


def considered(person: MadeUp, madrs: int, on: date, *, chance: Generator) -> Candidate:
    """Everything that screening asks is known; what stands in the way is drawn, one by one."""
    drawn = {name: happens(chance, reckoned()[name]) for name in IN_THE_WAY}
    trials = tried(1 if drawn["too_few_trials"] else 2, chance)
    ill_now = episode(madrs, on, chance=chance)
    mild = int(chance.integers(*MILD))
    possible = person.sex is Sex.FEMALE and person.age(on) < FERTILE
    return Candidate(
        birth_date=person.born,
        sex=person.sex,
        diagnoses=diagnoses(drawn, on, chance),
        medicines=(),
        episode=replace(ill_now, psychotic_symptoms=drawn["psychosis"]),
        ratings=Ratings(
            madrs=mild if drawn["too_mild"] else madrs,
            ymrs=20 if drawn["mania"] else 2,
            moca=14 if drawn["dementia"] else 28,
            audit=3,
            dudit=0,
        ),
        measurements=measured(person, on, high=drawn["pressure"]),
        history=History(trials=trials, stimulation=(), psychotherapy_sessions=12),
        bodily=healthy(possible=possible, pregnant=possible and drawn["pregnant"]),
        agreement=agreed(reserved=drawn["reserved"]),
    )


def episode(madrs: int, on: date, *, chance: Generator) -> Episode:
    f = reckoned()
    days = f["episode_median"] * np.exp(f["episode_spread"] * chance.standard_normal())
    days = int(np.clip(days, SHORTEST_EPISODE, LONGEST_EPISODE))
    return Episode(
        started=on - timedelta(days=days),
        severity=EpisodeSeverity.MODERATE if madrs < SEVERE_FROM else EpisodeSeverity.SEVERE,
        catatonia=False,
        refuses_food_or_drink=False,
        immediate_danger_to_life=False,
        needs_admission=False,
        mood_stabiliser=False,
    )


def diagnoses(drawn: Mapping[str, bool], on: date, chance: Generator) -> tuple[Diagnosis, ...]:
    found = [Diagnosis(CODES[int(chance.integers(len(CODES)))], DiagnosisStatus.CURRENT)]
    if drawn["substance"]:
        found.append(Diagnosis("F10.2", DiagnosisStatus.CURRENT, prescribed=False))
    if drawn["cystitis"]:
        found.append(Diagnosis("N30.1", DiagnosisStatus.CURRENT, on=on))
    return tuple(found)


def tried(least: int, chance: Generator) -> tuple[TreatmentTrial, ...]:
    """Different antidepressants, each taken long enough, each without enough of an effect."""
    known: Sequence[tuple[str, float]] = [
        (one.atc, one.mg_per_day.reckoned) for one in clinic_figures().medicines
    ]
    most = int(reckoned()["most_trials"])
    count = least if least == 1 else int(chance.integers(least, most + 1))
    order = chance.permutation(len(known))[:count]
    return tuple(
        TreatmentTrial(
            atc=known[place][0],
            mg_per_day=Decimal(str(known[place][1])),
            weeks=Decimal(int(chance.integers(8, 40))),
            adherence=int(chance.integers(85, 101)),
            improvement=FAILED[int(chance.integers(2))],
            current_episode=True,
            intolerant=False,
        )
        for place in order
    )


def measured(person: MadeUp, on: date, *, high: bool) -> Measurements:
    systolic, diastolic = HIGH_PRESSURE if high else (person.systolic, person.diastolic)
    days = (on - timedelta(days=3), on - timedelta(days=1))
    mass = person.weight_kg / (person.height_cm / 100) ** 2
    return Measurements(
        blood_pressures=tuple(BloodPressure(day, systolic, diastolic) for day in days),
        qtc_ms=420,
        alt_x_uln=Decimal("0.5"),
        ast_x_uln=Decimal("0.5"),
        peth_umol_l=Decimal(0),
        bmi=Decimal(str(round(mass, 1))),
    )


def healthy(*, possible: bool, pregnant: bool) -> Bodily:
    return Bodily(
        pregnancy_possible=possible,
        pregnant=pregnant,
        breastfeeding=False,
        ketamine_allergy=False,
        nonprescribed_drugs_4_weeks=False,
        alcohol_same_day=False,
        grapefruit=False,
    )


def agreed(*, reserved: bool) -> Agreement:
    return Agreement(
        specialist_decision=True,
        alternatives_discussed=True,
        capacity=True,
        consent_off_label=True,
        register_information_given=True,
        follow_up_plan=True,
        escort_accepted=True,
        no_driving_accepted=True,
        registration=Registration.RESERVED if reserved else Registration.REGISTER,
    )
