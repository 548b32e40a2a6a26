"""Which steps are open to the clinician, and which are not, each with its reason."""

from collections.abc import Callable, Mapping
from datetime import date

from .advice import HELPED, early_end, interval_ground, judgement
from .decided import STEPS, may_extend
from .facts import DecisionKind
from .grounds import ground
from .obstacles import broken_run, obstacles
from .protocol import Induction, days
from .schedule import session_ground, session_window
from .state import Ground, Phase, Step
from .trend import early_from, ends_early, lengthens, shortens
from .way import Way


def steps(way: Way, on: date) -> tuple[Step, ...]:
    """A session first, then each decision; every one is listed, open or not."""
    return (session_step(way, on), *(_decision_step(way, kind, on) for kind in DecisionKind))


def session_step(way: Way, on: date) -> Step:
    """Offered only within its window and with nothing in the way."""
    if way.phase in SESSIONLESS:
        return Step(None, allowed=False, ground=ground(SESSIONLESS[way.phase]))
    window, against = session_window(way, on), obstacles(way, on)
    if against:
        return Step(None, allowed=False, ground=against[0])
    if window is None:
        return Step(None, allowed=False, ground=ground("maintenance-done"))
    if on < window.earliest:
        return Step(None, allowed=False, ground=_wait(way, window.earliest))
    return Step(None, allowed=True, ground=session_ground(way))


SESSIONLESS: Mapping[Phase, str] = {
    Phase.EVALUATION: "no-session-in-evaluation",
    Phase.FOLLOW_UP: "stopped",
    Phase.CLOSED: "closed",
}


def _wait(way: Way, earliest: date) -> Ground:
    if way.phase is Phase.PLANNED:
        return ground("wait-start", earliest=earliest)
    if way.phase is Phase.MAINTENANCE:
        return ground("wait-interval", earliest=earliest, interval=way.interval or 0)
    return wait_gap(way.protocol.induction, earliest)


def wait_gap(run: Induction, earliest: date) -> Ground:
    """Too soon after the session before, or one too many in seven days."""
    return ground(
        "wait-gap",
        earliest=earliest,
        least=days(run.minimum_gap) if run.minimum_gap else 0,
        most=run.per_week.value if run.per_week else "–",
    )


def _decision_step(way: Way, kind: DecisionKind, on: date) -> Step:
    if kind not in STEPS[way.phase]:
        return Step(kind, allowed=False, ground=ground("step-elsewhere"))
    allowed, why = OPEN[kind](way, on)
    return Step(kind, allowed, why)


Answer = tuple[bool, Ground]


def _end_induction(way: Way, on: date) -> Answer:
    early = way.protocol.induction.may_end_early
    if early is None:
        return False, ground("no-early-end")
    if ends_early(way, until=on):
        return True, early_end(way)
    least = early.after.value
    return False, ground("may-not-end-early", least=least, sessions=early_from(least))


def _after_break(way: Way, on: date) -> Answer:
    broken = broken_run(way, on)
    return (True, broken) if broken else (False, ground("no-break"))


def _extend(way: Way, on: date) -> Answer:
    if not may_extend(way):
        return False, ground("extension-used")
    name, why = judgement(way, on)
    return name == "partial", why


KEPT_BY_DECISION = {"partial-after-extension", "partial-unextended", "awaiting-baseline"}
"""Without a response, a doctor may still decide on maintenance, with a reason."""


def _maintain(way: Way, on: date) -> Answer:
    if way.protocol.maintenance is None:
        return False, ground("no-maintenance")
    name, why = judgement(way, on)
    return name in KEPT_BY_DECISION | HELPED, why


def _interval(*, lengthen: bool) -> Callable[[Way, date], Answer]:
    asked = lengthens if lengthen else shortens

    def answer(way: Way, on: date) -> Answer:
        review = way.protocol.maintenance.review if way.protocol.maintenance else None
        if review and asked(way, until=on):
            return True, interval_ground(review, lengthen=lengthen)
        return False, ground("interval-holds")

    return answer


def _stop(way: Way, _on: date) -> Answer:
    rule = way.protocol.induction.futility
    if rule and len(way.run) < rule.not_before.value:
        return True, ground("futility-not-yet", sessions=rule.not_before.value)
    return True, ground("stop-open")


OPEN: Mapping[DecisionKind, Callable[[Way, date], Answer]] = {
    DecisionKind.END_INDUCTION: _end_induction,
    DecisionKind.RESTART: _after_break,
    DecisionKind.COUNT_ON: _after_break,
    DecisionKind.EXTEND: _extend,
    DecisionKind.MAINTENANCE: _maintain,
    DecisionKind.CONTINUE: lambda _way, _on: (True, ground("step-open")),
    DecisionKind.LENGTHEN: _interval(lengthen=True),
    DecisionKind.SHORTEN: _interval(lengthen=False),
    DecisionKind.STOP: _stop,
    DecisionKind.CLOSE: lambda _way, _on: (True, ground("close-open")),
}
