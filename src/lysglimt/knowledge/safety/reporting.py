"""Whom must the clinic tell when something has happened, and by when?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text


class ReportTrigger(StrEnum):
    """What has happened, as the duties to report distinguish it."""

    DEATH = "death"
    VERY_SERIOUS_HARM = "very-serious-harm"
    SERIOUS_REACTION = "serious-reaction"
    UNEXPECTED_REACTION = "unexpected-reaction"
    UNNATURAL_DEATH = "unnatural-death"
    DEVICE_FAULT = "device-fault"
    MEDICINE_MISSING = "medicine-missing"
    INJURY = "injury"
    DEVIATION = "deviation"
    NEAR_MISS = "near-miss"
    STUDY_SERIOUS_EVENT = "study-serious-event"
    ESKETAMINE_REACTION = "esketamine-reaction"
    ESKETAMINE_MISUSE = "esketamine-misuse"


@dataclass(frozen=True, slots=True)
class Duty:
    """To tell somebody. ``urgency`` is the deadline in words; the figures where one is known.

    ``only_unexpected`` is for events that were not to be expected from foreseeable risk.
    ``in_force`` is the first day of the duty; None where that day is not known.
    """

    id: str
    triggers: tuple[ReportTrigger, ...]
    to: Text
    what: Text
    urgency: Text
    basis: Basis
    only_unexpected: bool = False
    in_force: date | None = date.min
    within: Figure[timedelta] | None = None
    within_working_days: Figure[int] | None = None
    report_within: Figure[int] | None = None

    def latest(
        self, known_at: datetime, *, holidays: Collection[date] = ()
    ) -> datetime | date | None:
        """The last moment or day, counted from when the clinic knew; None without a figure."""
        if self.within_working_days is not None:
            return _working_day(known_at.date(), self.within_working_days.value, holidays)
        return None if self.within is None else self._after(known_at, self.within)

    @staticmethod
    def _after(known_at: datetime, within: Figure[timedelta]) -> datetime | date:
        end = known_at + within.value
        return end if within.unit == "h" else end.date()


@dataclass(frozen=True, slots=True)
class DutyList:
    """The data file of duties."""

    duty: tuple[Duty, ...]


@cache
def duties() -> tuple[Duty, ...]:
    return read(DutyList, files("lysglimt.knowledge.safety") / "reporting.toml").duty


def duties_after(
    triggers: Collection[ReportTrigger], *, unexpected: bool | None
) -> tuple[Duty, ...]:
    """The duties that what has happened may bring.

    ``unexpected`` is the clinician's judgement; None is not yet judged, and then the duty is
    listed. A duty whose first day is not known is listed too: the unit decides.
    """
    return tuple(
        duty
        for duty in duties()
        if set(duty.triggers) & set(triggers)
        and not (duty.only_unexpected and unexpected is False)
    )


def _working_day(day: date, count: int, holidays: Collection[date]) -> date:
    """So many working days later: no Saturday, no Sunday, none of the holidays."""
    while count:
        day += timedelta(days=1)
        count -= day.isoweekday() <= 5 and day not in holidays
    return day
