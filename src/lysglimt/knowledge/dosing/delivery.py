"""What the patient has really been given: segments of the pump, pauses, residue and waste."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.quantities import Milligrams, Millilitres, MillilitresPerHour, plain
from lysglimt.knowledge.text import Text
from lysglimt.knowledge.verdict import Finding, Standing

from .ceilings import infusion_rules, minutes
from .infusion import InfusionPlan

HOUR = 3_600_000_000
"""In microseconds, so that a volume is one exact sum and one division."""
STILL = MillilitresPerHour(Decimal(0))


@dataclass(frozen=True, slots=True)
class ResumeRule:
    green: Figure[int]
    apart: Figure[timedelta]
    share: Figure[Decimal]
    at_most: Figure[int]


@dataclass(frozen=True, slots=True)
class CompleteRule:
    at_least: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class AccountRule:
    within: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    resume: ResumeRule
    complete: CompleteRule
    account: AccountRule


@cache
def delivery_rules() -> DeliveryRules:
    return read(
        DeliveryRules, files("lysglimt.knowledge.dosing") / "catalogue" / "delivery.toml"
    )


class OutOfSequence(ClinicalError):
    """What the pump is said to have done cannot follow what it did before."""

    code = "dosing.out-of-sequence"


class FasterThanPrescribed(ClinicalError):
    """Lost time is never caught up: no rate above what is allowed now."""

    code = "dosing.faster-than-prescribed"


class PumpAct(StrEnum):
    START = "start"
    RATE = "rate"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


class PauseReason(StrEnum):
    """Practical, or for the patient's sake: the way back differs."""

    TOILET = "toilet"
    CANNULA = "cannula"
    LINE = "line"
    BLOOD_PRESSURE = "blood_pressure"
    HEART_RATE = "heart_rate"
    OXYGEN = "oxygen"
    BREATHING = "breathing"
    SEDATION = "sedation"
    DISSOCIATION = "dissociation"
    DISTRESS = "distress"
    NOT_SAID = "not_said"
    """Paused first, the reason asked afterwards; until then it is taken to be the patient."""

    @property
    def physiological(self) -> bool:
        return self not in {PauseReason.TOILET, PauseReason.CANNULA, PauseReason.LINE}


FOLLOWS = {
    None: frozenset({PumpAct.START}),
    PumpAct.START: frozenset({PumpAct.RATE, PumpAct.PAUSE, PumpAct.STOP}),
    PumpAct.RATE: frozenset({PumpAct.RATE, PumpAct.PAUSE, PumpAct.STOP}),
    PumpAct.PAUSE: frozenset({PumpAct.RESUME, PumpAct.STOP}),
    PumpAct.RESUME: frozenset({PumpAct.RATE, PumpAct.PAUSE, PumpAct.STOP}),
    PumpAct.STOP: frozenset[PumpAct](),
}
"""What may follow what."""
RUNNING = frozenset({PumpAct.START, PumpAct.RATE, PumpAct.RESUME})


@dataclass(frozen=True, slots=True)
class PumpEvent:
    """Something done to the pump. A running act states its rate, a pause its reason."""

    at: datetime
    act: PumpAct
    rate: MillilitresPerHour | None = None
    reason: PauseReason | None = None

    def __post_init__(self) -> None:
        if (self.act in RUNNING) is (self.rate is None):
            raise OutOfSequence(f"{self.act}: a rate belongs to start, rate and resume alone")
        if (self.act is PumpAct.PAUSE) is (self.reason is None):
            raise OutOfSequence(f"{self.act}: a reason belongs to a pause, and to it alone")


@dataclass(frozen=True, slots=True)
class Segment:
    """The pump at one rate; a pause is a rate of nought."""

    start: datetime
    end: datetime
    rate: MillilitresPerHour

    @property
    def flow(self) -> Decimal:
        """Millilitres per hour times microseconds, exact."""
        return self.rate.value * ((self.end - self.start) // timedelta(microseconds=1))


def refuse_out_of_sequence(events: Iterable[PumpEvent]) -> None:
    """Of acts in time order, whatever was ordered. Raises OutOfSequence."""
    before: PumpEvent | None = None
    for event in events:
        if event.act not in FOLLOWS[before.act if before else None] or (
            before and event.at < before.at
        ):
            after = f"{before.act} at {before.at:%H:%M}" if before else "nothing"
            raise OutOfSequence(
                f"{event.act} at {event.at:%H:%M} cannot follow {after}",
                field="events",
                value=event.act.value,
            )
        before = event


@dataclass(frozen=True, slots=True)
class Delivery:
    """An infusion as it went. What happened is counted as it happened, deviations too."""

    plan: InfusionPlan
    events: tuple[PumpEvent, ...]

    def __post_init__(self) -> None:
        if not self.events:
            raise OutOfSequence(
                "An infusion begins with a start.", field="events", value="none"
            )
        refuse_out_of_sequence(self.events)

    @property
    def started(self) -> datetime:
        return self.events[0].at

    @property
    def stopped(self) -> datetime | None:
        """When the pump was stopped, after the flush; None while it is not."""
        last = self.events[-1]
        return last.at if last.act is PumpAct.STOP else None

    def rate(self, at: datetime) -> MillilitresPerHour:
        """The rate the pump stands at."""
        return next(
            (event.rate or STILL for event in reversed(self.events) if event.at <= at), STILL
        )

    def segments(self, until: datetime) -> tuple[Segment, ...]:
        ends = (*(event.at for event in self.events[1:]), max(until, self.events[-1].at))
        return tuple(
            Segment(event.at, min(end, until), event.rate or STILL)
            for event, end in zip(self.events, ends, strict=True)
            if event.at < until
        )

    def pumped(self, at: datetime) -> Millilitres:
        """Never more than the planned volume: the pump's limit is set to it."""
        flow = sum((segment.flow for segment in self.segments(at)), Decimal(0))
        return min(Millilitres(flow / HOUR), self.plan.volume)

    def delivered(self, at: datetime) -> Milligrams:
        """Milligrams out of the pump at this time; the line's residue is a matter of `Account`."""
        return Milligrams(self.pumped(at).value * self.plan.order.concentration.value)

    def remaining(self, at: datetime) -> Millilitres:
        return Millilitres(self.plan.volume.value - self.pumped(at).value)

    def time_left(self, at: datetime) -> timedelta | None:
        """At the present rate, rounded up to the second; None while the pump stands still."""
        rate = self.rate(at).value
        if not rate:
            return None
        seconds = self.remaining(at).value * 3600 / rate
        return timedelta(seconds=int(seconds.to_integral_value(rounding=ROUND_CEILING)))

    def must_end_by(self) -> datetime:
        """The longest infusion, pauses included; a longer time that was ordered stands."""
        longest = infusion_rules().ceilings.longest.value
        return self.started + max(longest, self.plan.order.over)


def is_incomplete(delivered: Milligrams, plan: InfusionPlan) -> bool:
    """Less than 70 % of the prescribed dose: exposure, but an incomplete session."""
    share = delivery_rules().complete.at_least.value
    return delivered.value * 100 < plan.dose.value * share


def highest_rate(delivery: Delivery) -> MillilitresPerHour:
    """The highest rate allowed now. After a pause for the patient's sake: half of before, for good."""
    share = delivery_rules().resume.share.value / 100
    allowed = delivery.plan.rate
    for before, event in pairwise(delivery.events):
        if event.reason and event.reason.physiological:
            prior = before.rate or STILL
            allowed = min(allowed, MillilitresPerHour(prior.value * share))
    return allowed


def allowed_rate(delivery: Delivery, wanted: MillilitresPerHour) -> MillilitresPerHour:
    """The wanted rate, when it may be set now. Raises FasterThanPrescribed."""
    highest = highest_rate(delivery)
    if wanted.value <= 0 or wanted > highest:
        raise FasterThanPrescribed(
            f"rate_ml_per_h: {wanted.value} is refused, allowed is up to {highest.value}",
            field="rate_ml_per_h",
            value=wanted.value,
            allowed=f"above 0, up to {highest.value}",
        )
    return wanted


@dataclass(frozen=True, slots=True)
class BedsideReading:
    """One set of readings at the bedside: was all of it green, was any of it red?"""

    at: datetime
    green: bool
    red: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Where every milligram that was drawn has gone."""

    drawn: Milligrams
    delivered: Milligrams
    residue: Milligrams
    wasted: Milligrams

    @property
    def unaccounted(self) -> Milligrams:
        """Positive when drug is missing, negative when more is accounted for than was drawn."""
        gone = self.delivered.value + self.residue.value + self.wasted.value
        return Milligrams(self.drawn.value - gone)

    @property
    def balances(self) -> bool:
        within = delivery_rules().account.within.value
        return abs(self.unaccounted.value) * 100 <= self.drawn.value * within


def account(
    pumped: Milligrams,
    *,
    drawn: Milligrams,
    wasted: Milligrams,
    line: Milligrams,
    flushed: bool,
) -> Account:
    """``line`` is what the dead volume of the line holds. Unflushed, it was pumped but not given."""
    residue = Milligrams(Decimal(0)) if flushed else min(line, pumped)
    return Account(drawn, Milligrams(pumped.value - residue.value), residue, wasted)


BOLUS = "delivery:bolus"
"""What no doctor decides: it is charted as something that happened, in nobody's name."""


def too_fast(delivery: Delivery, wanted: MillilitresPerHour) -> Iterator[Finding]:
    """A rate above the prescribed one: lost time is never caught up.

    So fast that the whole dose takes less than the floor of the time, it is a bolus.
    """
    floor = infusion_rules().floor.over
    least = minutes(floor.value)
    if wanted.value * least > delivery.plan.volume.value * 60:
        yield Finding(
            BOLUS,
            Standing.EXCLUDED,
            Text(
                f"{_plain(wanted, nb=True)} ml/t gir hele dosen på under {least} min",
                f"{_plain(wanted)} ml/h gives the whole dose in less than {least} min",
            ),
            floor.basis,
        )
    if wanted > delivery.plan.rate:
        yield _deviation(
            "rate",
            infusion_rules().rounding.rate.basis,
            Text(
                f"{_plain(wanted, nb=True)} ml/t er raskere enn ordinert, {_plain(delivery.plan.rate, nb=True)} ml/t",
                f"{_plain(wanted)} ml/h is faster than prescribed, {_plain(delivery.plan.rate)} ml/h",
            ),
        )


def _plain(rate: MillilitresPerHour, *, nb: bool = False) -> str:
    written = plain(rate.value)
    return written.replace(".", ",") if nb else written


def deviations(delivery: Delivery, at: datetime) -> tuple[Finding, ...]:
    """Where the infusion as it went is outside its plan. Nothing that happened is refused."""
    return (*_pace(delivery, delivery.stopped or at), *_resuming(delivery))


def _pace(delivery: Delivery, end: datetime) -> Iterator[Finding]:
    longest = infusion_rules().ceilings.longest
    if max(event.rate or STILL for event in delivery.events) > delivery.plan.rate:
        yield _deviation(
            "rate",
            infusion_rules().rounding.rate.basis,
            Text("Pumpen har gått raskere enn ordinert", "The pump ran faster than prescribed"),
        )
    if end > delivery.must_end_by():
        over = minutes(longest.value)
        yield _deviation(
            "duration",
            longest.basis,
            Text(
                f"Infusjonen har vart over {over} min, pauser medregnet",
                f"The infusion has lasted more than {over} min, pauses included",
            ),
        )


def _resuming(delivery: Delivery) -> Iterator[Finding]:
    rule, resumed = delivery_rules().resume, _resumed(delivery.events)
    share, most = rule.share.value, rule.at_most.value
    if any(rate.value * 100 > prior.value * share for prior, rate in resumed):
        yield _deviation(
            "resume-rate",
            rule.share.basis,
            Text(
                f"Gjenopptatt med mer enn {share} % av hastigheten før pausen",
                f"Resumed at more than {share} % of the rate before the pause",
            ),
        )
    if len(resumed) > most:
        yield _deviation(
            "resume-count",
            rule.at_most.basis,
            Text(f"Gjenopptatt mer enn {most} ganger", f"Resumed more than {most} times"),
        )


def _deviation(name: str, basis: Basis, reason: Text) -> Finding:
    return Finding(f"delivery:{name}", Standing.CAUTION, reason, basis)


def _resumed(
    events: Sequence[PumpEvent],
) -> tuple[tuple[MillilitresPerHour, MillilitresPerHour], ...]:
    """Rate before and after each pause for the patient's sake that was followed by a resume."""
    return tuple(
        (before.rate or STILL, after.rate or STILL)
        for before, pause, after in zip(events, events[1:], events[2:], strict=False)
        if pause.reason and pause.reason.physiological and after.act is PumpAct.RESUME
    )
