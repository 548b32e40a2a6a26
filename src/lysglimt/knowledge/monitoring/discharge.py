"""May the patient go home, and when at the earliest?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from importlib.resources import files
from operator import ge, gt

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .discharge_wording import DischargeWording, of_points
from .limits import Light, outside
from .observation import SessionRoute, observation_rules
from .vital_signs import SIGN_NAMES, Baseline, VitalSet, VitalSign, with_unit

JUDGED = frozenset(
    {
        *(VitalSign.SYSTOLIC, VitalSign.DIASTOLIC, VitalSign.HEART_RATE, VitalSign.OXYGEN),
        *(VitalSign.SEDATION, VitalSign.AROUSAL, VitalSign.DISTRESS),
        VitalSign.DISSOCIATED,
    }
)
"""The signs that a criterion names with its own limit."""
OF_ITEM = 2
"""The most points of one item of either score: five of them, or four without bleeding."""


@dataclass(frozen=True, slots=True)
class DischargeCondition:
    """``name`` says it is in place, ``unmet`` what keeps the patient here.

    ``criterion`` is the row it belongs to: ``DC-8``. ``from_age`` counts whole years. ``danger``
    is the question to which a plain yes keeps the patient here, where ``name`` is a denial.
    """

    id: str
    criterion: str
    name: Text
    unmet: Text
    question: Text
    basis: Basis
    routes: tuple[SessionRoute, ...] = ()
    from_age: int = 0
    danger: Text | None = None

    def asked(self, route: SessionRoute, age: int | None) -> bool:
        """Where the age is not known, what is asked from an age is asked."""
        return (age is None or age >= self.from_age) and (
            not self.routes or route in self.routes
        )


@dataclass(frozen=True, slots=True)
class DischargeScores:
    aldrete: Figure[Decimal]
    padss: Figure[Decimal]
    padss_no_bleeding: Figure[Decimal]
    sedation: Figure[Decimal]
    arousal: Figure[Decimal]
    distress: Figure[Decimal]
    dissociation: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class DischargeVitals:
    systolic_below: Figure[int]
    diastolic_below: Figure[int]
    pressure_within: Figure[Decimal]
    heart_rate_from: Figure[int]
    heart_rate_to: Figure[int]
    oxygen_from: Figure[Decimal]
    oxygen_near: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class RecoveryItems:
    good_within: Figure[Decimal]
    aldrete_fair_within: Figure[Decimal]
    padss_fair_within: Figure[Decimal]
    oxygen_good_above: Figure[Decimal]
    oxygen_fair_from: Figure[Decimal]
    nausea_good_to: Figure[Decimal]
    nausea_fair_to: Figure[Decimal]
    awake_fair_from: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class DischargeRules:
    """``fresh`` is how old an assessment in points may be before it is said to be old."""

    fresh: Figure[timedelta]
    wait: Mapping[str, Figure[timedelta]]
    scores: DischargeScores
    vitals: DischargeVitals
    recovery_items: RecoveryItems
    conditions: tuple[DischargeCondition, ...]


@cache
def discharge_rules() -> DischargeRules:
    return read(
        DischargeRules, files("lysglimt.knowledge.monitoring") / "catalogue" / "discharge.toml"
    )


@dataclass(frozen=True, slots=True)
class DischargeFacts:
    """``dose_ended`` is when the infusion stopped, or when the first nasal device was given.

    ``aldrete`` and ``padss`` are totals; ``padss_bleeding`` false when that item was left out.
    ``answers`` are the conditions of `discharge.toml` by id; one left out is unknown.
    ``intent_assessed`` is that a doctor has answered today's task about intent or plan.
    ``age`` is in whole years. ``earlier`` are the last readings from before the dose ended, and
    of who was ``charted_as_gone`` and came back those from before that. ``overdue`` is by how long
    an observation is late, if it is.
    Raises Implausible for a total that the score cannot have.
    """

    route: SessionRoute
    dose_ended: datetime
    before: Baseline
    latest: VitalSet
    answers: Mapping[str, bool | None]
    aldrete: int | None = None
    padss: int | None = None
    padss_bleeding: bool = False
    unit_waits: timedelta | None = None
    age: int | None = None
    earlier: VitalSet | None = None
    intent_assessed: bool = False
    charted_as_gone: bool = False
    overdue: timedelta | None = None

    def __post_init__(self) -> None:
        of_padss = OF_ITEM * (5 if self.padss_bleeding else 4)
        for name, total, most in (
            ("aldrete", self.aldrete, OF_ITEM * 5),
            ("padss", self.padss, of_padss),
        ):
            if total is not None and not 0 <= total <= most:
                raise Implausible.of(name, total, f"0-{most}")


@dataclass(frozen=True, slots=True)
class Discharge:
    """``earliest`` is by the clock alone (DC-1); the verdict says what else is missing."""

    earliest: datetime
    verdict: Verdict


def earliest_discharge(
    route: SessionRoute, dose_ended: datetime, *, unit_waits: timedelta | None = None
) -> datetime:
    """DC-1. A unit may wait longer. Raises Implausible for a shorter wait."""
    least = discharge_rules().wait[route].value
    if unit_waits is not None and unit_waits < least:
        minutes, allowed = (wait // timedelta(minutes=1) for wait in (unit_waits, least))
        raise Implausible.of("unit_waits", f"{minutes} min", f"{allowed} min or longer")
    return dose_ended + (unit_waits or least)


def discharge(facts: DischargeFacts, at: datetime) -> Discharge:
    """Every criterion DC-1 to DC-9 as a finding; all met is ready for home.

    A danger sign that stands keeps the patient like a reading that does.
    """
    earliest = earliest_discharge(facts.route, facts.dose_ended, unit_waits=facts.unit_waits)
    findings = [
        _time(facts, ready=at >= earliest),
        *_scores(facts),
        *_dissociated(facts),
        *_vitals(facts),
        *_red_still(facts),
        *_overdue(facts),
        *answered(facts).values(),
    ]
    return Discharge(earliest, Verdict.of(findings))


def _time(facts: DischargeFacts, *, ready: bool) -> Finding:
    wait = discharge_rules().wait[facts.route]
    minutes = (facts.unit_waits or wait.value) // timedelta(minutes=1)
    met = Text(f"{minutes} min etter dosen", f"{minutes} min after the dose")
    unmet = Text(
        f"Det er ikke gått {minutes} min etter dosen",
        f"Less than {minutes} min have passed since the dose",
    )
    return DischargeWording(met, unmet, question=met).finding("DC-1", ready, wait.basis)


def _scores(facts: DischargeFacts) -> Iterator[Finding]:
    rule = discharge_rules().scores
    padss = rule.padss if facts.padss_bleeding else rule.padss_no_bleeding
    for criterion, value, limit, name in (
        ("DC-2", facts.aldrete, rule.aldrete, "Aldrete"),
        ("DC-3", facts.padss, padss, "PADSS"),
        ("DC-4", facts.latest.value(VitalSign.SEDATION), rule.sedation, "MOAA/S"),
    ):
        met = None if value is None else value >= limit.value
        least = Text(f"minst {limit.value}", f"at least {limit.value}")
        said = of_points(Text(name, name), value, wanted=least)
        yield said.finding(criterion, met, limit.basis)
    arousal, awake = facts.latest.value(VitalSign.AROUSAL), rule.arousal
    exactly = Text(str(awake.value), str(awake.value))
    said = of_points(Text("RASS", "RASS"), arousal, wanted=exactly)
    yield said.finding("DC-4", None if arousal is None else arousal == awake.value, awake.basis)
    distress, calm = facts.latest.value(VitalSign.DISTRESS), rule.distress
    most = Text(f"høyst {calm.value}", f"at most {calm.value}")
    said = of_points(Text("Ubehag", "Distress"), distress, wanted=most)
    yield said.finding("DC-4", None if distress is None else distress <= calm.value, calm.basis)


def _dissociated(facts: DischargeFacts) -> Iterator[Finding]:
    """DC-4: where it was charted, the newest figure decides; of none the tick alone speaks."""
    sign, most = VitalSign.DISSOCIATED, discharge_rules().scores.dissociation
    mild, latest = _read(facts, sign, partial(ge, most.value)), facts.latest.value(sign)
    if mild is None:
        return
    earlier = facts.earlier.value(sign) if facts.earlier else None
    said = of_points(
        Text("Dissosiasjon", "Dissociation"),
        earlier if latest is None else latest,
        wanted=Text(f"høyst {most.value} av 10", f"at most {most.value} of 10"),
    )
    if latest is None:
        unmet = said.unmet
        said = replace(
            said,
            unmet=Text(
                f"{unmet.nb}; ikke spurt om {_since(facts).nb}",
                f"{unmet.en}; not asked about {_since(facts).en}",
            ),
        )
    yield said.finding("DC-4", mild, most.basis)


def _vitals(facts: DischargeFacts) -> Iterator[Finding]:
    """DC-6: the pressure below its limit and near the baseline, pulse and saturation."""
    rule = discharge_rules().vitals
    for sign, below in (
        (VitalSign.SYSTOLIC, rule.systolic_below),
        (VitalSign.DIASTOLIC, rule.diastolic_below),
    ):
        met = _read(facts, sign, partial(gt, below.value))
        wanted = Text(f"under {below.value} mmHg", f"below {below.value} mmHg")
        yield _of_sign(facts, sign, wanted).finding("DC-6", met, below.basis)
        within, usual = rule.pressure_within, facts.before.get(sign)
        met = _read(facts, sign, partial(_near, usual, within.value)) if usual else None
        wanted = Text(
            f"innen {within.value} % av utgangsverdien", f"within {within.value} % of baseline"
        )
        yield _of_sign(facts, sign, wanted).finding("DC-6", met, within.basis)
    low, high = rule.heart_rate_from, rule.heart_rate_to
    met = _read(facts, VitalSign.HEART_RATE, lambda pulse: low.value <= pulse <= high.value)
    range_ = f"{low.value}–{high.value} /min"
    said = _of_sign(facts, VitalSign.HEART_RATE, Text(range_, range_))
    yield said.finding("DC-6", met, low.basis)
    yield _saturation(facts)


def _of_sign(facts: DischargeFacts, sign: VitalSign, wanted: Text) -> DischargeWording:
    """A sign as it was read last, beside what lets the patient go."""
    name, latest = SIGN_NAMES[sign], facts.latest.value(sign)
    earlier = facts.earlier.value(sign) if facts.earlier else None
    value = earlier if latest is None else latest
    shown = "" if value is None else with_unit(sign, value)
    nb = f"{name.nb} {shown}, skal være {wanted.nb}"
    en = f"{name.en} {shown}, has to be {wanted.en}"
    if latest is None:
        since = _since(facts)
        nb, en = f"{nb}; ikke målt {since.nb}", f"{en}; not measured {since.en}"
    lacking = not facts.before.get(sign) and latest is not None
    return DischargeWording(
        met=Text(f"{name.nb} {wanted.nb}", f"{name.en} {wanted.en}"),
        unmet=Text(nb, en),
        question=Text(f"Utgangsverdi mangler: {name.nb}", f"There is no baseline: {name.en}")
        if lacking
        else Text(f"Mål på nytt: {name.nb}", f"Measure again: {name.en}"),
    )


def _saturation(facts: DischargeFacts) -> Finding:
    rule, usual = discharge_rules().vitals, facts.before.get(VitalSign.OXYGEN)

    def enough(value: int | Decimal) -> bool:
        near = usual is not None and usual - Fraction(value) <= Fraction(rule.oxygen_near.value)
        return value >= rule.oxygen_from.value or near

    met = _read(facts, VitalSign.OXYGEN, enough)
    least, points = rule.oxygen_from.value, rule.oxygen_near.value
    wanted = Text(
        f"minst {least} % eller innen {points} poeng av utgangsverdien",
        f"at least {least} % or within {points} points of baseline",
    )
    said = _of_sign(facts, VitalSign.OXYGEN, wanted)
    return said.finding("DC-6", met, rule.oxygen_from.basis)


def _read(
    facts: DischargeFacts, sign: VitalSign, holds: Callable[[int | Decimal], bool]
) -> bool | None:
    """By the latest reading. One from before the dose ended keeps the patient, never lets go."""
    value = facts.latest.value(sign)
    if value is not None:
        return holds(value)
    earlier = facts.earlier.value(sign) if facts.earlier else None
    return False if earlier is not None and not holds(earlier) else None


def _red_still(facts: DischargeFacts) -> Iterator[Finding]:
    """A danger sign that nobody has said is over, and a red reading that no criterion names."""
    series = (facts.earlier, facts.latest) if facts.earlier else (facts.latest,)
    for one in outside(series, facts.before):
        if one.light is Light.RED and one.sign not in JUDGED:
            basis = discharge_rules().vitals.systolic_below.basis
            yield Finding("DC-6", Standing.EXCLUDED, one.reason, basis)


def _overdue(facts: DischargeFacts) -> Iterator[Finding]:
    """What was read last says too little of now. [own-proposal]"""
    if facts.overdue is not None:
        late = facts.overdue // timedelta(minutes=1)
        reason = Text(
            f"En måling er forsinket med {late} min", f"An observation is overdue by {late} min"
        )
        basis = observation_rules().overdue.warn_beyond.basis
        yield Finding("DC-6", Standing.EXCLUDED, reason, basis)


def _since(facts: DischargeFacts) -> Text:
    if facts.charted_as_gone:
        return Text(
            "etter at pasienten ble ført som reist",
            "since the patient was charted as having left",
        )
    return Text("etter stopp", "since the stop")


def _near(usual: Fraction, percent: Decimal, value: int | Decimal) -> bool:
    return abs(Fraction(value) - usual) * 100 <= usual * Fraction(percent)


def answered(facts: DischargeFacts) -> Mapping[str, Finding]:
    """What is asked of the one who sees the patient, by condition; no reading is judged."""
    conditions = discharge_rules().conditions
    known = {condition.id for condition in conditions}
    for name in sorted(facts.answers):
        if name not in known:
            raise Implausible.of("answer", name, ", ".join(sorted(known)))
    return {
        condition.id: _answered(condition, facts)
        for condition in conditions
        if condition.asked(facts.route, facts.age)
    }


def _answered(condition: DischargeCondition, facts: DischargeFacts) -> Finding:
    answer = facts.answers.get(condition.id)
    if condition.id == INTENT and answer is False and facts.intent_assessed:
        return Finding(condition.criterion, Standing.NOTE, ASSESSED, condition.basis)
    said = DischargeWording(condition.name, condition.unmet, condition.question)
    return said.finding(condition.criterion, answer, condition.basis)


INTENT = "no_new_intent"
ASSESSED = Text(
    "Ny selvmordsintensjon eller plan, som lege har vurdert i dag",
    "New suicidal intent or plan, which a doctor has assessed today",
)
