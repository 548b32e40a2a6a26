"""Was this session given as the protocol says, and if not, what does that mean?"""

from datetime import date
from decimal import Decimal

from .calendar import months_after, within_a_week
from .effect import baseline
from .facts import RegisteredIn, SessionGiven
from .protocol import Kind, Route, days
from .state import Phase
from .way import Way

WHOLE = Decimal(100)


def noted(way: Way, session: SessionGiven) -> Way:
    """The way with every departure of this session, which it does not yet hold."""
    for look in (_start, _baseline, _stop_events, _pause, _amounts, _route, _gaps, _phase):
        way = look(way, session)
    return way


def counts(way: Way, session: SessionGiven) -> bool:
    """Under the counted share a session is exposure alone; an unrecorded amount is whole."""
    least = way.protocol.induction.counted_share
    return session.share is None or least is None or session.share >= least.value


def break_days(way: Way, on: date) -> int | None:
    """Days of a break of the run that no doctor has answered; None when it is not broken."""
    longest = way.protocol.induction.maximum_gap
    if way.broken is not None or longest is None or not way.run:
        return way.broken
    last = way.run[-1].on
    gap = (on - last).days
    answered = way.count_on is not None and way.count_on > last
    return gap if gap > days(longest) and not answered else None


def hard_review_awaited(way: Way, on: date) -> date | None:
    """Since when a hard review is awaited; None when none is."""
    review = way.protocol.maintenance.review if way.protocol.maintenance else None
    if review is None:
        return None
    awaited = []
    if review.hard_at_sessions and len(way.given) >= review.hard_at_sessions.value:
        limit = review.hard_at_sessions.value
        if not any(held.sessions >= limit for held in way.reviews):
            awaited.append(way.given[limit - 1].on)
    if review.hard_at_months:
        day = months_after(way.given[0].on, review.hard_at_months.value)
        if on >= day and not any(held.on >= day for held in way.reviews):
            awaited.append(day)
    return min(awaited, default=None)


def _start(way: Way, session: SessionGiven) -> Way:
    if way.given:
        return way
    facts = way.facts
    if facts.consented is None or facts.consented > session.on:
        way = way.noting("no-consent", session.on)
    if way.protocol.kind is Kind.RESEARCH and facts.registration is not RegisteredIn.STUDY:
        return way.noting("not-in-study", session.on)
    if facts.registration is None and way.protocol.kind is not Kind.COMPARATOR:
        return way.noting("no-registration", session.on)
    if facts.registration is RegisteredIn.DECISION:
        return way.noting("registered-by-decision", session.on)
    return way


def _baseline(way: Way, session: SessionGiven) -> Way:
    evaluation = way.protocol.evaluation
    if way.run or way.phase not in {Phase.PLANNED, Phase.INDUCTION}:
        return way
    found = baseline(evaluation, way.facts.ratings, session.on)
    if found is None:
        return way.noting("no-baseline", session.on, days=days(evaluation.baseline_within))
    return way if found.total > 0 else way.noting("zero-baseline", session.on)


def _stop_events(way: Way, session: SessionGiven) -> Way:
    if not way.stop_events(before=session.on):
        return way
    return way.noting("session-despite-stop-event", session.on)


def _pause(way: Way, session: SessionGiven) -> Way:
    paused = any(pause.holds(session.on) for pause in way.facts.pauses)
    return way.noting("session-in-pause", session.on) if paused else way


def _amounts(way: Way, session: SessionGiven) -> Way:
    if session.share is None:
        device = way.protocol.product.route is Route.DEVICE
        return way if device else way.noting("amount-not-recorded", session.on)
    share = int(session.share)
    if session.share > WHOLE:
        return way.noting("more-than-prescribed", session.on, share=share)
    least = way.protocol.induction.counted_share
    if least and not counts(way, session):
        return way.noting("not-counted", session.on, share=share, least=int(least.value))
    return way


def _route(way: Way, session: SessionGiven) -> Way:
    other = session.route not in {None, way.protocol.product.route}
    return way.noting("other-route", session.on) if other else way


def _gaps(way: Way, session: SessionGiven) -> Way:
    if way.last is None:
        return way
    run, gap = way.protocol.induction, (session.on - way.last).days
    if run.minimum_gap and gap < days(run.minimum_gap):
        way = way.noting("too-early", session.on, gap=gap, least=days(run.minimum_gap))
    if way.phase is Phase.MAINTENANCE:
        return _maintenance_gap(way, session, gap)
    return _run_gaps(way, session, gap) if way.run else way


def _run_gaps(way: Way, session: SessionGiven, gap: int) -> Way:
    run = way.protocol.induction
    given = 1 + within_a_week([one.on for one in way.given], ending=session.on)
    if run.per_week and given > run.per_week.value:
        way = way.noting("too-many-in-a-week", session.on, given=given, most=run.per_week.value)
    if way.phase is not Phase.INDUCTION:
        return way
    if run.restart_gap and gap > days(run.restart_gap):
        return way.noting("long-gap", session.on, gap=gap, most=days(run.restart_gap))
    if run.maximum_gap and gap > days(run.maximum_gap):
        return way.noting("broken-induction", session.on, gap=gap, most=days(run.maximum_gap))
    return way


def _maintenance_gap(way: Way, session: SessionGiven, gap: int) -> Way:
    stage = way.stage
    if stage is None or gap >= stage.least:
        return way
    return way.noting("maintenance-too-early", session.on, gap=gap, least=stage.least)


WITHOUT_LEAVE = {
    Phase.EVALUATION: "session-without-decision",
    Phase.FOLLOW_UP: "session-after-stop",
    Phase.CLOSED: "session-after-close",
}


def _phase(way: Way, session: SessionGiven) -> Way:
    if way.phase in WITHOUT_LEAVE:
        return way.noting(WITHOUT_LEAVE[way.phase], session.on)
    if way.phase is Phase.MAINTENANCE and hard_review_awaited(way, session.on):
        return way.noting("session-without-review", session.on)
    return way
