"""The minimum data set of a session by nose: each field, its answer, and where that is from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.numerals import day_written
from lysglimt.knowledge.dosing.devices import DeviceAct, of_devices
from lysglimt.knowledge.monitoring.discharge import discharge_rules
from lysglimt.knowledge.monitoring.monitoring_form import (
    AnswerKind,
    FormField,
    Origin,
    monitoring_form,
    nearest_to_40,
    unanswered,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed
from lysglimt.knowledge.monitoring.vital_signs import VitalSign

from .device_card import devices_said, mg_said
from .models import StartGateRecord
from .sheet import Sheet
from .showing import at_clock

NOT_ASKED = "not_asked"
MINUTE = timedelta(minutes=1)


def lacking(sheet: Sheet) -> tuple[FormField, ...]:
    """What nobody has answered: of the chart, what is not charted."""
    return unanswered({*sheet.form_answered, *from_chart(sheet), *OF_THE_RECORD})


OF_THE_RECORD = frozenset({"patient", "first_treatment", "setting", "provider"})
"""Known to the record, or said there to be nobody."""


def from_chart(sheet: Sheet) -> dict[str, str]:
    """The answers that the chart gives; what it does not give is not there."""
    return {name: said for name, said in charted(sheet) if said}


def charted(sheet: Sheet) -> Iterator[tuple[str, str]]:
    first, left = sheet.devices.first_given, left_at(sheet)
    if first is None:
        return
    yield "day", day_written(sheet.session.planned_on)
    yield "dose", dose_said(sheet)
    if left:
        yield "monitored", f"{(left - first) // MINUTE} min"
    yield "pressure_before", pressure(last_pressure(sheet.before))
    yield "pressure_40", pressure(at_40(sheet, first))
    if left:
        yield "pressure_leaving", pressure(last_pressure(before_leaving(sheet, left)))


def before_leaving(sheet: Sheet, left: datetime) -> Iterator[Observed]:
    """What was measured so long before that it still tells of the leaving."""
    fresh = discharge_rules().fresh.value
    return (one for one in sheet.since_start if left - fresh <= one.at <= left)


def left_at(sheet: Sheet) -> datetime | None:
    return sheet.discharge.left_at if sheet.discharge else None


def dose_said(sheet: Sheet) -> str:
    """With the lot of each; one that is not known says so."""
    lots = [
        row.lot or gettext("lot not known") for row in sheet.uses if row.act == DeviceAct.GIVEN
    ]
    amount = f"{mg_said(of_devices(sheet.devices.count))} mg"
    return f"{amount}, {devices_said(sheet.devices.count)}: {', '.join(lots)}"


def has_pressure(one: Observed) -> bool:
    return one.value(VitalSign.SYSTOLIC) is not None and (
        one.value(VitalSign.DIASTOLIC) is not None
    )


def last_pressure(sets: Any) -> Observed | None:
    read = [one for one in sets if has_pressure(one)]
    return read[-1] if read else None


def at_40(sheet: Sheet, first: datetime) -> Observed | None:
    return nearest_to_40([*filter(has_pressure, sheet.since_start)], first=first)


def pressure(one: Observed | None) -> str:
    if one is None:
        return ""
    numbers = f"{one.value(VitalSign.SYSTOLIC)}/{one.value(VitalSign.DIASTOLIC)} mmHg"
    return f"{numbers} ({at_clock(one.at)})"


@dataclass(frozen=True, slots=True)
class Answered:
    """A field of the form with its answer; empty is missing."""

    field: FormField
    name: str
    said: str
    origin: str


def answers_shown(
    sheet: Sheet, *, gate: StartGateRecord | None, typed: Mapping[str, Any]
) -> list[Answered]:
    """Every field in the order of the form."""
    language = get_language() or "nb"
    known = {**of_the_record(sheet, gate), **from_chart(sheet), **typed_in_words(typed)}
    origins = {
        Origin.RECORD: gettext("from the record"),
        Origin.CHART: gettext("from the chart of the session"),
        Origin.ASKED: gettext("asked of somebody"),
    }
    return [
        Answered(
            one, one.name.in_language(language), known.get(one.id, ""), origins[one.origin]
        )
        for one in monitoring_form().fields
    ]


def of_the_record(sheet: Sheet, gate: StartGateRecord | None) -> dict[str, str]:
    session = sheet.session
    who = session.course.patient.card()
    sexes = {"f": gettext("Female"), "m": gettext("Male")}
    sex = sexes.get(who.sex, gettext("not known"))
    card = sheet.device_order.card if sheet.device_order else {}
    first = gettext("yes") if card.get("first_day") else gettext("no")
    return {
        "patient": f"{who.name}, {day_written(who.birth_date)}, {sex.lower()}",
        "first_treatment": first if sheet.device_order else gettext("not known"),
        "provider": str(gate.doctor) if gate and gate.doctor else gettext("nobody is named"),
        "setting": str(session.unit),
    }


def typed_in_words(answers: Mapping[str, Any]) -> dict[str, str]:
    asked = {one.id: one for one in monitoring_form().asked}
    return {
        name: said_of(asked[name], answer) for name, answer in answers.items() if name in asked
    }


def said_of(one: FormField, answer: Mapping[str, Any]) -> str:
    """``answer`` is what was said, and of a course or an event what belongs to a yes."""
    language = get_language() or "nb"
    said = answer["said"]
    words = {"yes": gettext("yes"), "no": gettext("no"), NOT_ASKED: gettext("not asked")}
    if one.kind in {AnswerKind.WORDS, AnswerKind.CLOCK}:
        return str(words[NOT_ASKED] if said == NOT_ASKED else said)
    more = []
    if said == "yes" and one.kind is AnswerKind.COURSE:
        more = [
            gettext("from %(onset)s min to %(over)s min")
            % {"onset": answer.get("onset", "?"), "over": answer.get("over", "?")}
        ]
    if said == "yes" and one.kind is AnswerKind.EVENT:
        kinds = {kind.id: kind.name for kind in monitoring_form().events}
        more = [
            *(kinds[kind].in_language(language) for kind in answer.get("kinds", ())),
            answer.get("story", ""),
        ]
    if answer.get("despite"):
        more.append(gettext("in spite of the chart: %s") % answer["despite"])
    return ", ".join(filter(None, (words[said], *more)))
