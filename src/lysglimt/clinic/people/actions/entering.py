"""How a fact of any app is stored: once, however often it is sent, with its trail."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, transaction

from lysglimt.clinic.audit import actions as audit
from lysglimt.clinic.people.facts import Contradicted, Fact
from lysglimt.clinic.people.models import Professional

AFact = TypeVar("AFact", bound=Fact)


@transaction.atomic
def enter(fact: AFact, *, operation: str, patients: Iterable[UUID] = ()) -> AFact:
    """Store a fact that is not stored yet; answer with the stored one.

    The same entry and revision with the same content is already stored: nothing happens. With
    other content, or as the correction of a revision that is not there, it raises Contradicted.
    """
    before = preceding(fact)
    try:
        with transaction.atomic():
            fact.save(force_insert=True)
    except IntegrityError:
        # It was sent before, or by two at once, or a rule of the table is broken.
        known = stored(fact)
        if known is None:
            raise
        return agreeing(known, fact)
    deed = audit.Deed(patients=patients, before=before or "", after=fact, reason=fact.reason)
    audit.record(by=fact.by, at=fact.received_at, operation=operation, deed=deed)
    return fact


def correct(
    fact: AFact,
    *,
    by: Professional,
    at: datetime,
    operation: str,
    patients: Iterable[UUID] = (),
    **changed: object,
) -> AFact:
    """The next revision of a fact; ``changed`` has its ``reason``. Of two at once, one has it."""
    said = {"entered_at": at} | changed | {"by": by, "received_at": at}
    return enter(fact.revised(**said), operation=operation, patients=patients)


def withdraw(
    fact: AFact,
    *,
    by: Professional,
    at: datetime,
    operation: str,
    patients: Iterable[UUID] = (),
    **changed: object,
) -> AFact:
    """Entered in error: kept and shown struck through, in force no more."""
    gone = {"withdrawn": True} | changed
    return correct(fact, by=by, at=at, operation=operation, patients=patients, **gone)


def stored(fact: AFact, *, revision: int | None = None) -> AFact | None:
    which = fact.revision if revision is None else revision
    same = type(fact).objects.filter(entry=fact.entry, revision=which)
    return cast("AFact | None", same.select_related("by").first())


def preceding(fact: AFact) -> AFact | None:
    """The revision that is corrected; None of the first."""
    if fact.revision <= 1:
        return None
    before = stored(fact, revision=fact.revision - 1)
    if before is None:
        raise Contradicted(
            f"entry {fact.entry} has no revision {fact.revision - 1} to correct",
            entry=str(fact.entry),
            revision=fact.revision,
        )
    return before


def agreeing(known: AFact, sent: AFact) -> AFact:
    if known.agrees_with(sent):
        return known
    raise Contradicted(
        f"entry {known.entry}, revision {known.revision} is stored with other content",
        entry=str(known.entry),
        revision=known.revision,
        stored_by=str(known.by),
    )
