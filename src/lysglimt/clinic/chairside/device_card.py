"""The dose card of a session by nose: what may be ordered today, by whom it is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext

from lysglimt.clinic.design.numerals import numeral
from lysglimt.clinic.referral.actions import finding_as_written
from lysglimt.clinic.treatment.models import SessionGiven
from lysglimt.knowledge.dosing.devices import (
    DeviceAct,
    DeviceCard,
    Devices,
    device_card,
    of_devices,
)
from lysglimt.knowledge.dosing.nasal import NasalIndication, nasal_rules
from lysglimt.knowledge.quantities import Milligrams, plain
from lysglimt.knowledge.verdict import Finding

from .models import DeviceOrder, DeviceUse, Session

ACUTE = "esketamine-acute"


@dataclass(frozen=True, slots=True)
class CardOfDay:
    """The card, with the age in whole years and the indication that it goes by.

    ``unrecorded`` is a session before this one whose devices nobody has recorded as a dose.
    """

    card: DeviceCard
    age: int
    indication: NasalIndication
    unrecorded: Session | None = None


def card_of(session: Session, *, at: datetime) -> CardOfDay:
    age = session.course.patient.card().age(session.planned_on)
    acute = session.course.protocol == ACUTE
    indication = NasalIndication.ACUTE if acute else NasalIndication.RESISTANT
    unrecorded = not_recorded(session, at=at)
    card = device_card(
        age,
        indication,
        given_last(session, at=at),
        unrecorded=unrecorded.planned_on if unrecorded else None,
    )
    return CardOfDay(card, age, indication, unrecorded)


def not_recorded(session: Session, *, at: datetime) -> Session | None:
    """The last session before this one in which a device was given, if its course has no dose of it."""
    used = DeviceUse.objects.in_force().filter(
        session__course=session.course, act=DeviceAct.GIVEN.value, happened_at__lt=at
    )
    last = used.exclude(session=session).order_by("-happened_at").select_related("session")
    use = last.first()
    if use is None or SessionGiven.objects.in_force().filter(entry=use.session_id).exists():
        return None
    return use.session


def given_last(session: Session, *, at: datetime) -> Milligrams | None:
    """In the last session of the course before this one in which anything was; None on day 1."""
    rows = SessionGiven.objects.in_force().filter(course=session.course, started_at__lt=at)
    others = rows.exclude(entry=session.pk).filter(delivered_mg__gt=0)
    last = others.order_by("-started_at").values_list("delivered_mg", flat=True).first()
    return None if last is None else Milligrams(last)


def card_written(card: DeviceCard, against: Iterable[Finding]) -> dict[str, Any]:
    """As it was read when it was ordered, in codes and figures."""
    return {
        "older": card.older,
        "first_day": card.first_day,
        "last_known": card.first_day or card.previous is not None,
        "allowed": list(card.allowed),
        "against": [finding_as_written(one) for one in against],
    }


def devices_said(count: int) -> str:
    words = ngettext("%(n)s device", "%(n)s devices", count)
    return words % {"n": count}


def milligrams_said(count: int) -> str:
    """``2 devices x 28 mg = 56 mg``: nothing is reckoned but the count."""
    words = gettext("%(devices)s of %(content)s mg = %(mg)s mg")
    return words % {
        "devices": devices_said(count),
        "content": mg_said(nasal_rules().device.content.value),
        "mg": mg_said(of_devices(count)),
    }


def mg_said(amount: Milligrams) -> str:
    return numeral(Decimal(plain(amount.value)))


def card_facts(
    card: Mapping[str, Any], *, age: int, previous: Decimal | None
) -> list[tuple[str, str]]:
    """Age group, what was given last and what the label allows."""
    rules = nasal_rules()
    years = rules.older_from.age.value
    group = gettext("%s years and over") if card["older"] else gettext("below %s years")
    last = gettext("nothing, this is the first session")
    if not card.get("last_known", True):
        last = gettext("not known: it is not recorded")
    if previous is not None:
        last = f"{numeral(Decimal(plain(previous)))} mg"
    doses = [mg_said(of_devices(count)) for count in card["allowed"]]
    allowed = gettext(" or ").join(doses)
    return [
        (gettext("Age group"), f"{group % years} ({age})"),
        (gettext("Given last"), last),
        (
            gettext("Allowed today by the label"),
            f"{allowed} mg" if doses else none_said(card),
        ),
    ]


def none_said(card: Mapping[str, Any]) -> str:
    return gettext("none") if card.get("last_known", True) else gettext("not known")


def order_facts(order: DeviceOrder) -> list[tuple[str, str]]:
    return card_facts(order.card, age=order.age, previous=order.previous_mg)


def ordered_said(devices: Devices) -> str:
    """How many of those ordered are given."""
    if devices.ordered is None:
        return gettext("%s given, no order") % devices_said(devices.count)
    return gettext("%(given)s of %(ordered)s given, %(mg)s mg") % {
        "given": devices.count,
        "ordered": devices_said(devices.ordered),
        "mg": mg_said(of_devices(devices.count)),
    }
