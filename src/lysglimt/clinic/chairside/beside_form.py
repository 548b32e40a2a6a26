"""What the chart says of what the form for monitoring asks, and where an answer goes against it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language, gettext

from lysglimt.knowledge.monitoring.vital_signs import (
    SIGN_NAMES,
    VitalSign,
    plausible,
    with_unit,
)
from lysglimt.knowledge.monitoring.vital_signs import VitalSet as Observed

from .ready_early import FIELD as READY
from .ready_early import ready_by_checklist
from .sheet import Sheet
from .showing import at_clock

BREATHING = frozenset({VitalSign.BREATHING.value, VitalSign.OXYGEN.value, "apnoea"})


@dataclass(frozen=True, slots=True)
class InChart:
    """In words, with the minutes after the first device; ``against`` is which answer it denies."""

    words: str
    against: str = ""


def in_chart(sheet: Sheet) -> dict[str, InChart]:
    """By the field that asks; nothing where nothing of it is charted since the first device."""
    found = {
        "sedation": sedation(sheet),
        "dissociation": dissociation(sheet),
        "respiratory_depression": breathing(sheet),
        "acceptable_leaving": leaving(sheet),
        READY: ready(sheet),
    }
    return {name: one for name, one in found.items() if one}


def ready(sheet: Sheet) -> InChart | None:
    """The checklist is written when somebody has time; the patient may have been ready before."""
    found, first = ready_by_checklist(sheet), sheet.devices.first_given
    if found is None or first is None:
        return None
    words = gettext("the checklist had nothing in the way at %(at)s, %(minutes)s min")
    said = {"at": at_clock(found), "minutes": (found - first) // timedelta(minutes=1)}
    return InChart(words % said)


def sedation(sheet: Sheet) -> InChart | None:
    """Whoever is below the highest of the scale is sedated by the scale itself."""
    awake = plausible().of(VitalSign.SEDATION).highest
    lowest = min(measured(sheet, VitalSign.SEDATION), key=value_of, default=None)
    if lowest is None:
        return None
    sedated = [one for one in measured(sheet, VitalSign.SEDATION) if value_of(one) < awake]
    return InChart(course_said(sheet, lowest, (one[1] for one in sedated)), if_any(sedated))


def dissociation(sheet: Sheet) -> InChart | None:
    highest = max(measured(sheet, VitalSign.DISSOCIATED), key=value_of, default=None)
    if highest is None:
        return None
    there = [one for one in measured(sheet, VitalSign.DISSOCIATED) if value_of(one) > 0]
    return InChart(course_said(sheet, highest, (one[1] for one in there)), if_any(there))


def breathing(sheet: Sheet) -> InChart | None:
    """The slowest and the least oxygen; what was outside the planned range speaks against a no."""
    least = [
        min(values, key=value_of)
        for sign in (VitalSign.BREATHING, VitalSign.OXYGEN)
        if (values := measured(sheet, sign))
    ]
    outside = list(outside_of(sheet, BREATHING))
    words = [read_said(sheet, one) for one in least]
    return InChart(", ".join([*words, *outside]), if_any(outside)) if words or outside else None


def leaving(sheet: Sheet) -> InChart | None:
    """What is outside now, or was when the patient left."""
    if not sheet.outside:
        return None
    language = get_language() or "nb"
    left = sheet.discharge.left_at if sheet.discharge else None
    then = [found for one, found in sheet.outside if left is None or one.at <= left]
    words = [one.reason.in_language(language) for one in then[-1]] if then else []
    return InChart(", ".join(words), "yes") if words else None


Read = tuple[VitalSign, Observed]


def measured(sheet: Sheet, sign: VitalSign) -> list[Read]:
    return [(sign, one) for one in sheet.since_start if one.value(sign) is not None]


def value_of(read: Read) -> int:
    sign, one = read
    return int(one.value(sign) or 0)


def outside_of(sheet: Sheet, signs: frozenset[str]) -> Iterator[str]:
    language = get_language() or "nb"
    for one, found in sheet.outside:
        for each in found:
            if each.sign in signs and not each.stands:
                yield f"{each.reason.in_language(language)} ({minute(sheet, one)})"


def if_any(found: Iterable[object]) -> str:
    return "no" if any(True for _ in found) else ""


def read_said(sheet: Sheet, read: Read) -> str:
    sign, one = read
    name = SIGN_NAMES[sign].in_language(get_language() or "nb")
    return f"{name} {with_unit(sign, value_of(read))} ({minute(sheet, one)})"


def course_said(sheet: Sheet, worst: Read, there: Iterable[Observed]) -> str:
    """The worst of it, and from when to when it was charted."""
    said, times = read_said(sheet, worst), [minute(sheet, one) for one in there]
    if not times:
        return said
    span = gettext("charted from %(first)s to %(last)s")
    return f"{said}, {span % {'first': times[0], 'last': times[-1]}}"


def minute(sheet: Sheet, one: Observed) -> str:
    return f"{sheet.minute(one.at)} min"
