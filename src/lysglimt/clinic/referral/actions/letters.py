"""A referral comes in; a legal entity states on which conditions it treats."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import LegalEntity, Patient, Professional
from lysglimt.clinic.referral.deadlines import assessment_due
from lysglimt.clinic.referral.models import (
    ComplaintRoute,
    PolicyConditions,
    Referral,
    ReferralLetter,
    Sender,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """``start_due`` is the legal deadline for the start, once it is set."""

    sender_kind: Sender
    sender_name: str
    received_on: date
    start_due: date | None = None
    question: str = ""


@transaction.atomic
def receive_referral(
    *,
    patient: Patient,
    letter: Letter,
    by: Professional,
    at: datetime,
    entered: Entered | None = None,
) -> Referral:
    """The same letter sent twice is one referral."""
    said = entered or Entered(happened_at=at, entered_at=at)
    Patient.objects.select_for_update().get(pk=patient.pk)
    known = ReferralLetter.objects.filter(entry=said.entry, revision=1).first()
    referral = known.referral if known else Referral(patient=patient, unit=by.unit)
    if known is None:
        referral.save(force_insert=True)
    row = ReferralLetter(
        referral=referral,
        assessment_due=assessment_due(letter.received_on),
        by=by,
        received_at=at,
        **asdict(letter),
        **asdict(said),
    )
    people.enter(row, operation="referral.receive", patients=[patient.pk])
    return referral


def state_complaint_route(*, route: str, by: Professional, at: datetime) -> ComplaintRoute:
    """How patients of one's unit complain; the newest holds."""
    row = ComplaintRoute(
        unit=by.unit,
        route=route,
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    return people.enter(row, operation="complaint-route.state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the authorities decided, and where that was read. None is unknown."""

    decision: str
    source: str
    decided_on: date | None = None
    conditions: Sequence[str] = ()
    review_by: date | None = None


def state_conditions(
    *, entity: LegalEntity, said: Conditions, by: Professional, at: datetime
) -> PolicyConditions:
    row = PolicyConditions(
        entity=entity,
        **(asdict(said) | {"conditions": list(said.conditions)}),
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    return people.enter(row, operation="conditions.state")


def restate_conditions(
    *,
    conditions: PolicyConditions,
    said: Conditions,
    by: Professional,
    at: datetime,
    reason: str,
) -> PolicyConditions:
    """Verified, changed or reviewed: the next revision, with its reason."""
    changed = asdict(said) | {"conditions": list(said.conditions)}
    return people.correct(
        conditions, by=by, at=at, operation="conditions.correct", reason=reason, **changed
    )
