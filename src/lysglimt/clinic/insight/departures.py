"""What was done otherwise than rules and protocol say, with who and why."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language, gettext

from lysglimt.clinic.chairside.after import in_the_way
from lysglimt.clinic.chairside.device_said import device_rules_said
from lysglimt.clinic.chairside.findings import finding_as_read
from lysglimt.clinic.chairside.models import (
    DeviceUse,
    DischargeRecord,
    PumpEvent,
    StartGateRecord,
)
from lysglimt.clinic.chairside.wordings import rules_said
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.referral.models import Override
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.scheduling.models import Appointment, AppointmentKind, off_plan_in
from lysglimt.clinic.sealing.fields import SealedText
from lysglimt.knowledge.verdict import Verdict

from .cohort import Treated
from .taken_back import charts_changed, taken_back


@dataclass(frozen=True, slots=True)
class Departed:
    """``rule`` is the criterion or rule; ``by`` is empty where the rules noted it themselves.

    Of what is ``closed`` to the reader nothing but the patient and the day is said.
    """

    on: date
    patient: Any
    rule: str
    why: str
    by: str = ""
    closed: bool = False


Closed = Callable[..., Any]
"""``closed(patient, *operations)``: may the reader not see what these show of a row's patient?"""


def departed(
    unit: Unit, treated: Iterable[Treated], *, since: date, closed: Closed
) -> list[Departed]:
    """The newest first. Asks one question of the database."""
    found = [*noted(treated), *set_aside(unit, since=since, closed=closed)]
    recent = [one for one in found if one.on >= since]
    return sorted(recent, key=lambda one: one.on, reverse=True)


def noted(treated: Iterable[Treated]) -> Iterator[Departed]:
    """By the rules of the course."""
    language = get_language() or "nb"
    for one in treated:
        for departure in one.state.recorded.deviations:
            yield Departed(
                departure.on,
                one.record.course.patient_id,
                departure.ground.rule,
                departure.ground.reason.in_language(language),
            )


def set_aside(unit: Unit, *, since: date, closed: Closed) -> Iterator[Departed]:
    """By people: each kind in the same columns, so that all is one question of the database."""
    first, *others = (asked(unit, closed) for asked, _ in KINDS.values())
    more = (bookings(unit, closed, since=since), charts(unit, closed, since=since))
    for kind, *said in first.union(*others, *more, all=True):
        row = Row(*said)
        for one in SEVERAL[kind](row) if kind in SEVERAL else (KINDS[kind][1](row),):
            yield replace(one, rule="", why="", by="", closed=True) if row.closed else one


PATIENT, CHAIR = "session__course__patient", ("session", "rating")
"""A chart tells of suicidality too."""


class Row(NamedTuple):
    """What a kind says of a departure; ``sealed`` is opened by ``key`` and ``revision``."""

    at: datetime
    patient: UUID
    rule: str
    sealed: Any
    by: str | None
    key: str
    revision: int
    closed: bool

    def told(self, rule: str, why: str, *, nobody: str = "") -> Departed:
        return Departed(on_day(self.at), self.patient, rule, why, self.by or nobody)


def criteria(unit: Unit, closed: Closed) -> Any:
    """A criterion of eligibility, answered for by name."""
    rows = Override.objects.filter(
        decision__referral__unit=unit, decision__withdrawn=False
    ).order_by()
    return rows.values_list(
        Value("criterion"),
        *("decision__happened_at", "decision__referral__patient_id", "criterion", "reason"),
        *("decision__by__display_name", Cast("decision_id", TextField()), Value(0)),
        closed("decision__referral__patient", "eligibility"),
    )


def read_criterion(row: Row) -> Departed:
    return row.told(row.rule, REASON.read_in(row.sealed, [row.key, row.rule]))


def gates(unit: Unit, closed: Closed) -> Any:
    """A point of the check before the start, answered for by name."""
    rows = StartGateRecord.objects.in_force().filter(session__unit=unit)
    return (
        rows.filter(override_by__isnull=False)
        .order_by()
        .values_list(
            Value("gate"),
            *("happened_at", "session__course__patient_id", Value(""), "override_reason"),
            *(F("override_by__display_name"), Cast("entry", TextField()), "revision"),
            closed(PATIENT, *CHAIR),
        )
    )


def read_gate(row: Row) -> Departed:
    why = OVERRIDE_REASON.read_in(row.sealed, [UUID(row.key), row.revision])
    return row.told(gettext("start check"), why)


def left_early(unit: Unit, closed: Closed) -> Any:
    """Who left before the criteria were met, with what was not met then."""
    rows = DischargeRecord.objects.in_force().filter(session__unit=unit, left_at__isnull=False)
    return (
        rows.filter(Q(decided_by__isnull=False) | Q(no_doctor_reached=True))
        .order_by()
        .values_list(
            Value("left"),
            *("left_at", "session__course__patient_id", Cast("findings", TextField())),
            *("deviation", F("decided_by__display_name")),
            *(Cast("entry", TextField()), "revision"),
            closed(PATIENT, *CHAIR),
        )
    )


def read_left(row: Row) -> Departed:
    """Which criteria, what was decided, and by whom."""
    findings = map(finding_as_read, json.loads(row.rule))
    unmet = in_the_way(Verdict.of(findings))
    language = get_language() or "nb"
    reasons = [one.reason.in_language(language) for one in unmet]
    decided = DEVIATION.read_in(row.sealed, [UUID(row.key), row.revision])
    rules = ", ".join(dict.fromkeys(one.criterion for one in unmet))
    nobody = gettext("no doctor was reached")
    return row.told(
        rules or gettext("going home"), ". ".join((*reasons, decided)), nobody=nobody
    )


def pumps(unit: Unit, closed: Closed) -> Any:
    """The pump set against the rules."""
    rows = PumpEvent.objects.in_force().filter(session__unit=unit).exclude(against="")
    return rows.order_by().values_list(
        Value("pump"),
        *("happened_at", "session__course__patient_id", Value(""), "against"),
        *(F("doctor__display_name"), Cast("entry", TextField()), "revision"),
        closed(PATIENT, *CHAIR),
    )


def read_pump(row: Row) -> Departed:
    """Which rules, and which doctor decided it, if one did."""
    rules = AGAINST.read_in(row.sealed, [UUID(row.key), row.revision])
    return row.told(
        ", ".join(rules.split()), rules_said(rules), nobody=gettext("no doctor decided it")
    )


def devices(unit: Unit, closed: Closed) -> Any:
    """A nasal device that something spoke against when it was given."""
    rows = DeviceUse.objects.in_force().filter(session__unit=unit).exclude(against="")
    return rows.order_by().values_list(
        Value("device"),
        *("happened_at", "session__course__patient_id", Value(""), "against"),
        *(F("by__display_name"), Cast("entry", TextField()), "revision"),
        closed(PATIENT, *CHAIR),
    )


def read_device(row: Row) -> Departed:
    """Which rules, and who gave it."""
    rules = AGAINST_DEVICE.read_in(row.sealed, [UUID(row.key), row.revision])
    return row.told(", ".join(rules.split()), device_rules_said(rules))


def bookings(unit: Unit, closed: Closed, *, since: date) -> Any:
    """Sessions that are booked, each with why it was moved or is outside the planned window."""
    rows = Appointment.objects.in_force().expected().in_unit(unit.pk).exclude(reason="")
    recent = rows.filter(kind=AppointmentKind.SESSION, received_at__date__gte=since)
    return recent.order_by().values_list(
        Value(BOOKING),
        *("received_at", "patient_id", Value(""), "reason", F("by__display_name")),
        *(Cast("entry", TextField()), "revision", closed("patient", *CHAIR)),
    )


def read_booking(row: Row) -> Iterator[Departed]:
    """Those that a doctor has put outside the planned window; the doctor is named in the words."""
    said = BOOKED_BECAUSE.read_in(row.sealed, [UUID(row.key), row.revision])
    if why := off_plan_in(said):
        yield replace(row.told(gettext("booked outside the planned window"), why), by="")


BOOKING, CHART = "booking", "chart"
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Each thing that was changed in a chart has its own."""


def charts(unit: Unit, closed: Closed, *, since: date) -> Any:
    """The chart of a session in which something was changed, whole: what was is told from it."""
    return charts_changed(unit, since=since).values_list(
        Value(CHART),
        *(Value(NO_TIME), "course__patient_id", Cast("beside", TextField())),
        *(Value(""), Value(""), Value(""), Value(0)),
        closed("course__patient", *CHAIR),
    )


def read_chart(row: Row) -> Iterator[Departed]:
    for one in taken_back(row.rule):
        yield Departed(one.on, row.patient, one.where, one.why, one.by)


KINDS: Mapping[str, tuple[Callable[[Unit, Closed], Any], Callable[[Row], Departed]]] = {
    "criterion": (criteria, read_criterion),
    "gate": (gates, read_gate),
    "left": (left_early, read_left),
    "pump": (pumps, read_pump),
    "device": (devices, read_device),
}
"""Each with what is asked of the database, and how a row of it is read."""
SEVERAL: Mapping[str, Callable[[Row], Iterator[Departed]]] = {
    BOOKING: read_booking,
    CHART: read_chart,
}
"""A row of these tells of none, or of several."""
REASON: SealedText = Override._meta.get_field("reason")
OVERRIDE_REASON: SealedText = StartGateRecord._meta.get_field("override_reason")
DEVIATION: SealedText = DischargeRecord._meta.get_field("deviation")
AGAINST: SealedText = PumpEvent._meta.get_field("against")
AGAINST_DEVICE: SealedText = DeviceUse._meta.get_field("against")
BOOKED_BECAUSE: SealedText = Appointment._meta.get_field("reason")
