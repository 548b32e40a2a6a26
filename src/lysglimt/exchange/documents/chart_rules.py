"""What the rules ask and say on the paper chart: before the start, outside the range, on the way home."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from lysglimt.clinic.design.templatetags.design import basis_note
from lysglimt.knowledge.dosing.ceilings import infusion_rules, minutes
from lysglimt.knowledge.dosing.delivery import delivery_rules
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.monitoring.discharge import (
    DischargeCondition,
    DischargeFacts,
    discharge,
    discharge_rules,
)
from lysglimt.knowledge.monitoring.gate_conditions import GateCondition, gate_rules
from lysglimt.knowledge.monitoring.interventions import RescueOrder, rescue_orders
from lysglimt.knowledge.monitoring.limits import Light, limits
from lysglimt.knowledge.monitoring.observation import SessionRoute, observation_rules
from lysglimt.knowledge.monitoring.start_gate import GateFacts, Pregnancy, start_gate
from lysglimt.knowledge.monitoring.vital_signs import SIGN_NAMES, VitalSet, VitalSign
from lysglimt.knowledge.verdict import Finding

from .parts import QUIET, Cell, Part, Piece, cell, say, text

ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing is known of anybody: from which day one counts is all the same."""
OLDEST = 120
"""Of every age something is asked; from which one, the question says itself."""
READINGS = "gate:readings"
BY_MACHINE = frozenset({"no_doctor_now", "may_be_treated"})
"""What the record alone can tell: on paper a doctor is asked by telephone."""


def grounded(of: Iterable[Basis]) -> list[Piece]:
    """On what they rest, each once."""
    told = dict.fromkeys(map(basis_note, of))
    return cell(f"{say('of_rules')}: {'; '.join(told)}", kind=QUIET) if told else []


def asked_before(route: SessionRoute, *, judged: bool) -> list[tuple[Finding, str]]:
    """All that the start check asks of somebody of whom nothing is known, each as it is printed.

    What is asked of the first session alone, or of a later one, says so. In journal mode what is
    answered alone: nothing is reckoned there.
    """
    known = {f"gate:{one.id}" for one in gate_rules().conditions}
    first, later = (of_nobody(route, first=one) for one in (True, False))
    asked = list(kept(first)) + [one for one in kept(later) if one not in first]
    turn = list(dict.fromkeys(one.criterion for one in asked))
    return [
        (one, printed(one, first=one in first, later=one in later))
        for one in sorted(asked, key=lambda one: turn.index(one.criterion))
        if judged or one.criterion in known
    ]


def of_nobody(route: SessionRoute, *, first: bool) -> tuple[Finding, ...]:
    facts = GateFacts(
        route=route,
        at=ANY_DAY,
        on=ANY_DAY.date(),
        age=OLDEST,
        before=(),
        answers={},
        last_solids=None,
        last_fluids=None,
        pregnancy=Pregnancy.UNKNOWN,
        tested_on=None,
        first_session=first,
        weight=(),
    )
    return start_gate(facts).findings


def printed(one: Finding, *, first: bool, later: bool) -> str:
    """The readings are told by what is to be measured, not by what is missing."""
    if one.criterion == READINGS:
        apart = observation_rules().before.apart.value
        return say("rest_note", minutes=apart // timedelta(minutes=1))
    of = "" if first and later else say("first_alone" if first else "later_alone")
    return f"{text(one.reason)} {of}".strip()


def asked_going_home(route: SessionRoute, *, judged: bool) -> list[Finding]:
    """Every criterion of the checklist, with its figure; how long one waits stands in the heading."""
    facts = DischargeFacts(
        route=route,
        dose_ended=ANY_DAY,
        before={},
        # Its figure is asked for where it was charted: on paper it is.
        latest=VitalSet(at=ANY_DAY, values={VitalSign.DISSOCIATED: 0}),
        answers={},
    )
    findings = discharge(facts, ANY_DAY).verdict.findings
    told = {text(one.name) for one in discharge_rules().conditions}
    return [
        one
        for one in kept(findings)
        if one.criterion != "DC-1" and (judged or text(one.reason) in told)
    ]


def kept(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each once, without what only the record knows."""
    asked: list[GateCondition | DischargeCondition] = [
        *gate_rules().conditions,
        *discharge_rules().conditions,
    ]
    told = {text(one.name) for one in asked if one.id in BY_MACHINE}
    for one in findings:
        if text(one.reason) not in told:
            told.add(text(one.reason))
            yield one


def gate_part(route: SessionRoute, *, judged: bool) -> Part:
    asked = asked_before(route, judged=judged)
    return Part(
        heading=say("gate"),
        notes=[
            *cell(say("ask_doctor")),
            *(grounded(one.basis for one, _ in asked) if judged else []),
        ],
        head=(say("point"), say("answer_blank"), say("initials")),
        widths=(6, 3, 1),
        rows=[(cell(said), [], []) for _, said in asked],
        tall=True,
    )


def resume_part() -> Part:
    """When an infusion that was paused may go on, and room to reckon the rate."""
    rule, longest = delivery_rules().resume, infusion_rules().ceilings.longest
    said = say(
        "resume_rule",
        n=rule.green.value,
        apart=rule.apart.value // timedelta(minutes=1),
        share=rule.share.value,
        most=rule.at_most.value,
        over=minutes(longest.value),
    )
    bases = (rule.green.basis, rule.share.basis, rule.at_most.basis, longest.basis)
    columns = ("paused_at", "green_at", "rate_before", "rate_after", "doctor_blank")
    return Part(
        heading=say("resume"),
        notes=[*cell(said), *grounded(bases)],
        head=tuple(map(say, columns)),
        widths=(2, 3, 2, 2, 3),
        rows=[[[] for _ in columns]] * rule.at_most.value,
        tall=True,
    )


def rescue_part(route: SessionRoute) -> Part:
    """The orders for what is outside the range; the line of an infusion is no matter of a spray."""
    line = {name for name, one in limits().signs.items() if not one.symptom}
    iv = route is SessionRoute.IV
    orders = [one for one in rescue_orders() if iv or not set(one.signs) <= line]
    return Part(
        heading=say("rescue"),
        notes=[*cell(say("rescue_note")), *grounded(one.basis for one in orders)],
        head=(say("outside"), say("rescue_steps")),
        widths=(3, 7),
        rows=[(called_by(one), steps(one, running=iv)) for one in orders],
    )


def called_by(order: RescueOrder) -> Cell:
    light = say("red" if order.light is Light.RED else "amber")
    names = [sign_name(one) for one in order.signs]
    more = [say("with_symptoms")] * order.with_symptoms
    if order.low is not None:
        more.append(say("low" if order.low else "high"))
    return cell(f"{', '.join(names)}: {', '.join([light, *more])}")


def sign_name(sign: str) -> str:
    seen = limits().signs
    return text(seen[sign].name if sign in seen else SIGN_NAMES[VitalSign(sign)])


def steps(order: RescueOrder, *, running: bool) -> Cell:
    return cell(*(f"{n}. {text(one)}" for n, one in enumerate(order.told(running=running), 1)))
