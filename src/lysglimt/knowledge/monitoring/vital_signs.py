"""What was measured at the bedside, what was not and why, and whether it can be right."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Basis
from lysglimt.knowledge.quantities import typed_number
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing


class VitalSign(StrEnum):
    """Units: mmHg, per minute, %, °C; scales as points."""

    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    HEART_RATE = "heart_rate"
    OXYGEN = "spo2"
    BREATHING = "respiratory_rate"
    TEMPERATURE = "temperature"
    SEDATION = "moaas"
    AROUSAL = "rass"
    DISTRESS = "distress"
    NAUSEA = "nausea"
    DISSOCIATION = "cadss"
    DISSOCIATED = "dissociation"
    """One item, 0-10, asked at the chair; not the CADSS."""


SIGN_NAMES: Mapping[VitalSign, Text] = {
    VitalSign.SYSTOLIC: Text("Systolisk blodtrykk", "Systolic blood pressure"),
    VitalSign.DIASTOLIC: Text("Diastolisk blodtrykk", "Diastolic blood pressure"),
    VitalSign.HEART_RATE: Text("Puls", "Heart rate"),
    VitalSign.OXYGEN: Text("Oksygenmetning", "Oxygen saturation"),
    VitalSign.BREATHING: Text("Respirasjonsfrekvens", "Respiratory rate"),
    VitalSign.TEMPERATURE: Text("Temperatur", "Temperature"),
    VitalSign.SEDATION: Text("Sedasjon (MOAA/S)", "Sedation (MOAA/S)"),
    VitalSign.AROUSAL: Text("Våkenhet (RASS)", "Arousal (RASS)"),
    VitalSign.DISTRESS: Text("Ubehag 0–10", "Distress 0–10"),
    VitalSign.NAUSEA: Text("Kvalme 0–10", "Nausea 0–10"),
    VitalSign.DISSOCIATION: Text("Dissosiasjon (CADSS)", "Dissociation (CADSS)"),
    VitalSign.DISSOCIATED: Text("Dissosiasjon 0–10", "Dissociation 0–10"),
}


@dataclass(frozen=True, slots=True)
class PlausibleRange:
    """Outside lowest and highest the entry stops; beyond the ask limits it is asked about."""

    lowest: int
    highest: int
    ask_below: Decimal
    ask_above: Decimal
    unit: str
    basis: Basis
    whole: bool = True


@dataclass(frozen=True, slots=True)
class PlausibleRanges:
    systolic: PlausibleRange
    diastolic: PlausibleRange
    heart_rate: PlausibleRange
    spo2: PlausibleRange
    respiratory_rate: PlausibleRange
    temperature: PlausibleRange
    moaas: PlausibleRange
    rass: PlausibleRange
    distress: PlausibleRange
    nausea: PlausibleRange
    cadss: PlausibleRange
    dissociation: PlausibleRange

    def of(self, sign: VitalSign) -> PlausibleRange:
        found: PlausibleRange = getattr(self, sign.value)
        return found


@cache
def plausible() -> PlausibleRanges:
    return read(
        PlausibleRanges,
        files("lysglimt.knowledge.monitoring") / "catalogue" / "plausible.toml",
    )


def with_unit(sign: VitalSign, value: int | Decimal) -> str:
    """``202 mmHg``, ``93 %``; points stand alone, for their scale is in the name."""
    unit = plausible().of(sign).unit
    return f"{value}" if unit[0].isdigit() or unit == "points" else f"{value} {unit}"


def typed_sign(sign: VitalSign, typed: str) -> Decimal:
    """A reading as typed. Raises Implausible with the sign, the value and what is allowed."""
    limits, number = plausible().of(sign), typed_number(typed)
    if (
        number is None
        or not limits.lowest <= number <= limits.highest
        or (limits.whole and number != number.to_integral_value())
    ):
        raise Implausible.of(
            sign.value,
            typed,
            f"{limits.lowest}-{limits.highest} {limits.unit}",
            label=SIGN_NAMES[sign],
        )
    return number


@dataclass(frozen=True, slots=True)
class VitalSet:
    """Readings of one moment. ``not_measured`` says why a sign that was due is not there.

    ``signs`` are what was seen or told (ids of `limits.toml`: ``chest_pain``), ``over`` those
    told before that were asked about and are gone.
    """

    at: datetime
    values: Mapping[VitalSign, int | Decimal]
    not_measured: Mapping[VitalSign, str] = field(default_factory=dict)
    signs: frozenset[str] = frozenset()
    on_oxygen: bool = False
    over: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for sign, value in self.values.items():
            typed_sign(sign, str(value))
        for sign, why in self.not_measured.items():
            if sign in self.values or not why.strip():
                raise Implausible.of(
                    sign.value,
                    f"'{why}'",
                    "a value, or the reason why it was not measured",
                    label=SIGN_NAMES[sign],
                )
        systolic, diastolic = self.value(VitalSign.SYSTOLIC), self.value(VitalSign.DIASTOLIC)
        if systolic is not None and diastolic is not None and diastolic >= systolic:
            raise Implausible.of(
                VitalSign.DIASTOLIC.value,
                diastolic,
                f"below the systolic pressure {systolic}",
                label=SIGN_NAMES[VitalSign.DIASTOLIC],
            )

    def value(self, sign: VitalSign) -> int | Decimal | None:
        return self.values.get(sign)


def questions(vitals: VitalSet) -> tuple[Finding, ...]:
    """Readings that can be right and seldom are: asked about once, then taken as they stand."""
    found = []
    for sign, value in vitals.values.items():
        limits = plausible().of(sign)
        if not limits.ask_below <= value <= limits.ask_above:
            found.append(_asked(sign, value, limits))
    return tuple(found)


def _asked(sign: VitalSign, value: int | Decimal, limits: PlausibleRange) -> Finding:
    name = SIGN_NAMES[sign]
    return Finding(
        f"plausible:{sign}",
        Standing.UNKNOWN,
        Text(f"{name.nb}: {value} er uvanlig", f"{name.en}: {value} is unusual"),
        limits.basis,
        question=Text(f"Stemmer {value}?", f"Is {value} right?"),
    )


Baseline = Mapping[VitalSign, Fraction]
"""The mean of this session's two readings before the dose, sign by sign."""

PRE_READINGS = 2


def baseline(before: Iterable[VitalSet]) -> Baseline:
    """From the two latest sets before the dose; a sign read less than twice has none."""
    latest = sorted(before, key=lambda vitals: vitals.at)
    means = {}
    for sign in VitalSign:
        read_values = [v for vitals in latest if (v := vitals.value(sign)) is not None]
        if len(read_values) >= PRE_READINGS:
            means[sign] = (
                Fraction(sum(map(Fraction, read_values[-PRE_READINGS:]))) / PRE_READINGS
            )
    return means


def provisional(before: Iterable[VitalSet]) -> Baseline:
    """Each sign that was read once alone, so that it has no baseline. [own-proposal]"""
    read = [
        (sign, Fraction(value)) for vitals in before for sign, value in vitals.values.items()
    ]
    once = Counter(sign for sign, _ in read)
    return {sign: value for sign, value in read if once[sign] < PRE_READINGS}
