"""The infusion plan: mg, ml, ml/h, every input and formula."""

from collections.abc import Mapping
from datetime import timedelta

import click

from lysglimt.knowledge.dosing.infusion import (
    NO_CEILINGS,
    InfusionOrder,
    InfusionPlan,
    infusion_plan,
    typed_concentration,
    typed_dose,
    typed_minutes,
)
from lysglimt.knowledge.dosing.preparation import dilutions, drawn, syringes
from lysglimt.knowledge.dosing.weights import (
    Sex,
    WeightBasis,
    adult_height,
    adult_weight,
    weights,
)
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.figures import Figure
from lysglimt.knowledge.protocols.library import latest
from lysglimt.knowledge.protocols.protocol import Protocol, Route
from lysglimt.knowledge.quantities import MilligramsPerKilogram, plain
from lysglimt.knowledge.verdict import Finding
from lysglimt.server.output import print_json


class NotAnInfusion(ClinicalError):
    """The protocol is not given by vein by weight, so it has no pump rate."""

    code = "dosing.not-an-infusion"


@click.command
@click.argument("protocol")
@click.option("--weight-kg", required=True, metavar="KG", help="Actual weight.")
@click.option("--height-cm", required=True, metavar="CM", help="Height.")
@click.option(
    "--sex",
    required=True,
    type=click.Choice([one.value for one in Sex]),
    help="For ideal weight.",
)
@click.option("--concentration-mg-ml", required=True, metavar="MG/ML", help="1 or 2.")
@click.option("--mg-per-kg", metavar="MG/KG", help="Another step than the protocol's first.")
@click.option("--minutes", metavar="MIN", help="Another time than the protocol's first.")
@click.option(
    "--basis",
    type=click.Choice([one.value for one in WeightBasis]),
    default=WeightBasis.ACTUAL.value,
    show_default=True,
    help="The weight the dose rests on.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(  # noqa: PLR0913 - click hands over every option by its name
    *,
    protocol: str,
    weight_kg: str,
    height_cm: str,
    sex: str,
    concentration_mg_ml: str,
    mg_per_kg: str | None,
    minutes: str | None,
    basis: str,
    as_json: bool,
) -> None:
    """The dose card of one infusion. Dose and time are the PROTOCOL's first step, or as given.

    A plan above a ceiling takes a doctor's override by name: in the clinic, not here.
    """
    named = latest(protocol)
    dose, over = chosen(named, mg_per_kg, minutes)
    body = weights(adult_weight(weight_kg), adult_height(height_cm), Sex(sex))
    strength = typed_concentration(concentration_mg_ml)
    order = InfusionOrder(dose, over, strength, body, WeightBasis(basis))
    own = named.dose.ceilings(dose) if named.dose else NO_CEILINGS
    plan = infusion_plan(order, own=own)
    if as_json:
        print_json({"protocol": named.id, "version": named.version, **card(plan)})
    else:
        show(plan)


def chosen(
    protocol: Protocol, mg_per_kg: str | None, minutes: str | None
) -> tuple[MilligramsPerKilogram, timedelta]:
    """What was typed; the protocol's first step for what was not."""
    dose, over = first_step(protocol)
    return (
        dose.value if mg_per_kg is None else typed_dose(mg_per_kg),
        over.value if minutes is None else typed_minutes(minutes),
    )


def first_step(
    protocol: Protocol,
) -> tuple[Figure[MilligramsPerKilogram], Figure[timedelta]]:
    """Naming the protocol chooses its first step. Raises NotAnInfusion where it has none."""
    dose = protocol.dose
    if (
        protocol.product.route is not Route.INTRAVENOUS
        or dose is None
        or dose.per_kilogram is None
        or dose.over is None
    ):
        raise NotAnInfusion(
            f"protocol: '{protocol.id}' states no dose by weight for an infusion",
            field="protocol",
            value=protocol.id,
            allowed="a protocol by vein with a dose by weight",
        )
    return dose.per_kilogram, dose.over


def card(plan: InfusionPlan) -> Mapping[str, object]:
    order, each = plan.order, plan.order.weights.each
    return {
        "dose_mg": plan.dose.value,
        "volume_ml": plan.volume.value,
        "rate_ml_per_h": float(plan.rate.value),
        "inputs": {
            "mg_per_kg": order.dose_by_weight.value,
            "minutes": order.over,
            "concentration_mg_ml": order.concentration.value,
            "basis": order.basis,
        },
        "weights": {
            basis: {"weight_kg": each[basis].value, "dose_mg": plan.doses[basis].value}
            for basis in WeightBasis
        },
        "formulas": [
            {"name": one.name.en, "formula": one.formula.en} for one in plan.reckoning
        ],
        "preparation": preparation(plan),
        "findings": [said(finding) for finding in plan.findings],
    }


def preparation(plan: InfusionPlan) -> Mapping[str, object]:
    return {
        "syringes": syringes(plan),
        "drawn_mg": drawn(plan).value,
        "dilutions": [
            {
                "product": product,
                "stock_ml": one.stock_volume.value,
                "nacl_ml": one.diluent.value,
                "total_ml": one.total.value,
            }
            for product, one in dilutions(plan).items()
        ],
    }


def said(finding: Finding) -> Mapping[str, object]:
    return {
        "criterion": finding.criterion,
        "standing": finding.standing.name.lower(),
        "reason": finding.reason,
        "mark": finding.basis.mark,
        "source": finding.basis.source.key,
    }


def show(plan: InfusionPlan) -> None:
    """The card as lines: the dose on each weight first, then how it was reckoned."""
    for basis, weight in plan.order.weights.each.items():
        chosen = "<- the basis" if basis is plan.order.basis else ""
        dose = plain(plan.doses[basis].value)
        click.echo(f"{basis:9} {plain(weight.value):>8} kg {dose:>7} mg {chosen}".rstrip())
    for one in plan.reckoning:
        click.echo(f"{one.name.en}: {one.formula.en}")
    for product, recipe in dilutions(plan).items():
        click.echo(
            f"{product}: {plain(recipe.stock_volume.value)} ml "
            f"+ {plain(recipe.diluent.value)} ml NaCl 9 mg/ml"
        )
    for finding in plan.findings:
        click.echo(f"{finding.criterion}: {finding.reason.en}")
