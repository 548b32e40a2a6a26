"""One way into the clinic as a page tells it: letter, decisions, and who keeps in touch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.functional import Promise

from lysglimt.clinic.people.models import Patient

from .models import (
    ContactMade,
    EligibilityDecision,
    Referral,
    ReferralLetter,
    ReferralState,
    Refusal,
    WaitingContact,
)
from .wordings import DECISIONS, SENDERS, STATES


@dataclass(frozen=True, slots=True)
class Told:
    """One decision with what the patient was told; ``pending`` until a second has signed."""

    row: EligibilityDecision
    refusal: Refusal | None
    pending: bool

    @property
    def word(self) -> Promise:
        return DECISIONS[self.row.kind]


@dataclass(frozen=True, slots=True)
class Way:
    """A referral with its letter; the newest decision and contact first."""

    referral: Any
    letter: ReferralLetter
    decisions: tuple[Told, ...]
    contact: WaitingContact | None
    made: tuple[ContactMade, ...]

    @property
    def state_word(self) -> Promise:
        return STATES[self.referral.state]

    @property
    def sender_word(self) -> Promise:
        return SENDERS[self.letter.sender_kind]

    @property
    def no_recontact(self) -> str:
        """Why nobody contacts the refused patient again; empty for everyone else."""
        if self.referral.state != ReferralState.REFUSED:
            return ""
        told = next((one.refusal for one in self.decisions if one.refusal), None)
        return told.no_recontact if told else ""

    @property
    def undecided(self) -> bool:
        return bool(self.referral.state == ReferralState.RECEIVED)


def ways(patient: Patient) -> tuple[Way, ...]:
    """The newest first. Asks six questions of the database."""
    rows = list(Referral.objects.with_state().filter(patient=patient))
    of = {"referral__patient": patient}
    letters = {row.referral_id: row for row in ReferralLetter.objects.in_force().filter(**of)}
    decisions = by_referral(
        EligibilityDecision.objects.in_force()
        .filter(**of)
        .select_related("by", "second_signature__by")
    )
    told = {
        row.decision_id: row
        for row in Refusal.objects.in_force().filter(decision__referral__patient=patient)
    }
    named = WaitingContact.objects.current().filter(**of).select_related("contact")
    contacts = {row.referral_id: row for row in named}
    made = by_referral(ContactMade.objects.in_force().filter(**of).select_related("by"))
    found = (
        Way(
            referral=row,
            letter=letters[row.pk],
            decisions=tuple(
                Told(one, told.get(one.pk), pending=awaits(one))
                for one in decisions.get(row.pk, ())
            ),
            contact=contacts.get(row.pk),
            made=made.get(row.pk, ()),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda way: way.letter.received_on, reverse=True))


def awaits(decision: EligibilityDecision) -> bool:
    return decision.needs_second and not hasattr(decision, "second_signature")


def by_referral(rows: Iterable[Any]) -> Mapping[Any, tuple[Any, ...]]:
    """The newest first."""
    ordered = sorted(rows, key=lambda row: (str(row.referral_id), -row.pk))
    return {key: tuple(group) for key, group in groupby(ordered, lambda row: row.referral_id)}
