"""What two checked without the network: signed by the other, or struck by both; and what is thrown away."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lysglimt.clinic.chairside.models import (
    ChairEvent,
    ChairEventKind,
    Session,
    ThrownAway,
    TypedByAnother,
)
from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.treatment.actions import stamped
from lysglimt.knowledge.errors import ClinicalError

from .charting import correct
from .turns import locked

CHECK_SIGNED, CHECK_TYPED = "check.signed", "check.typed"
"""Why the row was changed: each reads it in their own language."""


class SameHand(ClinicalError):
    """Whoever charted the check does not sign it as the other person."""

    code = "check.same-hand"


class NotPending(ClinicalError):
    """It is signed, struck, or no check of two: there is nothing to sign."""

    code = "check.not-pending"


class TypistUnknown(ClinicalError):
    """Nobody has said who typed the check, and so nobody knows who the other person is."""

    code = "check.typist-unknown"


def typist_of(check: ChairEvent) -> Professional | None:
    """Who typed a check of two; None where nobody knows.

    Whoever has said since that it was they, when they were signed in.
    """
    rows = list(ChairEvent.objects.history(check.entry).select_related("by"))
    by_another = TypedByAnother.objects.filter(entry=check.entry, revision=1)
    noted = by_another.select_related("typist").first()
    if noted is None:
        return rows[0].by
    said = (row.by for row in rows if row.reason == CHECK_TYPED)
    return noted.typist or next(said, None)


@transaction.atomic
def sign_check(
    *,
    event: ChairEvent,
    checked_by: Professional,
    at: datetime,
    typed_it: Professional | None = None,
) -> ChairEvent:
    """What two had checked without the network, signed by the other.

    ``typed_it`` is who says, signed in, that they typed it, where that is not known.
    Raises NotPending, TypistUnknown and SameHand.
    """
    check = pending(event)
    typist = typist_of(check) or typed_it
    if typist is None:
        raise TypistUnknown("Who typed it?", field="typed_it")
    refuse_same_hand(typist, checked_by)
    if typist_of(check) is None:
        check = correct(fact=check, by=typist, at=at, reason=CHECK_TYPED)
    signed = ChairEventKind.CHECK_SIGNED.value
    return correct(fact=check, by=checked_by, at=at, reason=CHECK_SIGNED, kind=signed)


@transaction.atomic
def strike_check(
    *, event: ChairEvent, by: Professional, other: Professional, at: datetime, reason: str
) -> ChairEvent:
    """It frees the signing of the session, and so it takes two, one of whom did not type it.

    Raises NotPending and SameHand.
    """
    check = pending(event)
    refuse_same_hand(by, other)
    typist = typist_of(check)
    if typist is not None:
        refuse_same_hand(typist, other)
    return correct(fact=check, by=by, at=at, reason=f"{reason} ({other})", withdrawn=True)


def pending(event: ChairEvent) -> ChairEvent:
    """As it now is, for this transaction alone. Raises NotPending."""
    locked(event.session_id)
    check = ChairEvent.objects.in_force().filter(entry=event.entry).first()
    if check is None or check.kind != ChairEventKind.CHECK_PENDING:
        raise NotPending("There is no check to sign.", field="check")
    return check


def refuse_same_hand(one: Professional, other: Professional) -> None:
    if one.pk == other.pk:
        raise SameHand("Another person signs it.", field="checked_by", value=str(other))


@transaction.atomic
def note_thrown_away(
    *,
    session: Session,
    words: Sequence[tuple[str, str]],
    entered: Entered,
    by: Professional,
    at: datetime,
) -> ThrownAway:
    """What was typed without the network and never stored: what it said, who threw it away, and why.

    Once for each entry, however often it is sent.
    """
    here = locked(session.pk)
    known = thrown_away(entered.entry)
    if known is not None:
        return known
    row = ThrownAway(
        session=here, words=[list(one) for one in words], **stamped(entered, by=by, at=at)
    )
    return people.enter(row, operation="outbox.strike", patients=[here.course.patient_id])


def thrown_away(entry: UUID) -> ThrownAway | None:
    found: ThrownAway | None = ThrownAway.objects.filter(entry=entry, revision=1).first()
    return found
