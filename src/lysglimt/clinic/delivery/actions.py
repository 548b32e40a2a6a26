"""Every write about deliveries: what a unit states, what was looked at, and who answers for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.circumstances import Accountable
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.register.code_book import code_book
from lysglimt.register.legal_basis import Basis

from .extract import Extract, extract
from .models import Delivery, DeliverySignature, LegalBasis, RegisteredUnit
from .status import Status, status

Digests = Mapping[str, Mapping[str, str]]


class NumberTaken(ClinicalError):
    """Two units of one number would be one unit to the register."""

    code = "delivery.number-taken"


class DeliveryChanged(ClinicalError):
    """One signs what one has read: other rows would leave now."""

    code = "delivery.changed"


class AlreadySigned(ClinicalError):
    code = "delivery.signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a unit says of itself and of the decision on which it delivers."""

    number: int
    region: str
    basis: Basis
    project: str
    decision: str
    decided_by: str
    decided_on: date
    valid_from: date
    valid_until: date | None = None
    counts_reserved: bool = False


@transaction.atomic
def state(*, said: Stated, by: Professional, at: datetime) -> LegalBasis:
    """Of one's own unit; what was stated before stays, and holds no longer. Raises NumberTaken."""
    others = RegisteredUnit.objects.for_professional(by).in_force().exclude(unit=by.unit_id)
    if others.filter(number=said.number).exists():
        raise NumberTaken(f"{said.number} is another unit's", field="number", value=said.number)
    known = RegisteredUnit(number=said.number, region=said.region, **entered(by, at))
    people.enter(known, operation="register.state")
    row = LegalBasis(
        basis=said.basis.value,
        project=said.project,
        decision=said.decision,
        decided_by=said.decided_by,
        decided_on=said.decided_on,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        counts_reserved=said.counts_reserved,
        **entered(by, at),
    )
    return people.enter(row, operation="register.state")


def entered(by: Professional, at: datetime) -> dict[str, Any]:
    times = dict.fromkeys(("happened_at", "entered_at", "received_at"), at)
    return {"unit": by.unit, "by": by, **times}


def prepare(*, by: Professional, at: datetime) -> Delivery:
    """The rows of one's own unit as they would leave now. Raises NotRegistered, NoLegalBasis."""
    found = extract(by.unit, on=on_day(at))
    digests, basis = found.digests, found.scope.basis
    before = Delivery.objects.signed(by.unit_id, project=basis.project).first()
    said = status(found)
    changes = changed(before.digests if before else {}, digests)
    row = Delivery(
        unit=by.unit,
        basis=basis,
        by=by,
        prepared_at=at,
        book_version=code_book().version,
        digest=digest(found),
        digests=digests,
        found={**told(said), "changes": changes},
        left_out=said.left_out,
        since=before,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        audit.record(by=by, at=at, operation="register.prepare", deed=audit.Deed(after=row))
    return row


def digest(found: Extract) -> str:
    """Of all rows together."""
    names = found.scope.names
    lines = (
        f"{table} {key} {row}"
        for table, rows in sorted(found.digests.items())
        for key, row in sorted(rows.items())
    )
    return names.digest("\n".join(lines))


def changed(before: Digests, now: Digests) -> dict[str, list[int]]:
    """Of each table how many rows are new, other than they were, and gone."""
    return {
        table: [
            len(rows.keys() - before.get(table, {}).keys()),
            sum(rows[key] != was for key, was in before.get(table, {}).items() if key in rows),
            len(before.get(table, {}).keys() - rows.keys()),
        ]
        for table, rows in now.items()
    }


def told(said: Status) -> dict[str, Any]:
    """As the row keeps it: names and numbers alone."""
    return {
        "rows": dict(said.rows),
        "complete": [
            [one.table, one.variable, one.filled.count, one.filled.of] for one in said.complete
        ],
        "months": [
            [one.first and one.first.isoformat(), one.rows, one.filled.count, one.filled.of]
            for one in said.months
        ],
        "lags": [[one.what, one.rows, one.middle, one.longest] for one in said.lags],
        "refused": [[one.table, one.variable, one.fault, one.rows] for one in said.refused],
    }


def sign(*, delivery: Delivery, by: Professional, at: datetime) -> DeliverySignature:
    """Read again at this moment: what is signed is what leaves. Raises AlreadySigned, DeliveryChanged."""
    if DeliverySignature.objects.filter(delivery=delivery).exists():
        raise AlreadySigned("The delivery is signed.")
    if digest(extract(delivery.unit, on=on_day(at))) != delivery.digest:
        raise DeliveryChanged("Other rows would leave now.")
    row = DeliverySignature(delivery=delivery, by=by, at=at)
    with transaction.atomic():
        row.save(force_insert=True)
        audit.record(by=by, at=at, operation="register.sign", deed=audit.Deed(after=row))
    return row


def signed_as(found: Extract) -> Delivery | None:
    """The signed delivery that has exactly these rows."""
    unit, basis = found.scope.unit, found.scope.basis
    rows = Delivery.objects.signed(unit.pk, project=basis.project).filter(digest=digest(found))
    signed: Delivery | None = rows.select_related("signature__by").first()
    return signed


def note_extract(found: Extract, *, by: Accountable, at: datetime) -> None:
    """That the rows of these people were taken out, so that each can read it in their log."""
    deed = audit.Deed(
        patients=sorted(found.scope.people),
        category="delivery.extract",
        reason=f"{found.scope.basis.project}: {digest(found)}",
    )
    audit.record(by=by, at=at, operation="register.extract", deed=deed)
