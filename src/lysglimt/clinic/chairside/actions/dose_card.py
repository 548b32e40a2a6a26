"""What stands on the dose card: kept with the order as it was shown."""

from typing import Any

from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.knowledge.dosing.infusion import InfusionPlan


def card(plan: InfusionPlan) -> dict[str, Any]:
    """The dose card as it is shown and signed: exact numbers as text, both languages."""
    return {
        "doses": {basis.value: str(dose.value) for basis, dose in plan.doses.items()},
        "weights": {
            basis.value: str(weight.value) for basis, weight in plan.order.weights.each.items()
        },
        "reckoning": [
            {
                "name": {"nb": line.name.nb, "en": line.name.en},
                "formula": {"nb": line.formula.nb, "en": line.formula.en},
            }
            for line in plan.reckoning
        ],
        "findings": [finding_as_written(finding) for finding in plan.findings],
    }
