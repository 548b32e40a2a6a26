"""Who waits, since when, who keeps in touch; those refused or dropped out are not forgotten."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Subquery, UUIDField
from django.utils.functional import Promise

from lysglimt.clinic.people.models import PatientCard, Unit
from lysglimt.clinic.people.written import Beside
from lysglimt.clinic.referral.models import (
    EligibilityDecision,
    Referral,
    ReferralState,
    Refusal,
    WaitingContact,
)
from lysglimt.clinic.referral.wordings import STATES
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.clinic.treatment.models.task import named

from .models import SessionGiven


@dataclass(frozen=True, slots=True)
class Waiting:
    """One referral on the list, as it stands on a day."""

    row: Any
    card: PatientCard
    on: date

    @property
    def state_word(self) -> Promise:
        return STATES[self.row.state]

    @property
    def days(self) -> int:
        """Since the referral was received."""
        received: date = self.row.received_on
        return (self.on - received).days

    @property
    def assessment_overdue(self) -> bool:
        return bool(
            self.row.state == ReferralState.RECEIVED and self.row.assessment_due < self.on
        )

    @property
    def start_overdue(self) -> bool:
        return self.row.start_due is not None and self.row.start_due < self.on

    @property
    def started(self) -> bool:
        """A session was given since the referral came; what was given before it is of another."""
        given = self.row.last_given
        return given is not None and on_day(given) >= self.row.received_on

    @property
    def contact_due(self) -> bool:
        """Today or before."""
        return self.row.recontact_on is not None and self.row.recontact_on <= self.on

    @property
    def no_recontact(self) -> bool:
        """The refusal says that, and why, nobody is in touch."""
        return self.row.state == ReferralState.REFUSED and bool(self.row.no_recontact)

    @property
    def contact_overdue(self) -> bool:
        return self.row.recontact_on is not None and self.row.recontact_on < self.on


@dataclass(frozen=True, slots=True)
class WaitingList:
    """In three parts: to be assessed, waiting for the start, and kept in touch with."""

    to_assess: tuple[Waiting, ...]
    to_start: tuple[Waiting, ...]
    in_touch: tuple[Waiting, ...]

    @property
    def everyone(self) -> tuple[Waiting, ...]:
        return (*self.to_assess, *self.to_start, *self.in_touch)

    @property
    def due(self) -> tuple[Waiting, ...]:
        """Whoever is to be contacted today, or was to be before."""
        due = (one for one in self.everyone if one.contact_due)
        return tuple(sorted(due, key=lambda one: (one.row.recontact_on, one.card.name)))

    @property
    def unsigned(self) -> tuple[Waiting, ...]:
        """Decisions that wait for a second doctor."""
        return tuple(one for one in self.everyone if one.row.pending is not None)


def beside(referral: Any, patient: Any) -> dict[str, Any]:
    contact = WaitingContact.objects.current().filter(referral=referral)
    pending = EligibilityDecision.objects.in_force().filter(
        referral=referral, needs_second=True, second_signature__isnull=True
    )
    refusal = Refusal.objects.in_force().filter(decision__referral=referral)
    given = SessionGiven.objects.in_force().filter(course__patient=patient)
    last = given.order_by("-started_at").values("started_at")
    who = contact.annotate(named=named("contact")).values("named")
    return {
        "contact": Subquery(who[:1]),
        "recontact_on": Subquery(contact.values("recontact_on")[:1]),
        "pending": Subquery(pending.values("pk")[:1]),
        "pending_by": Subquery(pending.values("by")[:1]),
        "no_recontact": Subquery(refusal.order_by("-pk").values("no_recontact")[:1]),
        "last_given": Subquery(last[:1]),
    }


BESIDE = Beside(beside, of=(UUIDField(), UUIDField()))


NOTHING: Mapping[str, Any] = MappingProxyType({})


def waiting_list(
    unit: Unit,
    *,
    on: date,
    but: Collection[UUID] = (),
    also: Mapping[str, Any] = NOTHING,
) -> WaitingList:
    """The most pressing first, ``but`` those patients. Asks one question of the database.

    ``also`` is what an app above asks of each referral in the same question.
    """
    rows = (
        Referral.objects.in_unit(unit.pk)
        .exclude(patient__in=but)
        .with_state()
        .annotate(**BESIDE.about("pk", "patient"), **also)
        .select_related("patient")
    )
    every = (Waiting(row, row.patient.card(), on) for row in rows)
    listed = [one for one in every if concerns(one)]
    listed.sort(key=lambda one: (one.row.recontact_on or one.row.received_on, one.card.name))
    return WaitingList(
        to_assess=tuple(
            sorted(
                (one for one in listed if one.row.state == ReferralState.RECEIVED),
                key=lambda one: one.row.assessment_due,
            )
        ),
        to_start=tuple(one for one in listed if waits_for_start(one)),
        in_touch=tuple(one for one in listed if only_in_touch(one)),
    )


def concerns(one: Waiting) -> bool:
    received = one.row.state == ReferralState.RECEIVED
    return received or waits_for_start(one) or only_in_touch(one)


def waits_for_start(one: Waiting) -> bool:
    return one.row.state in {ReferralState.WAITING, ReferralState.ACCEPTED} and not one.started


def only_in_touch(one: Waiting) -> bool:
    """Refused, or treated and still with a contact: after a dropout too."""
    treated = one.row.state in {ReferralState.WAITING, ReferralState.ACCEPTED} and one.started
    return one.row.state == ReferralState.REFUSED or (treated and one.row.contact is not None)
