"""An ORU^R01 as a monitor sends it: from which device, what it measured, when by its own clock."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from lysglimt.knowledge.monitoring.vital_signs import VitalSign, plausible
from lysglimt.knowledge.quantities import half_up

from .measures import Meant, in_our_unit, measure_named, unit_named
from .message import Delimiters, Message, Segment, unescaped
from .refusals import Fault, Reason, Refused

Found = TypeVar("Found")
WHEN = re.compile(r"(\d{8})(\d\d)(\d\d)(\d\d)?(?:\.(\d{1,6})\d*)?(?:([+-])(\d\d)(\d\d))?")
NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?")
VALUED = {"F", "P", "C", "R"}
"""Table 0085: final, preliminary, corrected, not verified. The others state no value."""
NUMERIC = {"NM", "ST", "SN"}
SIGNS: Mapping[str, VitalSign] = {
    "systolic": VitalSign.SYSTOLIC,
    "diastolic": VitalSign.DIASTOLIC,
    "pulse": VitalSign.HEART_RATE,
    "spo2": VitalSign.OXYGEN,
    "respiration": VitalSign.BREATHING,
}
KEPT = 199
"""Letters of an id and of a name."""
PRESSURES = ("systolic", "diastolic")


@dataclass(frozen=True, slots=True)
class Observed:
    """One measure. ``at`` is by the monitor's clock; None when it does not say."""

    value: int
    at: datetime | None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """``device`` is the name nearest to the device that the message has; a farther one is another's.

    ``unread`` is what was of a measure of ours and could not be taken.
    """

    control_id: str
    sender: str
    device: str
    sent_at: datetime | None
    observed: Mapping[str, Observed]
    unread: tuple[Fault, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Ranked:
    observed: Observed
    rank: int


def report_of(message: Message, *, zone: tzinfo) -> Report:
    """``zone`` is where a clock stands that does not say so. Raises Refused."""
    header = message.header
    refuse_other(header)
    found: dict[str, Ranked] = {}
    unread: list[Fault] = []
    for segment, context in observations(message):
        try:
            taken = observed(segment, context, zone=zone)
        except Refused as refusal:
            unread.append(refusal.fault)
            continue
        if taken and better(taken[1], found.get(taken[0])):
            found[taken[0]] = taken[1]
    values = {measure: one.observed for measure, one in found.items()}
    unread += halves(values)
    return Report(
        control_id=control_id(header),
        sender=named(header, 3) or named(header, 4),
        device=next(names(message), ""),
        sent_at=moment(header, 7, zone=zone),
        observed=values,
        unread=tuple(unread),
    )


def refuse_other(header: Segment) -> None:
    kind, event = header.value(9, 1), header.value(9, 2)
    if (kind, event) != ("ORU", "R01"):
        header.refuse("200", 9, "only ORU^R01 is taken", reject=True)
    if header.value(11) not in {"P", ""}:
        header.refuse("202", 11, "only what is in production is taken", reject=True)
    if not header.value(12).startswith("2."):
        header.refuse("203", 12, "a version 2 of HL7", reject=True)


def control_id(header: Segment) -> str:
    found = header.value(10)
    if not found.isprintable() or not 0 < len(found) <= KEPT:
        header.refuse("101", 10, "the id of the message, 199 letters at most")
    return found


def named(segment: Segment, number: int) -> str:
    """A hierarchic name with all its parts, cut to what is kept of it."""
    return printed("^".join(segment.components(number)).strip("^"))


def printed(name: str) -> str:
    """Without what an escape may stand for and no database takes."""
    return "".join(filter(str.isprintable, name))[:KEPT]


def names(message: Message) -> Iterator[str]:
    """OBX-18, else the bed in PV1-3, else the sending application itself."""
    for segment in message.named("OBX"):
        if name := named(segment, 18):
            yield name
            break
    for segment in message.named("PV1"):
        parts = [part for one in segment.components(3)[:3] for part in one.split("&") if part]
        if parts:
            yield printed(" ".join(parts))
    if name := named(message.header, 3):
        yield name


def observations(message: Message) -> Iterator[tuple[Segment, Segment | None]]:
    """Each OBX with the OBR that it is below."""
    context = None
    for segment in message.named("OBR", "OBX"):
        if segment.name == "OBR":
            context = segment
        else:
            yield segment, context


@lru_cache(maxsize=1_024)
def meant_in(said: str, marks: Delimiters, charset: str) -> Meant | None:
    """A monitor names the same measures again and again. Raises ValueError."""
    return measure_named(texts(said, marks, charset))


@lru_cache(maxsize=1_024)
def unit_in(said: str, marks: Delimiters, charset: str) -> str | None:
    """Likewise."""
    return unit_named(texts(said, marks, charset))


def texts(said: str, marks: Delimiters, charset: str) -> list[str]:
    first = said.partition(marks.repetition)[0]
    return [unescaped(one, marks, charset=charset) for one in first.split(marks.component)]


def looked_up(
    found: Callable[[str, Delimiters, str], Found], segment: Segment, number: int
) -> Found:
    try:
        return found(segment.as_sent(number), segment.delimiters, segment.charset)
    except ValueError as refusal:
        segment.refuse("102", number, str(refusal))


def observed(
    segment: Segment, context: Segment | None, *, zone: tzinfo
) -> tuple[str, Ranked] | None:
    """None of what no chart asks for, and of what states no value. Raises Refused."""
    meant = looked_up(meant_in, segment, 3)
    if meant is None or segment.value(11) not in VALUED:
        return None
    value = number(segment, meant.measure)
    at = moment(segment, 14, zone=zone) or (moment(context, 7, zone=zone) if context else None)
    return meant.measure, Ranked(
        Observed(value, at, corrected=segment.value(11) == "C"), meant.rank
    )


def number(segment: Segment, measure: str) -> int:
    """In the unit of the chart, whole, and such as a patient can have."""
    if segment.value(2) not in NUMERIC:
        segment.refuse("102", 2, f"{measure} is a number")
    said = segment.value(5, 2) if segment.value(2) == "SN" else segment.as_sent(5).strip()
    if not NUMBER.fullmatch(said):
        segment.refuse("102", 5, f"{measure} is one number")
    unit = looked_up(unit_in, segment, 6)
    value = in_our_unit(Decimal(said), measure, unit) if unit else None
    if value is None:
        segment.refuse("103", 6, f"{measure} in a unit that is not known here")
    whole = int(half_up(value, Decimal(1)))
    allowed = plausible().of(SIGNS[measure])
    if not allowed.lowest <= whole <= allowed.highest:
        where, words = (
            f"OBX^{segment.number}^5",
            f"{measure} is outside what a patient can have",
        )
        raise Refused("102", where, words, reason=Reason.IMPLAUSIBLE)
    return whole


def better(new: Ranked, known: Ranked | None) -> bool:
    """The best name of a measure; of the same name the latest."""
    if known is None or new.rank != known.rank:
        return known is None or new.rank < known.rank
    return later(new.observed.at, known.observed.at)


def later(new: datetime | None, known: datetime | None) -> bool:
    return new is not None and (known is None or new >= known)


def halves(values: dict[str, Observed]) -> Iterator[Fault]:
    """A pressure is two numbers of one moment, the lower one below; a half of one is left out."""
    pair = [values.get(name) for name in PRESSURES]
    if not any(pair):
        return
    systolic, diastolic = pair
    for name in PRESSURES:
        values.pop(name, None)
    if systolic is None or diastolic is None or systolic.at != diastolic.at:
        yield Fault("102", "", "systolic and diastolic are not of one moment")
    elif diastolic.value >= systolic.value:
        yield Fault("102", "", "diastolic is not below systolic", Reason.IMPLAUSIBLE)
    else:
        corrected = systolic.corrected or diastolic.corrected
        values["systolic"] = replace(systolic, corrected=corrected)
        values["diastolic"] = replace(diastolic, corrected=corrected)


def moment(segment: Segment, number: int, *, zone: tzinfo) -> datetime | None:
    """In UTC. None where there is none, or only a day; Refused where it is no time at all."""
    try:
        return moment_said(segment.value(number).strip(), zone)
    except ValueError as refusal:
        segment.refuse("102", number, str(refusal))


@lru_cache(maxsize=1_024)
def moment_said(said: str, zone: tzinfo) -> datetime | None:
    """Every line of a message tells the same few times. Raises ValueError."""
    if not said or (said.isdecimal() and len(said) <= 8):
        return None
    stated = WHEN.fullmatch(said)
    if not stated:
        raise ValueError("a time as YYYYMMDDHHMM, with seconds and zone if told")
    day, hour, minute, second, fraction, sign, hours, minutes = stated.groups()
    try:
        exact = datetime(
            *(int(day[:4]), int(day[4:6]), int(day[6:])),
            *(int(hour), int(minute), int(second or 0)),
            int((fraction or "").ljust(6, "0")),
            tzinfo=zone_told(sign, hours, minutes) or zone,
        )
        return exact.astimezone(UTC)
    except (ValueError, OverflowError) as refusal:
        raise ValueError("a time that there is") from refusal


def zone_told(sign: str | None, hours: str, minutes: str) -> tzinfo | None:
    """Without one, an hour that a clock shows twice in autumn is the first of the two."""
    if sign is None:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def aged(report: Report, *, received_at: datetime) -> Mapping[str, Observed]:
    """Each with when it was measured by our clock; never newer than it may be.

    What passed between measuring and sending is by one clock, whatever that clock shows. A message
    that was kept back on its way is as old as the time that it states.
    """
    return {
        measure: replace(one, at=by_our_clock(one.at, report.sent_at, received_at))
        for measure, one in report.observed.items()
    }


def by_our_clock(
    at: datetime | None, sent_at: datetime | None, received_at: datetime
) -> datetime:
    stated = at or sent_at or received_at
    waited = sent_at - at if at and sent_at and sent_at > at else timedelta(0)
    return min(received_at - waited, stated)
