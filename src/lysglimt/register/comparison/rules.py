"""When a point says more than chance, as a register states it beside its charts."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from lysglimt.knowledge.catalogue import read
from lysglimt.knowledge.figures import Figure


@dataclass(frozen=True, slots=True)
class ComparisonRules:
    warning: Figure[Decimal]
    alarm: Figure[Decimal]
    least_units: Figure[int]
    winsorised: Figure[Decimal]
    sigmas: Figure[Decimal]
    shift: Figure[int]
    trend: Figure[int]
    least_points: Figure[int]


@cache
def comparison_rules() -> ComparisonRules:
    return read(ComparisonRules, files("lysglimt.register.comparison") / "rules.toml")
