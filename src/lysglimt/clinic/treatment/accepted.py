"""Is the patient accepted for treatment, and what has spoken against it since?"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, Subquery

from lysglimt.clinic.people.models import Patient
from lysglimt.clinic.people.written import Beside
from lysglimt.clinic.referral.answers import answered, candidate_of
from lysglimt.clinic.referral.candidacy import none_asked, who
from lysglimt.clinic.referral.listed import diagnoses_of, listed_diagnoses
from lysglimt.clinic.referral.models import (
    Assessment,
    DecisionKind,
    EligibilityDecision,
    Medicine,
    Referral,
    ReferralState,
)
from lysglimt.clinic.referral.past import taken
from lysglimt.knowledge.verdict import Finding, Standing, Verdict

from .recorded import Known, facts_of, known, one_valued

BEFORE_A_COURSE = ("IN-", "REG-", "ECT-")
"""Asked once, to be let in: a patient whose depression has lifted is not let out by it."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``since`` are what excludes or takes a specialist and was not there when it was decided.

    ``medicines`` are what the rules about them find besides, whenever it came: to be read.
    """

    decided: bool
    since: tuple[Finding, ...] = ()
    medicines: tuple[Finding, ...] = ()


def acceptance(patient: Patient, *, on: date) -> Acceptance:
    """By the newest referral that is accepted. Asks seven questions of the database."""
    referral = accepted_referrals(patient).first()
    if referral is None:
        return Acceptance(decided=False)
    now = known(on=on, pk=referral.pk)
    since = tuple(new_findings(referral, now.verdict(on=on)))
    read = to_be_read(now.of_medicines, since=since)
    return Acceptance(decided=True, since=since, medicines=read)


def to_be_read(found: Iterable[Finding], *, since: Collection[Finding]) -> tuple[Finding, ...]:
    """What is read before a start, and closes none. [own-proposal]

    A question stands as a caution, as it does in the words of its question; so does what takes
    a specialist and was decided on. What has come ``since`` closes, and is told there.
    """
    read = (one for one in found if one.standing > Standing.MET and one not in since)
    return tuple(replace(one, standing=min(one.standing, Standing.CAUTION)) for one in read)


def accepted_referrals(patient: Any) -> Any:
    """The newest first: by that one a patient is accepted."""
    rows: Any = Referral.objects.with_state()
    accepted = rows.filter(patient=patient, state=ReferralState.ACCEPTED)
    return accepted.order_by("-received_on", "-pk")


def new_findings(referral: Referral, now: Verdict) -> Iterator[Finding]:
    decisions = EligibilityDecision.objects.standing().filter(
        referral=referral, kind=DecisionKind.ACCEPT
    )
    decision = decisions.select_related("assessment").order_by("-happened_at", "-pk")[0]
    yield from unlike(now, decision.assessment.verdict)


def unlike(now: Verdict, decided: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """What speaks against treatment now and is not among what it was decided on."""
    before = {told(finding) for finding in decided}
    for finding in now.findings:
        against = finding.standing in {Standing.NEEDS_SPECIALIST, Standing.EXCLUDED}
        seen = (finding.criterion, int(finding.standing), finding.reason.nb) in before
        if against and not seen and not finding.criterion.startswith(BEFORE_A_COURSE):
            yield finding


def grounds(patient: Any) -> dict[str, Any]:
    """Of the referral that `acceptance` picks: another that has come since is not decided on."""
    picked = accepted_referrals(patient).values("pk")[:1]
    of = {"referral__patient": patient, "referral": Subquery(picked)}
    assessed = Assessment.objects.in_force().filter(**of)
    decisions = EligibilityDecision.objects.standing().filter(**of, kind=DecisionKind.ACCEPT)
    newest = decisions.order_by("-happened_at", "-pk")
    return {
        "accepted": Exists(accepted_referrals(patient).order_by()),
        "decided_on": Subquery(newest.values("assessment__verdict")[:1]),
        "diagnosed": listed_diagnoses(patient),
        **one_valued(patient, assessed),
    }


GROUNDS = Beside(grounds)


def grounds_of_acceptance() -> dict[str, Any]:
    """Of the patient of a row: what an acceptance was decided on, and what is known today."""
    return GROUNDS.about("patient")


def found_since(row: Any, medicines: Iterable[Medicine], *, on: date) -> tuple[Finding, ...]:
    """As `acceptance` finds it, of a row with its `grounds_of_acceptance`, and asks nothing more.

    What was tried is left out: whether it was enough is asked once, before a course.
    """
    if not row.accepted:
        return ()
    recorded = facts_of(row)
    said = {name: fact.value for name, fact in recorded.items()}
    before = answered(who(row.patient, candidate_of(row.answers or {})), said)
    whole = replace(
        before,
        diagnoses=diagnoses_of(row.diagnosed) or None,
        medicines=taken(medicines) or none_asked(before.medicines),
    )
    now = Known(None, whole, recorded).verdict(on=on)
    return tuple(unlike(now, row.decided_on or ()))


def told(finding: Mapping[str, Any]) -> tuple[str, int, str]:
    """Which criterion, how it stood, and the facts in words: another illness is another fact."""
    return finding["criterion"], finding["standing"], finding["reason"]["nb"]
