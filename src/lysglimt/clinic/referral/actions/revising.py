"""Correcting what was entered about a referral: the next revision, with its reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from lysglimt.clinic.people import actions as people
from lysglimt.clinic.people.facts import Fact
from lysglimt.clinic.people.models import Professional
from lysglimt.clinic.people.policy import DOCTORS
from lysglimt.clinic.referral.against import said_by
from lysglimt.clinic.referral.deadlines import assessment_due
from lysglimt.clinic.referral.models import (
    Diagnosis,
    EligibilityDecision,
    Medicine,
    ReferralLetter,
    StimulationSeries,
    TreatmentTrial,
)
from lysglimt.clinic.scheduling.calendar import on_day
from lysglimt.knowledge.errors import ClinicalError
from lysglimt.knowledge.text import Text

AFact = TypeVar("AFact", bound=Fact)
HISTORY = (Diagnosis, Medicine, StimulationSeries, TreatmentTrial)


class NotCorrected(ClinicalError):
    """A signed decision is not changed under the hands that signed it."""

    code = "eligibility.not-corrected"


class EnteredByDoctor(ClinicalError):
    """What a doctor has entered, a doctor corrects and strikes."""

    code = "history.entered-by-doctor"


class SpeaksAgainst(ClinicalError):
    """What closes a start, a doctor corrects and strikes, whoever entered it."""

    code = "history.speaks-against"


@transaction.atomic
def correct(
    *, fact: AFact, by: Professional, at: datetime, reason: str, **changed: Any
) -> AFact:
    """The next revision. Another day of receipt brings another day for the assessment.

    A decision is struck or made anew: what was overridden and signed belongs to it as it was.
    Of the history, raises EnteredByDoctor and SpeaksAgainst.
    """
    if isinstance(fact, EligibilityDecision) and changed.keys() != {"withdrawn"}:
        raise NotCorrected("A decision is made anew.", field="decision")
    if isinstance(fact, ReferralLetter) and "received_on" in changed:
        changed["assessment_due"] = assessment_due(changed["received_on"])
    refusal = None if stopped(fact, changed) else doctors_alone(fact, by=by, at=at)
    if refusal is not None:
        raise refusal
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


def doctors_alone(fact: Fact, *, by: Professional, at: datetime) -> ClinicalError | None:
    """Why this entry of the history is corrected and struck by a doctor, and not ``by`` others.

    In journal mode nothing is judged: there it goes by who entered it.
    """
    if by.role in DOCTORS or not isinstance(fact, HISTORY):
        return None
    rows = type(fact)._default_manager.filter(entry=fact.entry, by__role__in=DOCTORS)
    doctor = rows.select_related("by").order_by("revision").first()
    if doctor is not None:
        return EnteredByDoctor(f"{doctor.by} entered this.", value=str(doctor.by))
    found = () if by.unit.journal_mode else said_by(fact, on=on_day(at))
    if not found:
        return None
    both = Text("; ".join(one.nb for one in found), "; ".join(one.en for one in found))
    return SpeaksAgainst("This speaks against treatment.", value=both)


def stopped(fact: Fact, changed: Mapping[str, Any]) -> bool:
    """That a medicine is no longer taken is told of it, and takes nothing back."""
    other = {name for name, said in changed.items() if getattr(fact, name) != said}
    return isinstance(fact, Medicine) and fact.stopped_on is None and other == {"stopped_on"}
