"""Which ratings are due, never more often than the instrument looks back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from .calendar import days_after
from .grounds import ground
from .obstacles import start_day
from .protocol import RatingPlan, When, days
from .rhythm import window_days
from .schedule import Span, Visit, due, session_number, session_window, soonest, visits
from .state import Due, Ground, Matter, Phase
from .way import Way


def ratings_due(way: Way, on: date) -> Iterator[Due]:
    for plan in way.protocol.ratings:
        yield from PLANNED[plan.when](way, plan, on)


def _baseline(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    evaluation = way.protocol.evaluation
    if way.run or way.phase not in {Phase.PLANNED, Phase.INDUCTION}:
        return
    within = days(evaluation.baseline_within)
    planned = way.facts.planned_start if way.phase is Phase.PLANNED else None
    opens = days_after(planned, -within) if planned else on
    if not _rated_since(way, plan, days_after(start_day(way, on), -within)):
        why = ground("baseline", days=within)
        yield from _due(way, plan, Span(opens, planned), on=on, why=why)


def belongs_before(plan: RatingPlan, number: int | None, *, maintained: bool) -> bool:
    """Is it rated before the session with this number? The numbers are those of the first run."""
    if plan.when is not When.BEFORE_SESSION:
        return False
    return not plan.sessions or (not maintained and number in plan.sessions)


def _before_session(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    window, number = session_window(way, on), session_number(way)
    maintained = way.phase is Phase.MAINTENANCE
    if window is None or not belongs_before(plan, number, maintained=maintained):
        return
    if not _rated_since(way, plan, window.earliest):
        for one in _due(way, plan, window, on=on):
            yield replace(one, session=number)


def _after_session(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    number = len(way.run)
    if way.phase not in {Phase.INDUCTION, Phase.EVALUATION} or not way.run:
        return
    if plan.sessions and number not in plan.sessions:
        return
    opens = days_after(way.run[-1].on, days(plan.after) if plan.after else 0)
    closes = opens if plan.recall else max(opens, soonest(way) or opens)
    if not _rated_since(way, plan, opens):
        for one in _due(way, plan, Span(opens, closes), on=on):
            yield replace(one, session=number)


def _evaluation(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    evaluation = way.protocol.evaluation
    if way.phase is not Phase.EVALUATION or not way.run:
        return
    opens = days_after(way.run[-1].on, days(evaluation.earliest))
    closes = days_after(way.run[-1].on, days(evaluation.latest))
    if _rated_since(way, plan, opens):
        return
    if plan.instrument != evaluation.instrument:
        yield from _due(way, plan, Span(opens, closes), on=on)
        return
    why = ground(
        "evaluation", earliest=days(evaluation.earliest), latest=days(evaluation.latest)
    )
    one = due(Matter.EVALUATION, Span(opens, closes), why, on=on)
    yield replace(one, instrument=plan.instrument)


def _maintenance(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    window = session_window(way, on)
    if way.phase is not Phase.MAINTENANCE or window is None:
        return
    if not _rated_since(way, plan, window.earliest):
        for one in _due(way, plan, window, on=on):
            yield replace(one, session=session_number(way))


def _follow_up(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    if way.phase is not Phase.FOLLOW_UP:
        return
    for visit in visits(way):
        if (not plan.months or visit.month in plan.months) and not _seen(way, plan, visit):
            why = ground("follow-up", month=visit.month)
            for one in _due(way, plan, visit.window, on=on, why=why):
                yield replace(one, matter=Matter.FOLLOW_UP)


def _after_stop(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    """Soon after the decision to stop: who has not been helped is not left alone with it."""
    if way.phase is not Phase.FOLLOW_UP or way.since is None or plan.after is None:
        return
    within = days(plan.after)
    if not _rated_since(way, plan, way.since):
        window = Span(way.since, days_after(way.since, within))
        yield from _due(way, plan, window, on=on, why=ground("after-stop", days=within))


def _after_last_dose(way: Way, plan: RatingPlan, on: date) -> Iterator[Due]:
    """On its day; any answer since then will do, so that a late one covers what was missed."""
    if way.phase is not Phase.FOLLOW_UP or way.last is None or plan.after is None:
        return
    after = days(plan.after)
    day = days_after(way.last, after)
    if not _rated_since(way, plan, day):
        yield from _due(
            way, plan, Span(day, day), on=on, why=ground("after-last-dose", days=after)
        )


def _seen(way: Way, plan: RatingPlan, visit: Visit) -> bool:
    return any(
        visit.window.earliest <= day and (visit.until is None or day < visit.until)
        for day in _asked(way, plan)
    )


def _asked(way: Way, plan: RatingPlan) -> list[date]:
    """The days on which the instrument was filled in, with a total or without."""
    rated = [one.on for one in way.facts.ratings if one.instrument == plan.instrument]
    other = [one.on for one in way.facts.answered if one.instrument == plan.instrument]
    return sorted((*rated, *other))


def _rated_since(way: Way, plan: RatingPlan, day: date) -> bool:
    return any(asked >= day for asked in _asked(way, plan))


def _due(
    way: Way, plan: RatingPlan, window: Span, *, on: date, why: Ground | None = None
) -> Iterator[Due]:
    """Nothing where the window closes before the instrument may be asked again."""
    asked = _asked(way, plan)
    again = window.earliest
    if asked:
        least = days(plan.after) if plan.after and plan.when is When.MAINTENANCE else 0
        again = days_after(asked[-1], max(least, window_days(plan)))
    if window.latest and again > window.latest:
        return
    window = Span(max(window.earliest, again), window.latest)
    one = due(Matter.RATING, window, why or ground("rating"), on=on)
    if not (plan.optional and one.overdue):
        yield replace(one, instrument=plan.instrument)


PLANNED: Mapping[When, Callable[[Way, RatingPlan, date], Iterator[Due]]] = {
    When.BASELINE: _baseline,
    When.BEFORE_SESSION: _before_session,
    When.AFTER_SESSION: _after_session,
    When.EVALUATION: _evaluation,
    When.MAINTENANCE: _maintenance,
    When.FOLLOW_UP: _follow_up,
    When.AFTER_STOP: _after_stop,
    When.AFTER_LAST_DOSE: _after_last_dose,
}
