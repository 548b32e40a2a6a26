"""Where does this course stand, what is due, and what may be decided?"""

from datetime import date

from .facts import CourseFacts
from .protocol import Protocol
from .state import CourseState


def course_state(protocol: Protocol, facts: CourseFacts, on: date) -> CourseState:
    """The course as of a day, in Europe/Oslo. Facts of later days are not counted."""
    raise NotImplementedError
