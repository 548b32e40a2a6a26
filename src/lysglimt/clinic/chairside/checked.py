"""The two-person check of an order whose infusion has begun: done before it, entered after it, or never."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, JSONField, Subquery
from django.db.models.functions import JSONObject
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.treatment.models.task import named
from lysglimt.clinic.treatment.told import listed, zoned
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.devices import DEVICE_CHECK
from lysglimt.knowledge.dosing.preparation import TWO_PERSON_CHECK

from .came_late import first_of
from .models import PreparationCheck, PumpEvent, SessionOrder
from .sprayed import Sprayed
from .written import in_force

COLUMN, FIRST = "check", "first_check_came"


def newest_check(order: Any) -> Subquery:
    said: Any = JSONObject(
        **{name: name for name in ("happened_at", "received_at", "lines")},
        by=named("by"),
        other=named("checked_by"),
    )
    mine = PreparationCheck.objects.in_force().filter(order=order)
    newest = mine.order_by("-happened_at", "-pk").annotate(said=said).values("said")
    return Subquery(newest[:1], output_field=JSONField())


def first_check(order: Any) -> Subquery:
    mine = PreparationCheck.objects.in_force().filter(order=order)
    return Subquery(mine.order_by("received_at").values("received_at")[:1])


BESIDE = {
    COLUMN: Condition(newest_check, JSONField(), of=(BigIntegerField(),)),
    FIRST: Condition(first_check, DateTimeField(), of=(BigIntegerField(),)),
}


def check_beside() -> dict[str, Any]:
    """Of an order: its newest check, in the same question."""
    return {name: one.about("pk") for name, one in BESIDE.items()}


@dataclass(frozen=True, slots=True)
class LateCheck:
    """None was made before the start. ``entered`` is what was told of it since, in words."""

    entered: str = ""


def complete(row: PreparationCheck | None) -> bool:
    """Every line: one that is entered after a start says what was checked, and may lack some."""
    return row is not None and TWO_PERSON_CHECK.keys() <= set(row.lines)


def double_checked(sheet: Sprayed) -> bool:
    """Two have checked what is ordered, each line: the syringe, or the devices laid out."""
    row = sheet.device_check
    if row is None or sheet.device_order is None:
        return complete(sheet.preparation)
    laid_out = row.laid_out == sheet.device_order.devices
    return laid_out and DEVICE_CHECK.keys() <= set(row.lines)


def told_afterwards(order: SessionOrder) -> bool:
    """The pump has run and no two had checked the order: what was drawn up is told of now."""
    acts = PumpEvent.objects.filter(session=order.session).order_by("received_at")
    if not acts.in_force().exists():
        return False
    first = acts.values("received_at")[:1]
    return not PreparationCheck.objects.filter(order=order, received_at__lte=first).exists()


def late_check(order: SessionOrder | None, pump: Sequence[PumpEvent]) -> LateCheck | None:
    """Of an order with its `check_beside`; None where two had checked it when the start was charted."""
    start = next((row for row in in_force(pump) if row.act == PumpAct.START), None)
    if order is None or start is None:
        return None
    said = listed(vars(order).get(COLUMN))
    if said is None:
        return LateCheck()
    came: datetime = vars(order)[FIRST]
    told = first_of(pump, start) or start
    return LateCheck(in_words(said)) if came > told.received_at else None


def in_words(said: dict[str, Any]) -> str:
    language = get_language() or "nb"
    # One database writes a list inside another value as text.
    told = said["lines"]
    lines = json.loads(told) if isinstance(told, str) else told
    lacking = [
        line.in_language(language)
        for name, line in TWO_PERSON_CHECK.items()
        if name not in lines
    ]
    words = gettext("%(by)s and %(other)s, of %(then)s, entered at %(came)s.") % {
        "by": said["by"],
        "other": said["other"],
        "then": clock(said["happened_at"]),
        "came": clock(said["received_at"]),
    }
    if not lacking:
        return words
    unchecked = gettext("Not checked: %s.") % ", ".join(lacking)
    return f"{words} {unchecked}"


def clock(at: str) -> str:
    return f"{localtime(zoned(at)):%H:%M}"
