"""Sessions given one after another, the ratings between them, and the evaluation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from lysglimt.clinic.treatment.models import Course, Timing
from lysglimt.knowledge.protocols.facts import DecisionKind

from .case import SATURDAY, Case
from .courses import DAY, USUAL, Plan, decide, planned, session_days
from .ratings import Illness, illness, madrs, others
from .sitting import Run, sat

CLOCKS = ("09:00", "10:30", "12:00", "13:00")
MADRS_BEFORE, MADRS_AFTER = 3, 4
"""The sessions of the run before and after which the Norwegian practice rates."""
RESPONDS = Illness(start=34, floor=0.2, pace=0.55)
REMITS = Illness(start=32, floor=0.1, pace=0.9)
PARTLY = Illness(start=36, floor=0.6, pace=0.6)
UNMOVED = Illness(start=35, floor=0.97, pace=0.5)


def begun(
    case: Case,
    *,
    last: date,
    given: int,
    ill: Illness = RESPONDS,
    plan: Plan = USUAL,
    runs: Mapping[int, Run] | None = None,
) -> Course:
    """A course of which so many sessions are given, the last on a day."""
    days = session_days(last, given)
    course = planned(case, start=days[0], ill=ill, plan=plan)
    give(case, course, days, ill, runs=runs or {})
    return course


def give(
    case: Case,
    course: Course,
    days: Sequence[date],
    ill: Illness,
    *,
    first: int = 1,
    runs: Mapping[int, Run] | None = None,
) -> None:
    for number, day in enumerate(days, start=first):
        rate_before(case, number, day, ill)
        sat(case, course, start_on(case, day), run=(runs or {}).get(number, Run()))
        if number == MADRS_AFTER and day + DAY <= case.today:
            total = ill.madrs(number, case.chance)
            madrs(case, total, day=day + DAY, timing=Timing.NEXT_DAY)


def rate_before(case: Case, number: int, day: date, ill: Illness) -> None:
    level = ill.madrs(number - 1, case.chance)
    others(case, level, day=day, timing=Timing.BEFORE_DOSE, which=("cssrs_screener",))
    if number == MADRS_BEFORE:
        madrs(case, level, day=day, timing=Timing.BEFORE_DOSE)


def start_on(case: Case, day: date) -> datetime:
    return case.at(day, case.chance.choice(CLOCKS))


def after(last: date) -> date:
    """The next workday."""
    day = last + DAY
    while day.weekday() >= SATURDAY:
        day += DAY
    return day


def evaluated(case: Case, course: Course, *, last: date, total: int) -> date:
    """Everything is rated again within the window after the last session."""
    on = after(last)
    madrs(case, total, day=on, timing=Timing.EVALUATION)
    others(case, total, day=on, timing=Timing.EVALUATION)
    return on


def maintained(case: Case, course: Course, days: Sequence[date], totals: Sequence[int]) -> None:
    """Sessions of maintenance, each rated before its dose."""
    for day, total in zip(days, totals, strict=True):
        which = ("cssrs_screener", "phq9", "who5")
        others(case, total, day=day, timing=Timing.BEFORE_DOSE, which=which)
        madrs(case, total, day=day, timing=Timing.BEFORE_DOSE)
        sat(case, course, start_on(case, day))


def every(days: int, count: int, *, until: date) -> list[date]:
    """So many days, one apart from the other, of which the last is ``until``."""
    return [until - timedelta(days=days * back) for back in range(count)][::-1]


def whole_course(case: Case) -> None:
    """As chance has it: a response is maintained for some months, else treatment is stopped."""
    ill = illness(case.chance)
    last = case.ago(case.chance.randint(20, 330))
    last = last - timedelta(days=max(0, last.weekday() - 4))
    course = begun(case, last=last, given=6, ill=ill)
    total = ill.madrs(6, case.chance)
    on = evaluated(case, course, last=last, total=total)
    if 2 * total > ill.start:
        decide(case, course, DecisionKind.STOP, on=on)
        return
    decide(case, course, DecisionKind.MAINTENANCE, on=on)
    days = [last + timedelta(days=28 * n) for n in range(1, 4)]
    due = [day for day in days if day < case.today]
    maintained(case, course, due, [ill.madrs(6, case.chance) for _ in due])
    if len(due) == len(days) and case.chance.random() < 0.6:
        decide(case, course, DecisionKind.STOP, on=after(due[-1]))
