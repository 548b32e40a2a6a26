"""A course of treatment: the facts, the one row derived from them, and what must never be."""

from .consent import Consent, ConsentWithdrawal, WorkUpResult
from .course import Course, CourseDecision, ProtocolApproval, SessionGiven, WeightBasis
from .rating import Mode, Rating, Timing
from .standing import CourseStanding
from .task import SafetyTask, TaskAcknowledgement, TaskAddition

__all__ = [
    "Consent",
    "ConsentWithdrawal",
    "Course",
    "CourseDecision",
    "CourseStanding",
    "Mode",
    "ProtocolApproval",
    "Rating",
    "SafetyTask",
    "SessionGiven",
    "TaskAcknowledgement",
    "TaskAddition",
    "Timing",
    "WeightBasis",
    "WorkUpResult",
]
