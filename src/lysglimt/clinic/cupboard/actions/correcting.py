"""A line is taken back by another; of an account all lines at once. What is right is then booked anew."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid5

from django.db import transaction

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.knowledge.ledger.balance import AlreadyCorrected, taking_back
from lysglimt.knowledge.ledger.movements import Movement, Whereabouts

from .entering import Line, append, in_turn

ACCOUNTED = frozenset(
    {Movement.ADMINISTRATION, Movement.RESIDUE, Movement.WASTE, Movement.DIFFERENCE}
)
"""The lines of an account of a session."""


class OfAnAccount(AlreadyCorrected):
    """One line of an account alone: the others would tell of milligrams that are not there."""

    code = "ledger.of-an-account"


class SettlesACount(AlreadyCorrected):
    """What the leader booked of a count; taken back, the count would be settled by nothing."""

    code = "ledger.settles-a-count"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Why, and who saw it."""

    why: str
    witness: Professional


@transaction.atomic
def correct(
    *,
    line: LedgerEntry,
    why: str,
    witness: Professional,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> LedgerEntry:
    """The line is taken back by another; what is right is then booked anew. The old one stays.

    Raises AlreadyCorrected, Transferred, OfAnAccount, SettlesACount, NotThere.
    """
    [here] = in_turn(line.holding)
    old = LedgerEntry.objects.select_related("corrects", "session__course").get(pk=line.pk)
    taking_back(old.posting, old.number)
    if old.corrects is not None:
        raise SettlesACount("It settles a count.", field="corrects", value=old.number)
    if old.session is not None and old.movement in ACCOUNTED:
        raise OfAnAccount("It is a line of an account.", field="corrects", value=old.number)
    told = TakenBack(why=why, witness=witness)
    return taken_back(here, old, told, entered=entered, by=by, at=at)


@transaction.atomic
def account_anew(
    *,
    session: Session,
    holding: Holding,
    told: TakenBack,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> list[LedgerEntry]:
    """All lines of the account of a session are taken back, so that all that was drawn is in hand again.

    Raises AlreadyCorrected where there is no account.
    """
    [here] = in_turn(holding)
    sent = taken_back_with(entered, here, session)
    if sent:
        return sent
    rows = LedgerEntry.objects.of_holding(here).filter(
        session=session, movement__in=ACCOUNTED, corrections=None
    )
    # What was found goes last: until then more is in hand than it was.
    old = sorted(
        rows.select_related("corrects", "session__course"),
        key=lambda one: (one.target == Whereabouts.HAND, one.number),
    )
    if not old:
        raise AlreadyCorrected("There is no account of it.", field="corrects")
    return [
        taken_back(
            here,
            one,
            told,
            entered=replace(entered, entry=uuid5(entered.entry, str(one.number))),
            by=by,
            at=at,
        )
        for one in old
    ]


def taken_back(
    holding: Holding,
    old: LedgerEntry,
    told: TakenBack,
    *,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> LedgerEntry:
    """Of a holding that is locked `in_turn`. Raises AlreadyCorrected, NotThere."""
    known = LedgerEntry.objects.filter(corrects=old).exclude(entry=entered.entry)
    if known.exists():
        raise AlreadyCorrected("It was taken back.", field="corrects", value=old.number)
    new = Line(
        posting=taking_back(old.posting, old.number),
        entered=entered,
        witness=told.witness,
        session=old.session,
        batch=old.batch,
        expires_on=old.expires_on,
        corrects=old,
        why=told.why,
    )
    return append(holding, new, by=by, at=at)


def taken_back_with(entered: Entered, holding: Holding, session: Session) -> list[LedgerEntry]:
    """What was sent with this entry before."""
    rows = LedgerEntry.objects.of_holding(holding).filter(
        session=session, movement=Movement.CORRECTION, corrects__isnull=False
    )
    known = rows.select_related("corrects")
    return [
        one
        for one in known
        if one.corrects and one.entry == uuid5(entered.entry, str(one.corrects.number))
    ]
