"""The people of a clinic and a course, as the tests of the clinic have them."""

from tests.clinic.chairside.conftest import course
from tests.clinic.conftest import (
    _story,
    halden,
    hospital,
    kari,
    moss,
    nurse,
    psychiatrist,
    staff,
)

__all__ = [
    "_story",
    "course",
    "halden",
    "hospital",
    "kari",
    "moss",
    "nurse",
    "psychiatrist",
    "staff",
]
