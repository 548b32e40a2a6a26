"""Everything known about a referred patient before a course: from the letter to the decision."""

from .conditions import ComplaintRoute, PolicyConditions
from .history import (
    AT,
    Diagnosis,
    Medicine,
    MedicineSource,
    StimulationSeries,
    TreatmentTrial,
)
from .referral import (
    Assessment,
    DecisionKind,
    EligibilityDecision,
    Override,
    Referral,
    ReferralLetter,
    ReferralState,
    SecondSignature,
    Sender,
)
from .waiting import ContactMade, Refusal, WaitingContact

__all__ = [
    "AT",
    "Assessment",
    "ComplaintRoute",
    "ContactMade",
    "DecisionKind",
    "Diagnosis",
    "EligibilityDecision",
    "Medicine",
    "MedicineSource",
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
