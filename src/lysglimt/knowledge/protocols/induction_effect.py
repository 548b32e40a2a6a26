"""What the first run of sessions led to, whatever was decided afterwards."""

from dataclasses import dataclass, replace
from datetime import date

from .course import course_state
from .effect import evaluated
from .facts import CourseFacts, DecisionKind, RatingGiven, Timing
from .protocol import Protocol
from .state import Outcome, Phase

OF_THE_RUN = {DecisionKind.END_INDUCTION, DecisionKind.RESTART, DecisionKind.COUNT_ON}
"""Decisions that say which sessions belong to the run. The others come after it."""


@dataclass(frozen=True, slots=True)
class InductionEffect:
    """``completed`` when enough sessions counted or it was ended early by decision.

    ``rating`` is that of the evaluation; ``outcome`` is None where it or the baseline is missing.
    """

    completed: bool
    rating: RatingGiven | None = None
    outcome: Outcome | None = None


def induction_effect(protocol: Protocol, facts: CourseFacts, on: date) -> InductionEffect:
    """The course as it stood when induction was over, before an extension or maintenance.

    Sessions after the run do not bear on it, nor ratings after the next dose.
    """
    of_run = tuple(one for one in facts.decisions if one.kind in OF_THE_RUN)
    run = replace(facts, decisions=of_run)
    reached = course_state(protocol, run, on).recorded
    if reached.phase is not Phase.EVALUATION or reached.since is None:
        return InductionEffect(completed=False)
    over = reached.since
    following = min((one.on for one in facts.sessions if one.on > over), default=None)
    alone = replace(
        run,
        sessions=tuple(one for one in facts.sessions if one.on <= over),
        ratings=tuple(one for one in facts.ratings if _before_dose(one, following)),
        decisions=tuple(one for one in of_run if one.on <= over),
    )
    last = max(one.on for one in alone.sessions)
    rating = evaluated(protocol.evaluation, alone.ratings, last, until=on)
    outcome = course_state(protocol, alone, on).advice.outcome
    return InductionEffect(completed=True, rating=rating, outcome=outcome)


def _before_dose(rating: RatingGiven, day: date | None) -> bool:
    if day is None or rating.on < day:
        return True
    return rating.on == day and rating.timing is not Timing.AFTER
