"""Has the depression come back since a response was to be kept? [OUT-REL, OUT-REL-D]"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from lysglimt.knowledge.outcomes.relapse import (
    Relapse,
    RelapseDefinition,
    RelapseSign,
    relapse,
)
from lysglimt.knowledge.outcomes.trajectory import Rating, course_figures

from .facts import RatingGiven
from .grounds import ground
from .state import Ground
from .trend import effect, evaluation_rating, rated, start_rating
from .way import Way

INSTRUMENT = "madrs"
"""The definitions are made for it."""


def relapsed(way: Way, *, until: date) -> Ground | None:
    """Why the course counts as relapsed; None also when a doctor has answered the last rating."""
    ratings, start = awaited(way, until=until), start_rating(way)
    if not ratings or start is None:
        return None
    found = relapse(
        RelapseDefinition.LYSGLIMT, baseline=start.total, follow_up=[*map(_dated, ratings)]
    )
    return _worded(found) if found else None


def suspected(way: Way, *, until: date) -> Ground | None:
    """The last rating is as high as a relapse, and no second one says so yet."""
    ratings, rule = awaited(way, until=until), course_figures().relapse
    if not ratings or ratings[-1].total < rule.total.value:
        return None
    return ground(
        "relapse-suspected",
        total=ratings[-1].total,
        on=ratings[-1].on,
        limit=str(rule.total.value),
        least=rule.apart_from.value.days,
        most=rule.apart_to.value.days,
    )


def awaited(way: Way, *, until: date) -> Sequence[RatingGiven]:
    """Ratings since the response that nobody has decided on; none when there was no response."""
    if way.since is None or way.protocol.evaluation.instrument != INSTRUMENT:
        return ()
    helped = effect(way, evaluation_rating(way, until=way.since))
    if helped is None or not (helped.response or helped.remission):
        return ()
    ratings = rated(way, after=way.since, until=until)
    decided = [day for day in (*way.continued, way.shifted) if day]
    return () if ratings and any(ratings[-1].on <= day for day in decided) else ratings


def _dated(rating: RatingGiven) -> Rating:
    at = datetime.combine(rating.on, time(), tzinfo=UTC)
    return Rating(rating.instrument, at, rating.total, recall="")


def _worded(found: Relapse) -> Ground:
    since, rule, loss = found.at.date(), course_figures().relapse, course_figures().loss
    if found.sign is RelapseSign.RATINGS:
        return ground(
            "relapse-by-ratings",
            since=since,
            limit=str(rule.total.value),
            least=rule.apart_from.value.days,
            most=rule.apart_to.value.days,
        )
    return ground(
        "relapse-by-loss",
        since=since,
        limit=str(loss.total.value),
        lost=str(loss.lost.value),
        within=loss.within.value.days,
    )
