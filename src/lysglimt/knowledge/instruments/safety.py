"""Which answers on suicidality reach a clinician: the whole map as one table."""

from dataclasses import dataclass

from .instrument import instruments
from .item import AttentionRule, Item


@dataclass(frozen=True, slots=True)
class SafetyItem:
    """One row of the map. The rule holds whatever the total; the item is never imputed."""

    instrument: str
    item: Item
    rule: AttentionRule


def safety_items() -> tuple[SafetyItem, ...]:
    """Every safety item of every instrument, by instrument and in the order of its items."""
    return tuple(
        SafetyItem(scale.id, item, item.safety)
        for scale in instruments().values()
        for item in scale.items
        if item.safety
    )
