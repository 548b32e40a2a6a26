"""Which protocols a unit has approved, and on which conditions its legal entity treats."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from lysglimt.clinic.design.templatetags.design import cited
from lysglimt.clinic.people.models import Unit
from lysglimt.clinic.referral.models import ComplaintRoute, PolicyConditions
from lysglimt.knowledge.eligibility.policy import policy
from lysglimt.knowledge.protocols.approval import awaiting_approval
from lysglimt.knowledge.protocols.library import latest, protocols
from lysglimt.knowledge.protocols.protocol import Protocol

from .models import ProtocolApproval


@dataclass(frozen=True, slots=True)
class Offered:
    """The newest version of a protocol, and the approval of it when there is one."""

    protocol: Protocol
    approval: ProtocolApproval | None
    awaiting: int


def offered(unit: Unit) -> tuple[Offered, ...]:
    """Approved ones first. Asks one question of the database."""
    rows = ProtocolApproval.objects.in_force().in_unit(unit.pk).select_related("by")
    approved = {(row.protocol, row.protocol_version): row for row in rows}
    newest = [latest(name) for name in sorted({one.id for one in protocols().values()})]
    listed = (
        Offered(one, approved.get(one.key), len(awaiting_approval(one))) for one in newest
    )
    return tuple(sorted(listed, key=lambda one: one.approval is None))


@dataclass(frozen=True, slots=True)
class Stated:
    row: PolicyConditions
    review_overdue: bool


def conditions(unit: Unit, *, on: date) -> tuple[Stated, ...]:
    rows = PolicyConditions.objects.in_force().filter(entity=unit.entity_id)
    return tuple(
        Stated(row, review_overdue=row.review_by is not None and row.review_by < on)
        for row in rows.select_related("by")
    )


def complaint_route(unit: Unit) -> str:
    """In the unit's own words; empty until it has stated it."""
    stated = ComplaintRoute.objects.of_unit(unit).first()
    return stated.route if stated else ""


def shipped_conditions() -> dict[str, Any]:
    """The decision as shipped, for a form: the unit verifies it before it states it."""
    shipped, language = policy(), get_language() or "nb"
    sources = dict.fromkeys(cited(one.basis.source) for one in shipped.condition)
    return {
        "decision": shipped.name.in_language(language),
        "conditions": "\n".join(one.text.in_language(language) for one in shipped.condition),
        "review_by": shipped.review_by,
        "source": "; ".join(sources)[:200],
    }
