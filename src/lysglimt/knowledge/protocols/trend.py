"""What the ratings so far speak for: ending early, stopping, a longer or shorter interval."""

from datetime import date

from .conduct import counts
from .effect import after_dose, baseline, evaluated, in_remission, of_instrument, outcome
from .facts import RatingGiven, SessionGiven, Timing
from .state import Outcome
from .way import Way


def rated(way: Way, *, after: date, until: date) -> tuple[RatingGiven, ...]:
    """Ratings of the instrument of evaluation, later than one day and not later than another."""
    own = of_instrument(way.facts.ratings, way.protocol.evaluation.instrument)
    return tuple(rating for rating in own if after < rating.on <= until)


def start_rating(way: Way) -> RatingGiven | None:
    """The baseline of the run."""
    if not way.run:
        return None
    return baseline(way.protocol.evaluation, way.facts.ratings, way.run[0].on)


def evaluation_rating(way: Way, *, until: date) -> RatingGiven | None:
    if not way.run:
        return None
    last = way.run[-1].on
    return evaluated(way.protocol.evaluation, way.facts.ratings, last, until=until)


def effect(way: Way, now: RatingGiven | None) -> Outcome | None:
    return outcome(way.protocol, start_rating(way), now)


def latest_effect(way: Way, *, until: date) -> Outcome | None:
    """At the latest rating since the first session of the run."""
    if not way.run:
        return None
    later = rated(way, after=way.run[0].on, until=until)
    return effect(way, later[-1] if later else None)


def ends_early(way: Way, *, until: date) -> bool:
    """Enough sessions count, and the last rating late enough in the run is remission."""
    early, evaluation = way.protocol.induction.may_end_early, way.protocol.evaluation
    if early is None or way.counted < early.after.value:
        return False
    session = _counted(way)[early_from(early.after.value) - 1]
    later = [
        rating
        for rating in of_instrument(way.facts.ratings, evaluation.instrument)
        if after_dose(rating, session) and rating.on <= until
    ]
    return bool(later) and in_remission(way.protocol, later[-1]) is True


def _counted(way: Way) -> tuple[SessionGiven, ...]:
    """The sessions of the run that are not exposure alone."""
    return tuple(session for session in way.run if counts(way, session))


def early_from(sessions: int) -> int:
    """A rating from the session before the last needed is late enough."""
    return max(1, sessions - 1)


def futile(way: Way, *, until: date) -> bool:
    """No improvement after the session of EV-3, none since, and nobody has answered it."""
    rule = way.protocol.induction.futility
    if rule is None or len(way.run) < rule.at.value:
        return False
    session, *later = way.run[rule.at.value - 1 :]
    asked = [
        rating
        for rating in rated(way, after=session.on, until=until)
        if not later or rating.on < later[0].on or _before_dose(rating, later[0].on)
    ]
    if not asked or any(asked[0].on <= day for day in way.continued):
        return False
    seen = [effect(way, asked[0]), latest_effect(way, until=until)]
    return all(one and one.reduction * 100 < rule.improvement_below.value for one in seen)


def _before_dose(rating: RatingGiven, day: date) -> bool:
    return rating.on == day and rating.timing is not Timing.AFTER


def lengthens(way: Way, *, until: date) -> bool:
    """Low often enough in maintenance, counted anew from the last change of interval."""
    review = way.protocol.maintenance.review if way.protocol.maintenance else None
    since = way.shifted or way.since
    if review is None or since is None or way.moved_by(lengthen=True) == 0:
        return False
    low = [
        one.total <= review.lengthen_at.value for one in rated(way, after=since, until=until)
    ]
    times = review.lengthen_after.value
    return len(low) >= times and all(low[-times:])


def shortens(way: Way, *, until: date) -> bool:
    """Risen enough above the lowest since the rating on which the interval rests."""
    review = way.protocol.maintenance.review if way.protocol.maintenance else None
    if review is None or not way.run or way.moved_by(lengthen=False) == 0:
        return False
    ratings = rated(way, after=way.run[-1].on, until=until)
    if way.shifted:
        resting = [one for one in ratings if one.on <= way.shifted]
        ratings = (*resting[-1:], *(one for one in ratings if one.on > way.shifted))
    if not ratings:
        return False
    lowest = min(one.total for one in ratings)
    return ratings[-1].total - lowest >= review.shorten_at_rise.value
