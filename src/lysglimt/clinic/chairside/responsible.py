"""Which doctor is telephoned about a session: asked beside its orders, in the same question."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import CharField, Subquery

from lysglimt.clinic.people.written import Condition
from lysglimt.clinic.treatment.models.task import named

from .models import AnOrder, StartGateRecord

AT_GATE, OPENED_IT = "doctor_at_gate", "doctor_opened_it"


def at_gate(session: Any, column: str) -> Subquery:
    gates = StartGateRecord.objects.in_force().filter(session=session)
    return Subquery(gates.order_by("-pk").values_list(named(column))[:1])


BESIDE = {
    AT_GATE: Condition(partial(at_gate, column="doctor"), CharField()),
    OPENED_IT: Condition(partial(at_gate, column="override_by"), CharField()),
}


def doctor_beside() -> dict[str, Any]:
    """Of an order: who is named at the start check of its session, and who opened it."""
    return {name: one.about("session") for name, one in BESIDE.items()}


def doctor_named(orders: Sequence[AnOrder]) -> str:
    """By name, as `doctor_of` finds the doctor who is called; empty where none is known."""
    hands = [row.signature for row in orders if hasattr(row, "signature")]
    last = max(hands, key=lambda one: one.at, default=None)
    beside = vars(orders[-1]) if orders else {}
    named_there = beside.get(AT_GATE) or (str(last.by) if last else beside.get(OPENED_IT))
    return named_there or ""
