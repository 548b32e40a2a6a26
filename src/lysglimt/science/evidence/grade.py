"""How certain is the answer? Judged by a named person, domain by domain; the computer only hints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import exp

from lysglimt.knowledge.errors import Implausible, Inconsistent
from lysglimt.knowledge.text import Text

from .bias import FEWEST
from .distributions import normal_quantile
from .domains import Concern, Domain
from .effect_sizes import Measure
from .pooling import Fit

STEPS: Mapping[Concern, int] = {Concern.NONE: 0, Concern.SERIOUS: 1, Concern.VERY_SERIOUS: 2}


class Level(StrEnum):
    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very-low"


LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What someone concluded about one domain, and why."""

    domain: Domain
    concern: Concern
    because: str

    def __post_init__(self) -> None:
        if not self.because.strip():
            raise Inconsistent(f"{self.domain}: a judgement needs its reason")


@dataclass(frozen=True, slots=True)
class Certainty:
    """Every domain judged once, ``by`` a named person ``on`` a day. Trials begin at high."""

    by: str
    on: date
    judgements: tuple[Judgement, ...]
    randomised: bool = True

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise Inconsistent("by: a judgement is a named person's")
        domains = [one.domain for one in self.judgements]
        if sorted(domains) != sorted(Domain):
            raise Inconsistent(f"judgements: each domain once: {', '.join(Domain)}")

    @property
    def level(self) -> Level:
        start = 0 if self.randomised else LEVELS.index(Level.LOW)
        down = sum(STEPS[one.concern] for one in self.judgements)
        return LEVELS[min(start + down, len(LEVELS) - 1)]


@dataclass(frozen=True, slots=True)
class Hint:
    """What the figures say to a domain. Never a judgement."""

    domain: Domain
    said: Text


MUCH = 50
"""Per cent of I2 from which the trials differ notably. Own value for a hint."""


def hints(
    fit: Fit, *, people: float | None = None, needed: float | None = None
) -> tuple[Hint, ...]:
    """``needed`` people for a trial that could show the effect (`information_size`)."""
    many = ("studie", "trial is") if fit.k == 1 else ("studier", "trials are")
    few = Text(
        f"{fit.k} {many[0]} er for lite til å undersøke publiseringsskjevhet.",
        f"{fit.k} {many[1]} too few to look for publication bias.",
    )
    found = [Hint(Domain.IMPRECISION, said) for said in imprecise(fit, people, needed)]
    found += [Hint(Domain.INCONSISTENCY, said) for said in inconsistent(fit)]
    return (*found, *([Hint(Domain.PUBLICATION_BIAS, few)] if fit.k < FEWEST else []))


def includes_none(low: float, high: float) -> bool:
    return low <= 0 <= high


def imprecise(fit: Fit, people: float | None, needed: float | None) -> Iterator[Text]:
    if includes_none(fit.ci_lb, fit.ci_ub):
        yield Text("Intervallet rommer ingen effekt.", "The interval includes no effect.")
    if people is not None and needed is not None and people < needed:
        yield Text(
            f"{people:.0f} personer; en studie som skulle vist det, trengte {needed:.0f}.",
            f"{people:.0f} people; one trial to show it would need {needed:.0f}.",
        )


def inconsistent(fit: Fit) -> Iterator[Text]:
    if fit.I2 > MUCH:
        share = f"I2 {fit.I2:.0f} %"
        yield Text(f"Studiene spriker: {share}.", f"The trials differ: {share}.")
    predicts = fit.pi_lb is not None and fit.pi_ub is not None
    if (
        predicts
        and not includes_none(fit.ci_lb, fit.ci_ub)
        and includes_none(fit.pi_lb or 0, fit.pi_ub or 0)
    ):
        yield Text(
            "Prediksjonsintervallet rommer ingen effekt: neste studie kan vise ingenting.",
            "The prediction interval includes no effect: a next trial may show none.",
        )


def information_size(
    *, baseline: float, other: float, alpha: float = 0.05, power: float = 0.8
) -> float:
    """How many people, both arms together, one trial would need to tell two shares apart."""
    for name, risk in (("baseline", baseline), ("other", other)):
        if not 0 < risk < 1:
            raise Implausible.of(name, risk, "between 0 and 1")
    if baseline == other:
        raise Implausible.of("other", other, "another than the baseline")
    quantiles = normal_quantile(1 - alpha / 2) + normal_quantile(power)
    spread = baseline * (1 - baseline) + other * (1 - other)
    return 2 * quantiles**2 * spread / (baseline - other) ** 2


@dataclass(frozen=True, slots=True)
class PerThousand:
    """Of 1,000 people: how many without the treatment, and how many more (or fewer) with it."""

    baseline: float
    difference: float
    low: float
    high: float
    beyond: bool = False
    """The effect, or an end of its interval, would pass all of them: it does not hold at that share."""


def per_thousand(fit: Fit, measure: Measure, *, baseline: float) -> PerThousand:
    """Raises Implausible for a baseline that is no share, or a measure of means."""
    if not 0 < baseline < 1:
        raise Implausible.of("baseline", baseline, "between 0 and 1")
    middle, low, high = (
        1000 * (share_with(value, measure, baseline) - baseline)
        for value in (fit.estimate, fit.ci_lb, fit.ci_ub)
    )
    beyond = any(
        is_beyond(value, measure, baseline) for value in (fit.estimate, fit.ci_lb, fit.ci_ub)
    )
    return PerThousand(1000 * baseline, middle, low, high, beyond)


def is_beyond(value: float, measure: Measure, baseline: float) -> bool:
    """A ratio of shares or a difference carried past all, or below none, of the people."""
    if measure is Measure.RR:
        return exp(value) * baseline > 1
    return measure is Measure.RD and not 0 <= baseline + value <= 1


def share_with(value: float, measure: Measure, baseline: float) -> float:
    """The share under treatment, between 0 and 1."""
    match measure:
        case Measure.OR | Measure.PETO:
            odds = exp(value) * baseline / (1 - baseline)
            return odds / (1 + odds)
        case Measure.RR:
            return min(1.0, exp(value) * baseline)
        case Measure.RD:
            return float(min(1.0, max(0.0, baseline + value)))
        case Measure.HR:
            return float(1 - (1 - baseline) ** exp(value))
        case Measure.MD | Measure.SMD | Measure.PLO | Measure.PFT | Measure.PR:
            raise Implausible.of("measure", measure.value, "OR, RR, RD, PETO, HR")
