"""What was taken out of a chart: red readings, acts of the pump, devices, a no to going home."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import get_language, gettext

from lysglimt.clinic.chairside.charted import act_said
from lysglimt.clinic.chairside.charts_beside import COLUMNS, Gathered, columns_read
from lysglimt.clinic.chairside.device_said import package_said
from lysglimt.clinic.chairside.models import (
    DeviceUse,
    DischargeRecord,
    DischargeSignature,
    PumpEvent,
    Session,
    VitalSet,
)
from lysglimt.clinic.chairside.red_lost import red_lost
from lysglimt.clinic.chairside.showing import at_clock
from lysglimt.clinic.chairside.starts import not_let_through
from lysglimt.clinic.chairside.watched import Watched
from lysglimt.clinic.chairside.written import in_force, revisions
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.models import DecisionSupportStatement, Unit
from lysglimt.clinic.scheduling.calendar import OSLO, on_day
from lysglimt.clinic.sealing.fields import Stored
from lysglimt.clinic.treatment.told import zoned
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.devices import DeviceAct
from lysglimt.knowledge.monitoring.discharge import INTENT, discharge_rules
from lysglimt.knowledge.monitoring.limits import limits
from lysglimt.knowledge.text import Text

from .wordings import reason_said

SAID_OF_ALL = ("entry", "revision", "withdrawn", "happened_at", "received_at", "reason")
PUMP = ("act", "rate_ml_h", "happened_at", "withdrawn")
"""What an act of the pump says; the reason of a pause may be said afterwards."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What stood in the chart of a session, in words, and the revision that took it back."""

    row: Any
    what: str
    where: str

    @property
    def on(self) -> date:
        return on_day(self.row.received_at)

    @property
    def by(self) -> str:
        return str(vars(self.row)["by_name"])

    @property
    def why(self) -> str:
        """With when it was of, and what was written as the reason."""
        words = gettext("Session %(day)s, struck out at %(clock)s: %(what)s. %(why)s")
        if not self.row.withdrawn:
            words = gettext("Session %(day)s, changed at %(clock)s: %(what)s. %(why)s")
        said = {"day": day_written(on_day(self.row.happened_at)), "what": self.what}
        clock = at_clock(self.row.received_at)
        return words % (said | {"clock": clock, "why": reason_said(self.row.reason)})


@dataclass(frozen=True)
class OfYears(Watched):
    """A chart without its order, of a patient taken to be so old; by nose where a device was used."""

    years: int = 0

    @cached_property
    def nasal(self) -> bool:
        return bool(self.device_rows)

    @cached_property
    def age(self) -> int:
        return self.years


# The question: what a session has beside it


def charts_changed(unit: Unit, *, since: date) -> QuerySet[Session, Session]:
    """The sessions of a unit whose chart was changed since a day, each with all that was said."""
    mine, changed = {"session": OuterRef("pk")}, changed_since(since)
    again = Q(revision__gt=2) | Q(left_at__isnull=True)
    measured = VitalSet.objects.filter(changed, **mine)
    pump = PumpEvent.objects.filter(
        changed | (Q(act=PumpAct.START.value) & ~Q(comment="")), **mine
    )
    devices = DeviceUse.objects.filter(changed, **mine)
    # That the patient has left is a revision too, and mostly the only one.
    left = DischargeRecord.objects.filter(changed & again, **mine)
    return (
        Session.objects.in_unit(unit.pk)
        .filter(Exists(measured) | Exists(pump) | Exists(devices) | Exists(left))
        .order_by()
        .annotate(beside=all_said(changed))
    )


def changed_since(day: date) -> Q:
    if day == date.min:
        return Q(revision__gt=1)
    return Q(revision__gt=1, received_at__gte=datetime.combine(day, time.min, tzinfo=OSLO))


def all_said(changed: Q) -> JSONObject:
    """The sets of a session in which one was changed, its pump and devices, its checklist."""
    one = VitalSet.objects.filter(changed, session=OuterRef("session"))
    stated = DecisionSupportStatement.objects.in_force().filter(unit=OuterRef("unit"))
    hands = DischargeSignature.objects.filter(record=OuterRef("pk"))
    records = DischargeRecord.objects.annotate(signed=Exists(hands))
    return JSONObject(
        judged=Subquery(stated.order_by("-happened_at", "-pk").values("on")[:1]),
        sets=listed(VitalSet.objects.filter(Exists(one)), *COLUMNS),
        acts=listed(
            PumpEvent.objects.all(),
            *("id", "act", "pause_reason", "comment"),
            rate_ml_h=Cast("rate_ml_h", CharField()),
        ),
        devices=listed(DeviceUse.objects.all(), "id", "act", "lot", "expires_on", "begun_at"),
        records=listed(records, "id", "answers", "left_at", "signed"),
    )


def listed(rows: QuerySet[Any, Any], *columns: str, **more: Any) -> Subquery:
    """Every revision of the session that a row is."""
    fields = {name: F(name) for name in dict.fromkeys((*SAID_OF_ALL, *columns))}
    whole = JSONObject(**fields, **more, by_name=F("by__display_name"))
    mine = rows.filter(session=OuterRef("pk")).order_by()
    return Subquery(mine.values("session").annotate(all=Gathered(whole)).values("all"))


# The answer: what of it was taken back


def taken_back(beside: str) -> Iterator[TakenBack]:
    """Of one session of `charts_changed`. Unjudged, as in journal mode, no reading is red."""
    said = json.loads(beside)
    acts = [read(PumpEvent, one) for one in as_list(said["acts"])]
    sets = [read(VitalSet, one) for one in as_list(said["sets"]) if said["judged"]]
    devices = [read(DeviceUse, one) for one in as_list(said["devices"])]
    yield from reds_taken(sorted(sets, key=lambda row: row.pk), acts, devices)
    yield from acts_taken(acts)
    yield from devices_taken(devices)
    yield from answers_taken([read(DischargeRecord, one) for one in as_list(said["records"])])
    for row in not_let_through(in_force(acts)):
        yield StartedAllTheSame(row, row.comment, gettext("start check"))


def as_list(said: Any) -> Any:
    """Of no rows the database lists nothing; one writes a list inside another value as text."""
    return (json.loads(said) if isinstance(said, str) else said) or ()


def read(model: type[Model], said: Mapping[str, Any]) -> Any:
    """A row as it was listed; what is sealed opens in it."""
    columns = dict(columns_read(dict(said)))
    beside: dict[str, Any] = {}
    for name in {"by_name", "signed"} & columns.keys():
        beside[name] = columns.pop(name)
    for name in {"reason", "comment"} & columns.keys():
        columns[name] = Stored(columns[name]) if columns[name] else ""
    if columns.get("begun_at"):
        columns["begun_at"] = zoned(columns["begun_at"])
    if columns.get("expires_on"):
        columns["expires_on"] = date.fromisoformat(columns["expires_on"])
    columns["entry"], columns["withdrawn"] = UUID(said["entry"]), bool(said["withdrawn"])
    if "rate_ml_h" in columns:
        columns["rate_ml_h"] = columns["rate_ml_h"] and Decimal(columns["rate_ml_h"])
    if isinstance(columns.get("answers"), str):
        columns["answers"] = json.loads(columns["answers"])
    row = model(**columns)
    for name, value in beside.items():
        vars(row)[name] = value
    return row


def reds_taken(
    sets: Sequence[Any], acts: Sequence[Any], devices: Sequence[Any]
) -> Iterator[TakenBack]:
    """As the chart stood when each set was corrected."""
    for number, row in enumerate(sets):
        if row.revision > 1:
            earlier, given = (
                [one for one in rows if one.received_at <= row.received_at]
                for rows in (acts, devices)
            )
            lost = list(lost_of(sets[:number], earlier, devices=given, row=row))
            if lost:
                yield TakenBack(row, several(lost), gettext("chart: red"))


def judged_session() -> Session:
    """Of a unit without decision support no set is listed: what is read here was judged."""
    session = Session()
    vars(session)["supported"] = True
    return session


def lost_of(
    before: Sequence[Any], acts: Sequence[Any], *, devices: Sequence[Any], row: Any
) -> Iterator[Text]:
    """By the limits before a start of the young and of the old: the age is not asked for."""
    older = limits().older.from_age.value
    told: dict[str, Text] = {}
    for age in (older - 1, older):
        chart = OfYears(
            judged_session(),
            row.received_at,
            vital_rows=before,
            pump_rows=acts,
            device_rows=devices,
            years=age,
        )
        told |= {one.nb: one for one in red_lost(chart, row)}
    yield from told.values()


def acts_taken(acts: Sequence[Any]) -> Iterator[TakenBack]:
    for before, row in corrected(acts):
        if any(getattr(before, name) != getattr(row, name) for name in PUMP):
            what = f"{at_clock(before.happened_at)} {act_said(before)}"
            yield TakenBack(row, what, gettext("chart: pump"))


def devices_taken(devices: Sequence[Any]) -> Iterator[TakenBack]:
    """A device is struck, never changed: the dose that was given is smaller by it."""
    words = {
        DeviceAct.GIVEN.value: gettext("device given"),
        DeviceAct.LOST.value: gettext("device lost"),
        DeviceAct.ENDED.value: gettext("no more devices"),
    }
    for before, row in corrected(devices):
        if row.withdrawn:
            what = f"{at_clock(before.happened_at)} {words[before.act]}"
            if before.act == DeviceAct.GIVEN.value:
                what = f"{what} ({package_said(before)})"
            yield TakenBack(row, what, gettext("chart: devices"))


def answers_taken(records: Sequence[Any]) -> Iterator[TakenBack]:
    """A no that was signed or left with, and new intent whenever it was said.

    Until it is signed the checklist is filled in as the patient recovers.
    """
    names = {one.id: one.unmet for one in discharge_rules().conditions}
    for before, row in corrected(records):
        no = {name for name in names if before.answers.get(name) is False}
        gone = {name for name in no if row.answers.get(name) is not False}
        held = vars(before)["signed"] or before.left_at
        told = [names[name] for name in sorted(gone if held else gone & {INTENT})]
        if told:
            yield TakenBack(row, several(told), gettext("chart: going home"))
        if before.left_at and not row.left_at:
            words = gettext("the patient left at %s") % at_clock(zoned(before.left_at))
            yield TakenBack(row, words, gettext("chart: going home"))


class StartedAllTheSame(TakenBack):
    """A start that nothing let through, and why it happened."""

    @property
    def why(self) -> str:
        return gettext("The pump was started at %(clock)s: %(why)s") % {
            "clock": at_clock(self.row.happened_at),
            "why": self.what,
        }


def corrected(rows: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each revision beside the one that it replaced."""
    for entry in revisions(rows):
        yield from pairwise(entry)


def several(texts: Iterable[Text]) -> str:
    language = get_language() or "nb"
    return "; ".join(one.in_language(language) for one in texts)
