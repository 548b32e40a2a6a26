"""What is drawn for a session, put back, and accounted for when it is over."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid5

from django.db import transaction
from django.db.models import Q, Sum

from lysglimt.clinic.chairside.actions.finishing import given_now
from lysglimt.clinic.chairside.models import Session
from lysglimt.clinic.cupboard.models import (
    DiscrepancyAct,
    DiscrepancyStep,
    Holding,
    LedgerEntry,
)
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.signing import refuse_all_but_doctors
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import NOTHING, Posting
from lysglimt.knowledge.ledger.movements import (
    GIVEN,
    WAYS,
    Movement,
)
from lysglimt.knowledge.ledger.reconciliation import Settlement
from lysglimt.knowledge.quantities import Milligrams

from .entering import Line, append, hand_of, in_turn
from .keeping import UNKNOWN, Batch, pieces


class StoppedByDiscrepancy(ClinicalError):
    """A count did not agree: nothing is drawn until it is settled, or somebody answers for it."""

    code = "ledger.stopped"


class Expired(ClinicalError):
    """What is expired is wasted, and not drawn for a patient."""

    code = "ledger.expired"


class NothingInHand(ClinicalError):
    """Nothing of it is drawn for this session, or all of it is accounted for."""

    code = "ledger.nothing-in-hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Whole pieces for one session, by whose order, of how much."""

    pieces: int
    prescriber: Professional
    ordered: Milligrams
    witness: Professional
    batch: Batch = UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """What two persons saw. ``given`` is typed of a drug that the chart does not reckon."""

    witness: Professional
    residue: Milligrams = NOTHING
    wasted: Milligrams = NOTHING
    given: Milligrams | None = None
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
    """Raises StoppedByDiscrepancy, Expired, NotADoctor, and what `append` raises."""
    [here] = in_turn(holding)
    refuse_all_but_doctors(drawn.prescriber, field="prescriber")
    refuse_stopped(here)
    expires = drawn.batch.expires_on
    if expires is not None and expires < session.planned_on:
        raise Expired("It is expired.", field="expires_on", value=expires)
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
    )
    return append(here, line, by=by, at=at)


def refuse_stopped(holding: Holding) -> None:
    """Raises StoppedByDiscrepancy, unless somebody has answered for each count that is open."""
    opened = LedgerEntry.objects.disagreed().filter(holding=holding)
    answered = DiscrepancyStep.objects.filter(act=DiscrepancyAct.OVERRIDDEN).values("count")
    stopped = opened.exclude(pk__in=answered).order_by("number").first()
    if stopped is not None:
        raise StoppedByDiscrepancy(
            "A count did not agree.", field="holding", value=stopped.number
        )


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
    """Unopened, back where it was: a withdrawal that was for nothing, signed by both."""
    [here] = in_turn(holding)
    drawn = LedgerEntry.objects.of_holding(here).filter(
        session=session, movement=Movement.WITHDRAWAL
    )
    package = drawn.last()
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

    Raises NothingInHand, NotFinished, NoReasonForDifference.
    """
    [here] = in_turn(holding)
    drawn = hand_of(here, session)
    known = LedgerEntry.objects.filter(entry=uuid5(entered.entry, "0"))
    if known.exists():
        return list(LedgerEntry.objects.filter(session=session, holding=here))
    if drawn <= NOTHING:
        raise NothingInHand("Nothing is in hand.", field="holding")
    given = given_here(session, here) if accounted.given is None else accounted.given
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


def drug_of_session(session: Session, holding: Holding) -> bool:
    """Is it what the course gives? Then the chart knows how much of it was given."""
    return protocol_of(session.course).product.atc == holding.atc


def charted_given(session: Session) -> Milligrams:
    """By the pump or the devices as they are charted now. Raises NotFinished, DevicesNotOver."""
    return Milligrams(given_now(session, "").delivered_mg or Decimal(0))


def given_here(session: Session, holding: Holding) -> Milligrams:
    """What of it came from this holding: all that no other has given, or can give."""
    rest = charted_given(session).value
    rows = LedgerEntry.objects.filter(session=session, holding__atc=holding.atc).order_by()
    gave = rows.values("source", "target").annotate(sum=Sum("mg"))
    for row in gave:
        rest -= row["sum"] * ((row["target"] == GIVEN) - (row["source"] == GIVEN))
    others = [one for one in in_hand(session) if one.atc == holding.atc and one != holding]
    if not others:
        return Milligrams(max(rest, Decimal(0)))
    return Milligrams(max(min(rest, hand_of(holding, session).value), Decimal(0)))


def booked_given(session: Session) -> Milligrams | None:
    """As it was accounted for, of what the course gives; None before it was."""
    atc = protocol_of(session.course).product.atc
    rows = LedgerEntry.objects.filter(session=session, holding__atc=atc or "").order_by()
    gave: dict[bool, Decimal] = {True: Decimal(0), False: Decimal(0)}
    for row in rows.filter(Q(target=GIVEN) | Q(source=GIVEN)).values("target", "mg"):
        gave[row["target"] == GIVEN] += row["mg"]
    return Milligrams(gave[True] - gave[False]) if gave[True] else None


def in_hand(session: Session) -> list[Holding]:
    """From which there is something to account for, each with ``in_hand`` in milligrams."""
    rows = LedgerEntry.objects.in_hand(session).values_list("holding", "in_hand")
    amounts = {key: amount for key, amount in rows if amount}
    found = list(Holding.objects.filter(pk__in=amounts).select_related("cabinet"))
    for one in found:
        vars(one)["in_hand"] = amounts[one.pk]
    return found
