"""May a paused infusion go on, and how fast?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from lysglimt.knowledge.quantities import MillilitresPerHour, plain
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .ceilings import infusion_rules, minutes
from .delivery import (
    BedsideReading,
    Delivery,
    OutOfSequence,
    PauseReason,
    PumpAct,
    PumpEvent,
    delivery_rules,
    highest_rate,
)

SYMPTOMS = "resume:symptoms"
"""After this the infusion is not to go on; that it did is recorded, with who ordered it."""


CLOSED_FOR_GOOD = frozenset({SYMPTOMS, "resume:count", "resume:time"})
"""Of such an infusion no rate is told: waiting does not open it."""


@dataclass(frozen=True, slots=True)
class Resumption:
    """The verdict, and the highest rate when it goes on, with why it is no higher."""

    verdict: Verdict
    highest: MillilitresPerHour
    why: Text

    @property
    def open(self) -> bool:
        """It goes on now, or when the patient is calm."""
        return not any(one.criterion in CLOSED_FOR_GOOD for one in self.verdict.reasons)

    def against(self, wanted: MillilitresPerHour) -> Iterator[Finding]:
        """What speaks against going on at this rate."""
        yield from self.verdict.reasons
        if wanted > self.highest:
            highest = plain(self.highest.value)
            yield Finding(
                "resume:rate",
                Standing.EXCLUDED,
                Text(
                    f"Høyeste hastighet ved gjenopptak er {highest.replace('.', ',')} ml/t",
                    f"The highest rate to resume at is {highest} ml/h",
                ),
                delivery_rules().resume.share.basis,
            )

    @property
    def allowed(self) -> bool:
        return self.verdict.standing is Standing.MET


def resumption(
    delivery: Delivery,
    at: datetime,
    readings: Sequence[BedsideReading] = (),
    *,
    red_with_symptoms: bool = False,
) -> Resumption:
    """The way back from a pause: by its reason, and by what was read, whatever the reason.

    ``readings`` in time order, from the start of the infusion on. The highest rate is that of
    `as_the_patient_was`. Raises OutOfSequence when the infusion is not paused.
    """
    told = as_the_patient_was(delivery, [one for one in readings if one.at <= at])
    before, pause = _paused(told)
    findings = [*_in_time(told, at)]
    if _for_the_patient(pause):
        since = [one for one in readings if pause.at <= one.at <= at]
        findings += [_symptoms(red=red_with_symptoms), _calm(since), _count(told)]
    elif red_with_symptoms:
        findings += [_symptoms(red=True)]
    highest = min(highest_rate(told), before)
    return Resumption(Verdict.of(findings), highest, _why(told, highest))


def _why(delivery: Delivery, highest: MillilitresPerHour) -> Text:
    """By what the highest rate is bound: the order, a pause for the patient's sake, or the rate before."""
    plan, (before, pause) = delivery.plan, _paused(delivery)
    share = delivery_rules().resume.share.value
    rate = plain(before.value)
    if highest == plan.rate:
        dose, over = plain(plan.dose.value), minutes(plan.order.over)
        return Text(
            f"den ordinerte hastigheten, {dose.replace('.', ',')} mg på {over} min",
            f"the ordered rate, {dose} mg over {over} min",
        )
    if _for_the_patient(pause) and highest.value * 100 == before.value * share:
        return Text(
            f"{share} % av hastigheten før pausen, {rate.replace('.', ',')} ml/t",
            f"{share} % of the rate before the pause, {rate} ml/h",
        )
    if highest == before:
        return Text("hastigheten før pausen", "the rate before the pause")
    return Text(
        f"{share} % av hastigheten før en tidligere pause",
        f"{share} % of the rate before an earlier pause",
    )


def as_the_patient_was(delivery: Delivery, readings: Sequence[BedsideReading]) -> Delivery:
    """A pause in which a red reading is not answered by calm ones is the patient's, not the line's.

    Somebody may stop for red values and tap "toilet": such a pause counts as one whose reason
    is not said. ``readings`` in time order.
    """
    ends = (*(event.at for event in delivery.events[1:]), None)
    events = tuple(
        replace(event, reason=PauseReason.NOT_SAID)
        if event.act is PumpAct.PAUSE
        and not _for_the_patient(event)
        and _troubled(readings, begins=event.at, ends=end)
        else event
        for event, end in zip(delivery.events, ends, strict=True)
    )
    return replace(delivery, events=events)


def _troubled(
    readings: Sequence[BedsideReading], *, begins: datetime, ends: datetime | None
) -> bool:
    """Red when the pause began and not calm since, or red while it lasted."""
    until = [one for one in readings if ends is None or one.at <= ends]
    if any(one.red for one in until if one.at >= begins):
        return True
    before = [one for one in until if one.at < begins]
    after_red = [*takewhile(lambda one: not one.red, reversed(before))]
    red = len(after_red) < len(before)
    return red and not _been_calm(after_red[::-1])


def _been_calm(readings: Sequence[BedsideReading]) -> bool:
    """Somewhere in them, unbroken, enough green readings far enough apart."""
    return any(
        _enough([*takewhile(lambda one: one.green, readings[first:])])
        for first in range(len(readings))
    )


def _enough(greens: Sequence[BedsideReading]) -> bool:
    """Of unbroken green readings in time order: so many, and so far apart."""
    rule = delivery_rules().resume
    span = greens[-1].at - greens[0].at if greens else timedelta(0)
    return len(greens) >= rule.green.value and span >= rule.apart.value


def _for_the_patient(pause: PumpEvent) -> bool:
    return bool(pause.reason and pause.reason.physiological)


def _paused(delivery: Delivery) -> tuple[MillilitresPerHour, PumpEvent]:
    last = delivery.events[-1]
    before = delivery.events[-2].rate if len(delivery.events) > 1 else None
    if last.act is not PumpAct.PAUSE or before is None:
        raise OutOfSequence("The infusion is not paused.", field="events", value=last.act.value)
    return before, last


def _in_time(delivery: Delivery, at: datetime) -> Iterator[Finding]:
    longest = infusion_rules().ceilings.longest
    over = minutes(longest.value)
    yield Finding(
        "resume:time",
        Standing.MET if at < delivery.must_end_by() else Standing.EXCLUDED,
        Text(
            f"Infusjonen skal være slutt innen {over} min, pauser medregnet",
            f"The infusion ends within {over} min, pauses included",
        ),
        longest.basis,
    )


def _symptoms(*, red: bool) -> Finding:
    return Finding(
        SYMPTOMS,
        Standing.EXCLUDED if red else Standing.MET,
        Text(
            "Etter røde verdier med symptomer gjenopptas ikke infusjonen",
            "After red readings with symptoms the infusion is not resumed",
        ),
        delivery_rules().resume.green.basis,
    )


def _calm(readings: Sequence[BedsideReading]) -> Finding:
    """The latest readings, unbroken, are green and span five minutes."""
    rule = delivery_rules().resume
    enough = _enough([*takewhile(lambda one: one.green, reversed(readings))][::-1])
    apart = minutes(rule.apart.value)
    return Finding(
        "resume:green",
        Standing.MET if enough else Standing.EXCLUDED,
        Text(
            f"To grønne målinger med {apart} minutters mellomrom mangler",
            f"Two green readings {apart} minutes apart are missing",
        )
        if not enough
        else Text(
            f"To grønne målinger med {apart} minutters mellomrom",
            f"Two green readings {apart} minutes apart",
        ),
        rule.apart.basis,
    )


def _count(delivery: Delivery) -> Finding:
    at_most = delivery_rules().resume.at_most
    pauses = sum(1 for one in delivery.events if one.reason and one.reason.physiological)
    return Finding(
        "resume:count",
        Standing.MET if pauses <= at_most.value else Standing.EXCLUDED,
        Text(
            f"Infusjonen gjenopptas høyst {at_most.value} ganger",
            f"The infusion is resumed at most {at_most.value} times",
        ),
        at_most.basis,
    )
