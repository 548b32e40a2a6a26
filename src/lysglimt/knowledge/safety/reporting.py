"""Whom must the clinic tell when something has happened, and by when?"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible
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


class Measure(StrEnum):
    """In what a deadline is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"


@dataclass(frozen=True, slots=True)
class Deadline:
    """So long after the clinic knew. Days end with the day; hours at the minute."""

    amount: int
    measure: Measure

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise Implausible.of("amount", self.amount, "0 or more")

    def latest(self, known_at: datetime, *, holidays: Collection[date] = ()) -> datetime | date:
        if self.measure is Measure.HOURS:
            return known_at + timedelta(hours=self.amount)
        if self.measure is Measure.DAYS:
            return known_at.date() + timedelta(days=self.amount)
        return _working_day(known_at.date(), self.amount, holidays)


@dataclass(frozen=True, slots=True)
class Duty:
    """To tell somebody. ``urgency`` is the deadline in words; the figures where one is known.

    ``only_unexpected`` is for events that were not to be expected from foreseeable risk.
    ``names_patient``: the receiver is told the patient's name, and not initials alone.
    ``in_force`` is the first day of the duty; None where that day is not known.
    """

    id: str
    triggers: tuple[ReportTrigger, ...]
    to: Text
    what: Text
    urgency: Text
    basis: Basis
    only_unexpected: bool = False
    names_patient: bool = False
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

    @property
    def deadline(self) -> Deadline | None:
        """As the file states it; None where it states none in figures."""
        if self.within_working_days is not None:
            return Deadline(self.within_working_days.value, Measure.WORKING_DAYS)
        if self.within is None:
            return None
        if self.within.unit == "h":
            return Deadline(self.within.value // timedelta(hours=1), Measure.HOURS)
        return Deadline(self.within.value.days, Measure.DAYS)

    @property
    def deadline_basis(self) -> Basis:
        """On what the deadline rests, which may be less sure than the duty itself."""
        figure = self.within_working_days or self.within
        return self.basis if figure is None else figure.basis

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
    listed. Of a death no tick takes one off: somebody answers by name why it is not to be sent.
    A duty whose first day is not known is listed too: the unit decides.
    """
    foreseen = unexpected is False and ReportTrigger.DEATH not in triggers
    return tuple(
        duty
        for duty in duties()
        if set(duty.triggers) & set(triggers) and not (duty.only_unexpected and foreseen)
    )


def _working_day(day: date, count: int, holidays: Collection[date]) -> date:
    """So many working days later: no Saturday, no Sunday, none of the holidays."""
    while count:
        day += timedelta(days=1)
        count -= day.isoweekday() <= 5 and day not in holidays
    return day


class IncidentKind(StrEnum):
    """What is entered as an incident."""

    ADVERSE_EVENT = "adverse-event"
    NEAR_MISS = "near-miss"
    DOSING_ERROR = "dosing-error"
    DIVERSION = "diversion"
    DEVICE_FAULT = "device-fault"
    DEVIATION = "protocol-deviation"


class Seriousness(StrEnum):
    """What makes an event serious, as in the list of seriousness."""

    DEATH = "death"
    LIFE_THREATENING = "life-threatening"
    HOSPITALISATION = "hospitalisation"
    DISABILITY = "disability"
    BIRTH_DEFECT = "birth-defect"
    IMPORTANT = "important"


VERY_SERIOUS = frozenset(
    {Seriousness.LIFE_THREATENING, Seriousness.DISABILITY, Seriousness.BIRTH_DEFECT}
)
"""Which of them may be very serious harm. Our own reading: the unit judges each."""
UNLIKELY = "unlikely"
OF_KIND = {
    IncidentKind.NEAR_MISS: (ReportTrigger.NEAR_MISS,),
    IncidentKind.DOSING_ERROR: (ReportTrigger.DEVIATION,),
    IncidentKind.DIVERSION: (ReportTrigger.MEDICINE_MISSING, ReportTrigger.DEVIATION),
    IncidentKind.DEVICE_FAULT: (ReportTrigger.DEVICE_FAULT, ReportTrigger.DEVIATION),
    IncidentKind.DEVIATION: (ReportTrigger.DEVIATION,),
}
"""What a kind brings by itself, whoever it harmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatHappened:
    """What is known of an incident. None is "not known", and then it may be so.

    ``serious`` are the criteria that are met, empty when none is. ``harmed``: a patient was hurt;
    of an adverse event that is so. ``transient``: a rise of pressure that was expected and went
    by. ``nasal``: esketamine by nose. ``misuse``: of the drug.
    """

    kind: IncidentKind
    harmed: bool | None = None
    serious: frozenset[Seriousness] | None = None
    causality: str = ""
    expected: bool | None = None
    transient: bool = False
    nasal: bool | None = None
    misuse: bool = False
    unnatural: bool | None = None
    in_study: bool | None = None

    @property
    def may_be_serious(self) -> bool:
        return self.serious is None or bool(self.serious)

    @property
    def may_be_reaction(self) -> bool:
        return self.causality != UNLIKELY


def triggers_of(what: WhatHappened) -> frozenset[ReportTrigger]:
    """Everything that the duties distinguish and that this is, or may be."""
    found = set(OF_KIND.get(what.kind, ()))
    if what.misuse and what.nasal is not False:
        found.add(ReportTrigger.ESKETAMINE_MISUSE)
    hurt = what.kind is IncidentKind.ADVERSE_EVENT or what.harmed is not False
    if hurt and not (what.transient and not what.may_be_serious):
        found.update(_of_harm(what))
    return frozenset(found)


def _of_harm(what: WhatHappened) -> Iterator[ReportTrigger]:
    serious = what.serious
    if serious is None or serious & VERY_SERIOUS:
        yield ReportTrigger.VERY_SERIOUS_HARM
    if serious is not None and Seriousness.DEATH in serious:
        yield ReportTrigger.DEATH
        if what.unnatural is not False:
            yield ReportTrigger.UNNATURAL_DEATH
    if what.may_be_serious and what.in_study is not False:
        yield ReportTrigger.STUDY_SERIOUS_EVENT
    if what.may_be_serious or what.kind is not IncidentKind.ADVERSE_EVENT:
        yield ReportTrigger.INJURY
    if what.may_be_reaction:
        yield from _of_reaction(what)


def _of_reaction(what: WhatHappened) -> Iterator[ReportTrigger]:
    if what.may_be_serious:
        yield ReportTrigger.SERIOUS_REACTION
    if what.expected is not True:
        yield ReportTrigger.UNEXPECTED_REACTION
    if what.nasal is not False:
        yield ReportTrigger.ESKETAMINE_REACTION


def duties_of(what: WhatHappened) -> tuple[Duty, ...]:
    """Whom to tell of an incident, as far as it is known."""
    unexpected = None if what.expected is None else not what.expected
    return duties_after(triggers_of(what), unexpected=unexpected)
