"""Which rating is the baseline, which is the evaluation, and what lies between them."""

from collections.abc import Sequence
from datetime import date

from lysglimt.knowledge.outcomes.response import Change, remission

from .facts import RatingGiven, SessionGiven, Timing
from .protocol import Evaluation, Protocol, days
from .state import Outcome

Run = Sequence[SessionGiven]
Ratings = Sequence[RatingGiven]


def after_dose(rating: RatingGiven, session: SessionGiven) -> bool:
    """On a later day, or on the day of the session and said to be after its dose."""
    return rating.on > session.on or (rating.on == session.on and rating.timing is Timing.AFTER)


def of_instrument(ratings: Ratings, instrument: str) -> tuple[RatingGiven, ...]:
    """In the order of their days; of two on one day the higher total is the later."""
    own = [rating for rating in ratings if rating.instrument == instrument]
    return tuple(sorted(own, key=lambda one: (one.on, one.timing is Timing.AFTER, one.total)))


def baseline(evaluation: Evaluation, ratings: Ratings, start: date) -> RatingGiven | None:
    """The last rating within the window and before the first dose.

    One of the day of the first dose is taken only when it says that it came before.
    """
    fits = [
        rating
        for rating in of_instrument(ratings, evaluation.instrument)
        if 0 <= (start - rating.on).days <= days(evaluation.baseline_within)
        and (rating.on < start or rating.timing is Timing.BEFORE)
    ]
    last = [rating for rating in fits if rating.on == fits[-1].on]
    # Of two that day the lower: it takes less improvement for granted.
    return min(last, key=lambda one: one.total, default=None)


def evaluated(
    evaluation: Evaluation, ratings: Ratings, last: date, *, until: date
) -> RatingGiven | None:
    """The last rating inside the window after the last session, else the first beyond it.

    The window counts calendar days: facts carry dates, so the morning after is day 1 though
    24 hours have not passed. By the clock it is judged in ``outcomes.trajectory``.
    """
    opens, closes = days(evaluation.earliest), days(evaluation.latest)
    later = [
        rating
        for rating in of_instrument(ratings, evaluation.instrument)
        if (rating.on - last).days >= opens and rating.on <= until
    ]
    inside = [rating for rating in later if (rating.on - last).days <= closes]
    return inside[-1] if inside else next(iter(later), None)


def outcome(
    protocol: Protocol, start: RatingGiven | None, now: RatingGiven | None
) -> Outcome | None:
    """None where a change cannot be computed: no baseline, one of 0, or no later rating."""
    if start is None or now is None or start.total <= 0:
        return None
    change = Change(start.total, now.total)
    return Outcome(
        baseline=start,
        current=now,
        reduction=change.reduction,
        response=change.response,
        partial=change.partial,
        remission=in_remission(protocol, now),
    )


def in_remission(protocol: Protocol, rating: RatingGiven) -> bool | None:
    """By the protocol's own definition; None where it has none for this instrument."""
    chosen = protocol.remission
    if chosen is None or chosen.instrument != rating.instrument:
        return None
    return remission(rating.instrument, rating.total).get(chosen.definition)
