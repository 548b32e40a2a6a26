"""What the readings say of the recovery scores: the points nobody needs to be asked."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from .discharge import DischargeFacts, discharge_rules
from .vital_signs import VitalSet, VitalSign

SIGN_OF_ITEM: Mapping[str, VitalSign] = {
    "aldrete.circulation": VitalSign.SYSTOLIC,
    "aldrete.consciousness": VitalSign.SEDATION,
    "aldrete.oxygen": VitalSign.OXYGEN,
    "padss.vitals": VitalSign.SYSTOLIC,
    "padss.nausea": VitalSign.NAUSEA,
}
"""The reading that answers each item."""


def recovery_items(facts: DischargeFacts) -> Mapping[str, int]:
    """The Aldrete and PADSS items that the readings answer; the others a person answers.

    Keys ``aldrete.circulation``, ``aldrete.consciousness``, ``aldrete.oxygen``,
    ``padss.vitals``, ``padss.nausea``; 0-2 each, and a key is absent where it is not measured.
    """
    rule, latest = discharge_rules().recovery_items, facts.latest
    pressure = deviation(facts, VitalSign.SYSTOLIC)
    good = rule.good_within.value
    items = {
        "aldrete.circulation": _down(pressure, good, rule.aldrete_fair_within.value, scale=100),
        "padss.vitals": _down(pressure, good, rule.padss_fair_within.value, scale=100),
        "padss.nausea": _down(
            latest.value(VitalSign.NAUSEA), rule.nausea_good_to.value, rule.nausea_fair_to.value
        ),
        "aldrete.consciousness": _awake(latest),
        "aldrete.oxygen": _oxygen(latest),
    }
    return {name: points for name, points in items.items() if points is not None}


def _down(
    value: int | Decimal | Fraction | None, good: Decimal, fair: Decimal, *, scale: int = 1
) -> int | None:
    """Two points up to good, one up to fair, none above."""
    if value is None:
        return None
    scaled = Fraction(value) * scale
    return 2 if scaled <= Fraction(good) else int(scaled <= Fraction(fair))


def _awake(latest: VitalSet) -> int | None:
    rules = discharge_rules()
    sedation = latest.value(VitalSign.SEDATION)
    if sedation is None:
        return None
    awake = sedation >= rules.scores.sedation.value
    return 2 if awake else int(sedation >= rules.recovery_items.awake_fair_from.value)


def _oxygen(latest: VitalSet) -> int | None:
    """Two on room air, one when oxygen keeps the saturation up."""
    rule, value = discharge_rules().recovery_items, latest.value(VitalSign.OXYGEN)
    if value is None:
        return None
    if value > rule.oxygen_good_above.value and not latest.on_oxygen:
        return 2
    return int(value >= rule.oxygen_fair_from.value)


def deviation(facts: DischargeFacts, sign: VitalSign) -> Fraction | None:
    """How far the latest reading is from baseline, either way, as a share of baseline."""
    value, usual = facts.latest.value(sign), facts.before.get(sign)
    return None if value is None or not usual else abs(Fraction(value) - usual) / usual
