"""Stories of the months after: maintenance, review, relapse, follow-up and the end."""

from collections.abc import Sequence
from datetime import timedelta

from lysglimt.clinic.treatment.models import Course, Timing
from lysglimt.knowledge.protocols.facts import DecisionKind

from .case import Case
from .courses import DAY, decide
from .ratings import madrs
from .story import Story
from .treated import RESPONDS, begun, evaluated, maintained

EVERY = 28


def on_maintenance(case: Case, totals: Sequence[int], *, since_last: int) -> Course:
    """One session every four weeks for each total, the last so many days ago."""
    last = case.ago(since_last + EVERY * len(totals))
    course = begun(case, last=last, given=6)
    on = evaluated(case, last=last, total=9)
    decide(case, course, DecisionKind.MAINTENANCE, on=on, recommended=DecisionKind.MAINTENANCE)
    days = [last + timedelta(days=EVERY * (n + 1)) for n in range(len(totals))]
    maintained(case, course, days=days, totals=totals)
    return course


def maintenance(case: Case) -> None:
    on_maintenance(case, (11, 12), since_last=19)


def lengthened(case: Case) -> None:
    course = on_maintenance(case, (8, 7), since_last=12)
    decide(
        case,
        course,
        DecisionKind.LENGTHEN,
        on=case.ago(11),
        recommended=DecisionKind.LENGTHEN,
    )


def shortened(case: Case) -> None:
    course = on_maintenance(case, (8, 15), since_last=9)
    decide(case, course, DecisionKind.SHORTEN, on=case.ago(8), recommended=DecisionKind.SHORTEN)


def hard_review(case: Case) -> None:
    """Six months have passed since the first session: no more before a full review."""
    course = on_maintenance(case, (11, 12, 11), since_last=27 + 2 * EVERY)
    decide(case, course, DecisionKind.CONTINUE, on=case.ago(26 + 2 * EVERY))
    days = [case.ago(27 + EVERY), case.ago(27)]
    maintained(case, course, days=days, totals=(12, 11))


def relapse(case: Case) -> None:
    """Well for two months, and ill again at the last rating."""
    on_maintenance(case, (9, 11), since_last=20)
    madrs(case, 29, day=case.ago(2), timing=Timing.OTHER)


def follow_up(case: Case) -> None:
    """Stopped in remission; seen once since."""
    last = case.ago(50)
    course = begun(case, last=last, given=6, ill=RESPONDS)
    on = evaluated(case, last=last, total=8)
    decide(case, course, DecisionKind.STOP, on=on, recommended=DecisionKind.MAINTENANCE)
    madrs(case, 10, day=last + 31 * DAY, timing=Timing.FOLLOW_UP)


def closed(case: Case) -> None:
    """A course a year ago, followed up and closed."""
    last = case.ago(400)
    course = begun(case, last=last, given=6, ill=RESPONDS)
    on = evaluated(case, last=last, total=11)
    decide(case, course, DecisionKind.STOP, on=on, recommended=DecisionKind.MAINTENANCE)
    for days, total in ((30, 12), (91, 13), (183, 12), (366, 14)):
        madrs(case, total, day=last + days * DAY, timing=Timing.FOLLOW_UP)
    decide(case, course, DecisionKind.CLOSE, on=last + 380 * DAY)


MAINTAINING = (
    Story("maintenance", maintenance),
    Story("relapse", relapse),
    Story("maintenance-lengthened", lengthened),
    Story("maintenance-shortened", shortened),
    Story("hard-review", hard_review),
    Story("follow-up", follow_up),
    Story("closed", closed),
)
