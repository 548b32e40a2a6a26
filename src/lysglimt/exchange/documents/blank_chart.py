"""The paper chart for when the machines are down: planned times, limits for everybody, room for all else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lysglimt.clinic.chairside.models import AnOrder, Session, SessionOrder
from lysglimt.clinic.chairside.sheet import Sheet
from lysglimt.clinic.chairside.sprayed import by_nose
from lysglimt.clinic.chairside.wordings import CELL_NAMES
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK
from lysglimt.knowledge.dosing.nasal import nasal_rules
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.monitoring.discharge import discharge_rules, earliest_discharge
from lysglimt.knowledge.monitoring.limits import Light, Limit, SignLimits, limits
from lysglimt.knowledge.monitoring.observation import (
    SessionRoute,
    observation_rules,
    planned_observations,
)
from lysglimt.knowledge.monitoring.vital_signs import SIGN_NAMES, VitalSign
from lysglimt.knowledge.protocols.protocol import Protocol, Route
from lysglimt.knowledge.protocols.state import RULE_VERSION

from .chart_rules import asked_going_home, gate_part, grounded, rescue_part, resume_part
from .of_order import dose
from .parts import LATE, Cell, Document, Part, Piece, cell, say, text
from .whole import Printing, foot, judged, protocol_said, what, when, whole_sheet, whom

MINUTE = timedelta(minutes=1)
ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""The plan counts from the start: from which one is all the same."""
SIGNS = (
    *("systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "moaas"),
    *("distress", "nausea"),
)
"""Those of the columns, in their order."""
UNPLANNED, ACTS = 4, 7
ROUTES = {Route.INTRAVENOUS: SessionRoute.IV, Route.INTRANASAL: SessionRoute.NASAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """For whom or for which protocol a chart is, how long the dose takes, and when it holds.

    Where nothing is ``judged`` it has room for all that is charted, and neither limits nor a plan.
    """

    judged: bool
    route: SessionRoute
    over: timedelta
    valid: str
    whom: Sequence[str]
    what: str
    told: str
    order: Part


def blank_chart(protocol: Protocol, printing: Printing) -> Document | None:
    """Of nobody in particular. None of a protocol that is not given at the chair."""
    over = protocol.dose.over.value if protocol.dose and protocol.dose.over else None
    route = ROUTES.get(protocol.product.route)
    if route is None or (over is None and route is SessionRoute.IV):
        return None
    name = say("protocol", name=text(protocol.name), version=protocol.version)
    lines = [say("blank_line", name=say(one)) for one in ("name_blank", "born_blank")]
    frame = Frame(
        judged=not printing.by.unit.journal_mode,
        route=route,
        over=over or timedelta(),
        valid=say("valid_while", protocol=protocol.version, rules=RULE_VERSION),
        whom=lines,
        what=name,
        told=name,
        order=blank_order(route),
    )
    return document(frame, printing)


def chart_of(session: Session, printing: Printing) -> Document:
    """Of a planned session: two identifiers, and the order as it is signed."""
    sheet = whole_sheet(session, printing)
    dosed = protocol_of(session.course).dose
    order = sheet.ordered if sheet.signed else None
    over = dosed.over.value if dosed and dosed.over else timedelta()
    route = SessionRoute.NASAL if by_nose(session) else SessionRoute.IV
    frame = Frame(
        judged=judged(sheet),
        route=route,
        over=timedelta(minutes=order.minutes) if isinstance(order, SessionOrder) else over,
        valid=say("valid", day=day_written(session.planned_on)),
        whom=whom(session),
        what=what(session),
        told=protocol_said(session),
        order=signed_order(order, sheet) if order else blank_order(route),
    )
    return document(frame, printing)


def signed_order(order: AnOrder, sheet: Sheet) -> Part:
    by = say("by_at", by=order.signature.by, at=when(order.signature.at))
    return Part(
        heading=say("order_signed"),
        notes=cell(say("order_void"), kind=LATE),
        facts=[*dose(order, sheet), (say("signed"), cell(by))],
    )


def document(frame: Frame, printing: Printing) -> Document:
    valid, route = frame.valid, frame.route
    printed = say("printed", at=when(printing.at), by=printing.by)
    return Document(
        title=say("chart"),
        whom=frame.whom,
        what=f"{frame.what} · {valid}",
        foot=foot(printing, frame.told),
        parts=[
            Part(
                heading=say("patient"),
                notes=[*cell(f"{valid}. {printed}.", kind=LATE), *cell(say("chart_use"))],
            ),
            frame.order,
            check_part(route),
            gate_part(route, judged=frame.judged),
            *(judged_parts(route) if frame.judged else []),
            given_part(route),
            observation_part(frame),
            blank(say("events"), {"clock": 1, "what": 8, "initials": 1}, rows=ACTS),
            home_part(frame),
        ],
    )


def judged_parts(route: SessionRoute) -> Iterator[Part]:
    yield from (limits_part(route), danger_part(route), rescue_part(route))
    if route is SessionRoute.IV:
        yield resume_part()


def blank(heading: str, columns: Mapping[str, int], *, rows: int) -> Part:
    """``columns`` are its names with their shares."""
    empty: list[Cell] = [[] for _ in columns]
    return Part(
        heading=heading,
        head=tuple(map(say, columns)),
        widths=tuple(columns.values()),
        rows=[empty] * rows,
        tall=True,
    )


def to_fill(heading: str, lines: Iterable[str], *, notes: Sequence[Piece] = ()) -> Part:
    """Each with room behind it."""
    return Part(
        heading=heading,
        notes=notes,
        head=(say("point"), "", say("initials")),
        widths=(4, 5, 1),
        rows=[(cell(one), [], []) for one in lines],
        tall=True,
    )


def blank_order(route: SessionRoute) -> Part:
    names = {
        SessionRoute.IV: (
            "weight",
            "dose_kg",
            "dose",
            "conc",
            "volume_ml",
            "minutes",
            "rate_ml",
        ),
        SessionRoute.NASAL: ("device_count",),
    }
    lines = map(say, (*names[route], "doctor_signs"))
    return to_fill(say("order"), lines, notes=cell(say("order_none")))


def check_part(route: SessionRoute) -> Part:
    check = DEVICE_CHECK if route is SessionRoute.NASAL else TWO_PERSON_CHECK
    return Part(
        heading=say("two_check"),
        head=(say("point"), say("sign_two")),
        widths=(4, 6),
        rows=[(cell(text(one)), []) for one in check.values()],
        tall=True,
    )


def limits_part(route: SessionRoute) -> Part:
    """Those that hold for everybody, and the rises; on what they rest stands below."""
    red = "red_nasal" if route is SessionRoute.NASAL else "red_limit"
    rules = limits()
    rows = [
        (
            cell(named(sign)),
            cell(*limits_said(rules.before.get(sign, SignLimits()), Light.AMBER, sign=sign)),
            cell(*limits_said(rules.before.get(sign, SignLimits()), Light.RED)),
            cell(*limits_said(rules.during[sign], Light.AMBER)),
            cell(*limits_said(rules.during[sign], Light.RED)),
        )
        for sign in SIGNS
    ]
    return Part(
        heading=say("limits"),
        notes=[
            *cell(say("not_monitor")),
            *grounded(bases(rules.during.values())),
        ],
        head=(say("sign"), say("start_amber"), say("start_red"), say("amber_limit"), say(red)),
        widths=(3, 3, 2, 3, 3),
        rows=rows,
    )


def named(sign: str) -> str:
    """With its unit; points have none."""
    row = limits().during[sign]
    figure = row.amber_from or row.amber_to
    unit = figure.unit if figure and figure.unit != "points" else ""
    return f"{text(SIGN_NAMES[VitalSign(sign)])} {unit}".strip()


def limits_said(row: SignLimits, light: Light, *, sign: str = "") -> Iterator[str]:
    """Upwards, downwards, held, on oxygen and as a rise."""
    amber = light is Light.AMBER
    above, below, rise = (
        (row.amber_from, row.amber_to, row.amber_rise)
        if amber
        else (row.red_from, row.red_to, row.red_rise)
    )
    if above:
        yield f"≥ {above.value}"
    if sign == VitalSign.SYSTOLIC.value and amber:
        older = limits().older
        yield say("older", value=f"≥ {older.systolic.value}", age=older.from_age.value)
    if below:
        yield f"≤ {below.value}"
    if not amber and row.red_held_from:
        minutes = limits().held.apart.value // MINUTE
        yield say("held", value=f"≥ {row.red_held_from.value}", minutes=minutes)
    if not amber and row.red_on_oxygen_to:
        yield say("on_oxygen", value=f"≤ {row.red_on_oxygen_to.value}")
    if rise:
        yield say("rise", value=f"≥ {rise.value}")


def bases(rows: Iterable[SignLimits]) -> Iterator[Basis]:
    for row in rows:
        figures: tuple[Limit | None, ...] = (
            *(row.amber_from, row.red_from, row.red_held_from, row.amber_to, row.red_to),
            *(row.red_on_oxygen_to, row.amber_rise, row.red_rise),
        )
        yield from (one.basis for one in figures if one)


def danger_part(route: SessionRoute) -> Part:
    """What is about the line alone is no sign of a session by nose."""
    red = [one for one in limits().signs.values() if one.light is Light.RED]
    named = [text(one.name) for one in red if one.symptom or route is SessionRoute.IV]
    part = to_fill(say("danger"), map(say, ("danger_phone", "emergency_phone")))
    return replace(part, notes=cell("; ".join(named), kind=LATE))


def given_part(route: SessionRoute) -> Part:
    if route is SessionRoute.IV:
        columns = {"clock": 1, "act": 6, "rate": 2, "initials": 1}
        return blank(f"{say('pump')}: {say('pump_rows')}", columns, rows=ACTS)
    rest = nasal_rules().device.rest.value // MINUTE
    columns = {"clock": 1, "begun": 1, "lot": 2, "expires": 2, "both": 2, "initials": 1}
    return blank(say("each_device", minutes=rest), columns, rows=ACTS // 2)


def observation_part(frame: Frame) -> Part:
    columns = [str(name) for name in CELL_NAMES]
    rules = observation_rules()
    notes, planned = [], [""] * (UNPLANNED * 4)
    if frame.judged:
        tight = rules.schedules[frame.route][0].tight.value // MINUTE
        rest = say("rest_note", minutes=rules.before.apart.value // MINUTE)
        notes = cell(rest, say("schedule_note", tight=tight))
        rows = planned_rows(frame.route, frame.over)
        planned = [*rest_rows(), *rows, *[""] * UNPLANNED]
    return Part(
        heading=say("observations"),
        notes=notes,
        head=(say("planned"), say("clock"), *columns, say("remark"), say("initials")),
        widths=(2.8, 1.8, 2.1, *[1.6] * (len(columns) - 1), 2.6, 1.1),
        rows=[(cell(one), *[[]] * (len(columns) + 3)) for one in planned],
        tall=True,
    )


def rest_rows() -> Iterator[str]:
    for number in range(1, observation_rules().before.readings.value + 1):
        yield say("at_rest", n=number)
    yield say("baseline_mean")


def planned_rows(route: SessionRoute, over: timedelta) -> Iterator[str]:
    stop = ANY_DAY + over
    leaves = earliest_discharge(route, stop)
    found = planned_observations(route, start=ANY_DAY, stop=stop, leaves=leaves)
    for one in found:
        words = say("minutes_after", n=(one.at - ANY_DAY) // MINUTE)
        at_stop = route is SessionRoute.IV and one.at == stop
        yield f"{words} {say('planned_stop')}" if at_stop else words
    last = observation_rules().schedules[route][-1]
    yield say("until_left", n=last.every.value // MINUTE)


def home_part(frame: Frame) -> Part:
    """What is asked; the earliest time alone where a wait is told."""
    route = frame.route
    wait = discharge_rules().wait[route].value // MINUTE
    of = say("after_stop" if route is SessionRoute.IV else "after_device")
    asked = asked_going_home(route, judged=frame.judged)
    more = (
        "over_blank",
        "escort_blank",
        "left_blank",
        "handed_blank",
        "nurse_signs",
        "doctor_signs",
    )
    lines = [*(text(one.reason) for one in asked), *map(say, more)]
    heading = say("going_home", minutes=wait, what=of) if frame.judged else say("home")
    bases = (one.basis for one in asked)
    return to_fill(heading, lines, notes=grounded(bases) if frame.judged else [])
