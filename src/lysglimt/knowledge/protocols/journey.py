"""From recorded facts to where the course is: every fact in the order of the days."""

from dataclasses import replace
from datetime import date

from .conduct import break_days, counts, noted
from .decided import counted_up, decided, window_noted
from .facts import CourseFacts, DecisionKind, DecisionMade, SessionGiven
from .protocol import Protocol
from .state import Phase
from .way import Way

ENDING = (DecisionKind.STOP, DecisionKind.CLOSE)
ORDER = list(DecisionKind)
Event = SessionGiven | DecisionMade


def known(facts: CourseFacts, on: date) -> CourseFacts:
    """What had happened by the end of the day."""
    return replace(
        facts,
        consented=facts.consented if facts.consented and facts.consented <= on else None,
        sessions=tuple(one for one in facts.sessions if one.on <= on),
        ratings=tuple(one for one in facts.ratings if one.on <= on),
        decisions=tuple(one for one in facts.decisions if one.on <= on),
        triggers=tuple(sorted((t for t in facts.triggers if t.on <= on), key=repr)),
        pauses=tuple(sorted(facts.pauses, key=repr)),
        answered=tuple(one for one in facts.answered if one.on <= on),
        renewed=tuple(signed for signed in facts.renewed if signed <= on),
    )


def journey(protocol: Protocol, facts: CourseFacts, on: date) -> Way:
    """The way of the course up to and with the day."""
    past = known(facts, on)
    sessions = protocol.induction.sessions
    way = Way(protocol, past, target=sessions.value if sessions else None)
    for event in _in_order([*past.sessions, *past.decisions]):
        way = _given(way, event) if isinstance(event, SessionGiven) else decided(way, event)
    return window_noted(way, on) if way.phase is Phase.EVALUATION else way


def _in_order(events: list[Event]) -> list[Event]:
    """By the days; what stands in the same place is a tie, kept stable by its words."""
    tied = len({_place(event) for event in events}) < len(events)
    return sorted(events, key=lambda event: (_place(event), repr(event) if tied else ""))


def _place(event: Event) -> tuple[date, int, int]:
    """Of one day: decisions to go on, sessions, decisions to stop."""
    if isinstance(event, SessionGiven):
        return event.on, 1, 0
    rank = 2 if event.kind in ENDING else 0
    return event.on, rank, ORDER.index(event.kind)


def _given(way: Way, session: SessionGiven) -> Way:
    broken = break_days(way, session.on)
    way = noted(way, session)._replace(given=(*way.given, session))
    if way.phase is Phase.PLANNED:
        way = way._replace(phase=Phase.INDUCTION, since=session.on)
    match way.phase:
        case Phase.INDUCTION:
            return _in_run(way._replace(run=(*way.run, session), broken=broken), session)
        case Phase.EVALUATION:
            return way._replace(run=(*way.run, session))
        case Phase.MAINTENANCE:
            return way._replace(maintenance=(*way.maintenance, session))
        case _:
            return way


def _in_run(way: Way, session: SessionGiven) -> Way:
    if not counts(way, session):
        return way
    if way.broken is not None:
        return way._replace(pending=way.pending + 1)
    return counted_up(way._replace(counted=way.counted + 1))
