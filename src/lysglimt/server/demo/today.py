"""Those who are at the clinic right now, each at another point of the session."""

from datetime import datetime, timedelta

from lysglimt.clinic.chairside.models import ChairEventKind
from lysglimt.clinic.scheduling.models import Chair
from lysglimt.clinic.treatment.models import Course
from lysglimt.knowledge.dosing.delivery import PauseReason

from .case import Case
from .courses import planned, session_days
from .sitting import MINUTE, Run, booked, sat
from .story import Story
from .treated import RESPONDS, Way, give, rate_before


def expected(case: Case, *, given: int) -> Course:
    """So many sessions are given, and one more is today's."""
    days = session_days(case.today, given + 1)
    course = planned(case, start=days[0], ill=RESPONDS)
    give(case, course, days[:-1], way=Way(RESPONDS))
    return course


def seated(case: Case, *, given: int, minute: int, run: Run, chair: int) -> None:
    """Today's session, of which this many minutes have passed since the infusion started."""
    course = expected(case, given=given)
    rate_before(case, RESPONDS, case.today, number=given + 1)
    start = case.setting.now - minute * MINUTE
    sat(case, course, start, run=run, place=place(case, chair))


def place(case: Case, chair: int) -> Chair:
    return case.clinic.chairs[chair]


def later_today(case: Case) -> None:
    """Booked for this afternoon; nothing has been opened yet."""
    course = expected(case, given=1)
    booked(case, course, this_afternoon(case), place=place(case, 0))


def this_afternoon(case: Case) -> datetime:
    return case.setting.now + timedelta(hours=3)


def before_start(case: Case) -> None:
    """In the chair: the order is signed, the first set measured, the gate not gone through."""
    seated(case, given=2, minute=-15, run=Run(until=-20), chair=1)


def infusing(case: Case) -> None:
    """Paused for the blood pressure and running again; the last observation is overdue."""
    run = Run(
        until=24,
        pause=(12, 17),
        why=PauseReason.BLOOD_PRESSURE,
        skip=frozenset({20}),
        event=ChairEventKind.NAUSEA,
    )
    seated(case, given=3, minute=27, run=run, chair=2)


def observed_high(case: Case) -> None:
    """After the infusion, with a pressure outside the planned range."""
    seated(case, given=1, minute=58, run=Run(until=56, high=True), chair=3)


def ready(case: Case) -> None:
    """An hour after the stop; all is measured, and both signatures are missing."""
    seated(case, given=4, minute=117, run=Run(until=116), chair=4)


def gone_home(case: Case) -> None:
    start = case.setting.now - timedelta(hours=3)
    course = expected(case, given=2)
    rate_before(case, RESPONDS, case.today, number=3)
    sat(case, course, start, run=Run())


HERE = (
    Story("infusing", infusing),
    Story("before-start", before_start),
    Story("observation-outside-range", observed_high),
    Story("ready-for-home", ready),
    Story("later-today", later_today),
    Story("gone-home", gone_home),
)
