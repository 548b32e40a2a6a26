"""What is drawn for a session, put back, and accounted for when it is over."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid5

from django.db import transaction

from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.people.facts import Contradicted, Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import NOTHING, Posting
from lysglimt.knowledge.ledger.movements import WAYS, Movement, Whereabouts
from lysglimt.knowledge.ledger.packages import fewest
from lysglimt.knowledge.ledger.reconciliation import Settlement
from lysglimt.knowledge.quantities import Milligrams

from .charted import (
    drug_of_session,
    given_here,
    refuse_to_put_back_given,
    signed_order,
)
from .discrepancies import refuse_stopped
from .entering import KEPT, Line, append, hand_of, in_turn, pieces
from .keeping import UNKNOWN, Batch

CAME_FROM = (Whereabouts.SUPPLY, Whereabouts.AWAY)
MOST_LINES = 5
"""Lines of one account: found, given, left in the line, wasted, lost."""


class Expired(ClinicalError):
    """What is expired is wasted, and not drawn for a patient."""

    code = "ledger.expired"


class UnknownBatch(ClinicalError):
    """The batch, or its date, is not what came into this cabinet."""

    code = "ledger.unknown-batch"


class MoreThanTheDose(ClinicalError):
    """More pieces than the dose takes are drawn for a reason."""

    code = "ledger.more-than-the-dose"


class OrderNotSigned(ClinicalError):
    """What the course gives is drawn by the order of this session, as a doctor has signed it."""

    code = "ledger.order-not-signed"


class NothingInHand(ClinicalError):
    """Nothing of it is drawn for this session, or all of it is accounted for."""

    code = "ledger.nothing-in-hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Whole pieces for one session, by whose order, of how much.

    ``why`` is said of a batch that never came in, and of more than the dose takes.
    """

    pieces: int
    prescriber: Professional
    ordered: Milligrams
    witness: Professional
    batch: Batch = UNKNOWN
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """What two persons saw. ``given`` is typed of a drug that the chart does not reckon.

    ``nothing_given`` is said where nothing is charted: it was drawn up, and the session never began.
    """

    witness: Professional
    residue: Milligrams = NOTHING
    wasted: Milligrams = NOTHING
    given: Milligrams | None = None
    nothing_given: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """Unopened pieces, why they were not given, and who saw it."""

    pieces: int
    why: str
    witness: Professional


@transaction.atomic
def withdraw(
    *,
    session: Session,
    holding: Holding,
    drawn: Withdrawn,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> LedgerEntry:
    """Raises StoppedByDiscrepancy, OrderNotSigned, Expired, UnknownBatch, MoreThanTheDose, NotADoctor, and what `append` raises."""
    [here] = in_turn(holding)
    refuse_all_but_doctors(drawn.prescriber, field="prescriber")
    refuse_stopped(here)
    if drug_of_session(session, here) and signed_order(session) is None:
        raise OrderNotSigned("No signed order.", field="prescriber")
    expires = expiry_of(here, drawn)
    if expires is not None and expires < session.planned_on:
        raise Expired("It is expired.", field="expires_on", value=expires)
    if not drawn.why and not LedgerEntry.objects.filter(entry=entered.entry).exists():
        refuse_more_than_the_dose(session, here, drawn)
    line = Line(
        posting=Posting(
            Movement.WITHDRAWAL,
            WAYS[Movement.WITHDRAWAL][0],
            pieces(here, drawn.pieces),
            session=session.pk,
        ),
        entered=entered,
        witness=drawn.witness,
        session=session,
        batch=drawn.batch.number,
        expires_on=expires,
        prescriber=drawn.prescriber,
        ordered_mg=drawn.ordered.value,
        why=drawn.why,
    )
    return append(here, line, by=by, at=at)


def expiry_of(holding: Holding, drawn: Withdrawn) -> date | None:
    """As its receipt says; where the batch never came in, or with another month, somebody says why. Raises UnknownBatch."""
    number, typed = drawn.batch.number, drawn.batch.expires_on
    came = LedgerEntry.objects.of_holding(holding).filter(
        target=Whereabouts.STOCK, source__in=CAME_FROM, batch=number
    )
    days = [one for one in came.values_list("expires_on", flat=True) if one]
    same = [one for one in days if typed and (one.year, one.month) == (typed.year, typed.month)]
    if number and not same and not drawn.why:
        if days:
            raise UnknownBatch(
                "It came in with another date.", field="expires_on", value=days[-1]
            )
        raise UnknownBatch("It never came in.", field="batch", value=number)
    return same[0] if same else typed


def refuse_more_than_the_dose(session: Session, holding: Holding, drawn: Withdrawn) -> None:
    """What is in hand already is reckoned with. Raises MoreThanTheDose."""
    most = fewest(drawn.ordered, holding.piece)
    there = fewest(hand_of(holding, session), holding.piece)
    if there + drawn.pieces > most:
        raise MoreThanTheDose("The dose takes fewer.", field="why", value=most)


@transaction.atomic
def not_given(
    *,
    session: Session,
    holding: Holding,
    back: PutBack,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> LedgerEntry:
    """Unopened, back where it was: a withdrawal that was for nothing, signed by both.

    Raises ChartedAsGiven, NotThere.
    """
    [here] = in_turn(holding)
    drawn = LedgerEntry.objects.of_holding(here).filter(
        session=session, movement=Movement.WITHDRAWAL
    )
    package = drawn.last()
    if not LedgerEntry.objects.filter(entry=entered.entry).exists():
        refuse_to_put_back_given(session, here, pieces(here, back.pieces), at=at)
    line = Line(
        batch=package.batch if package else "",
        expires_on=package.expires_on if package else None,
        posting=Posting(
            Movement.NOT_GIVEN,
            WAYS[Movement.NOT_GIVEN][0],
            pieces(here, back.pieces),
            session=session.pk,
        ),
        entered=entered,
        witness=back.witness,
        session=session,
        why=back.why,
    )
    return append(here, line, by=by, at=at)


@transaction.atomic
def settle(
    *,
    session: Session,
    holding: Holding,
    accounted: Accounted,
    entered: Entered,
    by: Professional,
    at: datetime,
) -> list[LedgerEntry]:
    """Given by the chart, left in the line, wasted: all that is in hand, within 1 % or for a reason.

    Raises NothingInHand, NotFinished, NoReasonForDifference, Contradicted.
    """
    [here] = in_turn(holding)
    drawn = hand_of(here, session)
    known = told_before(entered)
    if known:
        return agreeing_account(known, accounted)
    if drawn <= NOTHING:
        raise NothingInHand("Nothing is in hand.", field="holding")
    given = accounted.given
    if given is None:
        given = given_here(session, here, nothing_given=accounted.nothing_given)
    told = Settlement(drawn, given, accounted.residue, accounted.wasted)
    rows = []
    for number, posting in enumerate(told.postings(session.pk, reason=accounted.why)):
        line = Line(
            posting=posting,
            entered=replace(entered, entry=uuid5(entered.entry, str(number))),
            witness=accounted.witness,
            session=session,
            why=accounted.why,
        )
        rows.append(append(here, line, by=by, at=at))
    return rows


def told_before(entered: Entered) -> list[LedgerEntry]:
    """The lines of an account that was sent with this entry."""
    entries = [uuid5(entered.entry, str(number)) for number in range(MOST_LINES)]
    return list(LedgerEntry.objects.filter(entry__in=entries).order_by("number"))


def agreeing_account(known: list[LedgerEntry], accounted: Accounted) -> list[LedgerEntry]:
    """Said twice: the same amounts, before the same. Raises Contradicted."""
    told = {one.movement: one.mg for one in known}
    said = {Movement.RESIDUE: accounted.residue, Movement.WASTE: accounted.wasted}
    if accounted.given is not None:
        said[Movement.ADMINISTRATION] = accounted.given
    same = all(
        told.get(movement.value, NOTHING.value) == amount.value.quantize(KEPT)
        for movement, amount in said.items()
    )
    if not same or known[0].witness != accounted.witness:
        raise Contradicted("the account is stored with other amounts", field="wasted")
    return known
