"""Refusing with a plan, and keeping in touch with those who wait."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Contradicted, Entered
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


@dataclass(frozen=True, slots=True)
class Recontact:
    """Who contacts a refused patient again, and on which day first."""

    contact: Professional
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What the patient is told: why, what happens instead, and how to complain.

    ``recontact`` is who is in touch afterwards; without one, ``no_recontact`` says why nobody is.
    """

    grounds: str
    plan: str
    complaint_route: str
    recontact: Recontact | None = None
    no_recontact: str = ""
    entry: UUID = field(default_factory=uuid4)
    """Made where it is typed: sent twice, the patient is refused once."""

    @property
    def told(self) -> dict[str, str]:
        return {
            "grounds": self.grounds,
            "plan": self.plan,
            "complaint_route": self.complaint_route,
        }


class RefusedWithoutPlan(ClinicalError):
    """Nobody is refused without grounds, a plan and the way to complain."""

    code = "referral.refusal-incomplete"


class RefusedOutOfSight(ClinicalError):
    """A refused patient is contacted again from tomorrow on, or it is said why not: one of the two."""

    code = "referral.refusal-without-contact"


@transaction.atomic
def refuse(
    *, assessment: Assessment, refused: Refused, by: Professional, at: datetime
) -> Refusal:
    """The decision, what the patient is told, and who is in touch afterwards, together.

    Raises RefusedWithoutPlan, RefusedOutOfSight.
    """
    for name, said in refused.told.items():
        if not said.strip():
            raise RefusedWithoutPlan(
                f"{name}: nothing is said", field=name, value=said, allowed="words"
            )
    refuse_out_of_sight(refused, today=on_day(at))
    decision = decide_eligibility(
        assessment=assessment, kind=DecisionKind.REFUSE, by=by, at=at, grounds=refused.grounds
    )
    row = Refusal(
        decision=decision,
        by=by,
        received_at=at,
        no_recontact=refused.no_recontact.strip(),
        **refused.told,
        **asdict(Entered(entry=refused.entry, happened_at=at, entered_at=at)),
    )
    patients = [assessment.referral.patient_id]
    stored = people.enter(row, operation="referral.refuse", patients=patients)
    stay_in_touch(assessment.referral, refused, by=by, at=at)
    return stored


def refuse_out_of_sight(refused: Refused, *, today: date) -> None:
    again, none = refused.recontact, refused.no_recontact.strip()
    if (again is None) is not bool(none):
        asked = "no_recontact" if again else "recontact_on"
        raise RefusedOutOfSight("Who contacts the patient again, or why nobody?", field=asked)
    if again is not None and again.on <= today:
        raise RefusedOutOfSight(
            f"recontact_on: {again.on}",
            field="recontact_on",
            value=again.on,
            allowed=f"> {today}",
        )


def stay_in_touch(
    referral: Referral, refused: Refused, *, by: Professional, at: datetime
) -> None:
    """Who kept in touch while the patient waited does so no more, unless named again."""
    for contact in WaitingContact.objects.in_force().filter(referral=referral):
        people.withdraw(
            contact,
            by=by,
            at=at,
            operation="waitingcontact.correct",
            patients=[referral.patient_id],
            reason="refused",
        )
    if refused.recontact is not None:
        name_contact(
            referral=referral,
            contact=refused.recontact.contact,
            every_days=(refused.recontact.on - on_day(at)).days,
            by=by,
            at=at,
        )


@transaction.atomic
def assess_and_refuse(
    *, referral: Referral, judged: Judged, refused: Refused, by: Professional, at: datetime
) -> Refusal:
    """The refusal rests on what is known at this moment; both are stored, or none.

    Sent twice, as when a button is pressed twice, it is the same. Raises what ``refuse`` raises,
    and Contradicted for the same entry with other words.
    """
    # The second press waits here for the first.
    Referral.objects.select_for_update().get(pk=referral.pk)
    known = Refusal.objects.filter(entry=refused.entry, decision__referral=referral).first()
    if known is not None:
        return sent_before(known, refused)
    assessment = assess(referral=referral, judged=judged, by=by, at=at)
    return refuse(assessment=assessment, refused=refused, by=by, at=at)


def sent_before(known: Refusal, refused: Refused) -> Refusal:
    said = refused.told | {"no_recontact": refused.no_recontact.strip()}
    if any(getattr(known, name) != words for name, words in said.items()):
        raise Contradicted(f"entry {known.entry} is stored with other words", entry=known.entry)
    return known


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
