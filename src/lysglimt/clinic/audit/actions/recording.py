"""What was done, and what was read, in the same transaction as the deed itself."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypedDict
from uuid import UUID

from django.db import models

from lysglimt.clinic.audit.circumstances import Accountable, circumstances
from lysglimt.clinic.audit.models import Event, Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done to which row.

    ``before`` is the row as it was (or its digest), ``after`` the row as it is; a correction
    says its ``reason``. ``category`` names the kind of data, by default the row's model.
    """

    patients: Iterable[UUID] = ()
    before: models.Model | str = ""
    after: models.Model | str = ""
    reason: str = ""
    category: str = ""


class Said(TypedDict):
    """What a deed and a read alike say of who, when and by which right."""

    at: datetime
    actor: str
    actor_name: str
    role: str
    hpr_number: str
    authorisation: str
    unit: str
    department: str
    entity: str
    entity_number: str
    operation: str
    purpose: str
    decision: str
    patients: list[str]
    origin: str
    request_id: str


def record(*, by: Accountable, at: datetime, operation: str, deed: Deed) -> Event:
    """Call it inside the transaction of the write: both are stored, or neither."""
    subject = deed.after or deed.before
    known = subject if isinstance(subject, models.Model) else None
    return Event.objects.create(
        **said(by=by, at=at, operation=operation, patients=deed.patients),
        category=deed.category or (known._meta.label_lower if known else ""),
        subject=f"{known._meta.label_lower}/{known.pk}" if known else "",
        before_digest=digest(deed.before),
        after_digest=digest(deed.after),
        reason=deed.reason,
    )


def record_read(
    *,
    by: Accountable,
    at: datetime,
    operation: str,
    patients: Iterable[UUID],
    category: str = "",
) -> Read:
    """One row for each request, with every patient it showed."""
    whom = said(by=by, at=at, operation=operation, patients=patients)
    return Read.objects.create(**whom, category=category or operation.partition(".")[0])


def said(*, by: Accountable, at: datetime, operation: str, patients: Iterable[UUID]) -> Said:
    actor, now = by.actor, circumstances()
    return Said(
        at=at,
        actor=actor.username,
        actor_name=actor.name,
        role=actor.role,
        hpr_number=actor.hpr_number,
        authorisation=actor.authorisation,
        unit=actor.unit,
        department=actor.department,
        entity=actor.entity,
        entity_number=actor.entity_number,
        operation=operation,
        purpose=now.purpose,
        decision=now.decision,
        patients=sorted({str(patient) for patient in patients}),
        origin=now.origin,
        request_id=now.request_id,
    )


def digest(row: models.Model | str) -> str:
    """SHA-256, as hex, over the stored values of a row, column by column; "" of nothing."""
    if isinstance(row, str):
        return row
    # Sealed columns are digested as they are stored, so that erasing a key erases the person:
    # `pre_save` says of a column what goes to the database.
    values = {
        field.attname: written(field.pre_save(row, add=False))
        for field in row._meta.concrete_fields
    }
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def written(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)
