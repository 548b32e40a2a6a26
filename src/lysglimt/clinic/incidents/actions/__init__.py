"""Every write about incidents, their reports, and the calls between sessions."""

from .calls import Called, record_call, strike_call
from .entering import (
    About,
    DutiesOpen,
    EnteredAlready,
    Said,
    close,
    correct,
    enter_incident,
    strike,
)
from .reports import Answered, Stated, answer_duty, state_deadline

__all__ = [
    "About",
    "Answered",
    "Called",
    "DutiesOpen",
    "EnteredAlready",
    "Said",
    "Stated",
    "answer_duty",
    "close",
    "correct",
    "enter_incident",
    "record_call",
    "state_deadline",
    "strike",
    "strike_call",
]
