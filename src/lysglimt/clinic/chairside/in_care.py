"""Whom else a nurse has at the unit's chairs, by pump or by nose, and whether it is too many."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.dosing.delivery import PumpAct
from lysglimt.knowledge.dosing.devices import DeviceAct
from lysglimt.knowledge.monitoring.gate_conditions import gate_rules

from .day_charts import sheet_beside, with_charts
from .infusing import DAY
from .models import DeviceUse, DischargeRecord, Handover, PumpEvent, Session, VitalSet
from .sheet import Sheet, Stage
from .showing import at_clock
from .watched import Watched

CHARTED = (PumpEvent, DeviceUse, VitalSet)


def in_care_of(nurse: Professional, *, but: Session, at: datetime) -> list[Sheet]:
    """Begun by then, that day or the day before, the patient still here, in the hands of ``nurse``.

    One question of the database.
    """
    rows = with_charts(begun_and_here(but, at=at)).annotate(**charted_last())
    mine = (
        row for row in rows.select_related("chair").order_by("pk") if hand_of(row) == nurse.pk
    )
    return [sheet_beside(row, now=at) for row in mine]


def begun_and_here(but: Session, *, at: datetime) -> QuerySet[Session]:
    mine = {"session": OuterRef("pk")}
    then = mine | {"happened_at__lte": at}
    starts = PumpEvent.objects.in_force().filter(**then, act=PumpAct.START)
    devices = DeviceUse.objects.in_force().filter(**then, act=DeviceAct.GIVEN)
    left = DischargeRecord.objects.in_force().filter(**mine, left_at__isnull=False)
    of_unit = Session.objects.filter(unit=but.unit_id, planned_on__gte=on_day(at) - DAY)
    return of_unit.filter(Exists(starts) | Exists(devices), ~Exists(left)).exclude(pk=but.pk)


def charted_last() -> dict[str, Subquery]:
    """Who took it over last, and who charted each kind of thing last, and when."""
    asked: dict[str, Subquery] = {}
    for number, model in enumerate(CHARTED):
        kind: Any = model
        rows = kind.objects.in_force().filter(session=OuterRef("pk"))
        newest = rows.order_by("-received_at", "-pk")
        asked |= {
            f"last_at_{number}": Subquery(newest.values("received_at")[:1]),
            f"last_by_{number}": Subquery(newest.values("by")[:1]),
        }
    taken = Handover.objects.in_force().filter(session=OuterRef("pk"))
    newest_taken = taken.order_by("-received_at", "-pk").values("taken_by")
    return asked | {"taken_last": Subquery(newest_taken[:1])}


def hand_of(row: Session) -> object:
    """Of whoever took it over last; where nobody has, of whoever charted in it last."""
    known = vars(row)
    if known["taken_last"] is not None:
        return known["taken_last"]
    said = [
        (known[f"last_at_{number}"], known[f"last_by_{number}"])
        for number, _ in enumerate(CHARTED)
        if known[f"last_at_{number}"]
    ]
    return max(said, key=lambda one: one[0])[1]


def under_way(sheet: Sheet) -> bool:
    """The drug is being given: the pump is not stopped, or a device is still to come."""
    return sheet.stage is Stage.INFUSING


def not_green(sheet: Watched) -> datetime | None:
    """When it was last charted, if something is outside the planned range."""
    return sheet.sets[-1].happened_at if sheet.outside_now else None


def too_many(sheet: Sheet, others: list[Sheet]) -> str:
    """Why this patient is not one more for who has the ``others``: in words, or nothing.

    One nurse to one patient while the drug is given; one more only while that one is green.
    """
    for other in others:
        chair = str(other.session.chair or gettext("no chair named"))
        if under_way(sheet) and under_way(other):
            words = gettext("the drug is being given there, too, since %(at)s (%(chair)s)")
            return words % {"at": at_clock(other.started), "chair": chair}
        if since := not_green(other):
            words = gettext("the patient there is not green, at %(at)s (%(chair)s)")
            return words % {"at": at_clock(since), "chair": chair}
        if not_green(sheet):
            words = gettext("this patient is not green, and there is another (%(chair)s)")
            return words % {"chair": chair}
    if len(others) > gate_rules().staffing.recovering.value:
        return gettext("%(n)s other patients are here") % {"n": len(others)}
    return ""
