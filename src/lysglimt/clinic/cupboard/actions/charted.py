"""What the chart says was given of a drug, against what the ledger has of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from lysglimt.clinic.chairside.actions.finishing import given_now
from lysglimt.clinic.chairside.actions.gate import order_in_force
from lysglimt.clinic.chairside.chart import delivery_of
from lysglimt.clinic.chairside.models import (
    DeviceOrder,
    DeviceUse,
    PumpEvent,
    Session,
    SessionOrder,
)
from lysglimt.clinic.chairside.sprayed import by_nose, used
from lysglimt.clinic.cupboard.models import Holding, LedgerEntry
from lysglimt.clinic.treatment.history import protocol_of
from lysglimt.knowledge.dosing.delivery import Account
from lysglimt.knowledge.dosing.devices import Devices
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.ledger.balance import NOTHING
from lysglimt.knowledge.ledger.movements import GIVEN
from lysglimt.knowledge.quantities import Milligrams

from .entering import hand_of


class ChartedAsGiven(ClinicalError):
    """What the chart says was given is not put back."""

    code = "ledger.charted-as-given"


def drug_of_session(session: Session, holding: Holding) -> bool:
    """Is it what the course gives? Then the chart knows how much of it was given."""
    return protocol_of(session.course).product.atc == holding.atc


def signed_order(session: Session) -> SessionOrder | DeviceOrder | None:
    """By pump or by nose, as it stands; its signature fetched."""
    kind: Any = DeviceOrder if by_nose(session) else SessionOrder
    signed = kind.objects.signed().filter(session=session)
    found: SessionOrder | DeviceOrder | None = signed.select_related("signature").first()
    return found


def nothing_charted(session: Session) -> bool:
    """No pump was started and no device given, as far as the chart says."""
    kind: Any = DeviceUse if by_nose(session) else PumpEvent
    return not kind.objects.in_force().filter(session=session).exists()


def charted_given(session: Session, *, nothing_given: bool = False) -> Milligrams:
    """By the pump or the devices as they are charted now; nothing, where two say so and the chart does not contradict.

    Raises NotFinished, DevicesNotOver.
    """
    if nothing_given and nothing_charted(session):
        return NOTHING
    return Milligrams(given_now(session, "").delivered_mg or Decimal(0))


def charted_so_far(session: Session, *, at: datetime) -> Milligrams:
    """Also while it runs."""
    if nothing_charted(session):
        return NOTHING
    if by_nose(session):
        order = DeviceOrder.objects.in_force().filter(session=session).first()
        rows = DeviceUse.objects.in_force().filter(session=session)
        return Devices(order.devices if order else None, used(rows)).delivered
    found = delivery_of(session, order_in_force(session))
    return found.delivered(found.stopped or at)


def refuse_to_put_back_given(
    session: Session, holding: Holding, back: Milligrams, *, at: datetime
) -> None:
    """Raises ChartedAsGiven where less would be left in hand than the chart says was given."""
    if not drug_of_session(session, holding):
        return
    charted = charted_so_far(session, at=at).value
    gone = booked_given(session) or NOTHING
    hand = sum((vars(one)["in_hand"] for one in of_drug(session, holding)), Decimal(0))
    left, owed = hand - back.value, charted - gone.value
    whole = Account(Milligrams(max(left, Decimal(0))), Milligrams(owed), NOTHING, NOTHING)
    if owed > left and owed > 0 and not whole.balances:
        raise ChartedAsGiven(
            f"{charted} mg were given by the chart", field="pieces", value=charted
        )


def given_here(
    session: Session, holding: Holding, *, nothing_given: bool = False
) -> Milligrams:
    """What of it came from this holding: all that no other has given, or can give."""
    rest = charted_given(session, nothing_given=nothing_given).value
    rows = LedgerEntry.objects.filter(session=session, holding__atc=holding.atc).order_by()
    gave = rows.values("source", "target").annotate(sum=Sum("mg"))
    for row in gave:
        rest -= row["sum"] * ((row["target"] == GIVEN) - (row["source"] == GIVEN))
    if not [one for one in of_drug(session, holding) if one != holding]:
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


def of_drug(session: Session, holding: Holding) -> list[Holding]:
    """What is in hand of the same drug, from whichever cabinet."""
    return [one for one in in_hand(session) if one.atc == holding.atc]


def in_hand(session: Session) -> list[Holding]:
    """From which there is something to account for, each with ``in_hand`` in milligrams."""
    rows = LedgerEntry.objects.in_hand(session).values_list("holding", "in_hand")
    amounts = {key: amount for key, amount in rows if amount}
    found = list(Holding.objects.filter(pk__in=amounts).select_related("cabinet"))
    for one in found:
        vars(one)["in_hand"] = amounts[one.pk]
    return found
