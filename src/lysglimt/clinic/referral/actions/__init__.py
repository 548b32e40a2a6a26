"""Everything that is entered before a course: the letter, what was tried, the decision."""

from .decisions import (
    AlreadySigned,
    Judged,
    NotOverridden,
    Overridden,
    SameSigner,
    assess,
    decide_eligibility,
    finding_as_written,
    sign_second,
)
from .history import (
    Diagnosed,
    Taken,
    Tried,
    record_diagnosis,
    record_medicine,
    record_stimulation,
    record_trial,
)
from .letters import Conditions, Letter, receive_referral, state_conditions
from .revising import correct, strike
from .waiting import (
    NoInterval,
    Refused,
    RefusedWithoutPlan,
    name_contact,
    record_contact,
    refuse,
)

__all__ = [
    "AlreadySigned",
    "Conditions",
    "Diagnosed",
    "Judged",
    "Letter",
    "NoInterval",
    "NotOverridden",
    "Overridden",
    "Refused",
    "RefusedWithoutPlan",
    "SameSigner",
    "Taken",
    "Tried",
    "assess",
    "correct",
    "decide_eligibility",
    "finding_as_written",
    "name_contact",
    "receive_referral",
    "record_contact",
    "record_diagnosis",
    "record_medicine",
    "record_stimulation",
    "record_trial",
    "refuse",
    "sign_second",
    "state_conditions",
    "strike",
]
