"""Pictures of a course and of a session, always with their table beside them."""

from .course_curve import CoursePicture, Happening, Reading, course_curve
from .scene import Scene
from .vitals_trend import PlannedRange, SessionPicture, VitalSet, vitals_trend

__all__ = [
    "CoursePicture",
    "Happening",
    "PlannedRange",
    "Reading",
    "Scene",
    "SessionPicture",
    "VitalSet",
    "course_curve",
    "vitals_trend",
]
