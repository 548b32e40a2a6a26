"""Every write about incidents, their reports, and the calls between sessions."""

from .calls import Called, record_call
from .entering import About, DutiesOpen, Said, close, correct, enter_incident, strike
from .reports import Answered, Stated, answer_duty, state_deadline

__all__ = [
    "About",
    "Answered",
    "Called",
    "DutiesOpen",
    "Said",
    "Stated",
    "answer_duty",
    "close",
    "correct",
    "enter_incident",
    "record_call",
    "state_deadline",
    "strike",
]
