"""Every phase and every trouble, each as the story of one patient; the first ones matter most."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.actions import Refused
from lysglimt.clinic.referral.models import DecisionKind
from lysglimt.knowledge.protocols.facts import DecisionKind as Step

from . import today
from .before import assessed, decided, referred
from .case import Case, workday
from .courses import decide, planned
from .treated import PARTLY, REMITS, RESPONDS, begun, evaluated, maintained

Story = Callable[[Case], object]


def yesterday(case: Case) -> date:
    return workday(case.ago(1))


def new_referral(case: Case) -> None:
    referred(case, on=workday(case.ago(2)))


def assessment_overdue(case: Case) -> None:
    referred(case, on=workday(case.ago(26)))


def waiting(case: Case) -> None:
    """Accepted later, with a named contact who was to ring by now."""
    letter = referred(case, on=case.ago(60))
    assessment = assessed(case, letter, on=case.ago(52))
    decided(case, assessment, DecisionKind.WAIT, on=case.ago(52))
    referral.name_contact(
        referral=letter,
        contact=case.nurse,
        every_days=28,
        by=case.coordinator,
        at=case.at(case.ago(50), "10:00"),
    )


def refused(case: Case) -> None:
    letter = referred(case, on=case.ago(35))
    changes = {"ratings.madrs": 14, "ratings.hdrs17": 10}
    assessment = assessed(case, letter, on=case.ago(28), changes=changes)
    told = Refused(
        grounds="Depresjonen er for tiden lett til moderat, og vilkårene er ikke oppfylt.",
        plan="Kognitiv terapi ved DPS; ny henvisning hvis tilstanden forverres.",
        complaint_route="Klage sendes klinikken innen fire uker og avgjøres av Statsforvalteren.",
    )
    at = case.at(case.ago(27), "11:00")
    referral.refuse(assessment=assessment, refused=told, by=case.doctor, at=at)


def questions(case: Case) -> None:
    letter = referred(case, on=case.ago(12))
    changes = {"ratings.ymrs": None, "bodily.pregnant": None, "bodily.pregnancy_possible": True}
    assessed(case, letter, on=case.ago(5), changes=changes)


def planned_course(case: Case) -> None:
    planned(case, start=case.today + timedelta(days=3), ill=RESPONDS)


def in_induction(given: int) -> Story:
    def tell(case: Case) -> None:
        begun(case, last=yesterday(case), given=given)

    return tell


def evaluation_due(case: Case) -> None:
    begun(case, last=yesterday(case), given=6)


def partial_at_six(case: Case) -> None:
    last = workday(case.ago(3))
    course = begun(case, last=last, given=6, ill=PARTLY)
    evaluated(case, course, last=last, total=22)


def remission_at_four(case: Case) -> None:
    last = workday(case.ago(2))
    begun(case, last=last, given=4, ill=REMITS)


def maintenance(case: Case) -> None:
    last = case.ago(75)
    course = begun(case, last=last, given=6)
    on = evaluated(case, course, last=last, total=9)
    decide(case, course, Step.MAINTENANCE, on=on)
    maintained(case, course, [last + timedelta(days=28 * n) for n in (1, 2)], [11, 12])


STORIES: Mapping[str, Story] = {
    "mid-induction-3": in_induction(3),
    "infusing": today.infusing,
    "before-start": today.before_start,
    "observation-outside-range": today.observed_high,
    "ready-for-home": today.ready,
    "later-today": today.later_today,
    "gone-home": today.gone_home,
    "new-referral": new_referral,
    "assessment-overdue": assessment_overdue,
    "waiting": waiting,
    "refused": refused,
    "questions": questions,
    "planned": planned_course,
    "evaluation-due": evaluation_due,
    "partial-at-six": partial_at_six,
    "remission-at-four": remission_at_four,
    "maintenance": maintenance,
    "mid-induction-1": in_induction(1),
    "mid-induction-5": in_induction(5),
}
