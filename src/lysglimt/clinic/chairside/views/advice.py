"""What the rules say of this moment, and of a row of readings that waits for its tick."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import get_language

from lysglimt.clinic.chairside.charted import session_picture
from lysglimt.clinic.chairside.concentration import concentration
from lysglimt.clinic.chairside.sheet import Sheet, Stage
from lysglimt.clinic.chairside.showing import stated, stop_due, without_baseline
from lysglimt.clinic.chairside.untold import as_told, in_both_languages
from lysglimt.clinic.design.charts import vitals_trend
from lysglimt.clinic.medicines.beside import before_antiemetics_of
from lysglimt.clinic.people.access import SignedInRequest
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.monitoring.interventions import (
    RescueOrder,
    interventions,
    rescue_orders,
    steps_told,
    told_first,
)
from lysglimt.knowledge.monitoring.limits import Light, Outside, light, limits
from lysglimt.knowledge.monitoring.start_gate import told_at_once

Shown = Mapping[str, object]


def grounds(
    worst: Iterable[Outside], called: Iterable[RescueOrder]
) -> list[tuple[Basis, list[str]]]:
    """Each basis once, with the limits and orders that rest on it."""
    rules = [(one.basis, one.sign) for one in worst] + [(one.basis, one.id) for one in called]
    return [
        (basis, [name for of, name in rules if of == basis])
        for basis in dict.fromkeys(basis for basis, _ in rules)
    ]


def advice(sheet: Sheet, vitals: Form | None, *, judged: bool) -> Shown:
    """What the rules say of this moment; nothing of it in journal mode."""
    picture = session_picture(sheet, judged=judged)
    shown: dict[str, object] = {"trend": vitals_trend(picture) if picture else None}
    if not judged:
        return shown
    if getattr(sheet.session, "concentration_on", False):
        shown["concentration"] = concentration(sheet, picture)
    if sheet.stage is Stage.BEFORE:
        shown["at_once"] = stated(told_at_once(sheet.before, age=sheet.age))
    # Who has gone home is told nothing more; what waits for its tick is told before it is stored.
    here = sheet.stage is not Stage.LEFT
    foreseen = getattr(vitals, "foreseen", ()) if here else ()
    standing = sheet.standing_signs if here else {}
    return shown | {
        **told_of(sheet, sheet.outside_now if here else ()),
        "foreseen": told_of(sheet, foreseen) if foreseen else None,
        "standing_signs": [
            (limits().signs[sign].name, told) for sign, told in standing.items()
        ],
        "without_baseline": without_baseline(sheet) if here else None,
        "resumption": sheet.resumption,
        "deviations": sheet.deviations,
        "stop_due": stop_due(sheet),
        "resumed_against": sheet.resumed_against,
    }


def antiemetics_told(request: SignedInRequest, sheet: Sheet, shown: Shown) -> Shown:
    """Where a step names an antiemetic: what speaks against each, as it may be told the reader.

    Asks two questions of the database where it does.
    """
    foreseen: Any = shown.get("foreseen") or {}
    stands: Any = shown.get("steps_called", ())
    called = {order.id for order, _ in (*stands, *foreseen.get("steps_called", ()))}
    if not called & {order.id for order in rescue_orders() if order.antiemetics}:
        return {}
    session = sheet.session
    found = before_antiemetics_of(
        session.course.patient, on=on_day(sheet.now), language=get_language() or "nb"
    )
    return {
        "antiemetics": [
            (one.name, as_told(one.findings, by=request.user, session=session)) for one in found
        ],
        "untold": in_both_languages(),
        "may_open_medicines": request.may("medicines"),
    }


def told_of(sheet: Sheet, outside: Iterable[Outside]) -> Shown:
    """What is outside the planned range, the worst first, what is to be done, and by which rules."""
    worst = sorted(outside, key=lambda one: -one.light.rank)
    called = interventions(worst)
    steps = steps_told(called, running=sheet.running)
    return {
        "outside": worst,
        "red": light(worst) is Light.RED,
        "steps_called": steps,
        "steps_first": told_first(steps),
        "grounds": grounds(worst, called),
    }
