"""Sessions given one after another, the ratings between them, and the evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, Timing
from lysglimt.knowledge.protocols.facts import DecisionKind

from .case import SATURDAY, Case, entered, workday
from .courses import DAY, USUAL, Plan, decide, planned, session_days
from .modelled import modelled
from .ratings import Ill, Illness, madrs, others
from .sitting import INFUSION, MINUTE, Run, sat

CHARTED_DAYS = 21
GIVEN = 6
"""Sessions of an ordinary induction."""
VISITS, CLOSED_AFTER = (31, 91), 100
SEEN = 0.9
"""How many keep an appointment of follow-up."""
CLOCKS = ("09:00", "10:30", "12:00", "13:00")
MADRS_BEFORE, MADRS_AFTER = 3, 4
"""The sessions of the run before and after which the Norwegian practice rates."""
SPARSE = replace(USUAL, battery=("cssrs_screener", "phq9"))
"""Most patients of the past were rated by fewer scales."""
WHOLE = Run()
RESPONDS = Illness(start=34, floor=0.33, pace=0.5)
REMITS = Illness(start=32, floor=0.1, pace=0.9)
PARTLY = Illness(start=36, floor=0.6, pace=0.6)
UNMOVED = Illness(start=35, floor=0.97, pace=0.5)


@dataclass(frozen=True, slots=True)
class Way:
    """How the illness takes it, and which sessions go otherwise than usual, by number."""

    ill: Ill
    runs: Mapping[int, Run] = field(default_factory=dict)
    ratings: bool = True


def begun(
    case: Case,
    *,
    last: date,
    given: int,
    ill: Ill = RESPONDS,
    plan: Plan = USUAL,
    runs: Mapping[int, Run] | None = None,
) -> Course:
    """A course of which so many sessions are given, the last on a day."""
    days = session_days(last, given)
    course = planned(case, start=days[0], ill=ill, plan=plan)
    give(case, course, days, way=Way(ill, runs or {}, plan.ratings))
    return course


def give(case: Case, course: Course, days: Sequence[date], *, way: Way) -> None:
    for number, day in enumerate(days, start=1):
        if way.ratings:
            rate_before(case, way.ill, day, number=number)
        session(case, course, day, run=way.runs.get(number, WHOLE))
        if way.ratings and number == MADRS_AFTER and day + DAY <= case.today:
            total = way.ill.madrs(number, case.chance, on=day + DAY)
            madrs(case, total, day=day + DAY, timing=Timing.NEXT_DAY)


def rate_before(case: Case, ill: Ill, day: date, *, number: int) -> None:
    level = ill.madrs(number - 1, case.chance, on=day)
    others(case, level, day=day, timing=Timing.BEFORE_DOSE, which=("cssrs_screener",))
    if number == MADRS_BEFORE:
        madrs(case, level, day=day, timing=Timing.BEFORE_DOSE)


def session(case: Case, course: Course, day: date, *, run: Run = WHOLE) -> None:
    """Charted minute by minute since the unit does so; before, what was given was recorded."""
    start = start_on(case, day)
    if day >= case.ago(CHARTED_DAYS):
        sat(case, course, start, run=run)
    else:
        kept(case, course, start, run=run)


def kept(case: Case, course: Course, start: datetime, *, run: Run = WHOLE) -> None:
    """Only what was given, and when."""
    prescribed = Decimal(case.body[0]) / 2
    given = treatment.Given(
        started_at=start,
        stopped_at=start + run.stop * MINUTE,
        prescribed_mg=prescribed,
        delivered_mg=(prescribed * run.stop / INFUSION).quantize(Decimal("0.001")),
        ended_early=run.ended,
    )
    at = start + INFUSION * MINUTE
    treatment.record_session(
        course=course, given=given, entered=entered(start), by=case.nurse, at=at
    )


def start_on(case: Case, day: date) -> datetime:
    return case.at(day, case.chance.choice(CLOCKS))


def after(last: date) -> date:
    """The next workday."""
    day = last + DAY
    while day.weekday() >= SATURDAY:
        day += DAY
    return day


def evaluated(case: Case, *, last: date, total: int) -> date:
    """Everything is rated again within the window after the last session."""
    on = after(last)
    madrs(case, total, day=on, timing=Timing.EVALUATION)
    others(case, total, day=on, timing=Timing.EVALUATION)
    return on


def maintained(
    case: Case, course: Course, *, days: Sequence[date], totals: Sequence[int]
) -> None:
    """Sessions of maintenance, each rated before its dose."""
    for day, total in zip(days, totals, strict=True):
        which = ("cssrs_screener", "phq9", "who5")
        others(case, total, day=day, timing=Timing.BEFORE_DOSE, which=which)
        madrs(case, total, day=day, timing=Timing.BEFORE_DOSE)
        session(case, course, day)


def whole_course(case: Case) -> None:
    """As the model of symptoms has it: a response is maintained for three months, else it ends."""
    ill = modelled(case.chance)
    last = workday(case.ago(case.chance.randint(20, 330)))
    ill.dosed(session_days(last, GIVEN))
    course = begun(case, last=last, given=GIVEN, ill=ill, plan=SPARSE)
    total = ill.madrs(GIVEN, case.chance, on=after(last))
    on = evaluated(case, last=last, total=total)
    if 2 * total > ill.start:
        decide(case, course, DecisionKind.STOP, on=on)
        followed_up(case, course, since=last, ill=ill)
        return
    decide(case, course, DecisionKind.MAINTENANCE, on=on)
    days = [last + timedelta(days=28 * n) for n in range(1, 4)]
    due = [day for day in days if day < case.today]
    ill.dosed(due)
    totals = [ill.madrs(GIVEN, case.chance, on=day) for day in due]
    maintained(case, course, days=due, totals=totals)
    if len(due) == len(days) and after(due[-1]) <= case.today:
        decide(case, course, DecisionKind.STOP, on=after(due[-1]))
        followed_up(case, course, since=due[-1], ill=ill)


def followed_up(case: Case, course: Course, *, since: date, ill: Ill) -> None:
    """Seen after one month and three, most of them, and then closed."""
    for days in VISITS:
        day = workday(since + days * DAY)
        if day < case.today and case.chance.random() < SEEN:
            total = ill.madrs(GIVEN, case.chance, on=day)
            madrs(case, total, day=day, timing=Timing.FOLLOW_UP)
    if since + CLOSED_AFTER * DAY < case.today and case.chance.random() < SEEN:
        decide(case, course, DecisionKind.CLOSE, on=since + CLOSED_AFTER * DAY)
