"""Is the patient accepted for treatment, and what has spoken against it since?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.referral.models import (
    DecisionKind,
    EligibilityDecision,
    Referral,
    ReferralState,
)
from lysglimt.knowledge.verdict import Finding, Standing

from .recorded import known

BEFORE_A_COURSE = ("IN-", "REG-", "ECT-")
"""Asked once, to be let in: a patient whose depression has lifted is not let out by it."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``since`` are what excludes or takes a specialist and was not there when it was decided."""

    decided: bool
    since: tuple[Finding, ...] = ()


def acceptance(patient: Patient, *, on: date) -> Acceptance:
    """By the newest referral that is accepted. Asks seven questions of the database."""
    rows: Any = Referral.objects.with_state()
    accepted = rows.filter(patient=patient, state=ReferralState.ACCEPTED)
    referral = accepted.order_by("-received_on").first()
    if referral is None:
        return Acceptance(decided=False)
    return Acceptance(decided=True, since=tuple(new_findings(referral, on=on)))


def accepted_referrals() -> Any:
    """Of the patient of the row that is asked about."""
    rows: Any = Referral.objects.with_state()
    return rows.filter(patient=OuterRef("patient"), state=ReferralState.ACCEPTED)


def new_findings(referral: Referral, *, on: date) -> Iterator[Finding]:
    decisions = EligibilityDecision.objects.standing().filter(
        referral=referral, kind=DecisionKind.ACCEPT
    )
    decision = decisions.select_related("assessment").order_by("-happened_at", "-pk")[0]
    before = {told(finding) for finding in decision.assessment.verdict}
    for finding in known(on=on, pk=referral.pk).verdict(on=on).findings:
        against = finding.standing in {Standing.NEEDS_SPECIALIST, Standing.EXCLUDED}
        seen = (finding.criterion, int(finding.standing), finding.reason.nb) in before
        if against and not seen and not finding.criterion.startswith(BEFORE_A_COURSE):
            yield finding


def told(finding: Mapping[str, Any]) -> tuple[str, int, str]:
    """Which criterion, how it stood, and the facts in words: another illness is another fact."""
    return finding["criterion"], finding["standing"], finding["reason"]["nb"]
