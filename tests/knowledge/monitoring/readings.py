"""Bedside readings for tests, from the few numbers that differ."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lysglimt.knowledge.monitoring.vital_signs import VitalSet, VitalSign

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALM = {
    "systolic": 124,
    "diastolic": 78,
    "heart_rate": 66,
    "spo2": 98,
    "respiratory_rate": 14,
    "moaas": 5,
    "rass": 0,
    "distress": 1,
    "nausea": 0,
}


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def reading(
    minute: float = 0,
    *,
    signs: str = "",
    on_oxygen: bool = False,
    **values: int | Decimal | None,
) -> VitalSet:
    """Calm, but for what is given; None leaves a sign out."""
    return readings(minute, values, signs=signs, on_oxygen=on_oxygen)


def readings(
    minute: float,
    values: Mapping[str, int | Decimal | None],
    *,
    signs: str = "",
    on_oxygen: bool = False,
) -> VitalSet:
    """The same, with the signs by name."""
    merged = {**CALM, **values}
    return VitalSet(
        at=at(minute),
        values={VitalSign(name): one for name, one in merged.items() if one is not None},
        signs=frozenset(signs.split()),
        on_oxygen=on_oxygen,
    )
