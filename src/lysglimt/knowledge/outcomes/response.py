"""Did the patient get better, and by how much?"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError, Implausible
from lysglimt.knowledge.figures import Basis, Figure
from lysglimt.knowledge.instruments.instrument import instrument
from lysglimt.knowledge.instruments.method import Direction
from lysglimt.knowledge.instruments.outcome import (
    OutcomeRules,
    PartialResponseRule,
    RemissionRule,
    ResponseRule,
)

Total = int | Decimal
"""A total score. Most are whole; a prorated or averaged one need not be."""


class NoBaseline(ClinicalError):
    """A change is asked for where there is no baseline above zero to measure it from."""

    code = "outcome.no-baseline"


class NoTotal(ClinicalError):
    """The instrument makes no total, so it has no response and no remission."""

    code = "outcome.no-total"


@dataclass(frozen=True, slots=True)
class ResponseShares:
    """Shares of the baseline, in per cent."""

    reduction: Figure[Decimal]
    partial: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class EnteredScale:
    """A scale that is entered as a total and has no items here. The basis is of its range."""

    lowest: int
    highest: int
    basis: Basis
    remission: tuple[RemissionRule, ...]


@dataclass(frozen=True, slots=True)
class OutcomeDefinitions:
    response: ResponseShares
    entered: Mapping[str, EnteredScale]


@cache
def definitions() -> OutcomeDefinitions:
    return read(
        OutcomeDefinitions,
        files("lysglimt.knowledge.outcomes") / "catalogue" / "definitions.toml",
    )


@dataclass(frozen=True, slots=True)
class Change:
    """From baseline to now, on a scale where less is better. Exact: no float decides."""

    baseline: Total
    current: Total

    def __post_init__(self) -> None:
        if self.baseline <= 0:
            raise NoBaseline(
                "A reduction needs a baseline above zero.",
                field="baseline",
                value=self.baseline,
                allowed="above 0",
            )

    @property
    def reduction(self) -> Fraction:
        """The share of the baseline that is gone; negative when the patient is worse."""
        return 1 - Fraction(self.current) / Fraction(self.baseline)

    @property
    def response(self) -> bool:
        """OUT-R: exactly half counts."""
        return self.reaches(definitions().response.reduction.value)

    @property
    def partial(self) -> bool:
        """OUT-P: from a quarter, and short of response. A patient is counted once."""
        return not self.response and self.reaches(definitions().response.partial.value)

    def reaches(self, percent: int | Decimal) -> bool:
        return self.reduction * 100 >= Fraction(percent)


def outcome_rules(instrument_id: str) -> OutcomeRules:
    """The definitions an instrument has; for a scale entered as a total, OUT-R and OUT-P.

    Raises Unknown with the nearest id.
    """
    scale = definitions().entered.get(instrument_id)
    if scale is None:
        return instrument(instrument_id).outcome
    shares = definitions().response
    response, partial = int(shares.reduction.value), int(shares.partial.value)
    return OutcomeRules(
        response=ResponseRule(shares.reduction.basis, reduction_percent=response),
        partial_response=PartialResponseRule(partial, response, shares.partial.basis),
        remission=scale.remission,
    )


def total_range(instrument_id: str) -> tuple[Decimal, Decimal]:
    """The lowest and the highest total. Raises NoTotal for an instrument that makes none."""
    scale = definitions().entered.get(instrument_id)
    if scale:
        return Decimal(scale.lowest), Decimal(scale.highest)
    scoring = instrument(instrument_id).scoring
    if scoring.lowest is None or scoring.highest is None or not scoring.method.makes_total:
        raise NoTotal(
            f"instrument: '{instrument_id}' makes no total, allowed is one that does",
            field="instrument",
            value=instrument_id,
            allowed="an instrument with a total",
        )
    return Decimal(scoring.lowest), Decimal(scoring.highest)


def worse_when_higher(instrument_id: str) -> bool:
    """Does a rise mean that the patient is worse? The scales entered as a total are such."""
    if instrument_id in definitions().entered:
        return True
    return instrument(instrument_id).scoring.direction is Direction.HIGHER_WORSE


def plausible_total(instrument_id: str, total: Total) -> Total:
    """The total, when the instrument can have it. Raises Implausible with the range."""
    lowest, highest = total_range(instrument_id)
    if not lowest <= total <= highest:
        raise Implausible.of("total", total, f"{lowest}-{highest}")
    return total


def remission(instrument_id: str, total: Total) -> Mapping[str, bool]:
    """Remission under each definition in use for the instrument: ``{"le10": True, ...}``.

    Empty when nobody has defined remission for it. [OUT-M9 .. OUT-FR]
    """
    return {rule.id: total <= rule.at_most for rule in outcome_rules(instrument_id).remission}


def in_remission(instrument_id: str, total: Total) -> bool | None:
    """Under the default definition (MADRS: OUT-M10); None when the instrument has none."""
    default = outcome_rules(instrument_id).default_remission
    return total <= default.at_most if default else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All that one follow-up total says.

    ``response`` and ``partial`` are None where the instrument does not define them, or where
    they take a baseline that is not there.
    """

    total: Total
    reduction: Fraction | None
    response: bool | None
    partial: bool | None
    remission: Mapping[str, bool]


def outcomes(instrument_id: str, *, baseline: Total | None, current: Total) -> Outcomes:
    """Every outcome of one rating against the baseline, by the instrument's own rules."""
    rules = outcome_rules(instrument_id)
    change = Change(baseline, current) if baseline is not None and baseline > 0 else None
    responded = _response(rules, change, current)
    return Outcomes(
        total=current,
        reduction=change.reduction if change else None,
        response=responded,
        partial=_partial(rules, change, responded=responded),
        remission=remission(instrument_id, current),
    )


def _response(rules: OutcomeRules, change: Change | None, current: Total) -> bool | None:
    rule = rules.response
    if rule is None:
        return None
    if rule.at_most is not None:
        return current <= rule.at_most
    percent = rule.reduction_percent
    return change.reaches(percent) if change and percent is not None else None


def _partial(
    rules: OutcomeRules, change: Change | None, *, responded: bool | None
) -> bool | None:
    rule = rules.partial_response
    if rule is None or change is None:
        return None
    return change.reaches(rule.from_percent) and not responded
