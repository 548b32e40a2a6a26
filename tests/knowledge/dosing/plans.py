"""Infusion plans for tests, from the few numbers that differ."""

from datetime import timedelta
from decimal import Decimal

from lysglimt.knowledge.dosing.ceilings import CeilingOverride
from lysglimt.knowledge.dosing.infusion import InfusionOrder, InfusionPlan, infusion_plan
from lysglimt.knowledge.dosing.weights import Sex, WeightBasis, Weights, weights
from lysglimt.knowledge.quantities import (
    Centimetres,
    Kilograms,
    MilligramsPerKilogram,
    MilligramsPerMillilitre,
)


def body(kg: str = "80", cm: str = "175", sex: Sex = Sex.MALE) -> Weights:
    return weights(Kilograms(Decimal(kg)), Centimetres(Decimal(cm)), sex)


def order(
    kg: str = "80",
    mg_per_kg: str = "0.5",
    minutes: int = 40,
    mg_per_ml: str = "1",
    *,
    basis: WeightBasis = WeightBasis.ACTUAL,
    cm: str = "175",
) -> InfusionOrder:
    return InfusionOrder(
        MilligramsPerKilogram(Decimal(mg_per_kg)),
        timedelta(minutes=minutes),
        MilligramsPerMillilitre(Decimal(mg_per_ml)),
        body(kg, cm),
        basis,
    )


def plan(*overrides: CeilingOverride, ordered: InfusionOrder | None = None) -> InfusionPlan:
    return infusion_plan(ordered or order(), *overrides)
