"""A doctor's no for the day, and who has let the patient through the start check in spite of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.told import Answered, listed, said_no

from .models import Session, StartGateRecord
from .showing import at_clock

MAY_BE_TREATED = "gate:may_be_treated"


@dataclass(frozen=True, slots=True)
class Opened:
    """Who opened a start check, by name, and why."""

    by: str
    why: str


def opened_all_the_same(no: Answered | None, row: object) -> Opened | None:
    """Of a row with `start_opened`: by whom, where that start check found this no."""
    said = listed(vars(row).get("start_opened"))
    if no is None or said is None or not found_in(no, said["findings"]):
        return None
    why: Any = StartGateRecord._meta.get_field("override_reason")
    place = [UUID(str(said["entry"])), said["revision"]]
    return Opened(by=said["by"], why=why.read_in(said["why"], place))


def found_in(no: Answered, findings: Any) -> bool:
    """SQLite lists a table as text."""
    found = json.loads(findings) if isinstance(findings, str) else findings
    named = f": {no.by_whom.nb}"
    return any(
        one["criterion"] == MAY_BE_TREATED and one["reason"]["nb"].endswith(named)
        for one in found
    )


def against_doctor(
    session: Session, named: Professional | None, *, by: Professional, at: datetime
) -> dict[str, str]:
    """By the field of the start check, in words: others name no doctor who has said no today."""
    if named is None or named.pk == by.pk:
        return {}
    seen = said_no(named, session.course.patient_id, on=on_day(at))
    if seen is None:
        return {}
    words = gettext(
        "%(who)s answered no at %(at)s: not to be treated today. Name another doctor, or let "
        "%(who)s answer anew."
    )
    return {"doctor": words % {"who": named, "at": at_clock(seen)}}
