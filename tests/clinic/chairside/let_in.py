"""A patient who is accepted, examined and rated, ready for a first session."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from lysglimt.clinic.people.facts import Entered
from lysglimt.clinic.people.models import Patient, Professional
from lysglimt.clinic.referral import actions as referral
from lysglimt.clinic.referral.models import DecisionKind
from lysglimt.clinic.treatment import actions as treatment
from lysglimt.clinic.treatment.models import Mode, Rating, Timing
from lysglimt.knowledge.eligibility.candidate import Registration
from lysglimt.knowledge.eligibility.workup import workup
from lysglimt.knowledge.verdict import Finding, Standing
from tests.clinic.conftest import NOON
from tests.clinic.referral.conftest import LETTER, finding, judged
from tests.clinic.treatment.conftest import rated

NOW = Entered(happened_at=NOON, entered_at=NOON)


def agree(patient: Patient, *, by: Professional) -> None:
    """Consents to the treatment, and to the register."""
    agreed = treatment.Agreed(
        version="1", language="nb", items=[], signed_by_patient_on=NOON.date()
    )
    treatment.record_consent(patient=patient, agreed=agreed, entered=NOW, by=by, at=NOON)
    treatment.register_choice(
        patient=patient, choice=Registration.REGISTER, entered=NOW, by=by, at=NOON
    )


def accept(patient: Patient, *, by: Professional, found: Iterable[Finding] = ()) -> None:
    """``found`` is what else it was decided on, of the same referral where there is one."""
    known = patient.referrals.first() if found else None
    letter = known or referral.receive_referral(patient=patient, letter=LETTER, by=by, at=NOON)
    # Asked, and none is taken: else the start check asks.
    said = replace(
        judged(finding("IN-1", Standing.MET), *found), candidate={"sex": "f", "medicines": []}
    )
    assessment = referral.assess(referral=letter, judged=said, by=by, at=NOON)
    against = [one for one in found if one.standing >= Standing.NEEDS_SPECIALIST]
    referral.decide_eligibility(
        assessment=assessment,
        kind=DecisionKind.ACCEPT,
        overrides=[
            referral.Overridden(criterion=one.criterion, reason="Drøftet") for one in against
        ],
        by=by,
        at=NOON,
    )


def examine(patient: Patient, *, by: Professional) -> None:
    for part in workup().part:
        found = treatment.Found(item=part.id, done_on=NOON.date(), text="-")
        treatment.record_work_up(
            patient=patient,
            found=found,
            entered=Entered(happened_at=NOON, entered_at=NOON),
            by=by,
            at=NOON,
        )
    treatment.record_rating(patient=patient, rated=rated(28), entered=NOW, by=by, at=NOON)
    screen(patient, by=by)


CALM = {"i1": 0, "i2": 0, "i6": 0}
"""The C-SSRS of one who has no thoughts of suicide: the other items are not reached."""


def screen(patient: Patient, *, by: Professional, **changed: Any) -> Rating:
    """C-SSRS since last contact, before the dose; ``changed`` are answers or the time."""
    at = changed.pop("at", NOON)
    recall = changed.pop("recall", "since_last_contact")
    return treatment.record_rating(
        patient=patient,
        rated=treatment.Rated(
            instrument="cssrs_screener",
            answers=CALM | changed,
            timing=Timing.BEFORE_DOSE,
            mode=Mode.INTERVIEW,
            rater="clinician",
            recall=recall,
        ),
        entered=Entered(happened_at=at, entered_at=at),
        by=by,
        at=at,
    )
