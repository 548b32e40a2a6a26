"""By when does somebody answer for a task, and how soon did they? Times, never a grade of a patient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from lysglimt.knowledge.errors import ClinicalError

from .suicidality import Promptness, suicidality_table

FEWEST = 5
"""Of fewer answers no quartiles are told. [own-proposal]"""
LONGEST: Mapping[Promptness, timedelta] = {
    Promptness.DOCTOR_NOW: timedelta(hours=4),
    Promptness.SAME_DAY: timedelta(hours=24),
    Promptness.NEXT_CONTACT: timedelta(days=28),
}
"""A unit may not allow itself more. [own-proposal]"""


class DeadlineOutOfRange(ClinicalError):
    """A unit may choose its times, but not so long that a task is forgotten."""

    code = "safety.deadline-out-of-range"


def default_deadlines() -> dict[Promptness, timedelta]:
    """Where a unit has not said otherwise. [own-proposal]"""
    return {one.act: one.within.value for one in suicidality_table().deadlines}


def refuse_deadline(act: Promptness, within: timedelta) -> None:
    if not timedelta(minutes=1) <= within <= LONGEST[act]:
        raise DeadlineOutOfRange(
            f"{act}: {within} is out of range",
            field=act.value,
            value=within,
            allowed=f"1 min .. {LONGEST[act]}",
        )


def answer_by(
    act: Promptness,
    *,
    opened_at: datetime,
    due_at: datetime,
    within: Mapping[Promptness, timedelta],
) -> datetime:
    """The earlier of when the task is due and when the unit's time is up.

    A doctor now is due at once: there the unit's time counts.
    """
    up = opened_at + within[act]
    return up if act is Promptness.DOCTOR_NOW else min(up, due_at)


@dataclass(frozen=True, slots=True)
class TaskTimes:
    """Of one task: ``answered_at`` is None while it is open."""

    opened_at: datetime
    answer_by: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How soon tasks were answered; quartiles None where there are too few.

    ``in_time`` is the share of those answered in time among those answered or past their time:
    a task that nobody answers makes it no better.
    """

    answered: int
    open: int
    late: int
    median: timedelta | None
    lower: timedelta | None
    upper: timedelta | None
    in_time: Fraction | None


def answer_times(tasks: Iterable[TaskTimes], *, now: datetime) -> AnswerTimes:
    """``late`` are the open ones whose time is up."""
    rows = tuple(tasks)
    took = sorted(one.answered_at - one.opened_at for one in rows if one.answered_at)
    waiting = [one for one in rows if one.answered_at is None]
    late = sum(one.answer_by < now for one in waiting)
    prompt = sum(
        one.answered_at is not None and one.answered_at <= one.answer_by for one in rows
    )
    counted = len(took) + late
    enough = len(took) >= FEWEST
    return AnswerTimes(
        answered=len(took),
        open=len(waiting),
        late=late,
        median=_rank(took, Fraction(1, 2)) if took else None,
        lower=_rank(took, Fraction(1, 4)) if enough else None,
        upper=_rank(took, Fraction(3, 4)) if enough else None,
        in_time=Fraction(prompt, counted) if counted else None,
    )


def _rank(ordered: list[timedelta], share: Fraction) -> timedelta:
    """The nearest rank: a time that somebody took, never one in between."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
