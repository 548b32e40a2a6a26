"""May this dose be started now? Everything that must be in place, with what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lysglimt.knowledge.errors import Implausible
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .before_start import (
    DO_NOT_START,
    GATE_SIGNS,
    PRESSURES,
    accepted,
    apart,
    dangers,
    red_signs,
    rest_after,
    told_danger,
)
from .gate_conditions import gate_rules
from .limits import Light, Outside, light, limits, outside_before
from .observation import SessionRoute, observation_rules
from .staffing import staffing
from .vital_signs import SIGN_NAMES, VitalSet, VitalSign, with_unit


class Pregnancy(StrEnum):
    """``impossible`` is a clinician's judgement, not a birth date's."""

    IMPOSSIBLE = "impossible"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What is known at the chair. None, or an answer left out, is unknown and is asked.

    ``on`` is the day at the clinic at that time, which near midnight is not that of UTC.
    ``before`` are the readings of this session, in time order. ``weight`` are the findings of
    `dosing.weights.weight_findings`. The nurse's other patients are counted by how they are.
    ``lacking`` names, by condition, what it is that is not in place. ``since_decision`` are the
    findings against treatment that have come since the patient was accepted, ``off_plan`` that
    against the day, ``medicines`` those about what is taken beside the treatment,
    ``over_months`` what holds it until a doctor answers. ``not_planned`` are conditions that this
    session is not asked: the protocol does not plan them.
    """

    route: SessionRoute
    at: datetime
    on: date
    age: int
    before: tuple[VitalSet, ...]
    answers: Mapping[str, bool | None]
    last_solids: datetime | None
    last_fluids: datetime | None
    pregnancy: Pregnancy
    tested_on: date | None
    first_session: bool
    weight: tuple[Finding, ...]
    others_recovering: int = 0
    others_not_green: int = 0
    chronic_lung: bool = False
    lacking: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    since_decision: tuple[Finding, ...] = ()
    off_plan: tuple[Finding, ...] = ()
    medicines: tuple[Finding, ...] = ()
    over_months: tuple[Finding, ...] = ()
    not_planned: frozenset[str] = frozenset()


def start_gate(facts: GateFacts) -> Verdict:
    """The verdict with every condition. Excluded: do not start.

    Raises Implausible for an answer to a question that nobody asks.
    """
    return Verdict.of(
        [
            *_conditions(facts),
            *_readings(facts),
            *told_danger(facts.before),
            *_fasting(facts),
            _pregnancy(facts),
            staffing(not_green=facts.others_not_green, recovering=facts.others_recovering),
            *facts.weight,
            *facts.since_decision,
            *facts.off_plan,
            *facts.medicines,
            *facts.over_months,
        ]
    )


def told_at_once(before: Sequence[VitalSet], *, age: int) -> tuple[Finding, ...]:
    """What the readings before a start say by themselves, before the rest of the gate is asked.

    Of the latest set what is outside the gate's range; else that a red pressure is not yet
    rested. ``before`` is in time order, ``age`` in whole years.
    """
    if not before:
        return ()
    latest = before[-1]
    found = [
        _outside(before, sign, one, age=age)
        for sign in GATE_SIGNS
        if (value := latest.value(sign)) is not None
        for one in outside_before(sign, value, age=age)
    ]
    sound = accepted(before, age=age)
    if found or len(sound) == len(before):
        return tuple(found)
    last_red = before[-len(sound) - 1]
    rested = [one for one in sound if one.at - last_red.at >= rest_after(last_red, age=age)]
    return () if apart(rested) else (_once_red(last_red, age=age),)


def _conditions(facts: GateFacts) -> Iterator[Finding]:
    known = {condition.id for condition in gate_rules().conditions}
    for answered in sorted(facts.answers):
        if answered not in known:
            raise Implausible.of("answer", answered, ", ".join(sorted(known)))
    for condition in gate_rules().conditions:
        if condition.id in facts.not_planned:
            continue
        if condition.asked(facts.route, facts.age, first_session=facts.first_session):
            answer = facts.answers.get(condition.id)
            stands = {True: Standing.MET, False: condition.otherwise.standing}
            yield Finding(
                f"gate:{condition.id}",
                Standing.UNKNOWN if answer is None else stands[answer],
                condition.stated(answer, lacking=facts.lacking.get(condition.id, ())),
                condition.basis,
                question=condition.question if answer is None else None,
            )


def _readings(facts: GateFacts) -> Iterator[Finding]:
    """Two pressures five minutes apart, then each sign of the latest against the gate's range.

    Of what was measured before a red reading nothing counts any more; after a red pressure the
    two begin when the rest is over.
    """
    rule = observation_rules().before
    sound = accepted(facts.before, age=facts.age)
    last_red = facts.before[-len(sound) - 1] if len(sound) < len(facts.before) else None
    if last_red and (sound or dangers(last_red)):
        sound = tuple(
            one for one in sound if one.at - last_red.at >= rest_after(last_red, age=facts.age)
        )
        if not apart(sound):
            yield _once_red(last_red, age=facts.age)
            return
    if not apart(sound or facts.before):
        yield Finding(
            "gate:readings",
            Standing.UNKNOWN,
            Text(
                "To blodtrykksmålinger med fem minutters mellomrom mangler",
                "Two blood pressures five minutes apart are missing",
            ),
            rule.apart.basis,
            question=HOW_MUCH,
        )
        return
    if sound and not apart([one for one in sound if facts.at - one.at <= rule.fresh.value]):
        yield _too_old(rule.fresh)
        return
    for sign in GATE_SIGNS:
        yield _reading(facts, sign)


def _too_old(fresh: Figure[timedelta]) -> Finding:
    minutes = fresh.value // timedelta(minutes=1)
    return Finding(
        "gate:readings",
        Standing.UNKNOWN,
        Text(
            f"To blodtrykksmålinger fra de siste {minutes} minuttene mangler: de som er tatt, er eldre",
            f"Two blood pressures from the last {minutes} minutes are missing: those taken are older",
        ),
        fresh.basis,
        question=HOW_MUCH,
    )


def too_old(newest: datetime | None, *, at: datetime) -> tuple[Finding, ...]:
    """Of a gate that was passed: is the newest pressure before the start from another hour?

    Nothing measured is the gate's own to ask.
    """
    fresh = observation_rules().before.fresh
    if newest is None or at - newest <= fresh.value:
        return ()
    minutes = fresh.value // timedelta(minutes=1)
    return (
        Finding(
            "gate:readings",
            Standing.UNKNOWN,
            Text(
                f"Siste blodtrykk er over {minutes} minutter gammelt: mål to ganger på nytt",
                f"The last blood pressure is over {minutes} minutes old: measure twice again",
            ),
            fresh.basis,
            question=HOW_MUCH,
        ),
    )


def _once_red(red: VitalSet, *, age: int) -> Finding:
    """One good reading does not undo a bad one."""
    rest = rest_after(red, age=age) // timedelta(minutes=1)
    said = [
        (SIGN_NAMES[sign], f" {with_unit(sign, red.values[sign])}")
        for sign in red_signs(red, age=age)
    ]
    word = BEFORE_THIS[bool(dangers(red))]
    said += [(limits().signs[sign].name, "") for sign in dangers(red)]
    nb = ", ".join(f"{name.nb}{value}" for name, value in said)
    en = ", ".join(f"{name.en}{value}" for name, value in said)
    return Finding(
        "gate:readings",
        Standing.UNKNOWN,
        Text(
            f"{word.nb}: {nb}. To nye målinger med fem minutters mellomrom mangler",
            f"{word.en}: {en}. Two new readings five minutes apart are missing",
        ),
        gate_rules().pressure.rest.basis,
        question=HOW_MUCH,
        action=Text(
            f"Hvile {rest} min, så to målinger med fem minutters mellomrom",
            f"Rest {rest} min, then two readings five minutes apart",
        )
        if rest
        else None,
    )


def _reading(facts: GateFacts, sign: VitalSign) -> Finding:
    value, name = facts.before[-1].value(sign), SIGN_NAMES[sign]
    basis = observation_rules().before.readings.basis
    if value is None:
        return Finding(
            f"gate:{sign}",
            Standing.UNKNOWN,
            Text(f"{name.nb} er ikke målt", f"{name.en} is not measured"),
            basis,
            question=HOW_MUCH,
        )
    found = outside_before(sign, value, age=facts.age)
    if not found:
        return Finding(
            f"gate:{sign}",
            Standing.MET,
            Text(f"{name.nb} {with_unit(sign, value)}", f"{name.en} {with_unit(sign, value)}"),
            basis,
        )
    said = _outside(facts.before, sign, found[0], age=facts.age)
    if sign is VitalSign.OXYGEN and said.standing is Standing.EXCLUDED and facts.chronic_lung:
        return replace(said, standing=Standing.NEEDS_SPECIALIST, action=OWN_BASELINE)
    return said


def _outside(
    before: Sequence[VitalSet], sign: VitalSign, found: Outside, *, age: int
) -> Finding:
    rest = gate_rules().pressure.rest.value // timedelta(minutes=1)
    standing, question, action = Standing.NEEDS_SPECIALIST, None, DOCTOR_DECIDES
    if sign in PRESSURES:
        action = Text(
            f"Hvile {rest} min og ny måling; legen avgjør",
            f"Rest {rest} min and recheck; the doctor decides",
        )
    if found.light is Light.RED:
        standing, action = Standing.EXCLUDED, DO_NOT_START
        if (
            sign in PRESSURES
            and _rechecks(before, age=age) < gate_rules().pressure.rechecks.value
        ):
            standing = Standing.UNKNOWN
            question = Text(
                f"Hva er blodtrykket etter {rest} min hvile?",
                f"What is the blood pressure after {rest} min of rest?",
            )
            action = Text(f"Hvile {rest} min og ny måling", f"Rest {rest} min and recheck")
    return Finding(f"gate:{sign}", standing, found.reason, found.basis, question, action)


BEFORE_THIS = {
    False: Text("Målt før dette", "Measured before this"),
    True: Text("Ført før dette", "Charted before this"),
}
HOW_MUCH = Text("Hva er blodtrykk, puls og SpO2?", "What are blood pressure, pulse and SpO2?")
DOCTOR_DECIDES = Text(
    "Ny måling etter fem minutter; legen avgjør", "Recheck in five minutes; the doctor decides"
)
OWN_BASELINE = Text(
    "Kronisk lungesykdom: legen vurderer mot pasientens vanlige verdi",
    "Chronic lung disease: the doctor judges against the patient's own usual value",
)


def _rechecks(before: Sequence[VitalSet], *, age: int) -> int:
    """How many times a red pressure, either part, was measured again after rest and still red."""
    rest, reds = gate_rules().pressure.rest.value, list[datetime]()
    for vitals in before:
        found = [
            outside_before(sign, value, age=age)
            for sign in PRESSURES
            if (value := vitals.value(sign)) is not None
        ]
        if found and light(one for part in found for one in part) is not Light.RED:
            reds.clear()
        elif found and (not reds or vitals.at - reds[-1] >= rest):
            reds.append(vitals.at)
    return len(reds) - 1


def _fasting(facts: GateFacts) -> Iterator[Finding]:
    rule = gate_rules().fasting[facts.route]
    for name, last, limit, words in (
        ("solids", facts.last_solids, rule.solids, Text("mat", "food")),
        ("fluids", facts.last_fluids, rule.fluids, Text("drikke", "fluids")),
    ):
        since = _written(limit.value)
        standing = Standing.UNKNOWN
        said = Text(f"Ingen {words.nb} siste {since.nb}", f"No {words.en} for {since.en}")
        if last is not None:
            fasted = facts.at - last >= limit.value
            standing = Standing.MET if fasted else Standing.NEEDS_SPECIALIST
            ago = _written(_whole_minutes(facts.at - last))
            taken = Text(
                f"Inntok {words.nb} for {ago.nb} siden, grensen er {since.nb}",
                f"Took {words.en} {ago.en} ago, the limit is {since.en}",
            )
            said = said if fasted else taken
        yield Finding(
            f"gate:{name}",
            standing,
            said,
            limit.basis,
            question=None
            if last
            else Text(f"Når sist: {words.nb}?", f"When last: {words.en}?"),
        )


def _whole_minutes(span: timedelta) -> timedelta:
    return span - span % timedelta(minutes=1)


def _written(span: timedelta) -> Text:
    """Whole hours as hours: nobody fasts for 240 minutes."""
    hours, rest = divmod(span, timedelta(hours=1))
    minutes = f"{span // timedelta(minutes=1)} min"
    return Text(minutes, minutes) if rest else Text(f"{hours} t", f"{hours} h")


def _pregnancy(facts: GateFacts) -> Finding:
    window = gate_rules().pregnancy
    limit = window.first if facts.first_session else window.later
    days = limit.value.days
    fresh = facts.tested_on and timedelta(0) <= facts.on - facts.tested_on <= limit.value
    standing = {
        Pregnancy.IMPOSSIBLE: Standing.MET,
        Pregnancy.NEGATIVE: Standing.MET if fresh else Standing.UNKNOWN,
        Pregnancy.POSITIVE: Standing.EXCLUDED,
        Pregnancy.UNKNOWN: Standing.UNKNOWN,
    }[facts.pregnancy]
    return Finding(
        "gate:pregnancy",
        standing,
        Text("Graviditetstesten er positiv", "The pregnancy test is positive")
        if standing is Standing.EXCLUDED
        else Text(
            f"Graviditet utelukket, test høyst {days} dager gammel",
            f"Pregnancy excluded, by a test at most {days} days old",
        ),
        limit.basis,
        question=Text("Graviditetstest i dag?", "A pregnancy test today?")
        if standing is Standing.UNKNOWN
        else None,
    )
