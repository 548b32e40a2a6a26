"""All that is charted of a session, whatever stage it is in; and whether the record is signed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.utils.timezone import localtime

from lysglimt.clinic.chairside.models import (
    Capacity,
    ChairEventKind,
    DischargeRecord,
    Session,
    StartGateRecord,
)
from lysglimt.clinic.chairside.sheet import (
    Sheet,
    Stage,
    last_of,
    prepared_for,
    sheet_of,
    told_of,
)
from lysglimt.clinic.chairside.watched import unjudged
from lysglimt.clinic.chairside.written import in_force, intent_said_at
from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.design.templatetags.design import moment
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.knowledge.protocols.state import RULE_VERSION

from .parts import say, text


@dataclass(frozen=True, slots=True)
class Printing:
    """Who prints, and when: data of the document like any other."""

    by: Professional
    at: datetime


def whole_sheet(session: Session, printing: Printing) -> Sheet:
    """Gates, checks and checklists too, which a page shows at their stage alone."""
    sheet = sheet_of(session, now=printing.at, by=printing.by)
    gates = StartGateRecord.objects.filter(session=session)
    left = DischargeRecord.objects.filter(session=session)
    discharges = list(left.with_signers())
    said: dict[str, Any] = {
        **prepared_for(session, nasal=sheet.nasal),
        **told_of(session, since=last_of(intent_said_at(discharges), sheet.intent_told)),
    }
    return replace(
        sheet,
        gates=list(gates.select_related("by", "doctor", "override_by")),
        discharges=discharges,
        **said,
    )


def unsigned_because(sheet: Sheet) -> Iterator[str]:
    """Why this is a draft; nothing of a record that is signed."""
    if sheet.stage is not Stage.LEFT:
        yield say("not_over")
    elif not sheet.given:
        yield say("dose_waits")
    if Capacity.NURSE not in sheet.signatures:
        yield say("no_nurse")
    if Capacity.DOCTOR not in sheet.signatures:
        yield say("no_doctor")
    if any(row.kind == ChairEventKind.CHECK_PENDING for row in in_force(sheet.event_rows)):
        yield say("check_waits")


def judged(sheet: Sheet) -> bool:
    return not unjudged(sheet.session)


def when(at: datetime | None) -> str:
    """With its day: paper is read on another day."""
    return moment(localtime(at)) if at else "–"


def whom(session: Session) -> list[str]:
    """Two identifiers, the number whole: paper lies beside that of other systems, and is no screen."""
    card = session.course.patient.card()
    told = [card.name, f"{say('born')} {day_written(card.birth_date)}"]
    number = card.full_identity_number
    return told + ([f"{say('number')} {number[:6]} {number[6:]}"] * bool(number))


def what(session: Session) -> str:
    told = [say("session_of", day=day_written(session.planned_on))]
    told += [str(session.chair)] if session.chair else []
    return " · ".join([*told, say("wristband", code=session.wristband)])


def protocol_said(session: Session) -> str:
    found = protocol_of(session.course)
    return say("protocol", name=text(found.name), version=found.version)


def foot(printing: Printing, *told: str) -> list[str]:
    return [
        say("health"),
        f"{say('made_by', version=version('lysglimt'))}, {say('rules', version=RULE_VERSION)}",
        *told,
        say("printed", at=when(printing.at), by=printing.by),
    ]
