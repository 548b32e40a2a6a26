"""What stands between the patient and the next session."""

from collections.abc import Iterator
from datetime import date

from .calendar import days_after
from .conduct import break_days, hard_review_awaited
from .effect import baseline
from .facts import RegisteredIn, Trigger, TriggerKind
from .grounds import ground
from .naming import EVENT_NAMES
from .protocol import Kind, Review, days
from .state import Ground, Phase
from .way import Way

BEFORE_RUN = {Phase.PLANNED, Phase.INDUCTION}


def obstacles(way: Way, on: date) -> tuple[Ground, ...]:
    """Every obstacle on the day; none of them is about the day being too early."""
    sources = (_kind(way), _start(way), _baseline(way, on), _events(way, on), _run(way, on))
    return tuple(one for source in sources for one in source)


def stop_event(event: Trigger) -> Ground:
    if event.kind is TriggerKind.CONSENT_WITHDRAWN:
        return ground("consent-withdrawn")
    return ground("stop-event", event=EVENT_NAMES[event.kind])


def broken_run(way: Way, on: date) -> Ground | None:
    """Broken, or broken for so long that a restart is proposed."""
    run, gap = way.protocol.induction, break_days(way, on)
    if gap is None or run.maximum_gap is None:
        return None
    if run.restart_gap and gap > days(run.restart_gap):
        return ground("restart-gap", gap=gap, most=days(run.restart_gap))
    return ground("broken-induction", gap=gap, most=days(run.maximum_gap))


def hard_review(review: Review) -> Ground:
    sessions, months = review.hard_at_sessions, review.hard_at_months
    return ground(
        "hard-review",
        sessions=sessions.value if sessions else "–",
        months=months.value if months else "–",
    )


def _kind(way: Way) -> Iterator[Ground]:
    run = way.protocol.induction
    if way.protocol.kind is Kind.COMPARATOR:
        yield ground("comparator")
    elif run.minimum_gap is None or run.sessions is None:
        yield ground("unknown-schedule")


def _start(way: Way) -> Iterator[Ground]:
    """Of every session: one given without them does not make up for what is missing."""
    if way.facts.consented is None:
        yield ground("no-consent")
    if way.protocol.kind is Kind.RESEARCH:
        if way.facts.registration is not RegisteredIn.STUDY:
            yield ground("not-in-study")
    elif way.facts.registration is None:
        yield ground("no-registration")


def _baseline(way: Way, on: date) -> Iterator[Ground]:
    evaluation = way.protocol.evaluation
    if way.run or way.phase not in BEFORE_RUN:
        return
    if baseline(evaluation, way.facts.ratings, start_day(way, on)) is None:
        yield ground("baseline", days=days(evaluation.baseline_within))


def start_day(way: Way, on: date) -> date:
    """The day session 1 is planned for, or today when that is unknown or past."""
    planned = way.facts.planned_start if way.phase is Phase.PLANNED else None
    return max(planned or on, on)


def _events(way: Way, on: date) -> Iterator[Ground]:
    for event in way.stop_events(before=days_after(on, 1)):
        yield stop_event(event)
    if any(pause.holds(on) for pause in way.facts.pauses):
        yield ground("pause")


def _run(way: Way, on: date) -> Iterator[Ground]:
    broken = broken_run(way, on)
    if way.phase is Phase.INDUCTION and broken:
        yield broken
    review = way.protocol.maintenance.review if way.protocol.maintenance else None
    if way.phase is Phase.MAINTENANCE and review and hard_review_awaited(way, on):
        yield hard_review(review)
