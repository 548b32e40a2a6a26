"""Refusing with a plan, and keeping in touch with those who wait."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral.models import (
    Assessment,
    ContactMade,
    DecisionKind,
    Referral,
    Refusal,
    WaitingContact,
)
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.errors import ClinicalError

from .decisions import Judged, assess, decide_eligibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What the patient is told: why, what happens instead, and how to complain."""

    grounds: str
    plan: str
    complaint_route: str


class RefusedWithoutPlan(ClinicalError):
    """Nobody is refused without grounds, a plan and the way to complain."""

    code = "referral.refusal-incomplete"


@transaction.atomic
def refuse(
    *, assessment: Assessment, refused: Refused, by: Professional, at: datetime
) -> Refusal:
    """The decision and what the patient is told, together. Raises RefusedWithoutPlan."""
    for field, said in asdict(refused).items():
        if not said.strip():
            raise RefusedWithoutPlan(
                f"{field}: nothing is said", field=field, value=said, allowed="words"
            )
    decision = decide_eligibility(
        assessment=assessment, kind=DecisionKind.REFUSE, by=by, at=at, grounds=refused.grounds
    )
    row = Refusal(
        decision=decision,
        by=by,
        received_at=at,
        **asdict(refused),
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    patients = [assessment.referral.patient_id]
    return people.enter(row, operation="referral.refuse", patients=patients)


@transaction.atomic
def assess_and_refuse(
    *, referral: Referral, judged: Judged, refused: Refused, by: Professional, at: datetime
) -> Refusal:
    """The refusal rests on what is known at this moment; both are stored, or none."""
    assessment = assess(referral=referral, judged=judged, by=by, at=at)
    return refuse(assessment=assessment, refused=refused, by=by, at=at)


class NoInterval(ClinicalError):
    code = "waiting.no-interval"


def name_contact(
    *,
    referral: Referral,
    contact: Professional,
    every_days: int,
    by: Professional,
    at: datetime,
) -> WaitingContact:
    """Who keeps in touch, at which interval in days. Raises NoInterval."""
    if every_days < 1:
        raise NoInterval(
            f"every_days: {every_days}", field="every_days", value=every_days, allowed=">= 1"
        )
    row = WaitingContact(
        referral=referral,
        contact=contact,
        every_days=every_days,
        recontact_on=on_day(at) + timedelta(days=every_days),
        by=by,
        received_at=at,
        **asdict(Entered(happened_at=at, entered_at=at)),
    )
    # Whom the patient is assigned to sees more, so the trail tells the two apart.
    operation = "waiting.name_oneself" if contact == by else "waiting.name_contact"
    return people.enter(row, operation=operation, patients=[referral.patient_id])


@transaction.atomic
def record_contact(
    *,
    referral: Referral,
    reached: bool,
    entered: Entered,
    by: Professional,
    at: datetime,
    note: str = "",
) -> ContactMade:
    """Reached, the patient is contacted again after the interval; else the date stands."""
    Referral.objects.select_for_update().get(pk=referral.pk)
    made = ContactMade(
        referral=referral,
        reached=reached,
        note=note,
        by=by,
        received_at=at,
        **asdict(entered),
    )
    patients = [referral.patient_id]
    stored = people.enter(made, operation="waiting.record_contact", patients=patients)
    contact = WaitingContact.objects.current().filter(referral=referral).first()
    if stored is made and reached and contact is not None:
        days = timedelta(days=contact.every_days)
        people.correct(
            contact,
            by=by,
            at=at,
            operation="waiting.postpone",
            patients=patients,
            recontact_on=on_day(entered.happened_at) + days,
            reason="contacted",
        )
    return stored
