"""A course of treatment: the facts, the one row derived from them, and what must never be."""

from .consent import Consent, ConsentWithdrawal, WorkUpResult
from .course import Course, CourseDecision, ProtocolApproval, SessionGiven, WeightBasis
from .interruption import CoursePause, StopTrigger
from .rating import Mode, Rating, Timing
from .registration import Registration, ReservedDecision
from .standing import CourseStanding
from .task import (
    ANSWERED_ANEW,
    DANGER_SIGN,
    FOUND_AT_GATE,
    PUMP_AGAINST,
    STARTED_AGAINST,
    ReportedAssessment,
    SafetyTask,
    TaskAcknowledgement,
    TaskAddition,
)

__all__ = [
    "ANSWERED_ANEW",
    "DANGER_SIGN",
    "FOUND_AT_GATE",
    "PUMP_AGAINST",
    "STARTED_AGAINST",
    "Consent",
    "ConsentWithdrawal",
    "Course",
    "CourseDecision",
    "CoursePause",
    "CourseStanding",
    "Mode",
    "ProtocolApproval",
    "Rating",
    "Registration",
    "ReportedAssessment",
    "ReservedDecision",
    "SafetyTask",
    "SessionGiven",
    "StopTrigger",
    "TaskAcknowledgement",
    "TaskAddition",
    "Timing",
    "WeightBasis",
    "WorkUpResult",
]
