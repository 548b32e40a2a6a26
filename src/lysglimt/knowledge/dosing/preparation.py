"""How the solution is made up, and what two persons check."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING

from lysglimt.knowledge.quantities import (
    Milligrams,
    MilligramsPerMillilitre,
    Millilitres,
)
from lysglimt.knowledge.text import Text

from .ceilings import Stock, infusion_rules
from .infusion import InfusionPlan


@dataclass(frozen=True, slots=True)
class Dilution:
    """For one syringe: so much of the stock, so much NaCl 9 mg/ml. [PR-04, PR-05]"""

    stock: MilligramsPerMillilitre
    stock_volume: Millilitres
    diluent: Millilitres
    total: Millilitres
    drug: Milligrams


def dilutions(plan: InfusionPlan) -> Mapping[str, Dilution]:
    """The recipe from each product in the cupboard, by the product's name."""
    return {
        product: _dilution(plan, stock)
        for stock in infusion_rules().stocks
        for product in stock.products
    }


def _dilution(plan: InfusionPlan, stock: Stock) -> Dilution:
    drug, total = plan.solution.drug.value, plan.solution.volume.value
    taken = stock.strength.value.volume(of=drug)
    return Dilution(
        stock.strength.value, taken, Millilitres(total.value - taken.value), total, drug
    )


def syringes(plan: InfusionPlan) -> int:
    """How many syringes of the standard solution the volume takes."""
    full = plan.volume.value / plan.solution.volume.value.value
    return int(full.to_integral_value(rounding=ROUND_CEILING))


def drawn(plan: InfusionPlan) -> Milligrams:
    """The drug made up for the session; what is not given is wasted before a witness."""
    return Milligrams(plan.solution.drug.value.value * syringes(plan))


def drawable(plan: InfusionPlan) -> tuple[Milligrams, Milligrams]:
    """From what holds the dose to what the recipe makes: more is never drawn up. [own-proposal]"""
    return plan.dose, drawn(plan)


TWO_PERSON_CHECK: Mapping[str, Text] = {
    "patient": Text("Pasient", "Patient"),
    "drug": Text("Legemiddel", "Drug"),
    "strength": Text("Styrke på ampullen", "Strength of the ampoule"),
    "dose": Text("Dose", "Dose"),
    "dilution": Text("Fortynning", "Dilution"),
    "rate": Text("Pumpehastighet", "Pump rate"),
    "volume": Text("Volumgrense på pumpen", "Volume limit on the pump"),
}
"""PR-08: two persons, each signs each line; the syringe holds more than the dose, so the limit
of the pump is one of them. [own-proposal, kristiansand]"""
