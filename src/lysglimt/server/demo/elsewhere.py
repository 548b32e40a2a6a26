"""Stories on other protocols, and of the private clinic, which charts and asks for no advice."""

from datetime import date, timedelta
from decimal import Decimal

from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Course, Timing
from lysglimt.knowledge.protocols.facts import DecisionKind

from . import arriving
from .case import Case, entered, workday
from .cast import PRIVATE
from .courses import Plan, decide, planned, session_days
from .ratings import madrs, others
from .story import Story
from .treated import RESPONDS, begun, evaluated, start_on

NASAL_MINUTES, ECT_MINUTES = 10, 5
FIRST_NASAL, NASAL = Decimal(56), Decimal(84)


def recorded(
    case: Case, course: Course, day: date, *, minutes: int, mg: Decimal | None = None
) -> None:
    start = start_on(case, day)
    given = treatment.Given(
        started_at=start,
        stopped_at=start + timedelta(minutes=minutes),
        prescribed_mg=mg,
        delivered_mg=mg,
    )
    treatment.record_session(
        course=course, given=given, entered=entered(start), by=case.nurse, at=start
    )


def esketamine(case: Case) -> None:
    """Eight by the label, and then one a week."""
    last = workday(case.ago(16))
    days = session_days(last, 8)
    plan = Plan(protocol="esketamine-adult")
    course = planned(case, start=days[0], ill=RESPONDS, plan=plan)
    for number, day in enumerate(days):
        others(
            case,
            30 - 2 * number,
            day=day,
            timing=Timing.BEFORE_DOSE,
            which=("cssrs_screener",),
        )
        recorded(case, course, day, minutes=NASAL_MINUTES, mg=NASAL if number else FIRST_NASAL)
    on = evaluated(case, last=last, total=12)
    decide(case, course, DecisionKind.MAINTENANCE, on=on)
    for weeks in (1, 2):
        recorded(case, course, last + timedelta(weeks=weeks), minutes=NASAL_MINUTES, mg=NASAL)


def ect(case: Case) -> None:
    """Recorded for comparison: seven of twelve, three a week."""
    start = workday(case.ago(24))
    course = planned(case, start=start, ill=RESPONDS, plan=Plan(protocol="ect"))
    for days in (0, 2, 4, 7, 9, 11, 14):
        recorded(case, course, start + timedelta(days=days), minutes=ECT_MINUTES)
    madrs(case, 21, day=start + timedelta(days=15), timing=Timing.NEXT_DAY)


PRIVATE_PLAN = Plan(protocol="private-clinic")


def privately_planned(case: Case) -> None:
    planned(case, start=case.ago(-2), ill=RESPONDS, plan=PRIVATE_PLAN)


def privately_treated(case: Case) -> None:
    begun(case, last=workday(case.ago(3)), given=2, plan=PRIVATE_PLAN)


def privately_evaluated(case: Case) -> None:
    last = workday(case.ago(20))
    course = begun(case, last=last, given=4, plan=PRIVATE_PLAN)
    on = evaluated(case, last=last, total=15)
    decide(case, course, DecisionKind.STOP, on=on)


ELSEWHERE = (
    Story("journal-mode", privately_treated, house=PRIVATE),
    Story("esketamine", esketamine),
    Story("ect", ect),
    Story("private-referral", arriving.new_referral, house=PRIVATE),
    Story("private-planned", privately_planned, house=PRIVATE),
    Story("private-evaluated", privately_evaluated, house=PRIVATE),
)
