"""From the letter to the decision: referred, assessed, accepted, refused or still waiting."""

import copy
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from lysglimt.clinic.people.policy import Role
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.actions import Diagnosed, Judged, Letter, Overridden, Taken, Tried
from lysglimt.clinic.referral.actions.decisions import speaking_against
from lysglimt.clinic.referral.findings import finding_as_read
from lysglimt.clinic.referral.models import (
    Assessment,
    DecisionKind,
    EligibilityDecision,
    MedicineSource,
    Referral,
    Sender,
)
from lysglimt.knowledge.eligibility import intake
from lysglimt.knowledge.eligibility.candidate import Candidate
from lysglimt.knowledge.eligibility.screening import screen
from lysglimt.knowledge.medicine import Doses, DoseUnit
from lysglimt.knowledge.protocols.state import RULE_VERSION

from .case import Case, entered

CANDIDATE_VERSION = "1"
START_WITHIN = timedelta(days=90)
ILL_FOR = timedelta(days=270)
SENDERS = {
    Sender.GP: "Fastlege Eksempel, Eksempel legesenter",
    Sender.PSYCHIATRIST: "Overlege Eksempel, Eksempel DPS",
    Sender.OTHER_CLINIC: "Eksempelklinikken",
}


def referred(case: Case, *, on: date) -> Referral:
    sender = case.chance.choice(list(Sender))
    letter = Letter(
        sender_kind=sender,
        sender_name=SENDERS[sender],
        received_on=on,
        start_due=on + START_WITHIN,
        question="Tilbakevendende depresjon, to forsøk uten tilstrekkelig virkning. Ketamin?",
    )
    at = case.at(on, "09:10")
    return referral.receive_referral(
        patient=case.patient, letter=letter, by=case.coordinator, at=at, entered=entered(at)
    )


@cache
def sheet() -> str:
    return (files("lysglimt.server.demo") / "candidate.json").read_text(encoding="utf-8")


Changes = Mapping[str, object]
"""What differs from the usual sheet, as ``{"episode.psychotic_symptoms": True}``."""


def answered(case: Case, *, on: date, changes: Changes) -> dict[str, Any]:
    """The sheet of this patient on a day, as JSON."""
    stated: dict[str, Any] = copy.deepcopy(json.loads(sheet()))
    stated["birth_date"] = case.said.birth_date.isoformat()
    stated["sex"] = case.said.sex
    stated["episode"]["started"] = (on - ILL_FOR).isoformat()
    stated["measurements"]["blood_pressures"] = [
        {"on": (on - timedelta(days=ago)).isoformat(), "systolic": 126 + ago, "diastolic": 78}
        for ago in (9, 2)
    ]
    for path, value in changes.items():
        *way, last = path.split(".")
        part = stated
        for name in way:
            part = part[name]
        part[last] = value
    return stated


def read(stated: Mapping[str, Any]) -> Candidate:
    return intake.candidate(json.loads(json.dumps(stated), parse_float=Decimal))


def assessed(
    case: Case, letter: Referral, *, on: date, changes: Changes | None = None
) -> Assessment:
    """The history is recorded, the sheet answered, and the rules give their verdict."""
    stated = answered(case, on=on, changes=changes or {})
    candidate = read(stated)
    record_history(case, candidate, on=on)
    at = case.at(on, "13:20")
    judged = Judged(
        candidate=stated,
        candidate_version=CANDIDATE_VERSION,
        verdict=screen(candidate, on=on),
        rule_version=RULE_VERSION,
    )
    return referral.assess(
        referral=letter, judged=judged, by=case.doctor, at=at, entered=entered(at)
    )


def record_history(case: Case, candidate: Candidate, *, on: date) -> None:
    at = case.at(on, "13:00")
    by, said = case.doctor, entered(at)
    for diagnosis in candidate.diagnoses or ():
        referral.record_diagnosis(
            patient=case.patient,
            diagnosed=Diagnosed(diagnosis=diagnosis),
            entered=entered(at),
            by=by,
            at=at,
        )
    for medicine in candidate.medicines or ():
        taken = Taken(
            medicine=medicine,
            doses=Doses(DoseUnit.MILLIGRAM, morning=medicine.mg_per_day),
            source=MedicineSource.RECORD,
            started_on=on - ILL_FOR,
        )
        referral.record_medicine(
            patient=case.patient, taken=taken, entered=entered(at), by=by, at=at
        )
    for trial in candidate.history.trials or ():
        referral.record_trial(
            patient=case.patient, tried=Tried(trial=trial), entered=entered(at), by=by, at=at
        )
    for series in candidate.history.stimulation or ():
        referral.record_stimulation(
            patient=case.patient, series=series, entered=said, by=by, at=at
        )


def decided(
    case: Case,
    assessment: Assessment,
    kind: DecisionKind,
    *,
    on: date,
    overrides: Sequence[Overridden] = (),
) -> EligibilityDecision:
    return referral.decide_eligibility(
        assessment=assessment,
        kind=kind,
        by=case.doctor,
        at=case.at(on, "14:30"),
        overrides=overrides,
    )


def accepted(case: Case, *, received: date, changes: Changes | None = None) -> None:
    """Referred, assessed a week later and accepted the day after; what speaks against is set aside."""
    letter = referred(case, on=received)
    on = received + timedelta(days=7)
    assessment = assessed(case, letter, on=on, changes=changes)
    overrides = set_aside(assessment)
    decision = decided(case, assessment, DecisionKind.ACCEPT, on=on, overrides=overrides)
    if decision.needs_second:
        sign_second(case, decision, on=on + timedelta(days=1))


def set_aside(assessment: Assessment) -> list[Overridden]:
    reason = "Vurdert i behandlingsmøte: nytten er større enn risikoen, tett oppfølging avtalt."
    return [
        Overridden(criterion=criterion, reason=reason)
        for criterion in sorted(speaking_against(assessment))
    ]


def sign_second(case: Case, decision: EligibilityDecision, *, on: date) -> None:
    second = case.clinic.staff[Role.ANAESTHETIST]
    found = [finding_as_read(said) for said in decision.assessment.verdict]
    referral.sign_second(decision=decision, found=found, by=second, at=case.at(on, "10:00"))
