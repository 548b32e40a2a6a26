"""Has the depression come back, and from which day?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from .response import Total
from .trajectory import Rating, course_figures, days_between


class RelapseDefinition(StrEnum):
    """``janssen`` is OUT-REL, ``lysglimt`` is OUT-REL-D."""

    JANSSEN = "janssen"
    LYSGLIMT = "lysglimt"


class RelapseSign(StrEnum):
    """What showed it."""

    RATINGS = "ratings"
    LOSS = "loss"
    EVENT = "event"


class RelapseEventKind(StrEnum):
    ADMISSION = "admission"
    SUICIDE_ATTEMPT = "suicide_attempt"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True)
class RelapseEvent:
    kind: RelapseEventKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Relapse:
    """Dated by the first of the two ratings, or by the event."""

    at: datetime
    sign: RelapseSign


def relapse(
    definition: RelapseDefinition,
    *,
    baseline: Total,
    follow_up: Sequence[Rating],
    events: Sequence[RelapseEvent] = (),
) -> Relapse | None:
    """The first relapse. ``follow_up`` are MADRS ratings in time order, after the response.

    None when nothing meets the definition: also when a single high rating has no second yet.
    """
    found = [*_by_ratings(follow_up), *(Relapse(one.at, RelapseSign.EVENT) for one in events)]
    if definition is RelapseDefinition.LYSGLIMT:
        found += _by_loss(baseline, follow_up)
    return min(found, key=lambda one: one.at, default=None)


def _by_ratings(follow_up: Sequence[Rating]) -> Iterator[Relapse]:
    """Two consecutive high ratings, 5 to 15 days apart. [OUT-REL]

    Consecutive: every rating between the two is as high, so that a denser series loses nothing.
    """
    rule = course_figures().relapse
    for first, start in enumerate(follow_up):
        for then in follow_up[first:]:
            if then.total < rule.total.value:
                break
            apart = days_between(start.at, then.at)
            if rule.apart_from.value.days <= apart <= rule.apart_to.value.days:
                yield Relapse(start.at, RelapseSign.RATINGS)
                break


def _by_loss(baseline: Total, follow_up: Sequence[Rating]) -> Iterator[Relapse]:
    """High, and half of the improvement lost, and again within 14 days. [OUT-REL-D]"""
    rule = course_figures().loss
    lost = [
        rating
        for n, rating in enumerate(follow_up)
        if _has_lost(baseline, [one.total for one in follow_up[: n + 1]])
    ]
    for first, start in enumerate(lost):
        later = [days_between(start.at, then.at) for then in lost[first + 1 :]]
        if any(apart <= rule.within.value.days for apart in later):
            yield Relapse(start.at, RelapseSign.LOSS)


def _has_lost(baseline: Total, totals: Sequence[Total]) -> bool:
    """Is the last of the totals high, with half of baseline-to-best gone? Best is the lowest so far."""
    rule, current, best = course_figures().loss, totals[-1], min(totals)
    gained = Fraction(baseline) - Fraction(best)
    if gained <= 0 or current < rule.total.value:
        return False
    return (Fraction(current) - Fraction(best)) * 100 >= gained * Fraction(rule.lost.value)
