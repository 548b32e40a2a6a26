"""What is next for a patient who has no course: where the referral stands, why, and by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language, gettext

from lysglimt.clinic.design.numerals import day_written
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral.models import (
    EligibilityDecision,
    Referral,
    ReferralState,
    Refusal,
    WaitingContact,
)
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.eligibility.deadlines import referral_deadlines
from lysglimt.knowledge.figures import Basis

from .pages import May, address_of


@dataclass(frozen=True, slots=True)
class ReferralStep:
    """``late`` is what is past its day. ``basis`` is of the ``rule``, where there is one."""

    heading: str
    lines: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    address: str = ""
    label: str = ""
    rule: str = ""
    basis: Basis | None = None


def referral_step(
    patient: Patient, *, by: Professional, on: date, may: May
) -> ReferralStep | None:
    """By the newest referral to the unit; None for who may not read referrals.

    Asks two questions of the database.
    """
    if not may("referrals"):
        return None
    row = newest_referral(patient, by.unit_id)
    if row is None:
        address = address_of("referral.receive", patient.pk, may=may)
        return ReferralStep(
            gettext("No referral is received"), address=address, label=gettext("Receive it")
        )
    if row.pending is not None:
        # Who decided has nothing to do there: another doctor signs.
        another = row.pending_by != by.pk
        address = address_of("referral.second", row.pending, may=may) if another else ""
        heading = gettext("A second doctor's signature on the decision")
        return ReferralStep(heading, address=address, label=gettext("Read the decision"))
    steps = {ReferralState.RECEIVED: to_assess, ReferralState.ACCEPTED: to_plan}
    return steps.get(row.state, in_touch)(row, on=on, may=may)


def newest_referral(patient: Patient, unit: Any) -> Any:
    mine = {"referral": OuterRef("pk")}
    pending = EligibilityDecision.objects.in_force().filter(
        **mine, needs_second=True, second_signature__isnull=True
    )
    contact = WaitingContact.objects.current().filter(**mine)
    named = Coalesce(NullIf("contact__display_name", Value("")), "contact__username")
    rows: Any = Referral.objects.in_unit(unit).filter(patient=patient).with_state()
    return (
        rows.annotate(
            pending=Subquery(pending.values("pk")[:1]),
            pending_by=Subquery(pending.values("by")[:1]),
            contact=Subquery(contact.annotate(named=named).values("named")[:1]),
            recontact_on=Subquery(contact.values("recontact_on")[:1]),
        )
        .order_by("-received_on", "-pk")
        .first()
    )


def to_assess(row: Any, *, on: date, may: May) -> ReferralStep:
    rules = referral_deadlines()
    within = gettext("Within %(n)s working days of the day it came (%(law)s)") % {
        "n": rules.assess_within.value,
        "law": rules.law.in_language(get_language() or "nb"),
    }
    lines, late = timed([(gettext("To be assessed by %s"), row.assessment_due)], on)
    return ReferralStep(
        gettext("The referral is to be assessed"),
        lines,
        late,
        address_of("eligibility", row.patient_id, may=may),
        gettext("Assess eligibility"),
        within,
        rules.assess_within.basis,
    )


def to_plan(row: Any, *, on: date, may: May) -> ReferralStep:
    lines, late = timed(dates_of(row), on)
    return ReferralStep(
        gettext("Accepted: a course is to be planned"),
        (*decided(row), *lines),
        late,
        address_of("course.plan", row.patient_id, may=may),
        gettext("Plan a course"),
    )


def in_touch(row: Any, *, on: date, may: May) -> ReferralStep:
    """Who waits, and who was refused: somebody keeps in touch with both."""
    refused = row.state == ReferralState.REFUSED
    lines, late = timed(dates_of(row), on)
    return ReferralStep(
        gettext("Refused: the plan is followed") if refused else gettext("On the waiting list"),
        (*(told(row) if refused else decided(row)), *contact_named(row), *lines),
        late,
        address_of("referrals", row.patient_id, may=may),
        gettext("To the referral"),
    )


def dates_of(row: Any) -> list[tuple[str, date | None]]:
    """Nobody who is refused has a deadline for the start."""
    start = None if row.state == ReferralState.REFUSED else row.start_due
    return [
        (gettext("Deadline for the start: %s"), start),
        (gettext("Next contact: %s"), row.recontact_on),
    ]


def timed(
    said: list[tuple[str, date | None]], on: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What lies ahead, and what is past its day."""
    days = [(words % day_written(day), day) for words, day in said if day is not None]
    ahead = tuple(words for words, day in days if day >= on)
    return ahead, tuple(words for words, day in days if day < on)


def contact_named(row: Any) -> Iterator[str]:
    if row.contact is None:
        yield gettext("Nobody is named to keep in touch")
    else:
        yield gettext("Keeps in touch: %s") % row.contact


def decided(row: Any) -> Iterator[str]:
    """Who decided, when, and why."""
    decisions = EligibilityDecision.objects.standing().filter(referral=row.pk)
    newest = decisions.select_related("by").order_by("-happened_at", "-pk")[0]
    yield signed(newest)
    if newest.grounds:
        yield newest.grounds


def told(row: Any) -> Iterator[str]:
    """What a refused patient was told, and the plan."""
    refusals = Refusal.objects.in_force().filter(decision__referral=row.pk)
    newest = refusals.select_related("by").order_by("-happened_at", "-pk").first()
    if newest is None:
        yield from decided(row)
        return
    yield signed(newest)
    yield newest.grounds
    yield gettext("Plan: %s") % newest.plan


def signed(row: Any) -> str:
    return gettext("Decided %(day)s by %(who)s") % {
        "day": day_written(on_day(row.happened_at)),
        "who": row.by,
    }
