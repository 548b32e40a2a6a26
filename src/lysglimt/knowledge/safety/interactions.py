"""Which of the person's medicines matter to the session, and what is to be done about it?"""

from collections.abc import Iterable
from dataclasses import dataclass

from lysglimt.knowledge.medicine import Medicine
from lysglimt.knowledge.verdict import Finding

__all__ = ["Circumstances", "Medicine", "interactions"]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is asked beside the medicines. None is unknown."""

    alcohol_same_day: bool | None = None
    grapefruit: bool | None = None
    qtc_ms: int | None = None
    male: bool | None = None


def interactions(
    medicines: Iterable[Medicine], circumstances: Circumstances = Circumstances()
) -> tuple[Finding, ...]:
    raise NotImplementedError
