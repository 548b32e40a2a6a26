"""What each decision does to the course, and when it departs from the rules."""

from collections.abc import Callable, Mapping
from datetime import date

from .conduct import break_days
from .facts import DecisionKind, DecisionMade, RatingGiven, StopGround, Timing
from .naming import DECISION_NAMES
from .protocol import Evaluation, days
from .state import Phase
from .trend import effect, ends_early, evaluation_rating, lengthens, shortens
from .way import Reviewed, Way

STEPS: Mapping[Phase, frozenset[DecisionKind]] = {
    Phase.PLANNED: frozenset({DecisionKind.CLOSE}),
    Phase.INDUCTION: frozenset(
        {
            DecisionKind.END_INDUCTION,
            DecisionKind.RESTART,
            DecisionKind.COUNT_ON,
            DecisionKind.CONTINUE,
            DecisionKind.STOP,
            DecisionKind.CLOSE,
        }
    ),
    Phase.EVALUATION: frozenset(
        {
            DecisionKind.EXTEND,
            DecisionKind.MAINTENANCE,
            DecisionKind.CONTINUE,
            DecisionKind.STOP,
            DecisionKind.CLOSE,
        }
    ),
    Phase.MAINTENANCE: frozenset(
        {
            DecisionKind.CONTINUE,
            DecisionKind.LENGTHEN,
            DecisionKind.SHORTEN,
            DecisionKind.STOP,
            DecisionKind.CLOSE,
        }
    ),
    Phase.FOLLOW_UP: frozenset({DecisionKind.CLOSE}),
    Phase.CLOSED: frozenset(),
}
"""What may be decided in which phase. A decision elsewhere is recorded and moves nothing."""


def decided(way: Way, decision: DecisionMade) -> Way:
    """The way after the decision; one that is no step here is noted and moves nothing."""
    if not moves(way, decision):
        return way.noting("not-a-step", decision.on, decision=DECISION_NAMES[decision.kind])
    return EFFECTS[decision.kind](way, decision)


def moves(way: Way, decision: DecisionMade) -> bool:
    """Is it a step here? Another is recorded, and moves nothing."""
    possible = POSSIBLE.get(decision.kind)
    return decision.kind in STEPS[way.phase] and (not possible or possible(way, decision))


def _is_broken(way: Way, decision: DecisionMade) -> bool:
    return break_days(way, decision.on) is not None


def may_extend(way: Way) -> bool:
    return way.protocol.extension is not None and not way.extended


POSSIBLE: Mapping[DecisionKind, Callable[[Way, DecisionMade], bool]] = {
    DecisionKind.RESTART: _is_broken,
    DecisionKind.COUNT_ON: _is_broken,
    DecisionKind.EXTEND: lambda way, _: may_extend(way),
    DecisionKind.MAINTENANCE: lambda way, _: way.protocol.maintenance is not None,
    DecisionKind.LENGTHEN: lambda way, _: way.moved_by(lengthen=True) != 0,
    DecisionKind.SHORTEN: lambda way, _: way.moved_by(lengthen=False) != 0,
}
"""What a decision needs besides its phase."""


def counted_up(way: Way, decision: DecisionMade | None = None) -> Way:
    """Into evaluation once enough sessions count."""
    if way.target is None or way.counted < way.target or way.last is None:
        return way
    since = decision.on if decision else way.last
    return way._replace(phase=Phase.EVALUATION, since=since)


def _end_induction(way: Way, decision: DecisionMade) -> Way:
    if not ends_early(way, until=decision.on):
        way = way.noting("ended-early-without-remission", decision.on)
    return way._replace(phase=Phase.EVALUATION, since=decision.on)


def _restart(way: Way, decision: DecisionMade) -> Way:
    sessions = way.protocol.induction.sessions
    return way._replace(
        target=sessions.value if sessions else None,
        run=(),
        counted=0,
        pending=0,
        broken=None,
        extended=False,
        restarted=decision.on,
        since=decision.on,
    )


def _count_on(way: Way, decision: DecisionMade) -> Way:
    on = way._replace(
        counted=way.counted + way.pending,
        pending=0,
        broken=None,
        count_on=decision.on,
    )
    return counted_up(on, decision)


def _continue(way: Way, decision: DecisionMade) -> Way:
    way = way._replace(continued=(*way.continued, decision.on))
    return _reviewed(way, decision) if way.phase is Phase.MAINTENANCE else way


def _reviewed(way: Way, decision: DecisionMade) -> Way:
    review = Reviewed(decision.on, len(way.given), len(way.maintenance))
    return way._replace(reviews=(*way.reviews, review))


def window_noted(way: Way, until: date) -> Way:
    """An evaluation rating beyond its window, or one too early to be it."""
    evaluation = way.protocol.evaluation
    if not way.run:
        return way
    last, opens = way.run[-1].on, days(evaluation.earliest)
    rating = evaluation_rating(way, until=until)
    if rating is None:
        same_day = [one for one in way.facts.ratings if _too_early(one, evaluation, last)]
        return way.noting("evaluation-early", last, earliest=opens) if same_day else way
    after, closes = (rating.on - last).days, days(evaluation.latest)
    if after <= closes:
        return way
    return way.noting(
        "evaluation-outside-window", rating.on, after=after, earliest=opens, latest=closes
    )


def _too_early(rating: RatingGiven, evaluation: Evaluation, last: date) -> bool:
    of_it = rating.instrument == evaluation.instrument and rating.on == last
    return of_it and rating.timing is Timing.AFTER


def _extend(way: Way, decision: DecisionMade) -> Way:
    way = window_noted(way, decision.on)
    more = way.protocol.extension.sessions.value if way.protocol.extension else 0
    judged = effect(way, evaluation_rating(way, until=decision.on))
    if judged is None:
        way = way.noting(
            "decision-without-rating", decision.on, decision=DECISION_NAMES[decision.kind]
        )
    elif not judged.partial or judged.remission:
        way = way.noting("extended-otherwise", decision.on)
    return way._replace(
        phase=Phase.INDUCTION,
        since=decision.on,
        extended=True,
        target=way.counted + more,
        count_on=decision.on,
    )


def _maintain(way: Way, decision: DecisionMade) -> Way:
    way = window_noted(way, decision.on)
    judged = effect(way, evaluation_rating(way, until=decision.on))
    if judged is None:
        way = way.noting(
            "decision-without-rating", decision.on, decision=DECISION_NAMES[decision.kind]
        )
    elif not (judged.response or judged.remission):
        way = way.noting("maintained-otherwise", decision.on)
    way = way._replace(phase=Phase.MAINTENANCE, since=decision.on)
    return _reviewed(way, decision)


def _lengthen(way: Way, decision: DecisionMade) -> Way:
    if not lengthens(way, until=decision.on):
        way = way.noting("interval-otherwise", decision.on)
    return way._replace(shift=way.shift + way.moved_by(lengthen=True), shifted=decision.on)


def _shorten(way: Way, decision: DecisionMade) -> Way:
    if not shortens(way, until=decision.on):
        way = way.noting("interval-otherwise", decision.on)
    return way._replace(shift=way.shift + way.moved_by(lengthen=False), shifted=decision.on)


def _stop(way: Way, decision: DecisionMade) -> Way:
    if way.phase is Phase.EVALUATION:
        way = window_noted(way, decision.on)
    rule = way.protocol.induction.futility
    early = rule is not None and len(way.run) < rule.not_before.value
    if rule and early and decision.ground is StopGround.FUTILITY:
        way = way.noting("futility-stop-too-early", decision.on, sessions=rule.not_before.value)
    return way._replace(phase=Phase.FOLLOW_UP, since=decision.on)


def _close(way: Way, decision: DecisionMade) -> Way:
    return way._replace(phase=Phase.CLOSED, since=decision.on)


EFFECTS: Mapping[DecisionKind, Callable[[Way, DecisionMade], Way]] = {
    DecisionKind.END_INDUCTION: _end_induction,
    DecisionKind.RESTART: _restart,
    DecisionKind.COUNT_ON: _count_on,
    DecisionKind.CONTINUE: _continue,
    DecisionKind.EXTEND: _extend,
    DecisionKind.MAINTENANCE: _maintain,
    DecisionKind.LENGTHEN: _lengthen,
    DecisionKind.SHORTEN: _shorten,
    DecisionKind.STOP: _stop,
    DecisionKind.CLOSE: _close,
}
