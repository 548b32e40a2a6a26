"""Stories of the first six sessions, and of what may go wrong in them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lysglimt.clinic.chairside import actions as chair
from lysglimt.clinic.chairside.models import VitalSet
from lysglimt.clinic.scheduling import actions as scheduling
from lysglimt.clinic.scheduling.models import AppointmentState
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.actions import Away
from lysglimt.clinic.treatment.models import Consent, SessionGiven, Timing
from lysglimt.knowledge.protocols.facts import DecisionKind, StopGround, TriggerKind

from .case import Case, entered, workday
from .courses import DAY, Plan, decide
from .ratings import madrs, rate, rated, summing
from .sitting import Run, booked, sat
from .story import Story
from .suicidality import plan_made
from .treated import (
    PARTLY,
    REMITS,
    UNMOVED,
    after,
    begun,
    evaluated,
    start_on,
)


def yesterday(case: Case) -> date:
    return workday(case.ago(1))


def in_induction(given: int) -> Callable[[Case], None]:
    def tell(case: Case) -> None:
        begun(case, last=yesterday(case), given=given)

    return tell


def ended_early(case: Case) -> None:
    """The third infusion was stopped after a third of it: exposure that does not count."""
    early = Run(stop=14, ended="Uttalt angst; pasienten ønsket å avbryte.")
    begun(case, last=yesterday(case), given=3, runs={3: early})


def missed(case: Case) -> None:
    """Did not come yesterday."""
    course = begun(case, last=workday(case.ago(5)), given=3)
    appointment = booked(case, course, start_on(case, case.ago(1)))
    scheduling.mark(
        appointment=appointment,
        state=AppointmentState.NO_SHOW,
        by=case.coordinator,
        at=case.at(case.ago(1), "15:30"),
        reason="Kom ikke og svarte ikke på telefon.",
    )


def broken(case: Case) -> None:
    begun(case, last=workday(case.ago(11)), given=3)


def paused(case: Case) -> None:
    course = begun(case, last=yesterday(case), given=2)
    away = Away(first_day=case.today, last_day=case.ago(-5), why="Begravelse i familien")
    at = case.at(case.today, "08:00")
    treatment.pause_course(course=course, away=away, by=case.doctor, at=at)


def let_through(case: Case) -> None:
    """The start gate found a new medicine; the doctor answered for it by name."""
    why = "Ny smertestillende, gjennomgått: ingen betydning for økten."
    begun(case, last=yesterday(case), given=2, runs={2: Run(override=why)})


def entered_late(case: Case) -> None:
    """Charted on paper and entered an hour later."""
    begun(case, last=yesterday(case), given=4, runs={4: Run(late=60)})


def evaluation_due(case: Case) -> None:
    begun(case, last=yesterday(case), given=6)


def partial_at_six(case: Case) -> None:
    last = workday(case.ago(3))
    begun(case, last=last, given=6, ill=PARTLY)
    evaluated(case, last=last, total=23)


def extended(case: Case) -> None:
    """Partly better after six, so two more are given; one of them is."""
    last = workday(case.ago(7))
    course = begun(case, last=last, given=6, ill=PARTLY)
    on = evaluated(case, last=last, total=23)
    decide(case, course, DecisionKind.EXTEND, on=on, recommended=DecisionKind.EXTEND)
    sat(case, course, start_on(case, case.ago(1)))


def remission_at_four(case: Case) -> None:
    begun(case, last=workday(case.ago(2)), given=4, ill=REMITS)


def futile(case: Case) -> None:
    """No better after four; stopped for futility."""
    last = workday(case.ago(9))
    course = begun(case, last=last, given=4, ill=UNMOVED)
    decide(case, course, DecisionKind.STOP, on=after(last) + DAY, ground=StopGround.FUTILITY)


def consent_withdrawn(case: Case) -> None:
    course = begun(case, last=workday(case.ago(3)), given=2)
    at = case.at(case.ago(1), "10:20")
    consent = Consent.objects.given().get(patient=case.patient)
    treatment.withdraw_consent(
        consent=consent, entered=entered(at), by=case.nurse, at=at, note="Ringte selv."
    )
    treatment.record_trigger(
        course=course,
        kind=TriggerKind.CONSENT_WITHDRAWN,
        entered=entered(at),
        by=case.nurse,
        at=at,
    )


def harmed(case: Case) -> None:
    """A red threshold was passed, and the course was stopped."""
    last = workday(case.ago(6))
    high = Run(stop=22, ended="Blodtrykk over rød grense to ganger.", high=True)
    course = begun(case, last=last, given=2, runs={2: high})
    at = case.at(last, "15:00")
    treatment.record_trigger(
        course=course,
        kind=TriggerKind.RED_THRESHOLD,
        entered=entered(at),
        by=case.doctor,
        at=at,
    )
    decide(case, course, DecisionKind.STOP, on=after(last), ground=StopGround.HARM)


def thoughts_yesterday(case: Case) -> None:
    """A positive answer opened a task, and nobody has taken it."""
    begun(case, last=workday(case.ago(2)), given=3)
    rate(
        case, "cssrs_screener", THOUGHTS, day=case.ago(1), timing=Timing.NEXT_DAY, clock="12:00"
    )


ONE_AND_A_HALF = Decimal("1.5")
THOUGHTS = {"i1": 1, "i2": 1, "i3": 0, "i4": 0, "i5": 0, "i6": 0}


def thoughts_again(case: Case) -> None:
    """The same answer came again while the task was open: it is added to it."""
    begun(case, last=workday(case.ago(4)), given=2)
    for ago in (3, 1):
        day = case.ago(ago)
        rate(case, "cssrs_screener", THOUGHTS, day=day, timing=Timing.OTHER, clock="12:00")
    plan_made(case.patient, by=case.nurse, at=case.at(case.ago(2), "13:00"))


def corrected(case: Case) -> None:
    """A rating, a set of observations and a dose were corrected, each with its reason."""
    last = yesterday(case)
    course = begun(case, last=last, given=2)
    at = case.at(last, "15:45")
    wrong = madrs(case, 33, day=last, timing=Timing.BEFORE_DOSE, clock="08:50")
    right = summing("madrs", 30, case.chance)
    treatment.correct_rating(
        rating=wrong,
        rated=rated(case, "madrs", right, timing=Timing.BEFORE_DOSE),
        by=case.nurse,
        at=at,
        reason="Ledd 3 var tastet feil.",
    )
    chair.correct(
        fact=VitalSet.objects.in_force().filter(session__course=course)[0],
        by=case.nurse,
        at=at,
        reason="Lest av feil linje på monitoren.",
        systolic=131,
    )
    given = SessionGiven.objects.numbered().filter(course=course)[0]
    treatment.correct(
        fact=given,
        by=case.nurse,
        at=at,
        reason="Pumpeloggen viser mindre enn kurven.",
        delivered_mg=(given.delivered_mg or ONE_AND_A_HALF) - ONE_AND_A_HALF,
    )


def unrated(case: Case) -> None:
    """Nobody rated between the baseline and now, and the window of the evaluation has closed."""
    begun(case, last=workday(case.ago(8)), given=6, plan=replace(Plan(), ratings=False))


INDUCING = (
    Story("mid-induction-3", in_induction(3)),
    *(Story(f"mid-induction-{given}", in_induction(given)) for given in (1, 2, 4, 5)),
    Story("evaluation-due", evaluation_due),
    Story("partial-at-six", partial_at_six),
    Story("remission-at-four", remission_at_four),
    Story("ended-early", ended_early),
    Story("missed-session", missed),
    Story("broken-induction", broken),
    Story("safety-task-open", thoughts_yesterday),
    Story("safety-task-repeated", thoughts_again),
    Story("corrected", corrected),
    Story("ratings-missing", unrated),
    Story("extended", extended),
    Story("consent-withdrawn", consent_withdrawn),
    Story("stopped-for-futility", futile),
    Story("stopped-for-harm", harmed),
    Story("paused", paused),
    Story("gate-overridden", let_through),
    Story("entered-late", entered_late),
)
