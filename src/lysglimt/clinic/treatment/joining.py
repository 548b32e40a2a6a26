"""What treatment answers when it is asked who stands how to a patient: who has the care."""

from lysglimt.clinic.people import standing

from .care import CARE, NAMED


def join() -> None:
    standing.TIES.extend(CARE)
    standing.NAMED.extend(NAMED)
