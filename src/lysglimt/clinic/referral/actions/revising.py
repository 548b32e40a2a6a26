"""Correcting what was entered about a referral: the next revision, with its reason."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.referral.deadlines import assessment_due
from lysglimt.clinic.referral.models import EligibilityDecision, ReferralLetter
from lysglimt.knowledge.errors import ClinicalError

AFact = TypeVar("AFact", bound=Fact)


class NotCorrected(ClinicalError):
    """A signed decision is not changed under the hands that signed it."""

    code = "eligibility.not-corrected"


@transaction.atomic
def correct(
    *, fact: AFact, by: Professional, at: datetime, reason: str, **changed: Any
) -> AFact:
    """The next revision. Another day of receipt brings another day for the assessment.

    A decision is struck or made anew: what was overridden and signed belongs to it as it was.
    """
    if isinstance(fact, EligibilityDecision) and changed.keys() != {"withdrawn"}:
        raise NotCorrected("A decision is made anew.", field="decision")
    if isinstance(fact, ReferralLetter) and "received_on" in changed:
        changed["assessment_due"] = assessment_due(changed["received_on"])
    return people.correct(
        fact,
        by=by,
        at=at,
        operation=f"{fact._meta.model_name}.correct",
        patients=[patient_of(fact)],
        reason=reason,
        **changed,
    )


def strike(*, fact: AFact, by: Professional, at: datetime, reason: str) -> AFact:
    """Entered in error: it stays, struck through, and counts no more."""
    return correct(fact=fact, by=by, at=at, reason=reason, withdrawn=True)


def patient_of(fact: Fact) -> Any:
    """The id of the patient that a fact of this app is about."""
    about: Any = fact
    for way in ("decision", "referral"):
        about = getattr(about, way, about)
    return about.patient_id
