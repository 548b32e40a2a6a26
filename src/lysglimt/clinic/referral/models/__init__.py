"""Everything known about a referred patient before a course: from the letter to the decision."""

from .conditions import PolicyConditions
from .decision import Assessment, DecisionKind, EligibilityDecision, Override, SecondSignature
from .history import Diagnosis, Medicine, StimulationSeries, TreatmentTrial
from .letter import Referral, ReferralLetter, ReferralState, Sender
from .waiting import ContactMade, Refusal, WaitingContact

__all__ = [
    "Assessment",
    "ContactMade",
    "DecisionKind",
    "Diagnosis",
    "EligibilityDecision",
    "Medicine",
    "Override",
    "PolicyConditions",
    "Referral",
    "ReferralLetter",
    "ReferralState",
    "Refusal",
    "SecondSignature",
    "Sender",
    "StimulationSeries",
    "TreatmentTrial",
    "WaitingContact",
]
