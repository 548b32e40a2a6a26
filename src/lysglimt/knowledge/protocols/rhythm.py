"""Is any instrument asked more often than it looks back?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from lysglimt.knowledge.errors import Inconsistent
from lysglimt.knowledge.instruments.instrument import instrument

from .protocol import WEEK, Protocol, RatingPlan, When, days

SHORTEST_MONTH, SHORTEST_YEAR = 28, 365


def refuse_crowded_run(protocol: Protocol) -> None:
    """Raises Inconsistent when the sessions do not fit in the time set for them."""
    run = protocol.induction
    if run.within and run.sessions:
        least = nearest(protocol, run.sessions.value - 1) + 1
        if days(run.within) < least:
            raise Inconsistent(
                f"induction.within: {run.sessions.value} sessions take at least {least} days, "
                f"not {days(run.within)}"
            )


def refuse_too_frequent(protocol: Protocol) -> None:
    """Raises Inconsistent, naming the rating, when a plan outruns its recall window."""
    for name in dict.fromkeys(plan.instrument for plan in protocol.ratings):
        asked = sorted(_occurrences(protocol, name), key=lambda one: one.moment)
        for earlier, later in pairwise(asked):
            _refuse_overlap(protocol, (earlier, later))
    for n, plan in enumerate(protocol.ratings, start=1):
        window = window_days(plan)
        shortest = _shortest_repeat(protocol, plan)
        if shortest is not None and shortest < window:
            raise _refusal(n, plan, (shortest, window))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One rating of the run: its plan, and the session it hangs on with the days of delay."""

    number: int
    plan: RatingPlan
    moment: tuple[int, int]


def nearest(protocol: Protocol, steps: int) -> int:
    """The fewest calendar days in which ``steps`` sessions can follow a session."""
    run = protocol.induction
    gap = days(run.minimum_gap) if run.minimum_gap else 1
    per_week = run.per_week.value if run.per_week else WEEK
    at = [0]
    for step in range(1, steps + 1):
        after_week = at[step - per_week] + WEEK if step >= per_week else 0
        at.append(max(at[-1] + gap, after_week))
    return at[-1]


def _occurrences(protocol: Protocol, name: str) -> Iterator[Occurrence]:
    run = protocol.induction.sessions
    last = run.value if run else 2
    for number, plan in enumerate(protocol.ratings, start=1):
        if plan.instrument != name:
            continue
        delay = days(plan.after) if plan.after else 0
        match plan.when:
            case When.BASELINE:
                yield Occurrence(number, plan, (1, 0))
            case When.BEFORE_SESSION | When.AFTER_SESSION:
                for session in plan.sessions or range(1, last + 1):
                    yield Occurrence(number, plan, (session, delay))
            case When.AFTER_LAST_DOSE:
                yield Occurrence(number, plan, (last, delay))
            case When.EVALUATION if run:
                yield Occurrence(number, plan, (last, days(protocol.evaluation.earliest)))
            case _:
                pass


def _refuse_overlap(protocol: Protocol, pair: tuple[Occurrence, Occurrence]) -> None:
    earlier, later = pair
    if earlier.moment == later.moment:
        return
    between = nearest(protocol, later.moment[0] - earlier.moment[0])
    between += later.moment[1] - earlier.moment[1]
    window = window_days(later.plan)
    if between < window:
        raise _refusal(later.number, later.plan, (between, window))


def window_days(plan: RatingPlan) -> int:
    """How far back the instrument looks; 0 where any gap is allowed. Raises Unknown."""
    recall = instrument(plan.instrument).recall
    window = recall.variant(plan.recall).length if plan.recall else recall.window
    return -(-window // timedelta(days=1)) if window else 0


def _shortest_repeat(protocol: Protocol, plan: RatingPlan) -> int | None:
    """Days between two of one plan in maintenance or follow-up; None where it is asked once."""
    if plan.when is When.MAINTENANCE and protocol.maintenance:
        stages = protocol.maintenance.stages
        return (
            days(plan.after) if plan.after else min(days(s.shortest or s.every) for s in stages)
        )
    if plan.when is When.FOLLOW_UP and protocol.follow_up:
        months = plan.months or tuple(month.value for month in protocol.follow_up.months)
        gaps = [later - earlier for earlier, later in pairwise((0, *sorted(months)))]
        return min(_fewest_days(gap) for gap in gaps)
    return None


def _fewest_days(months: int) -> int:
    return months // 12 * SHORTEST_YEAR + months % 12 * SHORTEST_MONTH


def _refusal(number: int, plan: RatingPlan, days_apart: tuple[int, int]) -> Inconsistent:
    between, window = days_apart
    return Inconsistent(
        f"ratings.{number}: {plan.instrument} {plan.when} would come {between} days after "
        f"the one before, but it looks back {window} days"
    )
