"""What is to be decided next, and why."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from .calendar import days_after
from .conduct import hard_review_awaited
from .decided import may_extend
from .facts import DecisionKind, TriggerKind
from .grounds import ground
from .obstacles import broken_run, hard_review, stop_event
from .protocol import Kind, Review
from .relapsing import relapsed, suspected
from .schedule import asked_after_last_dose, review_ground, routine_review, visits
from .state import Ground, NextDecision, Outcome, Phase
from .trend import (
    early_from,
    effect,
    ends_early,
    evaluation_rating,
    futile,
    latest_effect,
    lengthens,
    shortens,
    start_rating,
)
from .way import Way


def next_decision(way: Way, on: date) -> NextDecision | None:
    """None when the course is closed, or planned and nothing is to be decided."""
    if way.phase is Phase.CLOSED:
        return None
    if way.protocol.kind is Kind.COMPARATOR:
        return NextDecision((), ground("comparator"))
    return _stop_event(way, on) or BY_PHASE[way.phase](way, on)


def _stop_event(way: Way, on: date) -> NextDecision | None:
    events = way.stop_events(before=days_after(on, 1))
    if not events or way.phase is Phase.FOLLOW_UP:
        return None
    if way.phase is Phase.PLANNED:
        return NextDecision((DecisionKind.CLOSE,), stop_event(events[0]))
    for event in events:
        if event.kind is TriggerKind.CONSENT_WITHDRAWN:
            return NextDecision((DecisionKind.STOP,), stop_event(event))
    return NextDecision((DecisionKind.STOP, DecisionKind.CONTINUE), stop_event(events[0]))


def _induction(way: Way, on: date) -> NextDecision | None:
    broken = broken_run(way, on)
    if broken:
        restart = broken.rule == "GAP-RESTART"
        first, second = DecisionKind.RESTART, DecisionKind.COUNT_ON
        proposed = (first, second) if restart else (second, first)
        return NextDecision((*proposed, DecisionKind.STOP), broken)
    if ends_early(way, until=on):
        return NextDecision((DecisionKind.END_INDUCTION,), early_end(way))
    rule = way.protocol.induction.futility
    if rule and futile(way, until=on):
        return NextDecision(
            (DecisionKind.STOP, DecisionKind.CONTINUE),
            ground("futility", sessions=rule.at.value),
        )
    if way.target is None:
        return NextDecision((), ground("unknown-schedule"))
    left = way.target - way.counted
    return NextDecision((), ground("evaluation-ahead", target=way.target, left=left))


def early_end(way: Way) -> Ground:
    """Why induction may end early, to be said only where it may."""
    early = way.protocol.induction.may_end_early
    sessions = early_from(early.after.value) if early else 0
    return ground("may-end-early", sessions=sessions)


def _evaluation(way: Way, on: date) -> NextDecision | None:
    name, why = judgement(way, on)
    kept = way.protocol.maintenance is not None
    proposed = PROPOSED.get(name, ())
    if name in HELPED and not kept:
        proposed = (DecisionKind.STOP,)
    return NextDecision(proposed, why)


HELPED = {"remission", "response"}


def judgement(way: Way, on: date) -> tuple[str, Ground]:
    """What the rule of evaluation says of the effect: its name, and the reason."""
    rating = evaluation_rating(way, until=on)
    judged = effect(way, rating)
    if judged is None:
        name = "awaiting-baseline" if rating and _no_baseline(way) else "awaiting-rating"
    else:
        name = _effect_name(way, judged)
    extension = way.protocol.extension
    more = extension.sessions.value if extension else 0
    return name, ground(_worded(way, name), more=more)


def _worded(way: Way, name: str) -> str:
    """Which sentence says it: a label's own rule and a protocol without maintenance differ."""
    if name not in HELPED:
        return name
    if way.protocol.maintenance is None:
        return "helped-without-maintenance"
    return "helped-by-label" if way.protocol.evaluation.rule == "EV-7" else name


def _no_baseline(way: Way) -> bool:
    start = start_rating(way)
    return start is None or start.total == 0


def _effect_name(way: Way, judged: Outcome) -> str:
    if judged.remission:
        return "remission"
    if judged.response:
        return "response"
    if way.extended:
        return "partial-after-extension"
    if judged.partial:
        return "partial" if may_extend(way) else "partial-unextended"
    return "none"


PROPOSED: Mapping[str, tuple[DecisionKind, ...]] = {
    "remission": (DecisionKind.MAINTENANCE, DecisionKind.STOP),
    "response": (DecisionKind.MAINTENANCE,),
    "partial": (DecisionKind.EXTEND,),
    "partial-after-extension": (DecisionKind.STOP,),
    "partial-unextended": (DecisionKind.STOP,),
    "none": (DecisionKind.STOP,),
}


def _maintenance(way: Way, on: date) -> NextDecision | None:
    review = way.protocol.maintenance.review if way.protocol.maintenance else None
    if why := relapsed(way, until=on):
        return NextDecision((DecisionKind.STOP, DecisionKind.CONTINUE, *_shorter(way, on)), why)
    if way.stage is None:
        return NextDecision((DecisionKind.STOP,), ground("maintenance-done"))
    if review is None:
        return NextDecision((), suspected(way, until=on) or ground("step-open"))
    return next(_maintenance_decisions(way, review, on))


def _shorter(way: Way, on: date) -> tuple[DecisionKind, ...]:
    return (DecisionKind.SHORTEN,) if shortens(way, until=on) else ()


def _maintenance_decisions(way: Way, review: Review, on: date) -> Iterator[NextDecision]:
    """Everything that speaks for a decision, the most pressing first."""
    opens, hard = routine_review(way, review), hard_review_awaited(way, on)
    go_on = (DecisionKind.CONTINUE, DecisionKind.STOP)
    if lost(way, on) and (hard or on >= opens):
        yield NextDecision(go_on[::-1], ground("response-lost"))
    if hard:
        yield NextDecision(go_on, hard_review(review))
    if why := suspected(way, until=on):
        yield NextDecision(_shorter(way, on) or go_on[::-1], why)
    if shortens(way, until=on):
        yield NextDecision((DecisionKind.SHORTEN,), interval_ground(review, lengthen=False))
    if lost(way, on):
        yield NextDecision(go_on[::-1], ground("response-lost"))
    if on >= opens:
        yield NextDecision(go_on, review_ground(review))
    if lengthens(way, until=on):
        yield NextDecision((DecisionKind.LENGTHEN,), interval_ground(review, lengthen=True))
    yield NextDecision((), ground("review-ahead", latest=opens))


def lost(way: Way, on: date) -> bool:
    """Neither response nor remission at the latest rating of maintenance."""
    now = latest_effect(way, until=on)
    if now is None or way.since is None or now.current.on <= way.since:
        return False
    return not (now.response or now.remission)


def interval_ground(review: Review, *, lengthen: bool) -> Ground:
    if lengthen:
        return ground(
            "lengthen",
            limit=str(review.lengthen_at.value),
            times=review.lengthen_after.value,
            by=review.lengthen_by.value.days,
        )
    return ground(
        "shorten", rise=str(review.shorten_at_rise.value), by=review.shorten_by.value.days
    )


def _follow_up(way: Way, on: date) -> NextDecision | None:
    closing = [visit.window.latest for visit in visits(way) if visit.window.latest]
    closing += asked_after_last_dose(way)
    if any(on <= day for day in closing):
        return NextDecision((), ground("follow-up-ahead"))
    return NextDecision((DecisionKind.CLOSE,), ground("follow-up-done"))


BY_PHASE: Mapping[Phase, Callable[[Way, date], NextDecision | None]] = {
    Phase.PLANNED: lambda _way, _on: NextDecision((), ground("start")),
    Phase.INDUCTION: _induction,
    Phase.EVALUATION: _evaluation,
    Phase.MAINTENANCE: _maintenance,
    Phase.FOLLOW_UP: _follow_up,
}
