"""Legal entities, units and those who work there."""

from datetime import datetime

from django.db import transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.audit.circumstances import Accountable
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import (
    DecisionSupportStatement,
    LegalEntity,
    Professional,
    Unit,
    UnitKind,
)
from lysglimt.clinic.people.policy import Role

from .entering import enter

STATEMENT_VERSION = "1"


@transaction.atomic
def add_entity(
    *, name: str, by: Accountable, at: datetime, organisation_number: str = ""
) -> LegalEntity:
    entity = LegalEntity(name=name, organisation_number=organisation_number)
    entity.full_clean()
    entity.save(force_insert=True)
    audit.record(by=by, at=at, operation="entity.add", deed=audit.Deed(after=entity))
    return entity


@transaction.atomic
def add_unit(
    *, entity: LegalEntity, name: str, kind: UnitKind, by: Accountable, at: datetime
) -> Unit:
    unit = Unit(entity=entity, name=name, kind=kind)
    unit.full_clean()
    unit.save(force_insert=True)
    audit.record(by=by, at=at, operation="unit.add", deed=audit.Deed(after=unit))
    return unit


@transaction.atomic
def add_professional(
    *,
    new: Professional,
    password: str | None,
    by: Accountable,
    at: datetime,
    until: datetime | None = None,
) -> Professional:
    """``new`` is not stored yet. Without a password, nobody can sign in as the new one.

    ``until`` is given with a password that its owner has not made.
    """
    new.set_password(password)
    new.given_until = until
    new.full_clean()
    new.save(force_insert=True)
    audit.record(by=by, at=at, operation="professional.add", deed=audit.Deed(after=new))
    return new


@transaction.atomic
def set_password(
    *,
    professional: Professional,
    password: str,
    by: Accountable,
    at: datetime,
    until: datetime | None = None,
) -> None:
    """``until`` as of `add_professional`."""
    professional.set_password(password)
    professional.given_until = until
    professional.save(update_fields=["password", "given_until"])
    # No digests: that of a password's hash would be one more thing to guess against.
    deed = audit.Deed(category="people.professional", reason=professional.username)
    audit.record(by=by, at=at, operation="professional.set_password", deed=deed)


def own_password(*, professional: Professional) -> None:
    """Its owner has made one. That it was changed is on the trail already."""
    professional.given_until = None
    professional.save(update_fields=["given_until"])


@transaction.atomic
def set_role(*, professional: Professional, role: Role, by: Accountable, at: datetime) -> None:
    before = audit.digest(professional)
    professional.role = role
    professional.save(update_fields=["role"])
    deed = audit.Deed(before=before, after=professional)
    audit.record(by=by, at=at, operation="professional.set_role", deed=deed)


@transaction.atomic
def set_active(
    *, professional: Professional, active: bool, by: Accountable, at: datetime, reason: str
) -> None:
    """Whoever has left cannot sign in, and is signed out at once; what they did stays theirs."""
    before = audit.digest(professional)
    professional.is_active = active
    professional.save(update_fields=["is_active"])
    deed = audit.Deed(before=before, after=professional, reason=reason)
    audit.record(by=by, at=at, operation="professional.set_active", deed=deed)


def choose_language(*, professional: Professional, language: str) -> None:
    """A taste, no clinical fact: it leaves no trail."""
    professional.language = language
    professional.save(update_fields=["language"])


def state_purpose(
    *, unit: Unit, on: bool, by: Professional, at: datetime, reason: str = ""
) -> DecisionSupportStatement:
    """The unit turns its decision support on or off, by the signature of ``by``."""
    entered = Entered(happened_at=at, entered_at=at, reason=reason)
    said = DecisionSupportStatement(
        unit=unit,
        on=on,
        statement_version=STATEMENT_VERSION,
        by=by,
        received_at=at,
        entry=entered.entry,
        happened_at=at,
        entered_at=at,
        reason=reason,
    )
    return enter(said, operation="unit.statement")
