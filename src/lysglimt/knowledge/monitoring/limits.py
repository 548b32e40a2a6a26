"""Is a reading inside the planned range, outside it, or so far outside that the dose stops?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import takewhile

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text

from .vital_signs import SIGN_NAMES, Baseline, VitalSet, VitalSign, with_unit

Limit = Figure[int | Decimal]
"""Whole for mmHg and counts a minute, decimal for percent and points."""


class Light(StrEnum):
    """Notify is not treat: amber is told and rechecked, red pauses or stops."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"

    @property
    def rank(self) -> int:
        return (Light.GREEN, Light.AMBER, Light.RED).index(self)


@dataclass(frozen=True, slots=True)
class SignLimits:
    """``from`` is outside upwards, ``to`` outside downwards, each value itself outside."""

    amber_from: Limit | None = None
    red_from: Limit | None = None
    red_held_from: Limit | None = None
    amber_to: Limit | None = None
    red_to: Limit | None = None
    red_on_oxygen_to: Limit | None = None
    amber_rise: Limit | None = None
    red_rise: Limit | None = None


@dataclass(frozen=True, slots=True)
class HeldFor:
    apart: Figure[timedelta]


@dataclass(frozen=True, slots=True)
class TogetherLimits:
    """Strong dissociation is expected; with distress it is red."""

    cadss_from: Figure[Decimal]
    distress_from: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class OlderLimits:
    from_age: Figure[int]
    systolic: Limit


@dataclass(frozen=True, slots=True)
class SeenSign:
    """Something seen or told that has no number; ``symptom`` is false for the line's troubles.

    ``one_tap`` are those that the chair has at hand, each a button of its own.
    """

    light: Light
    name: Text
    basis: Basis
    symptom: bool = True
    one_tap: bool = False


@dataclass(frozen=True, slots=True)
class LimitSet:
    held: HeldFor
    during: Mapping[str, SignLimits]
    before: Mapping[str, SignLimits]
    together: TogetherLimits
    older: OlderLimits
    signs: Mapping[str, SeenSign]


@cache
def limits() -> LimitSet:
    return read(LimitSet, files("lysglimt.knowledge.monitoring") / "catalogue" / "limits.toml")


@dataclass(frozen=True, slots=True)
class Outside:
    """One reading or sign outside the planned range; ``sign`` is an id, ``light`` how far.

    ``low`` is outside downwards: a slow pulse is not treated as a fast one. ``stands`` is that
    the sign is not measured in the latest set: it is as it was when it was measured last.
    """

    sign: str
    light: Light
    reason: Text
    basis: Basis
    low: bool = False
    stands: bool = False


def is_danger(sign: str) -> bool:
    """A red sign: it stands until somebody has said that it is over."""
    return sign in limits().signs and limits().signs[sign].light is Light.RED


def standing_signs(series: Iterable[VitalSet]) -> Mapping[str, datetime]:
    """The danger signs told and not yet said to be over, with when each was last told.

    ``series`` is in time order. That a later set does not mention a sign answers nothing.
    """
    told: dict[str, datetime] = {}
    for one in series:
        told |= {sign: one.at for sign in sorted(one.signs) if is_danger(sign)}
        told = {sign: at for sign, at in told.items() if sign not in one.over}
    return told


def answered_for(
    series: Iterable[tuple[VitalSet, bool]], *, seen: datetime | None
) -> Iterator[VitalSet]:
    """Each set with those signs alone over that a doctor answers for. [own-proposal]

    Beside each, in time order, whether a doctor charted it; ``seen`` is when a doctor last saw
    the patient for a danger sign. Who charts that it is over may do so before or after.
    """
    told: dict[str, datetime] = {}
    for one, by_doctor in series:
        told |= {sign: one.at for sign in one.signs if is_danger(sign)}
        seen_since = {sign for sign, at in told.items() if seen and _minute(at) <= seen}
        yield one if by_doctor else replace(one, over=one.over & seen_since)


def outside(series: Sequence[VitalSet], before: Baseline) -> tuple[Outside, ...]:
    """What in the latest set is outside the planned range during or after the dose.

    ``series`` is in time order and holds the earlier sets of the session, for what must last
    five minutes to be red. The worst of each sign alone. A danger sign of an earlier set is
    outside still, until a set says that it is over; a reading of an earlier set, until the sign
    is measured again.
    """
    latest = series[-1]
    found = [*_seen({*latest.signs, *standing_signs(series)})]
    for sign, number in _measured_last(series).items():
        rows = _of_reading(sign, series[: number + 1], before)
        found += rows if number == len(series) - 1 else map(_still, rows)
    return tuple(found)


def danger(series: Sequence[VitalSet]) -> tuple[Outside, ...]:
    """The danger signs that stand, before a start too. ``series`` is in time order."""
    return tuple(_seen(standing_signs(series)))


def _measured_last(series: Sequence[VitalSet]) -> Mapping[VitalSign, int]:
    """Each sign with the number of the last set that measured it, those of the latest first."""
    found: dict[VitalSign, int] = {}
    for number in reversed(range(len(series))):
        for sign in series[number].values:
            found.setdefault(sign, number)
    return found


def _of_reading(sign: VitalSign, series: Sequence[VitalSet], before: Baseline) -> list[Outside]:
    """Of a sign that the latest of the series has."""
    latest = series[-1]
    value = latest.values[sign]
    rows = [
        *_absolute(sign, value, limits().during.get(sign.value, SignLimits())),
        *_held(sign, series),
        *_on_oxygen(sign, latest),
        *_risen(sign, value, before),
        *_together(sign, latest),
    ]
    return _worst(rows)


def _still(found: Outside) -> Outside:
    """Nobody has looked since: it is not green for want of a reading."""
    reason = Text(
        f"{found.reason.nb}, ikke målt på nytt", f"{found.reason.en}, not measured again"
    )
    return replace(found, reason=reason, stands=True)


def light(found: Iterable[Outside]) -> Light:
    """The worst decides; nothing outside is green."""
    return max((one.light for one in found), key=lambda one: one.rank, default=Light.GREEN)


def with_symptoms(found: Iterable[Outside]) -> bool:
    """A red symptom is there: the infusion is not resumed."""
    known = limits().signs
    return any(
        one.light is Light.RED and one.sign in known and known[one.sign].symptom
        for one in found
    )


def outside_before(sign: VitalSign, value: int | Decimal, *, age: int) -> tuple[Outside, ...]:
    """The same at the start gate. From 65 years the systolic limit is higher. [ES-08]"""
    older, row = limits().older, limits().before.get(sign.value, SignLimits())
    if sign is VitalSign.SYSTOLIC and age >= older.from_age.value:
        row = replace(row, amber_from=older.systolic)
    return tuple(_worst([*_absolute(sign, value, row)]))


def _worst(rows: Sequence[Outside]) -> list[Outside]:
    return sorted(rows, key=lambda one: -one.light.rank)[:1]


def _absolute(sign: VitalSign, value: int | Decimal, row: SignLimits) -> Iterator[Outside]:
    for limit, found in ((row.red_from, Light.RED), (row.amber_from, Light.AMBER)):
        if limit and value >= limit.value:
            yield _outside(
                sign, found, f"{with_unit(sign, value)} (≥ {limit.value})", basis=limit.basis
            )
    for limit, found in ((row.red_to, Light.RED), (row.amber_to, Light.AMBER)):
        if limit and value <= limit.value:
            said = _outside(
                sign, found, f"{with_unit(sign, value)} (≤ {limit.value})", basis=limit.basis
            )
            yield replace(said, low=True)


def _held(sign: VitalSign, series: Sequence[VitalSet]) -> Iterator[Outside]:
    """Red when the latest readings of the sign, unbroken, are that high for five minutes."""
    limit = limits().during.get(sign.value, SignLimits()).red_held_from
    if limit is None:
        return
    read_at = [(one.at, v) for one in series if (v := one.value(sign)) is not None]
    high = [at for at, v in takewhile(lambda one: one[1] >= limit.value, reversed(read_at))]
    apart = limits().held.apart.value
    if high and _minute(high[0]) - _minute(high[-1]) >= apart:
        detail = f"{with_unit(sign, read_at[-1][1])} (≥ {limit.value}, {apart // timedelta(minutes=1)} min)"
        yield _outside(sign, Light.RED, detail, basis=limit.basis)


def _minute(at: datetime) -> datetime:
    """Two readings at 10:05:40 and 10:10:10 are five minutes apart on the chart."""
    return at.replace(second=0, microsecond=0)


def _on_oxygen(sign: VitalSign, latest: VitalSet) -> Iterator[Outside]:
    limit = limits().during.get(sign.value, SignLimits()).red_on_oxygen_to
    value = latest.values[sign]
    if limit and latest.on_oxygen and value <= limit.value:
        said = _outside(
            sign,
            Light.RED,
            f"{with_unit(sign, value)} (O2, ≤ {limit.value})",
            basis=limit.basis,
        )
        yield replace(said, low=True)


def _risen(sign: VitalSign, value: int | Decimal, before: Baseline) -> Iterator[Outside]:
    row = limits().during.get(sign.value, SignLimits())
    for limit, found in ((row.red_rise, Light.RED), (row.amber_rise, Light.AMBER)):
        if limit and sign in before and Fraction(value) - before[sign] >= limit.value:
            detail = f"{with_unit(sign, value)} (+{round(Fraction(value) - before[sign])}, ≥ +{limit.value})"
            yield _outside(sign, found, detail, basis=limit.basis)


def _together(sign: VitalSign, latest: VitalSet) -> Iterator[Outside]:
    rule = limits().together
    dissociation, distress = latest.values[sign], latest.value(VitalSign.DISTRESS)
    if sign is not VitalSign.DISSOCIATION or distress is None:
        return
    if dissociation >= rule.cadss_from.value and distress >= rule.distress_from.value:
        yield _outside(
            VitalSign.DISSOCIATION,
            Light.RED,
            f"{dissociation} + {distress}/10",
            basis=rule.cadss_from.basis,
        )


def _seen(signs: Iterable[str]) -> Iterator[Outside]:
    known = limits().signs
    for sign in sorted(signs):
        if sign not in known:
            raise Implausible.of("sign", sign, ", ".join(known))
        yield Outside(sign, known[sign].light, known[sign].name, known[sign].basis)


def _outside(sign: VitalSign, found: Light, detail: str, *, basis: Basis) -> Outside:
    name = SIGN_NAMES[sign]
    return Outside(sign.value, found, Text(f"{name.nb} {detail}", f"{name.en} {detail}"), basis)
