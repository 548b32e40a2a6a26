"""Did the patient get better, and by how much?"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Figure

Total = int | Decimal
"""A total score. Most are whole; a prorated or averaged one need not be."""


class NoBaseline(ClinicalError):
    """A change is asked for where there is no baseline above zero to measure it from."""

    code = "outcome.no-baseline"


@dataclass(frozen=True, slots=True)
class ResponseShares:
    """Shares of the baseline, in per cent."""

    reduction: Figure[Decimal]
    partial: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class TotalRange:
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class OutcomeDefinitions:
    response: ResponseShares
    remission: Mapping[str, Mapping[str, Figure[Decimal]]]
    default: Mapping[str, str]
    ranges: Mapping[str, TotalRange]


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
        return self.reduction >= _share(definitions().response.reduction)

    @property
    def partial(self) -> bool:
        """OUT-P: from a quarter, and short of response. A patient is counted once."""
        return not self.response and self.reduction >= _share(definitions().response.partial)


def _share(figure: Figure[Decimal]) -> Fraction:
    return Fraction(figure.value) / 100


def remission(instrument_id: str, total: Total) -> Mapping[str, bool]:
    """Remission under each definition in use for the instrument: ``{"le10": True, ...}``.

    Empty when nobody has defined remission for it.
    """
    return {
        name: total <= highest.value
        for name, highest in definitions().remission.get(instrument_id, {}).items()
    }


def in_remission(instrument_id: str, total: Total) -> bool | None:
    """Under the default definition (MADRS: OUT-M10); None when the instrument has none."""
    default = definitions().default.get(instrument_id)
    return remission(instrument_id, total)[default] if default else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All that one follow-up total says. None where it takes a baseline that is not there."""

    total: Total
    reduction: Fraction | None
    response: bool | None
    partial: bool | None
    remission: Mapping[str, bool]


def outcomes(instrument_id: str, *, baseline: Total | None, current: Total) -> Outcomes:
    """Every outcome of one rating against the baseline. [OUT-R, OUT-P, OUT-M9 .. OUT-FR]"""
    of_total = remission(instrument_id, current)
    if baseline is None or baseline <= 0:
        return Outcomes(current, None, None, None, of_total)
    change = Change(baseline, current)
    return Outcomes(current, change.reduction, change.response, change.partial, of_total)
